// The decoders of compressed frames. Each gives the samples, interleaved, or throws corrupted with its
// reason.
#pragma once
#include <string_view>

#include "archive/decode.h"

namespace meridian::archive {

// JPEG of all kinds and RLE.
DecodedFrame decode_with_dcmtk(const TransferSyntax& syntax, const PixelFormat& format,
                               std::string_view stored);
// JPEG-LS and JPEG 2000; also JPEG and RLE of layouts that DCMTK does not decode.
DecodedFrame decode_with_gdcm(const TransferSyntax& syntax, const PixelFormat& format,
                              std::string_view stored);

}  // namespace meridian::archive
