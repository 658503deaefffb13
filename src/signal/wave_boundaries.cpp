#include "signal/wave_boundaries.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "signal/statistics.h"
#include "signal/wave_leads.h"

namespace meridian::signal {
namespace {

constexpr float kNoiseFactor = 1.3f;  // of the lower activity around
constexpr double kNoiseQuantile = 0.3;
constexpr float kSteepPart = 0.35f;  // of the steepest slope: surely within the complex

float quiet_level(std::span<const float> slope, std::int64_t from, std::int64_t to) {
  std::vector<float> values;
  for (std::int64_t i = from; i <= to; ++i) values.push_back(sample_at(slope, i));
  return quantile_in_place(values, kNoiseQuantile);
}

// From the start in steps of -1 or 1 to where `hold` samples lie below the threshold, or to the limit.
std::int64_t walk_to_rest(std::span<const float> slope, std::int64_t start, std::int64_t limit,
                          float threshold, std::int64_t hold) {
  const std::int64_t step = limit < start ? -1 : 1;
  std::int64_t run = 0;
  for (std::int64_t i = start; i != limit; i += step) {
    run = sample_at(slope, i) < threshold ? run + 1 : 0;
    if (run >= hold) return i - step * run;
  }
  return limit - step * run;
}

}  // namespace

std::int64_t wave_end(std::span<const float> samples, std::int64_t peak, std::int64_t limit,
                      std::int64_t reach) {
  const std::int64_t step = limit < peak ? -1 : 1, length = std::abs(limit - peak);
  const float sign = sample_at(samples, peak) >= sample_at(samples, limit) ? 1.0f : -1.0f;
  std::int64_t steepest = peak;
  float fall = -1;
  for (std::int64_t i = 1; i < std::min(length, reach); ++i) {
    const float here =
        sign * (sample_at(samples, peak + step * (i - 1)) - sample_at(samples, peak + step * (i + 1)));
    if (here <= fall) continue;
    fall = here;
    steepest = peak + step * i;
  }
  std::int64_t end = steepest;
  float largest = -1;
  const float top = sign * sample_at(samples, steepest);
  for (std::int64_t i = steepest; i != limit; i += step) {
    const auto sides = static_cast<float>(2 * std::abs(limit - steepest) - std::abs(i - steepest));
    const float area = (top - sign * sample_at(samples, i)) * sides;
    if (area <= largest) continue;
    largest = area;
    end = i;
  }
  return end;
}

std::pair<std::int64_t, std::int64_t> qrs_boundaries(std::span<const float> slope, std::int64_t beat,
                                                     const QrsSearch& search) {
  const auto last = static_cast<std::int64_t>(slope.size()) - 1;
  float highest = 0;
  for (std::int64_t i = beat - search.half; i <= beat + search.half; ++i)
    highest = std::max(highest, sample_at(slope, i));
  std::int64_t first_steep = beat, last_steep = beat;
  for (std::int64_t i = beat - search.half; i <= beat + search.half; ++i) {
    if (sample_at(slope, i) <= kSteepPart * highest) continue;
    first_steep = std::min(first_steep, i);
    last_steep = std::max(last_steep, i);
  }
  const std::int64_t earliest = beat - search.before, latest = beat + search.after;
  const float rest_before = quiet_level(slope, earliest - search.margin, beat - search.margin);
  const float rest_after = quiet_level(slope, beat + search.margin, latest + search.margin);
  const std::int64_t onset =
      walk_to_rest(slope, first_steep, earliest,
                   std::max(search.onset_part * highest, kNoiseFactor * rest_before), search.hold);
  const std::int64_t offset =
      walk_to_rest(slope, last_steep, latest,
                   std::max(search.offset_part * highest, kNoiseFactor * rest_after), search.hold);
  return {std::clamp<std::int64_t>(onset, 0, last), std::clamp<std::int64_t>(offset, 0, last)};
}

}  // namespace meridian::signal
