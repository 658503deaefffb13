// Criteria about the words of a resource: _text (of its narrative) and _content (of all of it).
#pragma once
#include <string_view>

#include "record/query/criterion.h"

namespace meridian::record {

// "_text" or "_content".
bool is_text_parameter(std::string_view code);

// value: words of which all must be there, phrases in quotation marks, AND, OR, NOT (in any case) and
// parentheses; what commas separate are alternatives. Throws invalid_value for what is no such expression or
// has no word, too_large for too many words.
Criterion text_criterion(std::string_view type, std::string_view code, std::string_view value);

}  // namespace meridian::record
