#include "app/read/series.h"

#include <gtest/gtest.h>

#include "archive/slice_facts.h"
#include "base/file.h"
#include "base/temporary_folder.h"

namespace meridian::app {
namespace {

TEST(SeriesOfAFolder, AreOpenedAsOneEachInTheOrderOfTheirNumbers) {
  const TemporaryFolder folder;
  for (const int number : {3, 1, 2})
    write_file(folder / ("slice-" + std::to_string(10 - number) + ".dcm"),
               archive::ct_slice(number, static_cast<float>(number) / 10));
  write_file(folder / "film.dcm",
             archive::compose_film({16, 16, std::vector<float>(256, 0.5f), {}}, archive::facts_of_slice(9)));
  write_file(folder / "note.dcm", "no DICOM");
  const std::vector<OpenedSeries> series = open_series(inputs_below(std::vector{folder.path()}));
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].name, "1.2.9.1");
  EXPECT_EQ(series[0].files.size(), 3u);
  const vision::Volume& volume = *series[0].opened.input->volume;
  ASSERT_EQ(volume.depth, 3);
  EXPECT_LT(volume.voxels[0], volume.voxels[256]);
  EXPECT_LT(volume.voxels[256], volume.voxels[512]);
  EXPECT_FALSE(series[0].opened.input->image);
}

}  // namespace
}  // namespace meridian::app
