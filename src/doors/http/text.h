// Small work on the texts of headers and targets.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace meridian::doors::http {

// The parts between the separators, trimmed; a separator within double quotes does not count.
inline std::vector<std::string_view> split_unquoted(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '"') quoted = !quoted;
    if (i < text.size() && (quoted || text[i] != separator)) continue;
    parts.push_back(trimmed(text.substr(start, i - start)));
    start = i + 1;
  }
  return parts;
}

}  // namespace meridian::doors::http
