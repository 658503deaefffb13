#include "archive/render.h"

#include <dcmtk/dcmimgle/dipixel.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "archive/annotations.h"
#include "archive/display.h"
#include "archive/gif.h"
#include "archive/lettering.h"
#include "archive/presentation/present.h"
#include "base/error.h"
#include "vision/colour.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kColours = 3;
constexpr std::uint32_t kSopClass = 0x00080016;

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

void cut(Sheet& sheet, const RenderOptions& options) {
  if (!options.region) return;
  const RenderRegion& region = *options.region;
  const cv::Size size = sheet.picture().size();
  const auto edge = [](double at, int side) {
    return static_cast<int>(std::clamp(std::round(at), 0.0, double(side)));
  };
  const cv::Rect wanted(
      cv::Point(edge(region.left, size.width), edge(region.top, size.height)),
      cv::Point(edge(region.left + region.width, size.width), edge(region.top + region.height, size.height)));
  if (wanted.empty())
    throw Error(ErrorCode::invalid_request, "The viewport's region holds nothing of the picture", "viewport");
  sheet.cut(wanted);
  if (region.mirrored) sheet.mirror();
  if (region.upside_down) sheet.turn_over();
}

void fit(Sheet& sheet, const RenderOptions& options) {
  const cv::Mat& picture = sheet.picture();
  const double across = options.max_width > 0 ? double(options.max_width) / picture.cols : 1;
  const double down = options.max_height > 0 ? double(options.max_height) / picture.rows : 1;
  const double scale = std::min({across, down, 1.0});
  if (scale == 1.0) return;
  sheet.resize({std::max(1, cvRound(picture.cols * scale)), std::max(1, cvRound(picture.rows * scale))});
}

void annotate(cv::Mat& picture, const StoredImage& image, const RenderOptions& options) {
  if (options.show_patient) write_in_corner(picture, patient_lines(image.header()), false);
  if (options.show_technique) write_in_corner(picture, technique_lines(image.header(), options.frame), true);
}

std::string encode(const cv::Mat& picture, const RenderOptions& options) {
  if (options.media_type == "image/gif") return encode_gif(picture);
  std::vector<std::uint8_t> bytes;
  if (options.media_type == "image/png")
    cv::imencode(".png", picture, bytes, {cv::IMWRITE_PNG_COMPRESSION, 1});
  else
    cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, options.quality});
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void check(const RenderOptions& options) {
  if (std::ranges::find(kPictureTypes, options.media_type) == kPictureTypes.end())
    throw Error(ErrorCode::not_acceptable, "Pictures are not made as " + options.media_type);
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

// Of ultrasound: Physical Delta X of the first two-dimensional region whose units are centimetres (PS3.3
// C.8.5.5).
std::optional<double> ultrasound_spacing(DcmDataset& dataset) {
  constexpr Uint16 kTwoDimensional = 1, kCentimetres = 3;
  constexpr double kMillimetresACentimetre = 10;
  DcmItem* region = nullptr;
  for (long i = 0; dataset.findAndGetSequenceItem(DCM_SequenceOfUltrasoundRegions, region, i).good(); ++i) {
    Uint16 format = 0, unit = 0;
    double delta = 0;
    if (region->findAndGetUint16(DCM_RegionSpatialFormat, format).bad() || format != kTwoDimensional)
      continue;
    if (region->findAndGetUint16(DCM_PhysicalUnitsXDirection, unit).bad() || unit != kCentimetres) continue;
    if (region->findAndGetFloat64(DCM_PhysicalDeltaX, delta).good() && delta > 0)
      return delta * kMillimetresACentimetre;
  }
  return {};
}

// CT Image Storage, Enhanced and Legacy Converted: what else calls itself CT need not be in Hounsfield units.
bool is_ct(const StoredImage& image) {
  constexpr std::string_view kCtStorage = "1.2.840.10008.5.1.4.1.1.2";
  const std::string sop_class = image.header().first(kSopClass);
  return sop_class == kCtStorage || sop_class.starts_with(std::string(kCtStorage) + ".");
}

vision::GreyImage grey_of(DisplayFrame& display) {
  const std::vector<std::uint16_t> samples = output<std::uint16_t>(display, 1);
  vision::GreyImage image{display.width(), display.height(), std::vector<float>(samples.size()), {}};
  constexpr float kFull = 65535;
  std::ranges::transform(samples, image.pixels.begin(), [](std::uint16_t sample) { return sample / kFull; });
  return image;
}

vision::ColourImage colour_of(DisplayFrame& display) {
  return {display.width(), display.height(), output<std::uint8_t>(display, kColours), {}};
}

template <class Sample>
std::vector<float> samples_of(const DiPixel& values, std::size_t count) {
  const auto* first = static_cast<const Sample*>(values.getData());
  return {first, first + count};
}

// The values after the modality LUT, before any window. Nothing when DCMTK does not have them all.
std::optional<vision::GreyImage> rescaled(const DisplayFrame& display) {
  const DiPixel* values = display.image->getInterData();
  const std::size_t count = std::size_t(display.width()) * display.height();
  if (!values || values->getCount() < count) return {};
  vision::GreyImage image{display.width(), display.height(), {}, {}};
  switch (values->getRepresentation()) {
    case EPR_Uint8:
      image.pixels = samples_of<Uint8>(*values, count);
      break;
    case EPR_Sint8:
      image.pixels = samples_of<Sint8>(*values, count);
      break;
    case EPR_Uint16:
      image.pixels = samples_of<Uint16>(*values, count);
      break;
    case EPR_Sint16:
      image.pixels = samples_of<Sint16>(*values, count);
      break;
    case EPR_Uint32:
      image.pixels = samples_of<Uint32>(*values, count);
      break;
    case EPR_Sint32:
      image.pixels = samples_of<Sint32>(*values, count);
      break;
  }
  return image;
}

}  // namespace

std::string render_frame(const StoredImage& image, const RenderOptions& options,
                         const Presentation* presentation) {
  check(options);
  DisplayFrame display = display_frame(image, options, presentation);
  Sheet sheet(to_picture(display));
  const cv::Size whole = sheet.picture().size();
  if (presentation) arrange(sheet, *presentation);
  cut(sheet, options);
  fit(sheet, options);
  if (presentation) draw_marks(sheet, *presentation, whole);
  annotate(sheet.picture(), image, options);
  return encode(sheet.picture(), options);
}

FrameImage read_frame(const StoredImage& image, int frame) {
  DisplayFrame display = display_frame(image, {.frame = frame});
  std::optional<double> spacing = pixel_spacing(image.header());
  if (!spacing) spacing = ultrasound_spacing(*display.dataset);
  FrameImage out;
  if (display.image->isMonochrome()) {
    out.grey = grey_of(display);
    if (is_ct(image)) out.hounsfield = rescaled(display);
    if (out.hounsfield) out.hounsfield->spacing = spacing;
  } else {
    out.colour = colour_of(display);
    out.colour->spacing = spacing;
    out.grey = vision::luminance(*out.colour);  // as PS3.3 C.7.6.3.1.2 has it for YBR_FULL
  }
  out.grey.spacing = spacing;
  return out;
}

FrameImage read_frame(std::string_view dicom_bytes, int frame) {
  return read_frame(StoredImage::of_file(dicom_bytes), frame);
}

}  // namespace meridian::archive
