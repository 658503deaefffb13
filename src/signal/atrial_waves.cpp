#include "signal/atrial_waves.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "signal/filter.h"
#include "signal/statistics.h"
#include "signal/wave_leads.h"

namespace meridian::signal {
namespace {

constexpr double kCell = 0.016;                        // s, the grain of time here
constexpr double kBump = 0.05, kAround = 0.28;         // s, widths of the means compared
constexpr double kBeforeQrs = 0.02, kAfterQrs = 0.06;  // s that stay hidden around a complex
constexpr double kAroundT = 0.02, kUnknownT = 0.34;    // s; of a beat whose T wave is not known
constexpr double kHalfWave = 0.08;                     // s, from the middle of a P wave to where it is over
constexpr double kShortest = 0.35, kLongest = 1.5;     // s between P waves: 40 to 171 a minute
constexpr double kStep = 1.04, kFreedom = 0.2;         // from one interval tried to the next; of it
constexpr float kStiffness = 10;                       // cost of the squared logarithm of its change
constexpr float kMissed = 0.3f, kEach = 0.04f, kSeen = 0.25f;  // of a usual P wave's height
constexpr float kLeastOverNoise = 3;

// How much each cell looks like the middle of a P wave: about 0.7 where one is, -0.3 where none is, 0 where
// it could not be seen.
class Likeness {
 public:
  Likeness(const Recording& recording, const Delineation& delineation)
      : leads_(recording, peaks_of(delineation)) {
    WaveLeads& leads = leads_;
    std::vector<std::pair<std::int64_t, std::int64_t>> qrs;
    for (const BeatWaves& beat : delineation.global.beats)
      qrs.emplace_back(beat.qrs.onset / leads.factor(), beat.qrs.offset / leads.factor());
    leads.bridge_qrs(qrs);
    std::vector<float> bumps = leads.fused_waves(qrs);
    const std::vector<char> hidden = hide(delineation, leads, bumps.size());
    subtract_surroundings(leads, hidden, bumps);
    const float usual = usual_height(qrs, hidden, bumps);
    is_clear_ = usual > kLeastOverNoise * noise(hidden, bumps) && usual > 0;
    if (!is_clear_) return;
    const auto cell = std::max<std::int64_t>(1, leads.samples_of(kCell));
    seconds_ = leads.seconds(cell);
    for (std::size_t i = 0; i + static_cast<std::size_t>(cell) <= bumps.size();
         i += static_cast<std::size_t>(cell)) {
      const auto end = i + static_cast<std::size_t>(cell);
      float highest = -1e9f;
      bool visible = true;
      for (std::size_t k = i; k < end; ++k) {
        visible = visible && !hidden[k];
        highest = std::max(highest, bumps[k]);
      }
      visible_.push_back(visible ? 1 : 0);
      values_.push_back(visible ? std::min(1.0f, highest / usual) - kMissed : 0);
    }
  }

  bool is_clear() const { return is_clear_; }
  double seconds_of_cell() const { return seconds_; }
  const std::vector<float>& values() const { return values_; }
  bool visible(std::size_t cell) const { return visible_[cell] != 0; }
  // Over the mean of what lies before and after a wave there.
  std::vector<float> heights(std::size_t cell) const {
    const auto middle = std::llround((static_cast<double>(cell) + 0.5) * seconds_ / leads_.seconds(1));
    const std::int64_t reach = leads_.samples_of(kHalfWave);
    std::vector<float> result;
    for (const WaveLead& lead : leads_.leads())
      result.push_back(sample_at(lead.waves, middle) -
                       (sample_at(lead.waves, middle - reach) + sample_at(lead.waves, middle + reach)) / 2);
    return result;
  }

 private:
  static std::vector<std::int64_t> peaks_of(const Delineation& delineation) {
    std::vector<std::int64_t> beats;
    for (const BeatWaves& beat : delineation.global.beats) beats.push_back(beat.qrs.peak);
    return beats;
  }

  static std::vector<char> hide(const Delineation& delineation, const WaveLeads& leads, std::size_t length) {
    std::vector<char> hidden(length, 0);
    const auto cover = [&](std::int64_t from, std::int64_t to) {
      from = std::clamp<std::int64_t>(from, 0, static_cast<std::int64_t>(length));
      to = std::clamp<std::int64_t>(to, from, static_cast<std::int64_t>(length));
      std::fill(hidden.begin() + from, hidden.begin() + to, 1);
    };
    const std::int64_t factor = leads.factor();
    const auto& beats = delineation.global.beats;
    if (beats.empty()) return hidden;
    cover(0, beats.front().qrs.onset / factor - leads.samples_of(kUnknownT));
    cover(beats.back().qrs.offset / factor, static_cast<std::int64_t>(length));
    for (const BeatWaves& beat : beats) {
      cover(beat.qrs.onset / factor - leads.samples_of(kBeforeQrs),
            beat.qrs.offset / factor + leads.samples_of(kAfterQrs));
      if (beat.t)
        cover(beat.t->onset / factor - leads.samples_of(kAroundT),
              beat.t->offset / factor + leads.samples_of(kAroundT));
      else
        cover(beat.qrs.offset / factor, beat.qrs.offset / factor + leads.samples_of(kUnknownT));
    }
    return hidden;
  }

  // Takes the mean of what is visible around off the mean of a P wave's width.
  static void subtract_surroundings(const WaveLeads& leads, const std::vector<char>& hidden,
                                    std::vector<float>& bumps) {
    std::vector<float> seen(bumps.size()), weight(bumps.size());
    for (std::size_t i = 0; i < bumps.size(); ++i) {
      weight[i] = hidden[i] ? 0.0f : 1.0f;
      seen[i] = hidden[i] ? 0 : bumps[i];
    }
    const auto odd = [&](double width) {
      return static_cast<std::size_t>(leads.samples_of(width / 2)) * 2 + 1;
    };
    const std::vector<float> around = moving_average(seen, odd(kAround)),
                             share = moving_average(weight, odd(kAround));
    bumps = moving_average(bumps, odd(kBump));
    for (std::size_t i = 0; i < bumps.size(); ++i)
      if (share[i] > 1e-3f) bumps[i] -= around[i] / share[i];
  }

  // Median of the highest bumps between neighbouring complexes.
  static float usual_height(const std::vector<std::pair<std::int64_t, std::int64_t>>& qrs,
                            const std::vector<char>& hidden, const std::vector<float>& bumps) {
    std::vector<float> heights;
    for (std::size_t k = 0; k + 1 < qrs.size(); ++k) {
      float highest = 0;
      for (std::int64_t i = qrs[k].second; i < qrs[k + 1].first; ++i)
        if (!hidden[static_cast<std::size_t>(i)])
          highest = std::max(highest, bumps[static_cast<std::size_t>(i)]);
      if (highest > 0) heights.push_back(highest);
    }
    return median(std::move(heights));
  }

  static float noise(const std::vector<char>& hidden, const std::vector<float>& bumps) {
    std::vector<float> all;
    for (std::size_t i = 0; i < bumps.size(); ++i)
      if (!hidden[i]) all.push_back(std::fabs(bumps[i]));
    return median(std::move(all));
  }

  WaveLeads leads_;
  bool is_clear_ = false;
  double seconds_ = 0;
  std::vector<float> values_;
  std::vector<char> visible_;
};

// The best series of cells about `interval` (cells) apart.
struct Series {
  float score = -1e9f;
  std::vector<std::size_t> cells;
};

Series follow(const std::vector<float>& values, double interval) {
  const auto nearest = static_cast<std::size_t>(std::max(1.0, interval * (1 - kFreedom)));
  const auto farthest = static_cast<std::size_t>(interval * (1 + kFreedom));
  std::vector<float> cost;
  for (std::size_t d = nearest; d <= farthest; ++d) {
    const auto change = static_cast<float>(std::log(static_cast<double>(d) / interval));
    cost.push_back(kStiffness * change * change);
  }
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<float> score(values.size());
  std::vector<std::size_t> before(values.size(), kNone);
  for (std::size_t i = 0; i < values.size(); ++i) {
    float best = i < farthest ? 0 : -1e9f;  // the series begins with the recording
    for (std::size_t d = nearest; d <= std::min(farthest, i); ++d) {
      const float through = score[i - d] - cost[d - nearest];
      if (through <= best) continue;
      best = through;
      before[i] = i - d;
    }
    score[i] = best + values[i] - kEach;
  }
  Series series;
  if (values.size() <= farthest) return series;
  const auto last = std::max_element(score.end() - static_cast<std::ptrdiff_t>(farthest), score.end());
  series.score = *last;
  for (auto cell = static_cast<std::size_t>(last - score.begin()); cell != kNone; cell = before[cell])
    series.cells.push_back(cell);
  std::reverse(series.cells.begin(), series.cells.end());
  return series;
}

}  // namespace

std::optional<AtrialRhythm> follow_atria(const Recording& recording, const Delineation& delineation) {
  if (delineation.global.beats.size() < 3) return std::nullopt;
  const Likeness likeness(recording, delineation);
  if (!likeness.is_clear()) return std::nullopt;
  Series best;
  for (double interval = kShortest; interval <= kLongest; interval *= kStep) {
    Series series = follow(likeness.values(), interval / likeness.seconds_of_cell());
    if (series.score > best.score) best = std::move(series);
  }
  if (best.cells.size() < 3) return std::nullopt;
  AtrialRhythm rhythm;
  std::vector<double> intervals;
  double visible = 0, seen = 0;
  for (const std::size_t cell : best.cells) {
    AtrialWave wave{(static_cast<double>(cell) + 0.5) * likeness.seconds_of_cell(), likeness.visible(cell)};
    wave.heights = likeness.heights(cell);
    wave.seen = wave.visible && likeness.values()[cell] > kSeen - kMissed;
    visible += wave.visible ? 1 : 0;
    seen += wave.seen ? 1 : 0;
    if (!rhythm.waves.empty()) intervals.push_back(wave.time - rhythm.waves.back().time);
    rhythm.waves.push_back(wave);
  }
  rhythm.interval = median(std::move(intervals));
  rhythm.seen_part = visible > 0 ? seen / visible : 0;
  return rhythm;
}

}  // namespace meridian::signal
