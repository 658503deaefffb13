#include "vision/tracker.h"

#include <gtest/gtest.h>

namespace meridian::vision {
namespace {

Outlined square(double x, double y, double side = 40, double confidence = 0.8) {
  return {{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}}, confidence};
}

TEST(Tracker, ShowsAThingOnceItWasSeenOnThreeOfFiveFrames) {
  Tracker tracker;
  EXPECT_TRUE(tracker.update({square(10, 10)}).empty());
  EXPECT_TRUE(tracker.update({}).empty());
  EXPECT_TRUE(tracker.update({square(12, 10)}).empty());
  EXPECT_TRUE(tracker.update({}).empty());
  ASSERT_EQ(tracker.update({square(13, 10)}).size(), 1u);
}

TEST(Tracker, NeverShowsWhatFlashesUp) {
  Tracker tracker;
  for (int frame = 0; frame < 60; ++frame)
    EXPECT_TRUE(
        tracker.update(frame % 4 == 0 ? std::vector{square(10, 10)} : std::vector<Outlined>{}).empty());
}

TEST(Tracker, KeepsItsNameWhileItMovesAndIsMissed) {
  Tracker tracker;
  std::vector<Track> shown;
  for (int frame = 0; frame < 50; ++frame) {
    const bool missed = frame > 10 && frame % 5 < 2;
    shown = tracker.update(missed ? std::vector<Outlined>{} : std::vector{square(3.0 * frame, 20)});
    if (frame >= 3) {
      ASSERT_EQ(shown.size(), 1u) << frame;
      EXPECT_EQ(shown[0].id, 1) << frame;
    }
  }
  EXPECT_NEAR(shown[0].left, 3.0 * 49, 12);
}

TEST(Tracker, ForgetsWhatIsGone) {
  Tracker tracker;
  for (int frame = 0; frame < 10; ++frame) tracker.update({square(10, 10)});
  for (int frame = 0; frame < 5; ++frame) EXPECT_EQ(tracker.update({}).size(), 1u) << frame;
  EXPECT_TRUE(tracker.update({}).empty());
  for (int frame = 0; frame < 3; ++frame) tracker.update({square(10, 10)});
  EXPECT_EQ(tracker.update({square(10, 10)}).at(0).id, 2);
}

TEST(Tracker, TellsTwoApartAndNamesTheMoreCertainFirst) {
  Tracker tracker;
  std::vector<Track> shown;
  for (int frame = 0; frame < 8; ++frame)
    shown = tracker.update({square(10 + frame, 10, 40, 0.6), square(35 + frame, 10, 40, 0.9)});
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_NEAR(shown[0].confidence, 0.9, 1e-9);
  EXPECT_GT(shown[0].left, shown[1].left);
}

TEST(Tracker, TheBoxDoesNotJump) {
  Tracker tracker;
  for (int frame = 0; frame < 10; ++frame) tracker.update({square(100, 100)});
  const double before = tracker.update({square(100, 100)}).at(0).right;
  const double after = tracker.update({square(100, 100, 60)}).at(0).right;
  EXPECT_GT(after, before);
  EXPECT_LT(after, before + 10);
}

TEST(Tracker, TakesNoOutlineForNothing) {
  Tracker tracker;
  for (int frame = 0; frame < 5; ++frame)
    EXPECT_TRUE(tracker.update({{{}, 0.9}, {{{1, 1}, {2, 2}}, 0.9}}).empty());
}

}  // namespace
}  // namespace meridian::vision
