#include "archive/person_name.h"

#include <algorithm>

namespace meridian::archive {
namespace {

std::string_view without_padding(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  return text;
}

}  // namespace

Json person_name_json(std::string_view name) {
  Json json = Json::object();
  for (const char* group : {"Alphabetic", "Ideographic", "Phonetic"}) {
    const auto end = std::min(name.find('='), name.size());
    if (const auto part = without_padding(name.substr(0, end)); !part.empty()) json[group] = part;
    if (end == name.size()) break;
    name.remove_prefix(end + 1);
  }
  return json;
}

}  // namespace meridian::archive
