// Files for peers that do not take the transfer syntax in which an instance is kept.
#pragma once
#include <string>
#include <string_view>

namespace meridian::archive {

// The Part 10 file in a native transfer syntax (implicit or explicit VR little endian), its compressed frames
// decoded one after another; the very file when it has the syntax already. The SOP Instance UID stays
// (PS3.4, B.4.1.4: what is decompressed is the same image). Throws what parsing and decode_frame throw,
// invalid_value for a syntax that is not native, too_large when the pixels need more than 4 GiB.
std::string to_native(std::string file, std::string_view transfer_syntax);

}  // namespace meridian::archive
