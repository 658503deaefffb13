// Recordings as FHIR R4 Observations with SampledData.
#pragma once
#include "base/json.h"
#include "signal/recording.h"

namespace meridian::archive {

// An Observation of IEEE 11073's 131328 (ECG electric potential), a component a lead; "E" where a lead has no
// value. Its subject is told by identifier only. `now` is the time for a recording without one. Throws
// invalid_value (no lead, no sample, values that no ECG has).
Json compose_ecg_observation(const signal::Recording& recording, Instant now);

}  // namespace meridian::archive
