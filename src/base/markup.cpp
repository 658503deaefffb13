#include "base/markup.h"

namespace meridian {

void append_escaped(std::string& markup, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        markup += "&amp;";
        break;
      case '<':
        markup += "&lt;";
        break;
      case '>':
        markup += "&gt;";
        break;
      case '"':
        markup += "&quot;";
        break;
      case '\n':
        markup += "&#10;";
        break;
      case '\r':
        markup += "&#13;";
        break;
      case '\t':
        markup += "&#9;";
        break;
      default:
        markup += c;
    }
  }
}

std::string escaped(std::string_view text) {
  std::string markup;
  append_escaped(markup, text);
  return markup;
}

}  // namespace meridian
