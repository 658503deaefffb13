#include "signal/p_waves.h"

#include <algorithm>
#include <cmath>

#include "signal/beat_shapes.h"
#include "signal/statistics.h"
#include "signal/wave_boundaries.h"

namespace meridian::signal {
namespace {

constexpr double kFarthest = 0.34, kNearest = 0.01;      // s before the QRS onset
constexpr double kAfterQrs = 0.1;                        // s after a QRS complex without a T wave
constexpr double kNarrowest = 0.06;                      // s, of the search window
constexpr float kLowest = 0.015f;                        // mV, root mean square of the leads
constexpr double kOnsetHalf = 0.07, kOffsetHalf = 0.06;  // s from the peak to rest
constexpr double kFlankReach = 0.08, kLeadPeakReach = 0.03;
// Where P waves usually peak before QRS complexes, and how far those of one recording lie apart.
constexpr double kTypicalDistance = 0.12, kDistanceSpread = 0.08, kOwnSpread = 0.05;  // s
constexpr float kElsewhere = 0.1f;
constexpr float kOnTimePart = 0.8f;                                      // of the usual RR interval
constexpr double kShapeHalf = 0.06, kShift = 0.024, kShiftStep = 0.008;  // s
constexpr std::size_t kNeighbours = 12;                                  // beats before and after

constexpr std::string_view kNames[kPWaveFeatures] = {
    "alike", "log_height", "off_distance", "distance_spread", "log_irregularity", "log_out_of_rest"};

float bell(double distance, double spread) {
  return static_cast<float>(std::exp(-0.5 * distance * distance / (spread * spread)));
}

// Deviation from the straight line between two places.
float over_chord(std::span<const float> samples, std::int64_t from, std::int64_t to, std::int64_t place) {
  const float part =
      static_cast<float>(place - from) / static_cast<float>(std::max<std::int64_t>(1, to - from));
  return sample_at(samples, place) - std::lerp(sample_at(samples, from), sample_at(samples, to), part);
}

double spread_around(std::vector<double> values, double middle) {
  for (double& value : values) value = std::fabs(value - middle);
  return median(std::move(values));
}

// Root mean square of successive differences over the median.
double irregularity(const std::vector<double>& intervals) {
  if (intervals.size() < 2) return 0;
  double squares = 0;
  for (std::size_t i = 1; i < intervals.size(); ++i)
    squares += (intervals[i] - intervals[i - 1]) * (intervals[i] - intervals[i - 1]);
  return std::sqrt(squares / static_cast<double>(intervals.size() - 1)) / median(intervals);
}

}  // namespace

std::span<const std::string_view> p_wave_feature_names() {
  return kNames;
}

PWaves::PWaves(const WaveLeads& leads, std::span<const std::pair<std::int64_t, std::int64_t>> qrs,
               std::span<const std::optional<Wave>> t)
    : leads_(leads), qrs_(qrs), t_(t) {
  const std::int64_t usual = usual_distance();
  for (std::size_t k = 0; k < qrs.size(); ++k) global_.push_back(find(k, usual));
}

// Where the mean of all beats on time bends most within the time before the QRS onset.
std::int64_t PWaves::usual_distance() const {
  const std::int64_t farthest = leads_.samples_of(kFarthest), half = leads_.samples_of(kShapeHalf);
  std::vector<float> intervals;
  for (std::size_t k = 1; k < qrs_.size(); ++k)
    intervals.push_back(static_cast<float>(qrs_[k].first - qrs_[k - 1].first));
  const float usual_rr = median(intervals);
  std::vector<float> energy(static_cast<std::size_t>(farthest + 1), 0);
  for (const WaveLead& lead : leads_.leads()) {
    std::vector<float> sum(energy.size(), 0);
    for (std::size_t k = 1; k < qrs_.size(); ++k) {
      if (qrs_[k].first < farthest || intervals[k - 1] < kOnTimePart * usual_rr) continue;
      for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] += sample_at(lead.waves, qrs_[k].first - farthest + static_cast<std::int64_t>(i));
    }
    for (std::int64_t i = half; i + half <= farthest; ++i) {
      const float bend = over_chord(sum, i - half, i + half, i);
      energy[static_cast<std::size_t>(i)] += bend * bend;
    }
  }
  std::int64_t best = leads_.samples_of(kTypicalDistance);
  float highest = 0;
  for (std::size_t i = 0; i < energy.size(); ++i) {
    const std::int64_t distance = farthest - static_cast<std::int64_t>(i);
    const float here = energy[i] * bell(leads_.seconds(distance) - kTypicalDistance, kDistanceSpread);
    if (here <= highest) continue;
    highest = here;
    best = distance;
  }
  return best;
}

std::optional<Wave> PWaves::find(std::size_t beat, std::int64_t usual_distance) const {
  const std::int64_t onset = qrs_[beat].first;
  std::int64_t from = std::max<std::int64_t>(0, onset - leads_.samples_of(kFarthest));
  if (beat > 0)
    from = std::max(
        from, t_[beat - 1] ? t_[beat - 1]->offset : qrs_[beat - 1].second + leads_.samples_of(kAfterQrs));
  const std::int64_t to = onset - leads_.samples_of(kNearest);
  if (to - from < leads_.samples_of(kNarrowest)) return std::nullopt;
  std::vector<float> height(static_cast<std::size_t>(to - from + 1), 0);
  for (const WaveLead& lead : leads_.leads())
    for (std::int64_t i = from; i <= to; ++i) {
      const float here = over_chord(lead.waves, from, to, i);
      height[static_cast<std::size_t>(i - from)] += here * here;
    }
  const auto probable = [&](std::int64_t i) {
    return height[static_cast<std::size_t>(i)] *
           (kElsewhere + bell(leads_.seconds(onset - from - i - usual_distance), kOwnSpread));
  };
  const auto last = static_cast<std::int64_t>(height.size()) - 1;
  std::int64_t peak = 0;
  for (std::int64_t i = 1; i < last; ++i) {
    const bool maximum =
        sample_at(height, i) >= sample_at(height, i - 1) && sample_at(height, i) > sample_at(height, i + 1);
    if (maximum && (peak == 0 || probable(i) > probable(peak))) peak = i;
  }
  if (peak == 0) return std::nullopt;
  for (float& x : height) x = std::sqrt(x / static_cast<float>(leads_.leads().size()));
  if (sample_at(height, peak) < kLowest) return std::nullopt;
  const std::int64_t reach = leads_.samples_of(kFlankReach);
  const std::int64_t earliest = std::max<std::int64_t>(0, peak - leads_.samples_of(kOnsetHalf));
  const std::int64_t latest = std::min(last, peak + leads_.samples_of(kOffsetHalf));
  return Wave{from + wave_end(height, peak, earliest, reach), from + peak,
              from + wave_end(height, peak, latest, reach)};
}

Wave PWaves::in_lead(const WaveLead& lead, std::size_t beat) const {
  const Wave& global = *global_[beat];
  const std::int64_t near = leads_.samples_of(kLeadPeakReach), reach = leads_.samples_of(kFlankReach);
  std::int64_t peak = global.peak;
  float highest = 0;
  for (std::int64_t i = std::max(global.onset + 1, peak - near);
       i < std::min(global.offset, global.peak + near); ++i) {
    const float here = std::fabs(over_chord(lead.waves, global.onset, global.offset, i));
    if (here <= highest) continue;
    highest = here;
    peak = i;
  }
  const std::int64_t earliest = std::max<std::int64_t>(0, peak - leads_.samples_of(kOnsetHalf));
  const std::int64_t latest = std::min(qrs_[beat].first, peak + leads_.samples_of(kOffsetHalf));
  return {wave_end(lead.waves, peak, earliest, reach), peak, wave_end(lead.waves, peak, latest, reach)};
}

// All leads around a place, each over its chord.
PWaves::Shape PWaves::shape(std::int64_t middle) const {
  const std::int64_t half = leads_.samples_of(kShapeHalf);
  Shape shape;
  shape.reserve(leads_.leads().size() * static_cast<std::size_t>(2 * half + 1));
  for (const WaveLead& lead : leads_.leads())
    for (std::int64_t i = middle - half; i <= middle + half; ++i)
      shape.push_back(over_chord(lead.waves, middle - half, middle + half, i));
  return shape;
}

// The highest correlation of the beat's P wave with what lies as far before the other beat, give or take.
double PWaves::alike(std::size_t beat, std::size_t other, const Shape& own) const {
  const std::int64_t place = qrs_[other].first + global_[beat]->peak - qrs_[beat].first;
  const std::int64_t shift = leads_.samples_of(kShift);
  const std::int64_t step = std::max<std::int64_t>(1, leads_.samples_of(kShiftStep));
  double best = -1;
  for (std::int64_t d = -shift; d <= shift; d += step)
    best = std::max(best, static_cast<double>(correlation(own, shape(place + d))));
  return best;
}

double PWaves::alike_around(std::size_t beat, const Shape& own) const {
  const std::size_t from = beat > kNeighbours ? beat - kNeighbours : 0;
  const std::size_t to = std::min(qrs_.size(), beat + kNeighbours + 1);
  std::vector<double> values;
  for (std::size_t other = from; other < to; ++other)
    if (other != beat && global_[other]) values.push_back(alike(beat, other, own));
  return median(std::move(values));
}

// Steepness of the P wave over that of the rest between it and the T wave before, logarithm.
double PWaves::out_of_rest(std::size_t beat) const {
  constexpr double kGap = 0.01, kShortestRest = 0.06, kRest = 0.1, kTiny = 1e-3;
  const Wave& p = *global_[beat];
  const std::int64_t end = p.onset - leads_.samples_of(kGap);
  std::int64_t start = end - leads_.samples_of(kRest);
  if (beat > 0 && t_[beat - 1])
    start = std::min(t_[beat - 1]->offset, end - leads_.samples_of(kShortestRest));
  const auto steepness = [&](std::int64_t from, std::int64_t to) {
    double squares = 0;
    for (const WaveLead& lead : leads_.leads())
      for (std::int64_t i = from; i < to; ++i) {
        const double rise = sample_at(lead.waves, i + 2) - sample_at(lead.waves, i - 2);
        squares += rise * rise;
      }
    const auto count = static_cast<double>(std::max<std::int64_t>(1, to - from)) *
                       static_cast<double>(leads_.leads().size());
    return std::sqrt(squares / count);
  };
  return std::log(steepness(p.onset, p.offset + 1) + kTiny) - std::log(steepness(start, end) + kTiny);
}

std::vector<PWaveFeatures> PWaves::features() const {
  std::vector<double> distance(qrs_.size(), 0), alike(qrs_.size(), 0), height(qrs_.size(), 0);
  for (std::size_t k = 0; k < qrs_.size(); ++k) {
    if (!global_[k]) continue;
    const Shape own = shape(global_[k]->peak);
    distance[k] = leads_.seconds(qrs_[k].first - global_[k]->peak);
    alike[k] = alike_around(k, own);
    height[k] = root_mean_square(own);
  }
  std::vector<PWaveFeatures> result(qrs_.size(), PWaveFeatures{});
  for (std::size_t k = 0; k < qrs_.size(); ++k) {
    if (!global_[k]) continue;
    const std::size_t from = k > kNeighbours ? k - kNeighbours : 0;
    const std::size_t to = std::min(qrs_.size(), k + kNeighbours + 1);
    std::vector<double> distances, likes, intervals;
    for (std::size_t j = from; j < to; ++j) {
      if (j > from) intervals.push_back(leads_.seconds(qrs_[j].first - qrs_[j - 1].first));
      if (!global_[j]) continue;
      distances.push_back(distance[j]);
      likes.push_back(alike[j]);
    }
    const double usual = median(distances);
    result[k] = {median(std::move(likes)),
                 std::log(height[k] + 1e-3),
                 std::fabs(distance[k] - usual),
                 spread_around(std::move(distances), usual),
                 std::log(irregularity(intervals) + 0.003),
                 out_of_rest(k)};
  }
  return result;
}

}  // namespace meridian::signal
