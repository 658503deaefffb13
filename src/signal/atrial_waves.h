// The P waves of a short ECG, also those that no QRS complex follows: a series of regular bumps between the
// QRS complexes and T waves, followed as one follows the beat of music (Ellis, J New Music Res 36:51, 2007).
#pragma once
#include <optional>
#include <vector>

#include "signal/delineation.h"
#include "signal/recording.h"

namespace meridian::signal {

struct AtrialWave {
  double time = 0;                  // s from the start, of its middle
  bool visible = false;             // false: a QRS complex or T wave lies over the place where it is due
  bool seen = false;                // visible, and a bump is there
  std::vector<float> heights = {};  // mV, by lead, over what lies before and after it
};

struct AtrialRhythm {
  std::vector<AtrialWave> waves;
  double interval = 0;   // s, median, 0.35 to 1.5
  double seen_part = 0;  // of the visible ones
};

// The most likely series of P waves; nothing where none stands out of the noise. Delineation: of the same
// recording.
std::optional<AtrialRhythm> follow_atria(const Recording& recording, const Delineation& delineation);

}  // namespace meridian::signal
