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

// Signals side by side: the processor's vectors hold two doubles, or four, and one filter uses neither them
// nor its pipeline to the full. Vectors are passed by reference: how they are passed by value depends on the
// processor.
template <std::size_t Lanes>
struct VectorOf {
  typedef float Floats __attribute__((vector_size(Lanes * sizeof(float))));
  typedef double Doubles __attribute__((vector_size(Lanes * sizeof(double))));
};
template <std::size_t Lanes>
using Floats = typename VectorOf<Lanes>::Floats;
template <std::size_t Lanes>
using Doubles = typename VectorOf<Lanes>::Doubles;

// One section while it runs.
template <std::size_t Lanes>
class Section {
 public:
  using Vector = Doubles<Lanes>;

  // Begins in the state in which the constant input x has a constant output, and makes that of x.
  void settle(const Biquad& f, Vector& x) {
    f_ = f;
    const Vector output = (f.b0 + f.b1 + f.b2) / (1 + f.a1 + f.a2) * x;
    z2_ = f.b2 * x - f.a2 * output;
    z1_ = f.b1 * x - f.a1 * output + z2_;
    x = output;
  }
  // Makes the output of the input x.
  void step(Vector& x) {
    const Vector y = f_.b0 * x + z1_;
    z1_ = (f_.b1 * x + z2_) - f_.a1 * y;
    z2_ = f_.b2 * x - f_.a2 * y;
    x = y;
  }

 private:
  Biquad f_;
  Vector z1_{}, z2_{};
};

// All sections in one pass, so that the processor works on several at once.
template <std::size_t Count, std::size_t Lanes>
class Cascade {
 public:
  // Begins as if the first sample had come for ever.
  Cascade(std::span<const Biquad> filters, const Floats<Lanes>& first) {
    auto x = __builtin_convertvector(first, Doubles<Lanes>);
    for (std::size_t k = 0; k < Count; ++k) sections_[k].settle(filters[k], x);
  }
  void step(Floats<Lanes>& samples) {
    auto x = __builtin_convertvector(samples, Doubles<Lanes>);
    for (Section<Lanes>& section : sections_) section.step(x);
    samples = __builtin_convertvector(x, Floats<Lanes>);
  }

 private:
  std::array<Section<Lanes>, Count> sections_;
};

constexpr std::size_t kMirror = 1000;  // samples beyond each end

template <std::size_t Lanes>
using Signals = std::array<std::span<float>, Lanes>;

// Of equal length, in place; one may be given twice. The mirrored ends alone are kept beside.
template <std::size_t Count, std::size_t Lanes>
void run_both_ways(const Signals<Lanes>& signals, std::span<const Biquad> filters) {
  const std::size_t n = signals.front().size(), pad = std::min(kMirror, n - 1);
  std::array<float*, Lanes> data;
  for (std::size_t k = 0; k < Lanes; ++k) data[k] = signals[k].data();
  const auto get = [&](std::size_t i, Floats<Lanes>& samples) {
    // All at once: a vector that is read after it was written in parts has to wait.
    if constexpr (Lanes == 4)
      samples = Floats<Lanes>{data[0][i], data[1][i], data[2][i], data[3][i]};
    else
      samples = Floats<Lanes>{data[0][i], data[1][i]};
  };
  Floats<Lanes> front, back, sample;
  get(0, front);
  get(n - 1, back);
  std::vector<float> behind(pad * Lanes);
  for (std::size_t i = 0; i < pad; ++i)
    for (std::size_t k = 0; k < Lanes; ++k) behind[i * Lanes + k] = 2 * back[k] - data[k][n - 2 - i];
  get(pad, sample);
  sample = 2 * front - sample;
  Cascade<Count, Lanes> forward(filters, sample);
  for (std::size_t i = pad; i > 0; --i) {
    get(i, sample);
    sample = 2 * front - sample;
    forward.step(sample);
  }
  for (std::size_t i = 0; i < n; ++i) {
    get(i, sample);
    forward.step(sample);
    for (std::size_t k = 0; k < Lanes; ++k) data[k][i] = sample[k];
  }
  get(n - 1, sample);
  for (std::size_t i = 0; i < pad; ++i) {
    for (std::size_t k = 0; k < Lanes; ++k) sample[k] = behind[i * Lanes + k];
    forward.step(sample);
    for (std::size_t k = 0; k < Lanes; ++k) behind[i * Lanes + k] = sample[k];
  }
  Cascade<Count, Lanes> backward(filters, sample);
  for (std::size_t i = pad; i > 0; --i) {
    for (std::size_t k = 0; k < Lanes; ++k) sample[k] = behind[(i - 1) * Lanes + k];
    backward.step(sample);
  }
  for (std::size_t i = n; i > 0; --i) {
    get(i - 1, sample);
    backward.step(sample);
    for (std::size_t k = 0; k < Lanes; ++k) data[k][i - 1] = sample[k];
  }
}

// At least one section, at most four.
template <std::size_t Lanes>
void run_sections(const Signals<Lanes>& signals, std::span<const Biquad> filters) {
  switch (filters.size()) {
    case 1:
      return run_both_ways<1, Lanes>(signals, filters);
    case 2:
      return run_both_ways<2, Lanes>(signals, filters);
    case 3:
      return run_both_ways<3, Lanes>(signals, filters);
    default:
      return run_both_ways<4, Lanes>(signals, filters);
  }
}

#if defined(__x86_64__)
// The same sums in the same order, so that both give the same.
[[gnu::target("avx2"), gnu::flatten]] void run_sections_by_vectors_of_four(const Signals<4>& signals,
                                                                           std::span<const Biquad> filters) {
  run_sections<4>(signals, filters);
}
#endif

void filter_together(const Signals<2>& signals, std::span<const Biquad> filters) {
  if (!filters.empty()) run_sections<2>(signals, filters);
}

void filter_together(const Signals<4>& signals, std::span<const Biquad> filters) {
  if (filters.empty()) return;
#if defined(__x86_64__)
  static const bool has_vectors_of_four = __builtin_cpu_supports("avx2");
  if (has_vectors_of_four) return run_sections_by_vectors_of_four(signals, filters);
#endif
  run_sections<4>(signals, filters);
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
  if (!samples.empty()) filter_together(Signals<2>{samples, samples}, sections);
}

void filter_zero_phase(std::span<std::vector<float>> signals, std::span<const Biquad> sections) {
  for (std::size_t i = 0; i < signals.size();) {
    std::size_t alike = 1;
    while (alike < 4 && i + alike < signals.size() && signals[i + alike].size() == signals[i].size()) ++alike;
    const auto signal = [&](std::size_t k) { return std::span<float>(signals[i + std::min(k, alike - 1)]); };
    if (!signals[i].empty()) {
      if (alike > 2)
        filter_together(Signals<4>{signal(0), signal(1), signal(2), signal(3)}, sections);
      else
        filter_together(Signals<2>{signal(0), signal(1)}, sections);
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
