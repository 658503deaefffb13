#include "app/read/pictures.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/temporary_folder.h"
#include "engine/evidence.h"
#include "vision/picture.h"

namespace meridian::app {
namespace {

class Pictures : public testing::Test {
 protected:
  Pictures() {
    card.id = "polyp";
    auto input = std::make_shared<engine::Input>();
    input->image = vision::GreyImage{40, 30, std::vector<float>(1200, 0.5f), {}};
    read = {.name = "frames/one.png", .card = &card, .reading = {}, .input = std::move(input), .masks = {}};
    engine::Finding found;
    const Json square = Json::parse("[[10, 5], [30, 5], [30, 25], [10, 25]]");
    found.evidence = Json::object({{"regions", Json::array({engine::evidence_region({"a", "b"}, square)})}});
    read.reading.findings.push_back(found);
  }
  TemporaryFolder folder;
  engine::Card card;
  ReadInput read;
};

TEST_F(Pictures, ShowWhatWasOutlined) {
  PictureWriter(folder / "deep").write(read);
  const vision::Picture picture = vision::decode_picture(read_file(folder / "deep" / "one.polyp.jpg"));
  EXPECT_EQ(picture.grey.width, 40);
  ASSERT_TRUE(picture.colour);
  EXPECT_GT(vision::colourfulness(*picture.colour), 0.05) << "the outline is in colour";
}

TEST_F(Pictures, AreNotOfWhatWasRefusedNorOfWhatIsNoPicture) {
  PictureWriter writer(folder / "deep");
  read.reading.refused = engine::Refusal{"blank", {}};
  writer.write(read);
  read.reading.refused.reset();
  read.input = std::make_shared<engine::Input>();
  writer.write(read);
  EXPECT_TRUE(std::filesystem::is_empty(folder / "deep"));
}

}  // namespace
}  // namespace meridian::app
