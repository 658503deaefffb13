#include "archive/gif.h"

#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <new>
#include <vector>

#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr int kColours = 256;

struct Release {
  void operator()(GifFileType* gif) const { EGifCloseFile(gif, nullptr); }
  void operator()(ColorMapObject* colours) const { GifFreeMapObject(colours); }
};
using Colours = std::unique_ptr<ColorMapObject, Release>;

void check(int status) {
  if (status != GIF_OK) throw Error(ErrorCode::internal, "The picture cannot be made as a GIF");
}

int append(GifFileType* gif, const GifByteType* bytes, int count) {
  static_cast<std::string*>(gif->UserData)->append(reinterpret_cast<const char*>(bytes), std::size_t(count));
  return count;
}

Colours no_colours() {
  Colours colours(GifMakeMapObject(kColours, nullptr));
  if (!colours) throw std::bad_alloc();
  return colours;
}

Colours greys() {
  Colours colours = no_colours();
  for (int i = 0; i < kColours; ++i) {
    const auto grey = static_cast<GifByteType>(i);
    colours->Colors[i] = {grey, grey, grey};
  }
  return colours;
}

// Each pixel becomes the number of its colour.
Colours reduce(const cv::Mat& picture, std::vector<GifByteType>& pixels) {
  std::array<std::vector<GifByteType>, 3> planes;
  for (std::size_t plane = 0; plane < 3; ++plane) {
    planes[plane].reserve(pixels.size());
    for (int y = 0; y < picture.rows; ++y)
      for (int x = 0; x < picture.cols; ++x)
        planes[plane].push_back(picture.at<cv::Vec3b>(y, x)[static_cast<int>(2 - plane)]);
  }
  Colours colours = no_colours();
  int size = kColours;
  check(GifQuantizeBuffer(static_cast<unsigned>(picture.cols), static_cast<unsigned>(picture.rows), &size,
                          planes[0].data(), planes[1].data(), planes[2].data(), pixels.data(),
                          colours->Colors));
  return colours;
}

}  // namespace

std::string encode_gif(const cv::Mat& picture) {
  if (picture.cols > std::numeric_limits<std::uint16_t>::max() ||
      picture.rows > std::numeric_limits<std::uint16_t>::max())
    throw Error(ErrorCode::too_large, "A GIF has at most 65,535 pixels a side", "viewport");
  std::vector<GifByteType> pixels(picture.total());
  Colours colours;
  if (picture.channels() == 1) {
    colours = greys();
    for (int y = 0; y < picture.rows; ++y)
      std::copy_n(picture.ptr(y), picture.cols, pixels.begin() + std::ptrdiff_t(y) * picture.cols);
  } else {
    colours = reduce(picture, pixels);
  }
  std::string bytes;
  std::unique_ptr<GifFileType, Release> gif(EGifOpen(&bytes, append, nullptr));
  if (!gif) throw std::bad_alloc();
  check(EGifPutScreenDesc(gif.get(), picture.cols, picture.rows, kColours, 0, colours.get()));
  check(EGifPutImageDesc(gif.get(), 0, 0, picture.cols, picture.rows, false, nullptr));
  for (int y = 0; y < picture.rows; ++y)
    check(EGifPutLine(gif.get(), pixels.data() + std::ptrdiff_t(y) * picture.cols, picture.cols));
  check(EGifCloseFile(gif.release(), nullptr));  // which writes the end
  return bytes;
}

}  // namespace meridian::archive
