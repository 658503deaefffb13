#include "archive/display.h"

#include <dcmtk/dcmimage/diregist.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "archive/segmented_palette.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::uint32_t kUltrasoundRegions = 0x00186011;
constexpr std::uint16_t kImageGroup = 0x0028, kPresentationGroup = 0x2050, kFunctionalGroups = 0x5200;

void check(const OFCondition& condition) {
  if (condition.bad())
    throw Error(ErrorCode::corrupted, std::string("The frame cannot be prepared: ") + condition.text());
}

// The elements that say how pixels are shown and how large they are, as they lie in the header: the rest need
// not be parsed again.
std::string display_elements(const StoredImage& image) {
  std::string out;
  std::uint64_t begin = 0;
  for (const ElementPlace& element : image.header().scan().elements) {
    const std::uint64_t end = element.value.offset + element.value.size;
    const std::uint32_t group = element.tag >> 16;
    if (group == kImageGroup || group == kPresentationGroup || group == kFunctionalGroups ||
        element.tag == kUltrasoundRegions)
      out += image.header_bytes().substr(begin, end - begin);
    begin = end;
  }
  return out;
}

// Enhanced objects keep window and rescaling in functional groups (PS3.3, C.7.6.16), which the display
// pipeline does not look into.
void lift_functional_groups(DcmDataset& dataset, const DcmTagKey& groups, long item_number) {
  DcmItem *group = nullptr, *macro = nullptr;
  if (dataset.findAndGetSequenceItem(groups, group, item_number).bad()) return;
  if (group->findAndGetSequenceItem(DCM_PixelValueTransformationSequence, macro).good())
    copy_values(*macro, dataset, {DCM_RescaleIntercept, DCM_RescaleSlope, DCM_RescaleType});
  if (group->findAndGetSequenceItem(DCM_FrameVOILUTSequence, macro).good())
    copy_values(*macro, dataset, {DCM_WindowCenter, DCM_WindowWidth, DCM_VOILUTFunction});
}

void describe_one_frame(DcmDataset& dataset, const PixelFormat& format) {
  describe_pixels(dataset, format);
  dataset.findAndDeleteElement(DCM_NumberOfFrames);
  dataset.findAndDeleteElement(DCM_SharedFunctionalGroupsSequence);
  dataset.findAndDeleteElement(DCM_PerFrameFunctionalGroupsSequence);
}

// Single bits, one to a byte.
DecodedFrame unpack_bits(const DecodedFrame& packed) {
  DecodedFrame frame{packed.format,
                     std::string(std::size_t(packed.format.rows) * packed.format.columns, '\0')};
  frame.format.bits_allocated = 8;
  frame.format.bits_stored = 1;
  for (std::size_t i = 0; i < frame.samples.size(); ++i)
    frame.samples[i] = static_cast<char>(packed.samples[i / 8] >> (i % 8) & 1);
  return frame;
}

template <class Real>
std::vector<double> finite_values(std::string_view samples) {
  std::vector<double> values(samples.size() / sizeof(Real));
  for (std::size_t i = 0; i < values.size(); ++i) {
    Real value;
    std::memcpy(&value, samples.data() + i * sizeof(Real), sizeof(Real));
    values[i] = std::isfinite(value) ? static_cast<double>(value) : std::numeric_limits<double>::quiet_NaN();
  }
  return values;
}

// Real values are spread over 16 bits, within the window when there is one.
DecodedFrame quantize(const DecodedFrame& real, const RenderOptions& options) {
  const std::vector<double> values = real.format.bits_allocated == 32 ? finite_values<float>(real.samples)
                                                                      : finite_values<double>(real.samples);
  double low = std::numeric_limits<double>::max(), high = std::numeric_limits<double>::lowest();
  for (const double value : values) {
    if (std::isnan(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (options.center && options.width) {
    low = *options.center - *options.width / 2;
    high = *options.center + *options.width / 2;
  }
  DecodedFrame frame{real.format, std::string(values.size() * 2, '\0')};
  frame.format.is_float = frame.format.is_signed = false;
  frame.format.bits_allocated = frame.format.bits_stored = 16;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double share =
        high > low && !std::isnan(values[i]) ? std::clamp((values[i] - low) / (high - low), 0.0, 1.0) : 0;
    const auto level = static_cast<std::uint16_t>(std::lround(share * 65535));
    std::memcpy(frame.samples.data() + i * 2, &level, 2);
  }
  return frame;
}

void put_pixels(DcmDataset& dataset, const DecodedFrame& frame) {
  const bool words = frame.format.bits_allocated > 8;
  auto pixels = std::make_unique<DcmPixelData>(DcmTag(DCM_PixelData, words ? EVR_OW : EVR_OB));
  if (words)
    check(pixels->putUint16Array(reinterpret_cast<const Uint16*>(frame.samples.data()),
                                 frame.samples.size() / 2));
  else
    check(pixels->putUint8Array(reinterpret_cast<const Uint8*>(frame.samples.data()), frame.samples.size()));
  check(dataset.insert(pixels.release(), true));
}

// The linear function maps from center - 0.5 and over width - 1 (PS3.3, C.11.2.1.2.1), the exact one from the
// center and over the width, which is the same of another window.
bool set_asked_window(DicomImage& image, const RenderOptions& options) {
  const bool exact = options.function == WindowFunction::linear_exact;
  image.setVoiLutFunction(options.function == WindowFunction::sigmoid ? EFV_Sigmoid : EFV_Linear);
  return image.setWindow(*options.center + (exact ? 0.5 : 0), *options.width + (exact ? 1 : 0));
}

void set_window(DicomImage& image, const RenderOptions& options, bool ignore_window) {
  if (!image.isMonochrome()) return;
  if (options.center && options.width && !ignore_window) {
    if (!set_asked_window(image, options))
      throw Error(ErrorCode::invalid_request, "The window is none: its width must be at least 1", "window");
    return;
  }
  if (image.getWindowCount() > 0 && image.setWindow(0)) return;
  if (image.getVoiLutCount() > 0 && image.setVoiLut(0)) return;
  image.setMinMaxWindow(0);
}

// The state says all of how stored values become greys: what it does not say changes nothing, and black and
// white are as its values are (PS3.4, N.2.1).
void put_tables(DcmDataset& dataset, const Presentation& presentation) {
  for (const DcmTagKey& tag :
       {DCM_ModalityLUTSequence, DCM_RescaleIntercept, DCM_RescaleSlope, DCM_RescaleType, DCM_WindowCenter,
        DCM_WindowWidth, DCM_VOILUTFunction, DCM_VOILUTSequence, DCM_PresentationLUTShape})
    dataset.findAndDeleteElement(tag);
  copy_values(*presentation.tables, dataset,
              {DCM_ModalityLUTSequence, DCM_RescaleIntercept, DCM_RescaleSlope, DCM_RescaleType,
               DCM_WindowCenter, DCM_WindowWidth, DCM_VOILUTFunction, DCM_VOILUTSequence});
  OFString photometric;
  if (dataset.findAndGetOFString(DCM_PhotometricInterpretation, photometric).good() &&
      photometric == "MONOCHROME1")
    check(dataset.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME2"));
}

std::unique_ptr<DcmUnsignedShort> words_of(DcmItem& item, const DcmTagKey& tag) {
  const Uint16* words = nullptr;
  unsigned long count = 0;
  if (item.findAndGetUint16Array(tag, words, &count).bad() || count == 0) return nullptr;
  auto copied = std::make_unique<DcmUnsignedShort>(DcmTag(tag, EVR_US));
  check(copied->putUint16Array(words, count));
  return copied;
}

void set_presentation_table(DisplayFrame& display, const Presentation& presentation) {
  DcmItem* item = nullptr;
  if (!display.image->isMonochrome() ||
      presentation.tables->findAndGetSequenceItem(DCM_PresentationLUTSequence, item).bad())
    return;
  display.presentation_table = words_of(*item, DCM_LUTData);
  display.presentation_table_size = words_of(*item, DCM_LUTDescriptor);
  if (!display.presentation_table || !display.presentation_table_size ||
      !display.image->setPresentationLut(*display.presentation_table, *display.presentation_table_size))
    throw Error(ErrorCode::corrupted, "The presentation state's table of greys cannot be used");
}

}  // namespace

DisplayFrame display_frame(const StoredImage& image, const RenderOptions& options,
                           const Presentation* presentation) {
  DecodedFrame frame = image.decoded_frame(options.frame);
  const bool is_real = frame.format.is_float;
  if (is_real) frame = quantize(frame, options);
  if (frame.format.bits_allocated == 1) frame = unpack_bits(frame);

  DisplayFrame display;
  // The frame is native now, and so is the data set it is put into.
  const TransferSyntax& native =
      image.syntax().encapsulated ? *find_transfer_syntax(kExplicitLittleEndian) : image.syntax();
  display.dataset = load_dataset(display_elements(image), native);
  lift_functional_groups(*display.dataset, DCM_SharedFunctionalGroupsSequence, 0);
  lift_functional_groups(*display.dataset, DCM_PerFrameFunctionalGroupsSequence, options.frame - 1);
  describe_one_frame(*display.dataset, frame.format);
  expand_segmented_palettes(*display.dataset);
  if (presentation) put_tables(*display.dataset, *presentation);
  put_pixels(*display.dataset, frame);
  display.image = std::make_unique<DicomImage>(display.dataset.get(), EXS_LittleEndianExplicit);
  if (display.image->getStatus() != EIS_Normal)
    throw Error(ErrorCode::corrupted, std::string("The frame cannot be shown: ") +
                                          DicomImage::getString(display.image->getStatus()));
  set_window(*display.image, options, is_real);
  if (presentation) set_presentation_table(display, *presentation);
  if (options.invert != (presentation && presentation->inverse)) display.image->setPolarity(EPP_Reverse);
  return display;
}

}  // namespace meridian::archive
