// Text within HTML and XML.
#pragma once
#include <string>
#include <string_view>

namespace meridian {

// Appends the text so that it reads back unchanged as content or as a quoted attribute, line breaks included.
void append_escaped(std::string& markup, std::string_view text);
std::string escaped(std::string_view text);

}  // namespace meridian
