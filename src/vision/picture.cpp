#include "vision/picture.h"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <utility>

#include "base/error.h"

namespace meridian::vision {
namespace {

using Size = std::pair<unsigned, unsigned>;

unsigned big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  unsigned value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::optional<Size> png_size(std::string_view bytes) {
  constexpr std::string_view kSignature("\x89PNG\r\n\x1a\n", 8);
  if (bytes.substr(0, 8) != kSignature || bytes.size() < 24) return std::nullopt;
  return Size{big_endian(bytes, 16, 4), big_endian(bytes, 20, 4)};
}

bool is_start_of_frame(unsigned marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// ITU-T T.81 B.2: segments of a marker and a length, until the frame header.
std::optional<Size> jpeg_size(std::string_view bytes) {
  if (bytes.substr(0, 2) != "\xFF\xD8") return std::nullopt;
  std::size_t at = 2;
  while (at + 9 <= bytes.size() && big_endian(bytes, at, 1) == 0xFF) {
    const unsigned marker = big_endian(bytes, at + 1, 1);
    if (is_start_of_frame(marker)) return Size{big_endian(bytes, at + 7, 2), big_endian(bytes, at + 5, 2)};
    at += marker == 0xFF ? 1 : 2 + big_endian(bytes, at + 2, 2);
  }
  throw Error(ErrorCode::invalid_syntax, "The JPEG picture has no frame header", {},
              "Send the whole file again");
}

void check_size(const Size& size) {
  if (size.first == 0 || size.second == 0)
    throw Error(ErrorCode::invalid_syntax, "The picture has no pixels");
  const bool too_many = std::int64_t(size.first) * size.second > kMostPixels;
  if (size.first > kLargestSide || size.second > kLargestSide || too_many)
    throw Error(
        ErrorCode::too_large,
        "The picture has " + std::to_string(size.first) + " x " + std::to_string(size.second) + " pixels", {},
        "Send at most " + std::to_string(kLargestSide) + " pixels a side and " +
            std::to_string(kMostPixels / 1'000'000) + " million in all");
}

cv::Mat decode(std::string_view bytes) {
  const cv::Mat buffer(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
  cv::Mat decoded;
  try {
    decoded = cv::imdecode(buffer, cv::IMREAD_ANYDEPTH | cv::IMREAD_ANYCOLOR);
  } catch (const cv::Exception&) {
    decoded.release();
  }
  const bool readable = decoded.depth() == CV_8U || decoded.depth() == CV_16U;
  if (decoded.empty() || !readable)
    throw Error(ErrorCode::invalid_syntax, "The picture cannot be decoded", {}, "Send the whole file again");
  return decoded;
}

ColourImage to_colour(const cv::Mat& bgr, double white) {
  ColourImage image{bgr.cols, bgr.rows, std::vector<std::uint8_t>(bgr.total() * 3), std::nullopt};
  cv::Mat rgb(bgr.rows, bgr.cols, CV_8UC3, image.pixels.data());
  cv::Mat bytes;
  bgr.convertTo(bytes, CV_8U, 255 / white);
  cv::cvtColor(bytes, rgb, bgr.channels() == 3 ? cv::COLOR_BGR2RGB : cv::COLOR_BGRA2RGB);
  return image;
}

std::string encode(const cv::Mat& picture) {
  std::vector<unsigned char> bytes;
  cv::imencode(".png", picture, bytes);
  return {bytes.begin(), bytes.end()};
}

// As OpenCV wants the channels.
cv::Mat blue_first(const ColourImage& image) {
  const cv::Mat rgb(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.pixels.data()));
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  return bgr;
}

}  // namespace

Picture decode_picture(std::string_view bytes) {
  const auto png = png_size(bytes);
  const auto size = png ? png : jpeg_size(bytes);
  if (!size)
    throw Error(ErrorCode::unsupported_media_type, "This is neither PNG nor JPEG", {},
                "Send PNG, JPEG or DICOM");
  check_size(*size);
  cv::Mat picture = decode(bytes);
  const double white = picture.depth() == CV_8U ? 255 : 65535;
  Picture result{{picture.cols, picture.rows, {}, std::nullopt}, std::nullopt};
  if (picture.channels() >= 3) {
    result.colour = to_colour(picture, white);
    cv::cvtColor(picture, picture, picture.channels() == 3 ? cv::COLOR_BGR2GRAY : cv::COLOR_BGRA2GRAY);
  }
  result.grey.pixels.resize(picture.total());
  cv::Mat grey(picture.rows, picture.cols, CV_32F, result.grey.pixels.data());
  picture.convertTo(grey, CV_32F, 1 / white);
  return result;
}

double colourfulness(const ColourImage& image) {
  double sum = 0;
  for (std::size_t i = 0; i + 2 < image.pixels.size(); i += 3) {
    const auto [smallest, largest] = std::minmax({image.pixels[i], image.pixels[i + 1], image.pixels[i + 2]});
    sum += largest - smallest;
  }
  return image.pixels.empty() ? 0 : sum / 255 / (static_cast<double>(image.pixels.size()) / 3);
}

std::string encode_png(const ColourImage& image) {
  return encode(blue_first(image));
}

std::string encode_jpeg(const ColourImage& image, int quality) {
  std::vector<unsigned char> bytes;
  cv::imencode(".jpg", blue_first(image), bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
  return {bytes.begin(), bytes.end()};
}

std::string encode_png(const GreyImage& image) {
  const cv::Mat grey(image.height, image.width, CV_32F, const_cast<float*>(image.pixels.data()));
  cv::Mat bytes;
  grey.convertTo(bytes, CV_8U, 255);
  return encode(bytes);
}

std::string encode_png_labels(int width, int height, const std::vector<std::uint16_t>& labels) {
  return encode({height, width, CV_16U, const_cast<std::uint16_t*>(labels.data())});
}

std::string encode_png_rgba(int width, int height, const std::vector<std::uint8_t>& rgba) {
  const cv::Mat picture(height, width, CV_8UC4, const_cast<std::uint8_t*>(rgba.data()));
  cv::Mat bgra;
  cv::cvtColor(picture, bgra, cv::COLOR_RGBA2BGRA);
  return encode(bgra);
}

}  // namespace meridian::vision
