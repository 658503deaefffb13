#include "signal/filter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace meridian::signal {
namespace {

constexpr double kButterworthQuality = std::numbers::sqrt2 / 2;

struct Design {
  double cosine, alpha;
};

Design design(double frequency, double quality, double sampling_frequency) {
  const double w = 2 * std::numbers::pi * std::min(frequency, 0.45 * sampling_frequency) / sampling_frequency;
  return {std::cos(w), std::sin(w) / (2 * quality)};
}

Biquad normalized(double b0, double b1, double b2, const Design& d) {
  const double a0 = 1 + d.alpha;
  return {b0 / a0, b1 / a0, b2 / a0, -2 * d.cosine / a0, (1 - d.alpha) / a0};
}

// The state in which a constant input has a constant output, for an input of 1.
struct State {
  double z1, z2;
};

State settled(const Biquad& f) {
  const double gain = (f.b0 + f.b1 + f.b2) / (1 + f.a1 + f.a2);
  const double z2 = f.b2 - f.a2 * gain;
  return {f.b1 - f.a1 * gain + z2, z2};
}

// Runs over what `next` gives and hands each output to `put`.
template <typename Next, typename Put>
void run(const Biquad& f, std::size_t count, Next next, Put put) {
  const double first = next(0);
  auto [z1, z2] = settled(f);
  z1 *= first;
  z2 *= first;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = next(i);
    const double y = f.b0 * x + z1;
    z1 = f.b1 * x - f.a1 * y + z2;
    z2 = f.b2 * x - f.a2 * y;
    put(i, static_cast<float>(y));
  }
}

}  // namespace

Biquad low_pass(double cutoff, double sampling_frequency) {
  const Design d = design(cutoff, kButterworthQuality, sampling_frequency);
  const double b = (1 - d.cosine) / 2;
  return normalized(b, 2 * b, b, d);
}

Biquad high_pass(double cutoff, double sampling_frequency) {
  const Design d = design(cutoff, kButterworthQuality, sampling_frequency);
  const double b = (1 + d.cosine) / 2;
  return normalized(b, -2 * b, b, d);
}

Biquad notch(double frequency, double quality, double sampling_frequency) {
  const Design d = design(frequency, quality, sampling_frequency);
  return normalized(1, -2 * d.cosine, 1, d);
}

void filter_zero_phase(std::span<float> samples, const Biquad& biquad) {
  if (samples.empty()) return;
  constexpr std::size_t kMirror = 1000;
  const std::size_t n = samples.size(), pad = std::min(kMirror, n - 1);
  std::vector<float> extended(n + 2 * pad);
  for (std::size_t i = 0; i < pad; ++i) {
    extended[i] = 2 * samples.front() - samples[pad - i];
    extended[pad + n + i] = 2 * samples.back() - samples[n - 2 - i];
  }
  std::copy(samples.begin(), samples.end(), extended.begin() + static_cast<std::ptrdiff_t>(pad));
  const auto forward = [&](std::size_t i) -> float& { return extended[i]; };
  const auto backward = [&](std::size_t i) -> float& { return extended[extended.size() - 1 - i]; };
  run(biquad, extended.size(), forward, [&](std::size_t i, float y) { forward(i) = y; });
  run(biquad, extended.size(), backward, [&](std::size_t i, float y) { backward(i) = y; });
  std::copy_n(extended.begin() + static_cast<std::ptrdiff_t>(pad), n, samples.begin());
}

std::vector<float> moving_average(std::span<const float> samples, std::size_t window) {
  const std::size_t half = window / 2, n = samples.size();
  std::vector<float> result(n);
  double sum = 0;
  std::size_t from = 0, to = 0;  // the window holds [from, to)
  for (std::size_t i = 0; i < n; ++i) {
    for (; to < std::min(n, i + half + 1); ++to) sum += samples[to];
    for (; from + half < i; ++from) sum -= samples[from];
    result[i] = static_cast<float>(sum / static_cast<double>(to - from));
  }
  return result;
}

}  // namespace meridian::signal
