// How likely two Patient resources are of one person.
#pragma once
#include "base/json.h"

namespace meridian::record {

struct Likeness {
  double bits = 0;            // log2 of how much likelier the agreement is for one person than for two
  bool identifier = false;    // a business identifier is the same
  bool demographics = false;  // family and given name, day of birth and sex are the same
};

// I. P. Fellegi, A. B. Sunter: A Theory for Record Linkage. J. Am. Stat. Assoc. 64 (1969). What one of the
// two does not say counts for nothing.
Likeness likeness_of(const Json& asked, const Json& known);
// That the two are of one person, when one of so many is expected to be: from 0 to 1.
double probability_of(const Likeness& likeness, std::int64_t people);

}  // namespace meridian::record
