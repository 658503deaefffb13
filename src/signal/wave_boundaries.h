// Where a wave begins and ends in one signal. Positions are samples of it.
#pragma once
#include <cstdint>
#include <span>
#include <utility>

namespace meridian::signal {

// The end of a wave between its peak and a limit at rest, after or before it: where the trapezium between the
// steepest place of its flank, the end and the limit is largest (Vazquez-Seisdedos et al., Biomed Eng Online
// 10:77, 2011). The steepest place lies at most `reach` from the peak.
std::int64_t wave_end(std::span<const float> samples, std::int64_t peak, std::int64_t limit,
                      std::int64_t reach);

struct QrsSearch {
  std::int64_t half;              // the steepest slope lies within it, on both sides of the beat
  std::int64_t before, after;     // the complex reaches no farther
  std::int64_t hold;              // the slope must stay below the threshold so long
  std::int64_t margin;            // from the beat, where the complex may still be
  float onset_part, offset_part;  // of the highest slope: below it the signal is at rest
};

// Onset and offset of the QRS complex around a beat in an absolute slope: where it stays below a small part
// of its highest value, or little above what lies around.
std::pair<std::int64_t, std::int64_t> qrs_boundaries(std::span<const float> slope, std::int64_t beat,
                                                     const QrsSearch& search);

}  // namespace meridian::signal
