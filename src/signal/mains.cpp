#include "signal/mains.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "signal/gaps.h"
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

// Takes off one frequency. In a whole second its waves are orthogonal to the level and to all other whole
// frequencies. The samples must be finite.
void subtract(std::vector<float>& samples, double frequency, double sampling_frequency) {
  const auto window = static_cast<std::size_t>(std::lround(sampling_frequency));
  if (samples.size() < window) return;
  const std::vector<float> original = samples;
  const auto step = std::polar(1.0, 2 * std::numbers::pi * frequency / sampling_frequency);
  std::complex<double> sum = 0, entering = 1, leaving = 1, here = 1;
  std::size_t first = 0, end = 0;
  const auto enter = [&] {
    sum += static_cast<double>(original[end++]) * std::conj(entering);
    entering *= step;
  };
  while (end < window) enter();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i > first + window / 2 && end < samples.size()) {
      enter();
      sum -= static_cast<double>(original[first++]) * std::conj(leaving);
      leaving *= step;
    }
    samples[i] -= static_cast<float>(2 * (sum * here).real() / static_cast<double>(window));
    here *= step;
  }
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

Recording without_mains(const Recording& recording, std::span<const MainsNoise> mains) {
  Recording result = recording;
  for (Lead& lead : result.leads) {
    const bool disturbed =
        std::any_of(mains.begin(), mains.end(), [&](const auto& noise) { return noise.lead == lead.name; });
    if (!disturbed) continue;
    std::vector<float> filled = lead.samples;
    fill_gaps(filled);
    for (const MainsNoise& noise : mains)
      if (noise.lead == lead.name) subtract(filled, noise.frequency, recording.sampling_frequency);
    for (std::size_t i = 0; i < filled.size(); ++i)
      if (is_sample(lead.samples[i])) lead.samples[i] = filled[i];
  }
  return result;
}

}  // namespace meridian::signal
