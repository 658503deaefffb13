#include "archive/render.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <charconv>

#include "archive/display.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kColours = 3;

// The window applied, every sample with so many bits; colours interleaved.
template <class Sample>
std::vector<Sample> output(DisplayFrame& display, std::size_t channels) {
  std::vector<Sample> samples(std::size_t(display.width()) * display.height() * channels);
  if (!display.image->getOutputData(samples.data(), samples.size() * sizeof(Sample), sizeof(Sample) * 8))
    throw Error(ErrorCode::corrupted,
                "The frame cannot be shown: its pixels cannot be mapped to grey or colour");
  return samples;
}

cv::Mat to_picture(DisplayFrame& display) {
  const bool grey = display.image->isMonochrome();
  std::vector<std::uint8_t> samples = output<std::uint8_t>(display, grey ? 1 : kColours);
  const cv::Mat view(display.height(), display.width(), grey ? CV_8UC1 : CV_8UC3, samples.data());
  cv::Mat picture;
  if (grey)
    view.copyTo(picture);
  else
    cv::cvtColor(view, picture, cv::COLOR_RGB2BGR);
  return picture;
}

cv::Mat fit(const cv::Mat& picture, const RenderOptions& options) {
  const double across = options.max_width > 0 ? double(options.max_width) / picture.cols : 1;
  const double down = options.max_height > 0 ? double(options.max_height) / picture.rows : 1;
  const double scale = std::min({across, down, 1.0});
  if (scale == 1.0) return picture;
  cv::Mat smaller;
  const cv::Size size(std::max(1, cvRound(picture.cols * scale)), std::max(1, cvRound(picture.rows * scale)));
  cv::resize(picture, smaller, size, 0, 0, cv::INTER_AREA);
  return smaller;
}

std::string encode(const cv::Mat& picture, const RenderOptions& options) {
  std::vector<std::uint8_t> bytes;
  if (options.media_type == "image/png")
    cv::imencode(".png", picture, bytes, {cv::IMWRITE_PNG_COMPRESSION, 1});
  else
    cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, options.quality});
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void check(const RenderOptions& options) {
  if (options.media_type != "image/png" && options.media_type != "image/jpeg")
    throw Error(ErrorCode::not_acceptable,
                "Pictures are made as image/png and image/jpeg only, not as " + options.media_type);
  if (options.quality < 1 || options.quality > 100)
    throw Error(ErrorCode::invalid_request, "The quality of a JPEG is from 1 to 100", "quality");
  if (options.max_width < 0 || options.max_height < 0)
    throw Error(ErrorCode::invalid_request, "A viewport has no negative sides", "viewport");
}

// Millimetres a pixel along a row: (0028,0030) Pixel Spacing, or (0018,1164) Imager Pixel Spacing of
// projections.
std::optional<double> pixel_spacing(const Elements& header) {
  for (const std::uint32_t tag : {0x00280030u, 0x00181164u}) {
    const std::string text = header.text(tag);
    const auto separator = text.find('\\');
    if (separator == std::string::npos) continue;
    double spacing = 0;
    const auto [end, error] =
        std::from_chars(text.data() + separator + 1, text.data() + text.size(), spacing);
    if (error == std::errc() && spacing > 0) return spacing;
  }
  return {};
}

}  // namespace

std::string render_frame(const StoredImage& image, const RenderOptions& options) {
  check(options);
  DisplayFrame display = display_frame(image, options);
  return encode(fit(to_picture(display), options), options);
}

vision::GreyImage grey_frame(const StoredImage& image, int frame) {
  DisplayFrame display = display_frame(image, {.frame = frame});
  const bool grey = display.image->isMonochrome();
  const std::vector<std::uint16_t> samples = output<std::uint16_t>(display, grey ? 1 : kColours);
  vision::GreyImage out{
      .width = display.width(), .height = display.height(), .spacing = pixel_spacing(image.header())};
  out.pixels.resize(std::size_t(out.width) * out.height);
  constexpr float kFull = 65535;
  for (std::size_t i = 0; i < out.pixels.size(); ++i) {
    // Luminance of ITU-R BT.601, as PS3.3 C.7.6.3.1.2 has it for YBR_FULL.
    out.pixels[i] =
        grey ? samples[i] / kFull
             : (0.299f * samples[3 * i] + 0.587f * samples[3 * i + 1] + 0.114f * samples[3 * i + 2]) / kFull;
  }
  return out;
}

vision::GreyImage grey_image(std::string_view dicom_bytes, int frame) {
  return grey_frame(StoredImage::of_file(dicom_bytes), frame);
}

}  // namespace meridian::archive
