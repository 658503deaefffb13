// From a frame as it is stored to samples in the machine's order.
#pragma once
#include <string>
#include <string_view>

#include "archive/pixel_format.h"
#include "archive/transfer_syntax.h"

namespace meridian::archive {

// The largest frame that is decoded, and how much larger than its stored form a frame over 64 MiB may be: a
// few bytes must not make the program ask for gigabytes.
inline constexpr std::uint64_t kLargestFrame = std::uint64_t(1) << 29;
inline constexpr std::uint64_t kLargestExpansion = 1000;
// What is not larger is believed, however little it is stored in.
inline constexpr std::uint64_t kBelievedSize = std::uint64_t(64) << 20;

struct DecodedFrame {
  PixelFormat format;   // as the samples are now: colours may have become RGB, and planes interleaved
  std::string samples;  // little endian; single bits packed, the first pixel in the lowest bit
};

// Throws not_supported where no decoder here knows the transfer syntax.
void require_decoder(const TransferSyntax& syntax);

// Throws corrupted, too_large or not_supported.
DecodedFrame decode_frame(const TransferSyntax& syntax, const PixelFormat& format, std::string_view stored);

}  // namespace meridian::archive
