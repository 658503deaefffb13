// From hostile bytes to a checked DICOM file: everything that is stored has passed here.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "archive/elements.h"
#include "archive/instance.h"
#include "archive/pixel_layout.h"

namespace meridian::archive {

inline constexpr std::uint64_t kLargestInstance = std::uint64_t(2) << 30;  // bytes of one file

struct Parsed {
  std::string file;  // complete as PS3.10 wants it; what is stored
  InstanceFacts facts;
  PixelLayout pixels;  // of the file, or of its inflated form when its transfer syntax is a deflated one
  std::vector<std::string> flaws;  // damage that does not keep it from being stored, in words
};

// Throws invalid_syntax (not DICOM, cut short, lengths that lie), invalid_structure (a UID is missing or
// malformed), not_supported (an unknown transfer syntax) or too_large.
Parsed parse_instance(std::string bytes);

// A UID as PS3.5, 9.1 has it: digits and dots, at most 64 characters.
bool is_uid(std::string_view text);

}  // namespace meridian::archive
