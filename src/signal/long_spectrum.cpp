#include "signal/long_spectrum.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>
#include <vector>

namespace meridian::signal {
namespace {

constexpr double kLeastSeconds = 18 * 3600, kCell = 10;                    // s
constexpr double kUltraLow = 0.003, kSlopeFrom = 0.0001, kSlopeTo = 0.01;  // Hz
constexpr double kBandsOfDecade = 20;  // as which the slope's frequencies count alike

// Means over cells of 10 s, so that what is faster does not fold down; straight lines over cells without any.
std::vector<double> cells_of(std::span<const NormalInterval> intervals) {
  const double start = intervals.front().end;
  const auto count = static_cast<std::size_t>((intervals.back().end - start) / kCell) + 1;
  std::vector<double> sums(count), numbers(count), cells;
  for (const NormalInterval& one : intervals) {
    const auto cell = static_cast<std::size_t>((one.end - start) / kCell);
    sums[cell] += one.length;
    ++numbers[cell];
  }
  for (std::size_t i = 0; i < count;) {
    std::size_t next = i;
    while (next + 1 < count && numbers[next] == 0) ++next;
    const double to = sums[next] / numbers[next], from = cells.empty() ? to : cells.back();
    const auto steps = static_cast<double>(next - i + 1);
    for (std::size_t k = i; k <= next; ++k)
      cells.push_back(std::lerp(from, to, static_cast<double>(k - i + 1) / steps));
    i = next + 1;
  }
  return cells;
}

// Without the mean and under a window of Hann, whose loss of power is made good.
void put_under_window(std::vector<double>& cells) {
  const auto count = static_cast<double>(cells.size());
  const double mean = std::accumulate(cells.begin(), cells.end(), 0.0) / count;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const double phase = 2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / count;
    cells[i] = (cells[i] - mean) * (1 - std::cos(phase)) / std::sqrt(1.5);
  }
}

struct Band {
  double power = 0, log_frequency = 0, count = 0;
};

// Least squares through the bands' mean powers.
double slope_of(const std::map<long, Band>& bands) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const auto& [number, band] : bands) {
    const double log_frequency = band.log_frequency / band.count,
                 log_power = std::log10(band.power / band.count);
    if (!std::isfinite(log_power)) continue;
    ++n;
    x += log_frequency;
    y += log_power;
    xx += log_frequency * log_frequency;
    xy += log_frequency * log_power;
  }
  const double spread = n * xx - x * x;
  return spread > 0 ? (n * xy - x * y) / spread : 0;
}

}  // namespace

std::optional<LongSpectrum> long_spectrum(std::span<const NormalInterval> intervals) {
  double covered = 0;
  for (const NormalInterval& one : intervals) covered += one.length;
  if (covered < kLeastSeconds) return std::nullopt;
  std::vector<double> cells = cells_of(intervals);
  put_under_window(cells);
  const double seconds = kCell * static_cast<double>(cells.size());
  LongSpectrum result;
  std::map<long, Band> bands;
  for (std::size_t turns = 1; static_cast<double>(turns) / seconds <= kSlopeTo; ++turns) {
    const double frequency = static_cast<double>(turns) / seconds, power = 1e6 * power_at(cells, turns);
    if (frequency <= kUltraLow) result.ultra_low += power;
    if (frequency < kSlopeFrom) continue;
    Band& band = bands[std::lround(kBandsOfDecade * std::log10(frequency))];
    band.power += power;
    band.log_frequency += std::log10(frequency);
    ++band.count;
  }
  result.slope = slope_of(bands);
  return result;
}

}  // namespace meridian::signal
