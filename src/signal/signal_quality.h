// How usable each lead is, second by second.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "signal/mains.h"
#include "signal/recording.h"

namespace meridian::signal {

enum class Quality : std::uint8_t {
  good,
  noisy,      // noise of the QRS band comes near the QRS complexes
  wandering,  // the baseline moves by more than 2 mV within the second
  saturated,  // the recorder's limit is reached and held
  flat,       // less than 10 microvolts from peak to peak: an electrode is off
  missing,    // no samples for half of the second or more
};

struct LeadQuality {
  std::string lead;
  std::vector<Quality> seconds;
  double good_part() const;  // 0 to 1; wandering counts as good, because it can be filtered
};

// One entry a lead; a last part of a second under one half is left out. mains: what was found of them in the
// recording, which is no noise, because it can be taken off (mains.h).
std::vector<LeadQuality> assess_quality(const Recording& recording, std::span<const MainsNoise> mains = {});
// Part of the recording (0 to 1) in which at least one lead is usable.
double usable_part(const std::vector<LeadQuality>& leads);

}  // namespace meridian::signal
