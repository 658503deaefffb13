// Interference of the mains in a recording.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "signal/recording.h"

namespace meridian::signal {

struct MainsNoise {
  std::string lead;
  double frequency = 0;   // 50 or 60 Hz
  double millivolts = 0;  // amplitude, from the middle to the peak
};

// The leads in which 50 or 60 Hz have an amplitude of 0.05 mV (a millimetre of paper from peak to peak) or
// more and three times that of the frequencies beside, as medians over at most a minute of seconds spread
// over the recording. None where it is sampled too slowly to tell.
std::vector<MainsNoise> find_mains(const Recording& recording);

// The recording without what was found: from each of the leads named the wave of the mains' frequency that
// fits the second around each sample best is taken off, so that a QRS complex loses a few microvolts at most.
Recording without_mains(const Recording& recording, std::span<const MainsNoise> mains);

}  // namespace meridian::signal
