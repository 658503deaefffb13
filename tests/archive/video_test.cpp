#include "archive/video.h"

#include <gtest/gtest.h>

#include "archive/sample_video.h"
#include "base/error_of.h"
#include "base/file.h"
#include "base/temporary_folder.h"

namespace meridian::archive {
namespace {

class VideoFile : public testing::Test {
 protected:
  TemporaryFolder folder;
  const std::string file = (folder / "square.avi").string();
};

TEST_F(VideoFile, GivesEveryFrameInItsColoursAndTime) {
  write_sample_video(file);
  Video video(file);
  EXPECT_FALSE(video.is_live());
  for (int number = 0; number < kVideoFrames; ++number) {
    const auto frame = video.next();
    ASSERT_TRUE(frame) << number;
    ASSERT_EQ(frame->picture.width, kVideoWidth);
    ASSERT_EQ(frame->picture.height, kVideoHeight);
    EXPECT_NEAR(frame->seconds, number / kVideoRate, 0.005) << number;
    const std::size_t middle = (32u * kVideoWidth + static_cast<std::size_t>(square_left(number)) + 8) * 3;
    EXPECT_NEAR(frame->picture.pixels[middle], 240, 24) << number;     // red
    EXPECT_NEAR(frame->picture.pixels[middle + 2], 40, 24) << number;  // blue
  }
  EXPECT_FALSE(video.next());
  EXPECT_FALSE(video.next());
}

TEST_F(VideoFile, ThatIsNotThereIsNotFound) {
  EXPECT_EQ(code_of([&] { Video video(file); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([] { Video video("/dev/video-none"); }), ErrorCode::not_found);
}

TEST_F(VideoFile, ThatIsNoVideoIsRefused) {
  write_file(file, "This is no video.");
  EXPECT_EQ(code_of([&] { Video video(file); }), ErrorCode::unsupported_media_type);
}

TEST_F(VideoFile, ThatIsCutShortEndsEarly) {
  write_sample_video(file);
  const std::string whole = read_file(file);
  write_file(file, whole.substr(0, whole.size() / 2));
  try {
    Video video(file);
    int frames = 0;
    while (video.next()) ++frames;
    EXPECT_LT(frames, kVideoFrames);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported_media_type);
  }
}

}  // namespace
}  // namespace meridian::archive
