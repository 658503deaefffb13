// Intervals between beats and their statistics, as the 1996 Task Force of ESC and NASPE names them.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace meridian::signal {

// Seconds between neighbouring beats (samples, ascending); those longer than 3 s or shorter than 0.2 s are
// left out, because there a beat or the signal is missing, or one is no beat.
std::vector<double> rr_intervals(std::span<const std::int64_t> beats, double sampling_frequency);

struct RrStatistics {
  std::size_t count = 0;
  double mean = 0, median = 0, shortest = 0, longest = 0;         // s
  double sdnn = 0, rmssd = 0;                                     // s
  double pnn50 = 0;                                               // part of differences above 50 ms, 0 to 1
  double heart_rate() const { return mean > 0 ? 60 / mean : 0; }  // beats a minute
};

// All zero without intervals.
RrStatistics rr_statistics(std::span<const double> intervals);

}  // namespace meridian::signal
