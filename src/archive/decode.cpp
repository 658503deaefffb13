#include "archive/decode.h"

#include <fmt/format.h>

#include <algorithm>

#include "archive/codecs.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

void check_size(const PixelFormat& format, std::uint64_t stored) {
  if (!format.is_valid())
    throw Error(ErrorCode::corrupted, "The attributes that describe the pixels do not make sense together",
                "(0028,xxxx)");
  const std::uint64_t size = format.frame_size();
  if (size > kLargestFrame || (size > kBelievedSize && size / kLargestExpansion > stored))
    throw Error(ErrorCode::too_large, fmt::format("A frame of {} bytes is stored in {}", size, stored));
}

void swap_bytes(std::string& samples, std::size_t width) {
  for (std::size_t at = 0; at + width <= samples.size(); at += width)
    std::reverse(samples.begin() + at, samples.begin() + at + width);
}

DecodedFrame decode_native(const TransferSyntax& syntax, const PixelFormat& format, std::string_view stored) {
  if (stored.size() < format.frame_size())
    throw Error(ErrorCode::corrupted, fmt::format("The frame has {} bytes where {} are needed", stored.size(),
                                                  format.frame_size()));
  DecodedFrame frame{format, std::string(stored.substr(0, format.frame_size()))};
  const int width = format.bits_allocated / 8;
  if (syntax.big_endian && width > 1) swap_bytes(frame.samples, static_cast<std::size_t>(width));
  return frame;
}

bool is_of_dcmtk(std::string_view media_type) {
  return media_type == "image/jpeg" || media_type == "image/jls";
}

// JPEG 2000, also of part 2 and of high throughput.
bool is_of_openjpeg(std::string_view media_type) {
  return media_type == "image/jp2" || media_type == "image/jpx" || media_type == "image/jphc";
}

bool is_run_length(std::string_view media_type) {
  return media_type == "image/dicom-rle";
}

}  // namespace

void require_decoder(const TransferSyntax& syntax) {
  const std::string_view type = syntax.media_type;
  if (!syntax.encapsulated || is_of_dcmtk(type) || is_of_openjpeg(type) || is_run_length(type)) return;
  throw Error(ErrorCode::not_supported,
              "No decoder here knows the transfer syntax " + std::string(syntax.uid), {},
              "Fetch the frame as it is stored, or send the image in another transfer syntax");
}

DecodedFrame decode_frame(const TransferSyntax& syntax, const PixelFormat& format, std::string_view stored) {
  require_decoder(syntax);
  check_size(format, stored.size());
  if (!syntax.encapsulated) return decode_native(syntax, format, stored);
  if (format.bits_allocated == 1 || format.is_float)
    throw Error(ErrorCode::corrupted, "Pixels of this kind are not compressed in any transfer syntax",
                "(0028,0100)");
  if (is_of_dcmtk(syntax.media_type)) return decode_with_dcmtk(syntax, format, stored);
  if (is_run_length(syntax.media_type)) return decode_rle(format, stored);
  return decode_jpeg2000(format, stored);
}

}  // namespace meridian::archive
