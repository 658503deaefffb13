#include <gdcmDataElement.h>
#include <gdcmFragment.h>
#include <gdcmImage.h>
#include <gdcmSequenceOfFragments.h>
#include <gdcmTrace.h>

#include <fmt/format.h>

#include <mutex>

#include "archive/codecs.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

void silence() {
  static std::once_flag once;
  std::call_once(once, [] {
    gdcm::Trace::DebugOff();
    gdcm::Trace::WarningOff();
    gdcm::Trace::ErrorOff();
  });
}

gdcm::DataElement pixel_element(std::string_view stored) {
  gdcm::Fragment fragment;
  fragment.SetByteValue(stored.data(), gdcm::VL(static_cast<std::uint32_t>(stored.size())));
  auto sequence = gdcm::SequenceOfFragments::New();
  sequence->AddFragment(fragment);
  gdcm::DataElement element(gdcm::Tag(0x7FE0, 0x0010));
  element.SetVR(gdcm::VR::OB);
  element.SetValue(*sequence);
  return element;
}

gdcm::PixelFormat gdcm_format(const PixelFormat& format) {
  return gdcm::PixelFormat(static_cast<unsigned short>(format.samples),
                           static_cast<unsigned short>(format.bits_allocated),
                           static_cast<unsigned short>(format.bits_stored),
                           static_cast<unsigned short>(format.bits_stored - 1), format.is_signed);
}

// These become RGB while they are decoded.
bool is_transformed(std::string_view photometric) {
  return photometric == "YBR_RCT" || photometric == "YBR_ICT";
}

void describe(gdcm::Image& image, const TransferSyntax& syntax, const PixelFormat& format) {
  image.SetNumberOfDimensions(2);
  image.SetDimension(0, static_cast<unsigned>(format.columns));
  image.SetDimension(1, static_cast<unsigned>(format.rows));
  image.SetPixelFormat(gdcm_format(format));
  image.SetPlanarConfiguration(0);
  image.SetPhotometricInterpretation(gdcm::PhotometricInterpretation::GetPIType(format.photometric.c_str()));
  image.SetTransferSyntax(gdcm::TransferSyntax::GetTSType(std::string(syntax.uid).c_str()));
}

}  // namespace

DecodedFrame decode_with_gdcm(const TransferSyntax& syntax, const PixelFormat& format,
                              std::string_view stored) {
  silence();
  DecodedFrame frame{format, {}};
  frame.format.by_plane = false;
  if (is_transformed(format.photometric)) frame.format.photometric = "RGB";
  try {
    gdcm::Image image;
    describe(image, syntax, format);
    image.SetDataElement(pixel_element(stored));
    const std::uint64_t size =
        std::uint64_t(format.rows) * format.columns * format.samples * format.bits_allocated / 8;
    if (image.GetBufferLength() != size)
      throw Error(ErrorCode::corrupted, fmt::format("The frame decodes to {} bytes where {} are expected",
                                                    image.GetBufferLength(), size));
    frame.samples.resize(size);
    if (!image.GetBuffer(frame.samples.data()))
      throw Error(ErrorCode::corrupted, "The frame cannot be decoded");
  } catch (const std::exception& error) {
    throw Error(ErrorCode::corrupted, std::string("The frame cannot be decoded: ") + error.what());
  }
  return frame;
}

}  // namespace meridian::archive
