// The frames that show best what was followed, and the order of frames that are looked at beside each other.
#include "engine/live/key_frames.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "base/error.h"
#include "base/error_of.h"
#include "engine/live/look_along.h"
#include "engine/node.h"

namespace meridian::engine {
namespace {

// A frame with a chequered square of that contrast, followed as the thing of that id.
std::shared_ptr<const LiveFrame> frame_of(std::int64_t number, int id, int side, int contrast,
                                          double confidence) {
  auto frame = std::make_shared<LiveFrame>();
  frame->number = number;
  frame->picture = {100, 100, std::vector<std::uint8_t>(100 * 100 * 3, 100), {}};
  for (int y = 10; y < 10 + side; ++y)
    for (int x = 10; x < 10 + side; ++x)
      for (int c = 0; c < 3; ++c)
        frame->picture.pixels[static_cast<std::size_t>((y * 100 + x) * 3 + c)] =
            static_cast<std::uint8_t>(100 + ((x / 4 + y / 4) % 2) * contrast);
  vision::Track track;
  track.id = id;
  track.left = track.top = 10;
  track.right = track.bottom = 10 + side;
  track.confidence = confidence;
  frame->tracks = {track};
  return frame;
}

TEST(KeyFrames, AreTheSharpestLargestAndMostCertainOfEachThing) {
  KeyFrames key;
  key.look(frame_of(1, 1, 30, 50, 0.8));
  key.look(frame_of(2, 1, 30, 100, 0.8));  // sharper
  key.look(frame_of(3, 1, 30, 100, 0.5));  // less certain
  key.look(frame_of(4, 1, 20, 100, 0.8));  // smaller
  key.look(frame_of(5, 2, 30, 50, 0.8));
  ASSERT_EQ(key.choices().size(), 2u);
  EXPECT_EQ(key.choices()[0].frame->number, 2);
  EXPECT_EQ(key.choices()[1].frame->number, 5);
  EXPECT_EQ(key.choices()[1].track.id, 2);
}

TEST(KeyFrames, OfNothingAreNone) {
  KeyFrames key;
  auto empty = std::make_shared<LiveFrame>();
  empty->picture = {10, 10, std::vector<std::uint8_t>(300, 0), {}};
  key.look(empty);
  EXPECT_TRUE(key.choices().empty());
}

FrameFeed::Captured captured(std::int64_t number) {
  FrameFeed::Captured one;
  one.frame.picture = {8, 8, std::vector<std::uint8_t>(8 * 8 * 3, 9), {}};
  one.number = number;
  return one;
}

// The first of two frames is held until the second was looked at, so that both are under way at once.
TEST(LookAlong, ShowsFramesInTheirOrderThoughTheyAreLookedAtBesideEachOther) {
  std::atomic<int> seen = 0;
  const auto assistant = scripted("polyp", "ES", [&](const Input&) {
    const int mine = ++seen;
    if (mine == 1)
      while (seen < 2) std::this_thread::yield();
    return Reading{};
  });
  LiveReader reader(*assistant);
  std::int64_t next = 0;
  std::vector<std::int64_t> shown;
  look_along(
      [&]() -> std::optional<FrameFeed::Captured> {
        if (next == 20) return {};
        return captured(++next);
      },
      reader,
      [&](FrameFeed::Captured one, const std::vector<vision::Track>&) { shown.push_back(one.number); });
  ASSERT_EQ(shown.size(), 20u);
  EXPECT_TRUE(std::ranges::is_sorted(shown));
}

TEST(LookAlong, ThrowsOnceAllBeforeItIsShown) {
  const auto assistant = scripted("polyp", "ES", [](const Input&) { return Reading{}; });
  LiveReader reader(*assistant);
  std::int64_t next = 0;
  std::vector<std::int64_t> shown;
  const auto take = [&]() -> std::optional<FrameFeed::Captured> {
    if (next == 5) throw Error(ErrorCode::unavailable, "The line broke");
    return captured(++next);
  };
  EXPECT_EQ(code_of([&] {
              look_along(take, reader, [&](FrameFeed::Captured one, const std::vector<vision::Track>&) {
                shown.push_back(one.number);
              });
            }),
            ErrorCode::unavailable);
  EXPECT_EQ(shown, (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
}

}  // namespace
}  // namespace meridian::engine
