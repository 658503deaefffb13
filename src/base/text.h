// Small work on texts.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace meridian {

// Without white space at either end.
inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kWhiteSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kWhiteSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
}

// What stands between commas, each without white space at its ends, blank ones too. A blank text has none,
// and one comma may end the list.
inline std::vector<std::string_view> list_items(std::string_view text) {
  std::vector<std::string_view> items;
  for (text = trimmed(text); !text.empty();) {
    const auto end = std::min(text.find(','), text.size());
    items.push_back(trimmed(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return items;
}

// The parts between separators; one, empty, of an empty text.
inline std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find(separator, from), text.size());
    parts.emplace_back(text.substr(from, end - from));
    from = end + 1;
  }
  return parts;
}

// Letters of ASCII in lower case, all else as it is.
inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

}  // namespace meridian
