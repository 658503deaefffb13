#include "signal/filter.h"

#include <algorithm>
#include <array>
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

// One section while it runs.
class Section {
 public:
  // Begins in the state in which the constant input has a constant output, and returns that output.
  double settle(const Biquad& f, double input) {
    f_ = f;
    const double output = (f.b0 + f.b1 + f.b2) / (1 + f.a1 + f.a2) * input;
    z2_ = f.b2 * input - f.a2 * output;
    z1_ = f.b1 * input - f.a1 * output + z2_;
    return output;
  }
  double step(double x) {
    const double y = f_.b0 * x + z1_;
    z1_ = f_.b1 * x - f_.a1 * y + z2_;
    z2_ = f_.b2 * x - f_.a2 * y;
    return y;
  }

 private:
  Biquad f_;
  double z1_ = 0, z2_ = 0;
};

// All sections in one pass, so that the processor works on several at once. at(i) is the sample i, to be
// replaced.
template <std::size_t Count, typename At>
void run(std::span<const Biquad> filters, std::size_t length, At at) {
  std::array<Section, Count> sections;
  double first = at(0);
  for (std::size_t k = 0; k < Count; ++k) first = sections[k].settle(filters[k], first);
  for (std::size_t i = 0; i < length; ++i) {
    double x = at(i);
    for (Section& section : sections) x = section.step(x);
    at(i) = static_cast<float>(x);
  }
}

template <std::size_t Count>
void run_both_ways(std::span<float> samples, std::span<const Biquad> sections) {
  const std::size_t last = samples.size() - 1;
  run<Count>(sections, samples.size(), [&](std::size_t i) -> float& { return samples[i]; });
  run<Count>(sections, samples.size(), [&](std::size_t i) -> float& { return samples[last - i]; });
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

void filter_zero_phase(std::span<float> samples, std::span<const Biquad> sections) {
  if (samples.empty()) return;
  constexpr std::size_t kMirror = 1000;
  const std::size_t n = samples.size(), pad = std::min(kMirror, n - 1);
  std::vector<float> extended(n + 2 * pad);
  for (std::size_t i = 0; i < pad; ++i) {
    extended[i] = 2 * samples.front() - samples[pad - i];
    extended[pad + n + i] = 2 * samples.back() - samples[n - 2 - i];
  }
  const auto within = extended.begin() + static_cast<std::ptrdiff_t>(pad);
  std::copy(samples.begin(), samples.end(), within);
  switch (sections.size()) {
    case 0:
      break;
    case 1:
      run_both_ways<1>(extended, sections);
      break;
    case 2:
      run_both_ways<2>(extended, sections);
      break;
    case 3:
      run_both_ways<3>(extended, sections);
      break;
    default:
      run_both_ways<4>(extended, sections);
      break;
  }
  std::copy_n(within, n, samples.begin());
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
