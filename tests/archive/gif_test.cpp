// Pictures as GIF, read again by the library that browsers' own are compared with.
#include "archive/gif.h"

#include <gif_lib.h>
#include <gmock/gmock.h>

#include <cstring>
#include <memory>

#include "base/error.h"

namespace meridian::archive {
namespace {

struct Close {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};

int read(GifFileType* gif, GifByteType* bytes, int count) {
  auto& rest = *static_cast<std::string_view*>(gif->UserData);
  const auto given = std::min(std::size_t(count), rest.size());
  std::memcpy(bytes, rest.data(), given);
  rest.remove_prefix(given);
  return static_cast<int>(given);
}

// The picture in OpenCV's order of colours.
cv::Mat decoded(const std::string& bytes) {
  std::string_view rest = bytes;
  const std::unique_ptr<GifFileType, Close> gif(DGifOpen(&rest, read, nullptr));
  if (!gif || DGifSlurp(gif.get()) != GIF_OK || gif->ImageCount != 1 || !rest.empty()) return {};
  cv::Mat picture(gif->SHeight, gif->SWidth, CV_8UC3);
  for (int i = 0; i < gif->SHeight * gif->SWidth; ++i) {
    const GifColorType& colour = gif->SColorMap->Colors[gif->SavedImages[0].RasterBits[i]];
    picture.at<cv::Vec3b>(i) = {colour.Blue, colour.Green, colour.Red};
  }
  return picture;
}

TEST(Gif, KeepsEveryGrey) {
  cv::Mat greys(16, 16, CV_8UC1);
  for (int i = 0; i < 256; ++i) greys.at<std::uint8_t>(i / 16, i % 16) = static_cast<std::uint8_t>(i);
  const cv::Mat read = decoded(encode_gif(greys));
  ASSERT_EQ(read.size(), greys.size());
  for (int i = 0; i < 256; ++i)
    EXPECT_EQ(read.at<cv::Vec3b>(i / 16, i % 16), cv::Vec3b::all(std::uint8_t(i)));
}

TEST(Gif, KeepsFewColoursNearly) {
  cv::Mat flag(20, 30, CV_8UC3, cv::Scalar(0, 0, 200));
  flag.colRange(10, 20) = cv::Scalar(0, 200, 0);
  flag.colRange(20, 30) = cv::Scalar(200, 0, 0);
  const cv::Mat read = decoded(encode_gif(flag));
  ASSERT_EQ(read.size(), flag.size());
  EXPECT_LE(cv::norm(read, flag, cv::NORM_INF), 8);
}

TEST(Gif, RefusesWhatIsTooLarge) {
  try {
    encode_gif(cv::Mat::zeros(1, 70'000, CV_8UC1));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::too_large);
  }
}

}  // namespace
}  // namespace meridian::archive
