// What files of this assistant share: systems of codes, numbers in sentences.
#pragma once
#include <cstdio>
#include <string>

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

}  // namespace meridian::assistants::ecg
