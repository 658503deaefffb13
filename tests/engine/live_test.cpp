#include <gtest/gtest.h>

#include "archive/sample_video.h"
#include "base/temporary_folder.h"
#include "engine/live/frame_feed.h"
#include "engine/live/live_reader.h"
#include "engine/sample_card.h"

namespace meridian::engine {
namespace {

// Outlines what is red on the picture; refuses one on which nothing is.
class RedSquares : public Assistant {
 public:
  const Card& card() const override { return card_; }

  Reading run(const Input& input) const override {
    const vision::ColourImage& picture = *input.colour;
    double left = picture.width, right = 0, top = picture.height, bottom = 0;
    for (int y = 0; y < picture.height; ++y)
      for (int x = 0; x < picture.width; ++x) {
        if (picture.pixels[3 * (static_cast<std::size_t>(y) * picture.width + x)] < 128) continue;
        left = std::min<double>(left, x), right = std::max<double>(right, x + 1);
        top = std::min<double>(top, y), bottom = std::max<double>(bottom, y + 1);
      }
    if (right <= left) return {.refused = Refusal{"blank", {"Blank", "空白"}}};
    Finding finding;
    const Json corners = Json::array({Json::array({left, top}), Json::array({right, top}),
                                      Json::array({right, bottom}), Json::array({left, bottom})});
    finding.evidence = Json::object(
        {{"regions", Json::array({Json::object({{"polygon", corners}, {"probability", 0.75}})})}});
    return {.findings = {finding}};
  }

 private:
  Card card_ = Card::parse(sample_card("red_squares", "ES"));
};

TEST(Live, FollowsWhatTheAssistantOutlines) {
  TemporaryFolder folder;
  archive::write_sample_video(folder / "square.avi");
  archive::Video video((folder / "square.avi").string(), "square");
  const RedSquares assistant;
  LiveReader reader(assistant);
  int frames = 0;
  std::vector<vision::Track> tracks;
  while (auto frame = video.next()) {
    tracks = reader.look(std::move(frame->picture));
    EXPECT_EQ(tracks.size(), ++frames < 3 ? 0u : 1u) << frames;
  }
  ASSERT_EQ(tracks.size(), 1u);
  EXPECT_EQ(tracks[0].id, 1);
  EXPECT_NEAR(tracks[0].confidence, 0.75, 1e-9);
  EXPECT_NEAR(tracks[0].left, archive::square_left(archive::kVideoFrames - 1), 4);
}

TEST(Live, ShowsNothingNewOnAFrameThatIsRefused) {
  const RedSquares assistant;
  LiveReader reader(assistant);
  const vision::ColourImage blank{32, 32, std::vector<std::uint8_t>(32 * 32 * 3), {}};
  for (int frame = 0; frame < 10; ++frame) EXPECT_TRUE(reader.look(blank).empty());
}

TEST(Live, TheFeedPlaysAFileToItsEndAndGivesTheNewestFrame) {
  TemporaryFolder folder;
  archive::write_sample_video(folder / "square.avi");
  FrameFeed feed(std::make_unique<archive::Video>((folder / "square.avi").string(), "square"));
  std::int64_t last = 0;
  while (auto captured = feed.take()) {
    EXPECT_GT(captured->number, last);
    last = captured->number;
  }
  EXPECT_EQ(last, archive::kVideoFrames);
  EXPECT_FALSE(feed.take());
}

TEST(Live, AFeedThatIsStoppedEnds) {
  TemporaryFolder folder;
  archive::write_sample_video(folder / "square.avi");
  FrameFeed feed(std::make_unique<archive::Video>((folder / "square.avi").string(), "square"));
  ASSERT_TRUE(feed.take());
  feed.stop();
  int more = 0;
  while (feed.take()) ++more;
  EXPECT_LT(more, archive::kVideoFrames - 1);
}

}  // namespace
}  // namespace meridian::engine
