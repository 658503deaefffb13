// What files of this assistant share: systems of codes, numbers in sentences, fields of tables.
#pragma once
#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::assistants::ecg {

inline constexpr const char* kLoinc = "http://loinc.org";
inline constexpr const char* kIcd10 = "http://hl7.org/fhir/sid/icd-10";
inline constexpr const char* kOwn = "urn:meridian:ecg";

// As std::snprintf; at most 255 bytes.
template <typename... Values>
std::string print(const char* format, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, format, values...);
  return text;
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

}  // namespace meridian::assistants::ecg
