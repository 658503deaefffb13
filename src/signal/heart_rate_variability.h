// Heart rate variability as the Task Force of ESC and NASPE defines it (Circulation 93:1043, 1996).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace meridian::signal {

// An interval between two normal beats that follow one another.
struct NormalInterval {
  double end = 0, length = 0;  // s; end: of the second beat, from the start of the recording
};

// classes: by beat (samples, ascending), N of those from the sinus node. Intervals outside 0.3 s to 2 s, and
// those that differ by more than a fifth from the one before, are left out: a beat or the signal is missing.
std::vector<NormalInterval> normal_intervals(std::span<const std::int64_t> beats, std::string_view classes,
                                             double sampling_frequency);

struct HeartRateVariability {
  double sdnn = 0, rmssd = 0;  // ms: standard deviation, root mean square of successive differences
  // Standard deviation of the means over 5 minutes (of two stretches or more), and the mean of the standard
  // deviations within them (of one or more).
  std::optional<double> sdann, sdnn_index;  // ms
  double sdsd = 0;                          // ms, standard deviation of the successive differences
  std::size_t nn50 = 0;                     // successive differences above 50 ms
  double pnn50 = 0;                         // their part, 0 to 1
  double triangular_index = 0;              // number over the highest column of 1/128 s
  double tinn = 0;                          // ms, base of the triangle that fits the columns best
  // Power up to 0.04 Hz, from there to 0.15 Hz, and from there to 0.4 Hz; means over stretches of 5 minutes.
  double very_low = 0, low = 0, high = 0;  // ms squared
  double total() const { return very_low + low + high; }
  // Shares of the power without what is very low, 0 to 1; 0 without any.
  double low_share() const { return low + high > 0 ? low / (low + high) : 0; }
  double high_share() const { return low + high > 0 ? high / (low + high) : 0; }
  std::size_t intervals = 0;
  std::size_t stretches = 0;  // of 5 minutes, with intervals for at least 4 of them
};

// All zero where there are fewer than 2 intervals; the powers are zero without a stretch.
HeartRateVariability heart_rate_variability(std::span<const NormalInterval> intervals);

// Squared amplitude of one frequency (in turns over all samples), by Goertzel's recurrence: the share of it
// in the samples' variance.
double power_at(std::span<const double> samples, std::size_t turns);

}  // namespace meridian::signal
