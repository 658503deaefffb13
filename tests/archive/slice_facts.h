// A slice of a series that the tests of several rooms read.
#pragma once
#include <string>
#include <string_view>

#include "archive/compose.h"
#include "base/time.h"

namespace meridian::archive {

// Of one patient, study and series; its place in the series is its number.
inline FilmFacts facts_of_slice(int number) {
  FilmFacts facts;
  facts.patient_id = "P-1";
  facts.study_uid = "1.2.9";
  facts.series_uid = "1.2.9.1";
  facts.instance_uid = "1.2.9.1." + std::to_string(number);
  facts.instance_number = number;
  facts.taken = parse_instant("2026-11-24T08:40:00Z");
  return facts;
}

// A picture of a CT, but as a CT Image is stored: its values, 0 to 255 for a brightness of 0 to 1, are
// Hounsfield units.
inline std::string ct_slice(int number, float brightness) {
  constexpr std::string_view kPicture = "1.2.840.10008.5.1.4.1.1.7", kCt = "1.2.840.10008.5.1.4.1.1.2";
  const vision::GreyImage slice{16, 16, std::vector<float>(256, brightness), {}};
  std::string file = compose_picture({slice, {}}, facts_of_slice(number), "CT", "HEAD");
  for (auto at = file.find(kPicture); at != std::string::npos; at = file.find(kPicture, at))
    file.replace(at, kCt.size(), kCt);
  return file;
}

}  // namespace meridian::archive
