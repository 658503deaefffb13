#include "signal/qrs_deflections.h"

#include <algorithm>
#include <cmath>

namespace meridian::signal {
namespace {

constexpr double kSmallest = 0.02, kShortest = 0.006;  // mV, s

void take(double& amplitude, double& duration, const Deflection& deflection, double frequency) {
  if (std::fabs(deflection.amplitude) <= std::fabs(amplitude)) return;
  amplitude = deflection.amplitude;
  duration = static_cast<double>(deflection.to - deflection.from + 1) / frequency;
}

}  // namespace

std::vector<Deflection> qrs_deflections(std::span<const float> samples, std::int64_t onset,
                                        std::int64_t offset, double level, double sampling_frequency) {
  std::vector<Deflection> deflections;
  const auto over = [&](std::int64_t i) {
    return static_cast<double>(samples[static_cast<std::size_t>(i)]) - level;
  };
  const std::int64_t last = std::min(offset, static_cast<std::int64_t>(samples.size()) - 1);
  for (std::int64_t from = std::max<std::int64_t>(0, onset); from <= last;) {
    Deflection deflection{from, from, from, over(from)};
    for (std::int64_t i = from; i <= last && std::signbit(over(i)) == std::signbit(over(from)); ++i) {
      deflection.to = i;
      if (std::fabs(over(i)) <= std::fabs(deflection.amplitude)) continue;
      deflection.amplitude = over(i);
      deflection.peak = i;
    }
    const auto width = static_cast<double>(deflection.to - deflection.from + 1);
    if (std::fabs(deflection.amplitude) >= kSmallest && width >= kShortest * sampling_frequency)
      deflections.push_back(deflection);
    from = deflection.to + 1;
  }
  return deflections;
}

QrsParts name_deflections(std::span<const Deflection> deflections, std::int64_t onset,
                          double sampling_frequency) {
  QrsParts parts;
  bool after_r = false, after_s = false;
  double highest = 0;
  for (const Deflection& deflection : deflections) {
    const bool positive = deflection.amplitude > 0;
    if (positive && deflection.amplitude > highest) {
      highest = deflection.amplitude;
      parts.r_peak_time = static_cast<double>(deflection.peak - onset) / sampling_frequency;
    }
    if (positive && after_s)
      take(parts.r_prime, parts.r_prime_duration, deflection, sampling_frequency);
    else if (positive)
      take(parts.r, parts.r_duration, deflection, sampling_frequency);
    else if (after_r)
      take(parts.s, parts.s_duration, deflection, sampling_frequency);
    else
      take(parts.q, parts.q_duration, deflection, sampling_frequency);
    after_s = after_s || (after_r && !positive);
    after_r = after_r || positive;
  }
  return parts;
}

}  // namespace meridian::signal
