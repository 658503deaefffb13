// The value of a search parameter, taken apart as FHIR's search page says (R4, 3.1.1.4).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::record {

// At separators that no backslash stands before; the parts keep their escapes.
std::vector<std::string> split_unescaped(std::string_view text, char separator);
// \, \| \$ and \\ without their backslash.
std::string unescape(std::string_view text);

enum class Prefix { eq, ne, gt, lt, ge, le, sa, eb, ap };
// Takes a prefix off the front of a number's, date's or quantity's text.
Prefix take_prefix(std::string_view& text);

struct DateInterval {
  std::int64_t low, high;  // microseconds since 1970 UTC, ends included
};
// Throws invalid_value.
DateInterval parse_date_interval(std::string_view text);

struct NumberInterval {
  double low, high, value;  // what the precision of its text covers: 1.10 is [1.095, 1.105)
};
NumberInterval parse_number_interval(std::string_view text);

struct TokenValue {
  bool any_system = true;  // no bar in the text
  std::string system, code;
};
TokenValue parse_token(std::string_view text);

}  // namespace meridian::record
