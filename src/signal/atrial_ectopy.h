// Supraventricular ectopic beats, told as a reader of ECGs does: the beat comes before the sinus node's cycle
// ends, and its P wave is not the sinus node's.
#pragma once
#include <vector>

#include "signal/beat_series.h"
#include "signal/rhythm_model.h"

namespace meridian::signal {

// ventricular: by beat, whether its shape says that it began in the ventricles (V or F of EC57).
std::vector<RhythmProbabilities> atrial_rhythm(const BeatSeries& series,
                                               const std::vector<char>& ventricular);

}  // namespace meridian::signal
