// What files of this assistant share: systems of codes, numbers in sentences, counts.
#pragma once
#include <cstdio>
#include <string>
#include <utility>

#include "engine/finding.h"

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

// A number of things, of a code of this assistant's own.
inline engine::Measurement counted(std::string code, std::string display, std::string name_zh,
                                   std::size_t count) {
  return {{kOwn, std::move(code), std::move(display)},
          std::move(name_zh),
          static_cast<double>(count),
          "{count}",
          std::to_string(count)};
}

}  // namespace meridian::assistants::ecg
