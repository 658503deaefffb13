#include "archive/video.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archive/sample_video.h"
#include "base/error.h"
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
  Video video(file, "tower");
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
  EXPECT_EQ(code_of([&] { Video video(file, "tower"); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([] { Video video("/dev/video-none", "tower"); }), ErrorCode::not_found);
}

TEST_F(VideoFile, ThatIsNoVideoIsRefused) {
  write_file(file, "This is no video.");
  EXPECT_EQ(code_of([&] { Video video(file, "tower"); }), ErrorCode::unsupported_media_type);
}

TEST_F(VideoFile, OfAnImpossibleClockIsRefused) {
  write_sample_video(file);
  std::string bytes = read_file(file);
  constexpr std::size_t kScaleInStreamHeader = 28;  // AVI's strh: a frame lasts scale / rate seconds
  const auto header = bytes.find("strh");
  ASSERT_NE(header, std::string::npos);
  bytes.replace(header + kScaleInStreamHeader, 4, std::string("\x10\x27\0\0", 4));  // 10,000
  write_file(file, bytes);
  Video video(file, "tower");
  EXPECT_EQ(code_of([&] {
              while (video.next()) {
              }
            }),
            ErrorCode::invalid_value);
}

TEST_F(VideoFile, OfTooLargeFramesIsRefusedBeforeOneIsRead) {
  cv::VideoWriter(file, cv::CAP_OPENCV_MJPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), kVideoRate,
                  {4160, 16})
      .write(cv::Mat(16, 4160, CV_8UC3, cv::Scalar(20, 20, 60)));
  EXPECT_EQ(code_of([&] { Video video(file, "tower"); }), ErrorCode::too_large);
}

TEST(Video, NeverTellsTheAddressOfAStream) {
  try {
    Video video("rtsp://nurse:secret@127.0.0.1:1/stream", "tower");
    FAIL() << "nobody listens there";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_THAT(error.describe(),
                testing::AllOf(testing::HasSubstr("tower"), testing::Not(testing::HasSubstr("secret"))));
  }
}

TEST_F(VideoFile, ThatIsCutShortEndsEarly) {
  write_sample_video(file);
  const std::string whole = read_file(file);
  write_file(file, whole.substr(0, whole.size() / 2));
  try {
    Video video(file, "tower");
    int frames = 0;
    while (video.next()) ++frames;
    EXPECT_LT(frames, kVideoFrames);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported_media_type);
  }
}

}  // namespace
}  // namespace meridian::archive
