// The file format of PS3.10 around a data set: preamble, file meta information, and deflated data sets.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "archive/transfer_syntax.h"

namespace meridian::archive {

struct FileMeta {
  std::uint64_t dataset_offset = 0;  // bytes from the start of the file
  const TransferSyntax* syntax = nullptr;
};

// Reads the preamble and group 0002. Throws invalid_syntax when the bytes are not a DICOM file or are cut
// short there, not_supported when the transfer syntax is unknown.
FileMeta read_file_meta(std::string_view file);

// Puts preamble and file meta information before a data set. The same arguments give the same bytes, so that
// an instance sent twice is the same file twice.
std::string make_part10(std::string_view dataset, std::string_view sop_class, std::string_view sop_instance,
                        std::string_view transfer_syntax);

// A file as PS3.10 wants it: one that lacks its preamble or its file meta information (a bare data set, whose
// encoding is then guessed from its first elements) is given them; any other is passed through untouched.
// Throws invalid_syntax when the bytes do not begin like DICOM in any form.
std::string complete_part10(std::string file);

// Limits what a deflate stream may grow to; a bomb is refused before it is unpacked.
inline constexpr std::uint64_t kLargestInflated = std::uint64_t(1) << 29;
inline constexpr std::uint64_t kLargestInflation = 200;  // times the deflated size

// A file of a deflated transfer syntax as explicit VR little endian; any other as it is. Throws
// invalid_syntax when the stream is broken, too_large when it inflates beyond the limits.
std::string inflate_part10(std::string file);

}  // namespace meridian::archive
