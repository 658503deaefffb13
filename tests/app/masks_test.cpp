#include "app/read/masks.h"

#include <gtest/gtest.h>

#include "archive/nifti.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "vision/picture.h"

namespace meridian::app {
namespace {

engine::Reading reading_of(engine::LabelMap map) {
  engine::Reading reading;
  reading.maps.push_back(std::move(map));
  return reading;
}

TEST(Masks, OfOneThingAreBlackAndWhite) {
  const TemporaryFolder folder;
  MaskWriter writer(folder / "new" / "deep");
  const engine::Reading reading = reading_of({"polyp", 3, 2, 1, {0, 1, 0, 1, 1, 0}, {"polyp"}});
  const Json written = writer.write(reading, "frames/one.png", {});
  ASSERT_EQ(written.size(), 1u);
  EXPECT_EQ(written.at(0).text("name"), "polyp");
  EXPECT_EQ(written.at(0).text("file"), folder / "new" / "deep" / "one.polyp.png");
  EXPECT_EQ(written.at(0).get("meanings").at(0).as_string(), "polyp");
  const vision::Picture picture = vision::decode_picture(read_file(written.at(0).text("file")));
  EXPECT_EQ(picture.grey.width, 3);
  EXPECT_EQ(picture.grey.pixels, (std::vector<float>{0, 1, 0, 1, 1, 0}));
}

TEST(Masks, OfObjectsCountThem) {
  const TemporaryFolder folder;
  MaskWriter writer(folder.path());
  const Json written = writer.write(reading_of({"nucleus", 2, 1, 1, {300, 0}, {}}), "one.png", {});
  const vision::Picture picture = vision::decode_picture(read_file(written.at(0).text("file")));
  EXPECT_NEAR(picture.grey.pixels.at(0) * 65535, 300, 0.01);
}

TEST(Masks, OfAVolumeAreNamedAsItIsWithoutItsExtensions) {
  const TemporaryFolder folder;
  MaskWriter writer(folder.path());
  const engine::Reading reading = reading_of({"polyp", 1, 1, 1, {1}, {"polyp"}});
  EXPECT_EQ(writer.write(reading, "a/head.v2.nii.gz", {}).at(0).text("file"), folder / "head.v2.polyp.png");
  EXPECT_EQ(writer.write(reading, "a/plain", {}).at(0).text("file"), folder / "plain.polyp.png");
}

TEST(Masks, OfInputsOfOneNameAreKeptApart) {
  const TemporaryFolder folder;
  MaskWriter writer(folder.path());
  const engine::Reading reading = reading_of({"polyp", 1, 1, 1, {1}, {"polyp"}});
  writer.write(reading, "a/one.png", {});
  EXPECT_EQ(writer.write(reading, "b/one.png", {}).at(0).text("file"), folder / "one-2.polyp.png");
  EXPECT_TRUE(writer.write({}, "c/one.png", {}).empty());
}

}  // namespace
}  // namespace meridian::app
