#include "archive/transfer_syntax.h"

#include <algorithm>
#include <array>
#include <utility>

namespace meridian::archive {
namespace {

constexpr std::string_view kRaw = "application/octet-stream";

constexpr TransferSyntax compressed(std::string_view uid, std::string_view media_type) {
  return {.uid = uid, .encapsulated = true, .media_type = media_type};
}

constexpr std::array kTable{
    TransferSyntax{.uid = kImplicitLittleEndian, .explicit_vr = false, .media_type = kRaw},
    TransferSyntax{.uid = kExplicitLittleEndian, .media_type = kRaw},
    TransferSyntax{.uid = "1.2.840.10008.1.2.1.99", .deflated = true, .media_type = kRaw},
    TransferSyntax{.uid = kExplicitBigEndian, .big_endian = true, .media_type = kRaw},
    compressed("1.2.840.10008.1.2.4.50", "image/jpeg"),   // baseline
    compressed("1.2.840.10008.1.2.4.51", "image/jpeg"),   // extended, 12 bits
    compressed("1.2.840.10008.1.2.4.53", "image/jpeg"),   // spectral selection, retired
    compressed("1.2.840.10008.1.2.4.55", "image/jpeg"),   // full progression, retired
    compressed("1.2.840.10008.1.2.4.57", "image/jpeg"),   // lossless
    compressed("1.2.840.10008.1.2.4.70", "image/jpeg"),   // lossless, first-order prediction
    compressed("1.2.840.10008.1.2.4.80", "image/jls"),    // JPEG-LS lossless
    compressed("1.2.840.10008.1.2.4.81", "image/jls"),    // JPEG-LS near-lossless
    compressed("1.2.840.10008.1.2.4.90", "image/jp2"),    // JPEG 2000 lossless
    compressed("1.2.840.10008.1.2.4.91", "image/jp2"),    // JPEG 2000
    compressed("1.2.840.10008.1.2.4.92", "image/jpx"),    // JPEG 2000 part 2, lossless
    compressed("1.2.840.10008.1.2.4.93", "image/jpx"),    // JPEG 2000 part 2
    compressed("1.2.840.10008.1.2.4.100", "video/mpeg"),  // MPEG-2 main profile, main level
    compressed("1.2.840.10008.1.2.4.101", "video/mpeg"),  // MPEG-2 main profile, high level
    compressed("1.2.840.10008.1.2.4.102", "video/mp4"),   // H.264 high profile, level 4.1
    compressed("1.2.840.10008.1.2.4.103", "video/mp4"),   // H.264 BD-compatible
    compressed("1.2.840.10008.1.2.4.104", "video/mp4"),   // H.264 level 4.2, 2D
    compressed("1.2.840.10008.1.2.4.105", "video/mp4"),   // H.264 level 4.2, 3D
    compressed("1.2.840.10008.1.2.4.106", "video/mp4"),   // H.264 stereo
    compressed("1.2.840.10008.1.2.4.107", "video/mp4"),   // H.265 main profile
    compressed("1.2.840.10008.1.2.4.108", "video/mp4"),   // H.265 main 10 profile
    compressed("1.2.840.10008.1.2.4.201", "image/jphc"),  // high-throughput JPEG 2000 lossless
    compressed("1.2.840.10008.1.2.4.202", "image/jphc"),  // the same with resolutions in order
    compressed("1.2.840.10008.1.2.4.203", "image/jphc"),  // high-throughput JPEG 2000
    compressed("1.2.840.10008.1.2.5", "image/dicom-rle"),
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kDefaults{{
    {"image/jpeg", "1.2.840.10008.1.2.4.70"},
    {"image/jls", "1.2.840.10008.1.2.4.80"},
    {"image/jp2", "1.2.840.10008.1.2.4.90"},
    {"image/jpx", "1.2.840.10008.1.2.4.92"},
    {"image/jphc", "1.2.840.10008.1.2.4.201"},
    {"image/dicom-rle", "1.2.840.10008.1.2.5"},
    {"video/mpeg", "1.2.840.10008.1.2.4.100"},
    {"video/mp4", "1.2.840.10008.1.2.4.102"},
}};

}  // namespace

std::span<const TransferSyntax> transfer_syntaxes() {
  return kTable;
}

const TransferSyntax* find_transfer_syntax(std::string_view uid) {
  while (!uid.empty() && (uid.back() == '\0' || uid.back() == ' ')) uid.remove_suffix(1);
  const auto found = std::ranges::find(kTable, uid, &TransferSyntax::uid);
  return found == kTable.end() ? nullptr : &*found;
}

std::string_view default_transfer_syntax(std::string_view media_type) {
  const auto found = std::ranges::find(kDefaults, media_type, &decltype(kDefaults)::value_type::first);
  return found == kDefaults.end() ? std::string_view() : found->second;
}

}  // namespace meridian::archive
