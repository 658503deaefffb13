// Upper and lower case of all of Unicode's letters, in no language's own way.
#pragma once
#include <string>
#include <string_view>

namespace meridian::record {

// Bytes that are no UTF-8 become replacement characters.
std::string in_upper_case(std::string_view text);
std::string in_lower_case(std::string_view text);
// The same for texts that differ in nothing but case.
std::string without_case(std::string_view text);

}  // namespace meridian::record
