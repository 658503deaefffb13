#include "app/read/series.h"

#include <gtest/gtest.h>

#include <sstream>

#include "app/commands/commands.h"
#include "archive/slice_facts.h"
#include "base/error_of.h"
#include "base/file.h"
#include "base/temporary_folder.h"

namespace meridian::app {
namespace {

using archive::ct_slice;
using archive::facts_of_slice;

// With another Series Instance UID of the same length.
std::string of_series(std::string file, char number) {
  const std::string from = "1.2.9.1", to = std::string("1.2.9.") + number;
  for (auto at = file.find(from); at != std::string::npos; at = file.find(from, at + 1))
    file.replace(at, from.size(), to);
  return file;
}

// Says that it has so many rows, and has pixels for 16.
std::string with_rows(std::string file, char rows) {
  const std::string tag("\x28\x00\x10\x00US\x02\x00", 8);
  const auto at = file.find(tag);
  EXPECT_NE(at, std::string::npos);
  file[at + tag.size()] = rows;
  return file;
}

TEST(SeriesOfAFolder, AreOpenedAsOneEachInTheOrderOfTheirNumbers) {
  const TemporaryFolder folder;
  for (const int number : {3, 1, 2})
    write_file(folder / ("slice-" + std::to_string(10 - number) + ".dcm"),
               ct_slice(number, static_cast<float>(number) / 10));
  write_file(folder / "film.dcm",
             archive::compose_film({16, 16, std::vector<float>(256, 0.5f), {}}, facts_of_slice(9)));
  write_file(folder / "note.dcm", "no DICOM");
  const std::vector<SeriesFiles> series = find_series(inputs_below(std::vector{folder.path()}));
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].name, "1.2.9.1");
  ASSERT_EQ(series[0].files.size(), 3u);
  EXPECT_EQ(series[0].files[0].filename(), "slice-9.dcm");
  const OpenedSeries opened = open_series(series[0]);
  EXPECT_TRUE(opened.left_out.empty());
  const vision::Volume& volume = *opened.opened.input->volume;
  ASSERT_EQ(volume.depth, 3);
  EXPECT_LT(volume.voxels[0], volume.voxels[256]);
  EXPECT_LT(volume.voxels[256], volume.voxels[512]);
  EXPECT_FALSE(opened.opened.input->image);
}

TEST(SeriesOfAFolder, LeaveOutWhatIsNoSlice) {
  const TemporaryFolder folder;
  const vision::GreyImage picture{16, 16, std::vector<float>(256, 0.5f), {}};
  write_file(folder / "a.dcm", ct_slice(1, 0.1f));
  write_file(folder / "b.dcm", archive::compose_picture({picture, {}}, facts_of_slice(2), "CT", "HEAD"));
  const std::vector<SeriesFiles> series = find_series(inputs_below(std::vector{folder.path()}));
  ASSERT_EQ(series.size(), 1u);
  const OpenedSeries opened = open_series(series[0]);
  EXPECT_EQ(opened.opened.input->volume->depth, 1);
  EXPECT_EQ(opened.left_out, (std::vector<std::filesystem::path>{folder / "b.dcm"}));
  EXPECT_FALSE(open_series({"1.2.9.1", opened.left_out}).opened.input);
}

TEST(SeriesOfAFolder, NameTheSliceThatCannotBeRead) {
  const TemporaryFolder folder;
  write_file(folder / "a.dcm", ct_slice(1, 0.1f));
  write_file(folder / "b.dcm", with_rows(ct_slice(2, 0.2f), 64));
  const std::vector<SeriesFiles> series = find_series(inputs_below(std::vector{folder.path()}));
  ASSERT_EQ(series.size(), 1u);
  const auto error = error_of([&] { open_series(series[0]); });
  ASSERT_TRUE(error);
  EXPECT_NE(error->where().find("b.dcm"), std::string::npos);
}

// What is printed, a line an input.
std::vector<Json> read_all(const std::filesystem::path& folder, const std::string& assistant) {
  ReadOptions options;
  options.files = {folder};
  options.assistant = assistant;
  options.json = true;
  testing::internal::CaptureStdout();
  read(options);
  std::vector<Json> lines;
  std::istringstream printed(testing::internal::GetCapturedStdout());
  for (std::string line; std::getline(printed, line);) lines.push_back(Json::parse(line));
  return lines;
}

TEST(ReadCommand, ReadsTheOtherSeriesWhenOneIsDamaged) {
  const TemporaryFolder folder;
  write_file(folder / "a.dcm", with_rows(ct_slice(1, 0.1f), 64));
  write_file(folder / "b.dcm", of_series(ct_slice(2, 0.2f), '5'));
  write_file(folder / "c.dcm", of_series(ct_slice(3, 0.3f), '5'));
  const std::vector<Json> lines = read_all(folder.path(), "head_ct");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].text("input"), "1.2.9.1");
  EXPECT_EQ(lines[0].text("refused.reason"), "corrupted");
  EXPECT_EQ(lines[1].text("input"), "1.2.9.5");
  EXPECT_EQ(lines[1].text("refused.reason"), "too-small") << "it was looked at";
}

}  // namespace
}  // namespace meridian::app
