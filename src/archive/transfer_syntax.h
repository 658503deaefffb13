// The transfer syntaxes of PS3.5 and PS3.6 that this archive keeps, and how each lays out its bytes.
#pragma once
#include <span>
#include <string_view>

namespace meridian::archive {

struct TransferSyntax {
  std::string_view uid;
  bool explicit_vr = true;
  bool big_endian = false;
  bool deflated = false;        // the whole data set is one deflate stream
  bool encapsulated = false;    // pixel data are fragments of compressed frames
  std::string_view media_type;  // of one frame as stored (PS3.18, 8.7.3)

  // The frames of a video are one stream, which no decoder here knows.
  constexpr bool is_video() const { return media_type.starts_with("video/"); }
};

inline constexpr std::string_view kImplicitLittleEndian = "1.2.840.10008.1.2";
inline constexpr std::string_view kExplicitLittleEndian = "1.2.840.10008.1.2.1";
inline constexpr std::string_view kExplicitBigEndian = "1.2.840.10008.1.2.2";

std::span<const TransferSyntax> transfer_syntaxes();
// nullptr when the archive does not know it. Padding after the UID is no part of it.
const TransferSyntax* find_transfer_syntax(std::string_view uid);

// What bytes of this media type are encoded in when nothing else is said (PS3.18, 8.7.3); empty when it has
// none.
std::string_view default_transfer_syntax(std::string_view media_type);

}  // namespace meridian::archive
