// DICOM's Specific Character Sets (PS3.5, 6.1) to UTF-8.
#pragma once
#include <string>
#include <string_view>

namespace meridian::archive {

// character_sets: the value of (0008,0005), with backslashes between several. delimiters: the characters at
// which ISO 2022 falls back to the first set: "\\" for most text, "\\^=" for persons' names, none for LT, ST,
// UT. What the sets do not allow, or an unknown set, is replaced by U+FFFD rather than refused; is_exact,
// when given, says whether nothing was.
std::string to_utf8(std::string_view text, std::string_view character_sets, std::string_view delimiters,
                    bool* is_exact = nullptr);

// Text in which every byte that is no UTF-8 is replaced by U+FFFD, and control characters but line ends by
// spaces.
std::string clean_utf8(std::string_view text, bool* is_exact = nullptr);

}  // namespace meridian::archive
