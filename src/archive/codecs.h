// The decoders of compressed frames. Each gives the samples, interleaved, or throws corrupted with its
// reason.
#pragma once
#include <string_view>

#include "archive/decode.h"

namespace meridian::archive {

// JPEG of all kinds and JPEG-LS.
DecodedFrame decode_with_dcmtk(const TransferSyntax& syntax, const PixelFormat& format,
                               std::string_view stored);
DecodedFrame decode_rle(const PixelFormat& format, std::string_view stored);
DecodedFrame decode_jpeg2000(const PixelFormat& format, std::string_view stored);

}  // namespace meridian::archive
