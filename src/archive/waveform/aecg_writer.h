// Recordings as HL7 version 3 annotated ECGs.
#pragma once
#include <string>

#include "signal/recording.h"

namespace meridian::archive {

// One rhythm series. A stretch in which the same leads have values is a sequence set; where no lead has any
// there is none. A document without the trial that aECG was made for bears the patient's identifier as the
// subject's. `now` is the time for a recording without one. Throws invalid_value (no lead, no sample, a lead
// without a standard name, leads that come and go more than 10,000 times, values that no ECG has).
std::string compose_aecg(const signal::Recording& recording, Instant now);

}  // namespace meridian::archive
