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

// All sections in one pass, so that the processor works on several at once.
template <std::size_t Count>
class Cascade {
 public:
  // Begins as if the first sample had come for ever.
  Cascade(std::span<const Biquad> filters, FloatPair first) {
    DoublePair x = __builtin_convertvector(first, DoublePair);
    for (std::size_t k = 0; k < Count; ++k) x = sections_[k].settle(filters[k], x);
  }
  FloatPair step(FloatPair sample) {
    DoublePair x = __builtin_convertvector(sample, DoublePair);
    for (Section& section : sections_) x = section.step(x);
    return __builtin_convertvector(x, FloatPair);
  }

 private:
  std::array<Section, Count> sections_;
};

constexpr std::size_t kMirror = 1000;  // samples beyond each end

// Of equal length, in place; the second may be the first again. The mirrored ends alone are kept beside.
template <std::size_t Count>
void run_both_ways(std::span<float> a, std::span<float> b, std::span<const Biquad> filters) {
  const std::size_t n = a.size(), pad = std::min(kMirror, n - 1);
  const auto at = [&](std::size_t i) { return FloatPair{a[i], b[i]}; };
  const auto put = [&](std::size_t i, FloatPair value) {
    a[i] = value[0];
    b[i] = value[1];
  };
  const FloatPair front = at(0), back = at(n - 1);
  std::vector<FloatPair> behind(pad);
  for (std::size_t i = 0; i < pad; ++i) behind[i] = 2 * back - at(n - 2 - i);
  Cascade<Count> forward(filters, 2 * front - at(pad));
  for (std::size_t i = pad; i > 0; --i) forward.step(2 * front - at(i));
  for (std::size_t i = 0; i < n; ++i) put(i, forward.step(at(i)));
  for (FloatPair& sample : behind) sample = forward.step(sample);
  Cascade<Count> backward(filters, pad > 0 ? behind.back() : at(n - 1));
  for (std::size_t i = pad; i > 0; --i) backward.step(behind[i - 1]);
  for (std::size_t i = n; i > 0; --i) put(i - 1, backward.step(at(i - 1)));
}

void filter_pair(std::span<float> a, std::span<float> b, std::span<const Biquad> filters) {
  switch (filters.size()) {
    case 0:
      return;
    case 1:
      return run_both_ways<1>(a, b, filters);
    case 2:
      return run_both_ways<2>(a, b, filters);
    case 3:
      return run_both_ways<3>(a, b, filters);
    default:
      return run_both_ways<4>(a, b, filters);
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
  if (!samples.empty()) filter_pair(samples, samples, sections);
}

void filter_zero_phase(std::span<std::vector<float>> signals, std::span<const Biquad> sections) {
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const bool pair = i + 1 < signals.size() && signals[i].size() == signals[i + 1].size();
    if (pair && !signals[i].empty())
      filter_pair(signals[i], signals[i + 1], sections);
    else
      filter_zero_phase(signals[i], sections);
    if (pair) ++i;
  }
}

std::vector<float> moving_average(std::span<const float> samples, std::size_t window) {
  const std::size_t half = window / 2, n = samples.size();
  std::vector<float> result(n);
  double sum = 0;
  std::size_t count = 0;
  for (; count < std::min(n, half); ++count) sum += samples[count];
  const double whole = 1 / static_cast<double>(2 * half + 1);
  for (std::size_t i = 0; i < n; ++i) {
    for (; count == 2 * half + 1 && i + half < n; ++i) {  // the window is whole and stays so
      sum += static_cast<double>(samples[i + half]) - static_cast<double>(samples[i - half - 1]);
      result[i] = static_cast<float>(sum * whole);
    }
    if (i == n) break;
    if (i + half < n) {
      sum += samples[i + half];
      ++count;
    }
    if (i > half) {
      sum -= samples[i - half - 1];
      --count;
    }
    result[i] = static_cast<float>(count == 2 * half + 1 ? sum * whole : sum / static_cast<double>(count));
  }
  return result;
}

}  // namespace meridian::signal
