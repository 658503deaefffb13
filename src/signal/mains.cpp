#include "signal/mains.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>

#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr std::array<double, 2> kMains{50, 60};         // Hz
constexpr std::array<double, 4> kBeside{-5, -3, 3, 5};  // Hz
constexpr double kVisible = 0.05;                       // mV
constexpr double kAbove = 3;                            // times the frequencies beside
constexpr double kLeastSampled = 2.5;                   // times the frequency
constexpr std::size_t kMostSeconds = 60;

// Amplitude of one frequency in a whole second, by Goertzel's recurrence.
float amplitude(std::span<const float> second, double frequency, double sampling_frequency) {
  const double twice_cosine = 2 * std::cos(2 * std::numbers::pi * frequency / sampling_frequency);
  double last = 0, before = 0;
  for (const float sample : second) {
    const double now = static_cast<double>(sample) + twice_cosine * last - before;
    before = last;
    last = now;
  }
  const double power = last * last + before * before - twice_cosine * last * before;
  return static_cast<float>(2 * std::sqrt(std::max(0.0, power)) / static_cast<double>(second.size()));
}

// Seconds without a gap, spread over the lead.
std::vector<std::span<const float>> seconds_of(const std::vector<float>& samples, std::size_t second) {
  std::vector<std::span<const float>> seconds;
  const std::size_t count = samples.size() / second, step = (count + kMostSeconds - 1) / kMostSeconds;
  for (std::size_t s = 0; s < count; s += step) {
    const auto part = std::span(samples).subspan(s * second, second);
    if (std::all_of(part.begin(), part.end(), [](float sample) { return std::isfinite(sample); }))
      seconds.push_back(part);
  }
  return seconds;
}

double usual_amplitude(const std::vector<std::span<const float>>& seconds, double frequency,
                       double sampling_frequency) {
  std::vector<float> amplitudes;
  for (const auto& second : seconds) amplitudes.push_back(amplitude(second, frequency, sampling_frequency));
  return static_cast<double>(median(std::move(amplitudes)));
}

}  // namespace

std::vector<MainsNoise> find_mains(const Recording& recording) {
  std::vector<MainsNoise> found;
  const double sampling = recording.sampling_frequency;
  for (const Lead& lead : recording.leads) {
    const auto seconds =
        seconds_of(lead.samples, static_cast<std::size_t>(std::lround(std::max(1.0, sampling))));
    for (const double frequency : kMains) {
      if (sampling < kLeastSampled * frequency) continue;
      const double own = usual_amplitude(seconds, frequency, sampling);
      if (own < kVisible) continue;
      const bool stands_out = std::all_of(kBeside.begin(), kBeside.end(), [&](double away) {
        return own >= kAbove * usual_amplitude(seconds, frequency + away, sampling);
      });
      if (stands_out) found.push_back({lead.name, frequency, own});
    }
  }
  return found;
}

}  // namespace meridian::signal
