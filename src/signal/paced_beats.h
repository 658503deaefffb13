// Beats that a pacemaker began, told by the spike before the QRS complex: in recordings of any length and any
// number of leads, also where analogue filters have rounded the spike off.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "signal/recording.h"

namespace meridian::signal {

// By beat (samples of the recording, as detect_qrs gives them), whether in a lead of three its highest
// curvature belongs to a spike (up within 14 ms and a third of the way back within as many) that stands
// alone: twice as sharp as all else within 100 ms before and 160 ms after it, with rest before and a wide
// complex after it. The limits were chosen on the four paced records of MIT-BIH (docs/ecg.md). All false
// below 200 Hz, where a spike may lie between two samples, and where fewer than 3 beats or one in fifty are
// paced.
std::vector<char> find_paced_beats(const Recording& recording, std::span<const std::int64_t> beats);

}  // namespace meridian::signal
