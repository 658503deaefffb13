// A slice of a series that the tests of several rooms read.
#pragma once
#include <string>

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

}  // namespace meridian::archive
