// A moving picture in a case; over the wire: tests/doors/http_live_test.cpp.
#include <future>

#include "archive/sample_video.h"
#include "care/live_examination.h"
#include "engine/node.h"

namespace meridian::care {
namespace {

TEST(LiveExamination, HasNotEndedWhileSomebodyIsToldOfTheEnd) {
  TemporaryFolder folder;
  archive::write_sample_video(folder / "square.avi");
  const auto assistant =
      engine::scripted("polyp", "ES", [](const engine::Input&) { return engine::Reading{}; });
  LiveExamination examination(std::make_unique<archive::Video>((folder / "square.avi").string(), "square"),
                              *assistant);
  std::promise<bool> ended;
  const LiveExamination::Show show = [&](const LiveExamination::Sight& sight) {
    if (sight.frame) return examination.next(sight.frame->number, show);
    ended.set_value(examination.ended());
  };
  examination.next(0, show);
  EXPECT_FALSE(ended.get_future().get());
}

}  // namespace
}  // namespace meridian::care
