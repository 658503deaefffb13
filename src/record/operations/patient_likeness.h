// How likely two Patient resources are of one person.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace meridian::record {

struct FieldAgreement {
  std::string_view field;     // of knowledge/patient_match.csv
  std::optional<bool> agree;  // nothing where one of the two does not say
};

// Of all fields, in one order.
std::vector<FieldAgreement> agreements_of(const Json& asked, const Json& known);

struct Likeness {
  double bits = 0;            // log2 of how much likelier the agreement is for one person than for two
  bool identifier = false;    // a business identifier is the same
  bool demographics = false;  // family and given name, day of birth and sex are the same
};

// I. P. Fellegi, A. B. Sunter: A Theory for Record Linkage. J. Am. Stat. Assoc. 64 (1969). What one of the
// two does not say counts for nothing. How often fields agree: knowledge/patient_match.csv. Throws corrupted
// when that is wrong.
Likeness likeness_of(const Json& asked, const Json& known);
// That the two are of one person, when one of so many is expected to be: from 0 to 1.
double probability_of(const Likeness& likeness, std::int64_t people);

}  // namespace meridian::record
