// What is written on a rendered picture when it is asked for (PS3.18, 8.3.5.1.1).
#pragma once
#include <string>
#include <vector>

#include "archive/elements.h"

namespace meridian::archive {

// Whom it shows: name, identifier, sex and date of birth, a line each; in UTF-8. What the header lacks is
// left out.
std::vector<std::string> patient_lines(const Elements& header);
// How it was made: modality and body part, study's date and time, series and instance, frame when there are
// several, and what of voltage, exposure, slice, echo and repetition time the header tells, with units.
std::vector<std::string> technique_lines(const Elements& header, int frame);

}  // namespace meridian::archive
