// The deflections that make up one QRS complex in one lead: Q, R, S, R'.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace meridian::signal {

struct Deflection {
  std::int64_t from = 0, peak = 0, to = 0;  // samples, both ends within
  double amplitude = 0;                     // millivolts over the level, negative below it
};

// Stretches of samples [onset, offset] on one side of the level, of 20 microvolts and 6 ms at least, as the
// CSE Working Party counts waves (Eur Heart J 6:815, 1985).
std::vector<Deflection> qrs_deflections(std::span<const float> samples, std::int64_t onset,
                                        std::int64_t offset, double level, double sampling_frequency);

// The same by their names; millivolts and seconds, 0 where there is none.
struct QrsParts {
  double q = 0, r = 0, s = 0, r_prime = 0;                                      // mV; q and s <= 0
  double q_duration = 0, r_duration = 0, s_duration = 0, r_prime_duration = 0;  // s
  double r_peak_time = 0;  // from the onset to the highest positive peak, s
};
// A complex without a positive deflection has a Q (QS) only.
QrsParts name_deflections(std::span<const Deflection> deflections, std::int64_t onset,
                          double sampling_frequency);

}  // namespace meridian::signal
