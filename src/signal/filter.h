// Linear filters on evenly sampled signals. Samples must be finite; fill gaps first (gaps.h).
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace meridian::signal {

// Second-order section, direct form II transposed, a0 = 1.
struct Biquad {
  double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;
};

// Butterworth sections of second order by the bilinear transform (Oppenheim and Schafer, Discrete-Time Signal
// Processing, 7.1). Frequencies in Hz; a cut-off is held below 0.45 of the sampling frequency.
Biquad low_pass(double cutoff, double sampling_frequency);
Biquad high_pass(double cutoff, double sampling_frequency);
// Notch at the mains frequency, e.g. 50 Hz; quality is centre frequency over -3 dB width.
Biquad notch(double frequency, double quality, double sampling_frequency);

// Runs the sections one after the other, forward, then backward: no delay, twice the order. Ends are extended
// by their mirror image. At most 4 sections.
void filter_zero_phase(std::span<float> samples, std::span<const Biquad> sections);
inline void filter_zero_phase(std::span<float> samples, const Biquad& section) {
  filter_zero_phase(samples, std::span(&section, 1));
}

// The same for each of the signals; up to four of equal length run side by side in a fraction of the time.
void filter_zero_phase(std::span<std::vector<float>> signals, std::span<const Biquad> sections);

// Tells take(i, mean) the mean of value(sample) over a window centred on each sample (of an odd number of
// samples, at least one; shorter at the ends), in their order, so that nothing as long as the signal need be
// kept.
template <typename Value, typename Take>
void for_each_mean(std::span<const float> samples, std::size_t window, Value value, Take take) {
  const std::size_t half = window / 2, n = samples.size();
  double sum = 0;
  std::size_t count = 0;
  for (; count < std::min(n, half); ++count) sum += static_cast<double>(value(samples[count]));
  const double whole = 1 / static_cast<double>(2 * half + 1);
  for (std::size_t i = 0; i < n; ++i) {
    for (; count == 2 * half + 1 && i + half < n; ++i) {  // the window is whole and stays so
      sum +=
          static_cast<double>(value(samples[i + half])) - static_cast<double>(value(samples[i - half - 1]));
      take(i, static_cast<float>(sum * whole));
    }
    if (i == n) break;
    if (i + half < n) {
      sum += static_cast<double>(value(samples[i + half]));
      ++count;
    }
    if (i > half) {
      sum -= static_cast<double>(value(samples[i - half - 1]));
      --count;
    }
    take(i, static_cast<float>(count == 2 * half + 1 ? sum * whole : sum / static_cast<double>(count)));
  }
}

// Mean over a window centred on each sample (of an odd number of samples, at least one); shorter at the ends.
std::vector<float> moving_average(std::span<const float> samples, std::size_t window);

}  // namespace meridian::signal
