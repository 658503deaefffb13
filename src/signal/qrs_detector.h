// Finds QRS complexes in a whole recording.
#pragma once
#include <cstdint>
#include <vector>

#include "signal/recording.h"

namespace meridian::signal {

// The samples of the QRS complexes' main deflections, ascending, at least 200 ms apart. All leads speak
// together, each with the weight its local noise leaves it (qrs_activity.h). Whether a peak is a beat depends
// on how high it is over the activity between the beats around it, on whether the rhythm around it leaves
// room for it or misses it, and on how much its shape is like that of its neighbours. Empty for a recording
// without leads or samples.
std::vector<std::int64_t> detect_qrs(const Recording& recording);

}  // namespace meridian::signal
