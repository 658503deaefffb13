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

// Two signals side by side: the processor's vectors hold two doubles, and one filter uses neither them nor
// its pipeline to the full.
constexpr std::size_t kLanes = 2;
using FloatPair = float __attribute__((vector_size(kLanes * sizeof(float))));
using DoublePair = double __attribute__((vector_size(kLanes * sizeof(double))));

// One section while it runs.
class Section {
 public:
  // Begins in the state in which the constant input has a constant output, and returns that output.
  DoublePair settle(const Biquad& f, DoublePair input) {
    f_ = f;
    const DoublePair output = (f.b0 + f.b1 + f.b2) / (1 + f.a1 + f.a2) * input;
    z2_ = f.b2 * input - f.a2 * output;
    z1_ = f.b1 * input - f.a1 * output + z2_;
    return output;
  }
  DoublePair step(DoublePair x) {
    const DoublePair y = f_.b0 * x + z1_;
    z1_ = (f_.b1 * x + z2_) - f_.a1 * y;
    z2_ = f_.b2 * x - f_.a2 * y;
    return y;
  }

 private:
  Biquad f_;
  DoublePair z1_{}, z2_{};
};

// Pairs of signals side by side: a step of a section waits for the one before, and the processor has time for
// another pair meanwhile.
template <std::size_t Pairs>
using Floats = std::array<FloatPair, Pairs>;

// All sections in one pass, so that the processor works on several at once.
template <std::size_t Count, std::size_t Pairs>
class Cascade {
 public:
  // Begins as if the first sample had come for ever.
  Cascade(std::span<const Biquad> filters, const Floats<Pairs>& first) {
    for (std::size_t p = 0; p < Pairs; ++p) {
      DoublePair x = __builtin_convertvector(first[p], DoublePair);
      for (std::size_t k = 0; k < Count; ++k) x = sections_[p][k].settle(filters[k], x);
    }
  }
  Floats<Pairs> step(const Floats<Pairs>& samples) {
    Floats<Pairs> result;
    for (std::size_t p = 0; p < Pairs; ++p) {
      DoublePair x = __builtin_convertvector(samples[p], DoublePair);
      for (Section& section : sections_[p]) x = section.step(x);
      result[p] = __builtin_convertvector(x, FloatPair);
    }
    return result;
  }

 private:
  std::array<std::array<Section, Count>, Pairs> sections_;
};

constexpr std::size_t kMirror = 1000;  // samples beyond each end

template <std::size_t Pairs>
Floats<Pairs> mirrored(const Floats<Pairs>& end, const Floats<Pairs>& sample) {
  Floats<Pairs> result;
  for (std::size_t p = 0; p < Pairs; ++p) result[p] = 2 * end[p] - sample[p];
  return result;
}

template <std::size_t Pairs>
using Signals = std::array<std::span<float>, kLanes * Pairs>;

// Of equal length, in place; one may be given twice. The mirrored ends alone are kept beside.
template <std::size_t Count, std::size_t Pairs>
void run_both_ways(const Signals<Pairs>& signals, std::span<const Biquad> filters) {
  const std::size_t n = signals.front().size(), pad = std::min(kMirror, n - 1);
  const auto at = [&](std::size_t i) {
    Floats<Pairs> samples;
    for (std::size_t p = 0; p < Pairs; ++p) samples[p] = FloatPair{signals[2 * p][i], signals[2 * p + 1][i]};
    return samples;
  };
  const auto put = [&](std::size_t i, const Floats<Pairs>& values) {
    for (std::size_t p = 0; p < Pairs; ++p) {
      signals[2 * p][i] = values[p][0];
      signals[2 * p + 1][i] = values[p][1];
    }
  };
  const Floats<Pairs> front = at(0), back = at(n - 1);
  std::vector<Floats<Pairs>> behind(pad);
  for (std::size_t i = 0; i < pad; ++i) behind[i] = mirrored<Pairs>(back, at(n - 2 - i));
  Cascade<Count, Pairs> forward(filters, mirrored<Pairs>(front, at(pad)));
  for (std::size_t i = pad; i > 0; --i) forward.step(mirrored<Pairs>(front, at(i)));
  for (std::size_t i = 0; i < n; ++i) put(i, forward.step(at(i)));
  for (Floats<Pairs>& samples : behind) samples = forward.step(samples);
  Cascade<Count, Pairs> backward(filters, pad > 0 ? behind.back() : at(n - 1));
  for (std::size_t i = pad; i > 0; --i) backward.step(behind[i - 1]);
  for (std::size_t i = n; i > 0; --i) put(i - 1, backward.step(at(i - 1)));
}

template <std::size_t Pairs>
void filter_together(const Signals<Pairs>& signals, std::span<const Biquad> filters) {
  switch (filters.size()) {
    case 0:
      return;
    case 1:
      return run_both_ways<1, Pairs>(signals, filters);
    case 2:
      return run_both_ways<2, Pairs>(signals, filters);
    case 3:
      return run_both_ways<3, Pairs>(signals, filters);
    default:
      return run_both_ways<4, Pairs>(signals, filters);
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

void filter_zero_phase(std::span<float> samples, std::span<const Biquad> sections) {
  if (!samples.empty()) filter_together<1>({samples, samples}, sections);
}

void filter_zero_phase(std::span<std::vector<float>> signals, std::span<const Biquad> sections) {
  for (std::size_t i = 0; i < signals.size();) {
    std::size_t alike = 1;
    while (alike < 4 && i + alike < signals.size() && signals[i + alike].size() == signals[i].size()) ++alike;
    const auto signal = [&](std::size_t k) { return std::span<float>(signals[i + std::min(k, alike - 1)]); };
    if (!signals[i].empty()) {
      if (alike > kLanes)
        filter_together<2>({signal(0), signal(1), signal(2), signal(3)}, sections);
      else
        filter_together<1>({signal(0), signal(1)}, sections);
    }
    i += alike;
  }
}

std::vector<float> moving_average(std::span<const float> samples, std::size_t window) {
  std::vector<float> result(samples.size());
  for_each_mean(
      samples, window, [](float sample) { return sample; },
      [&result](std::size_t i, float mean) { result[i] = mean; });
  return result;
}

}  // namespace meridian::signal
