#include "signal/av_conduction.h"

#include <algorithm>
#include <cmath>

#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr double kLeastSeen = 0.75;                       // of the visible P waves
constexpr double kShortestPr = 0.06, kLongestPr = 0.6;    // s
constexpr double kSteadyPr = 0.04, kGrowth = 0.04;        // s
constexpr double kUnrelatedPr = 0.07;                     // s, standard deviation
constexpr double kRegular = 0.08, kRatherRegular = 0.15;  // standard deviation of RR over its mean
constexpr double kFaster = 1.15;                          // atrial over ventricular rate
constexpr double kAlike = 0.9, kSmallest = 0.6;           // cosine of the leads' heights; of their size
constexpr double kFastestAtria = 140;                     // a minute
constexpr double kFastestEscape = 65;                     // a minute
constexpr double kAlmostAll = 0.8;                        // of the RR intervals
constexpr double kDoubleLow = 1.6, kDoubleHigh = 2.3;     // RR of a dropped beat over the usual one
constexpr double kOnTime = 0.15;                          // of the P-P interval
constexpr std::size_t kFewestBeats = 4, kFewestBlocked = 2;

struct Spread {
  double mean = 0, deviation = 0;
};

Spread spread_of(const std::vector<double>& values) {
  Spread spread;
  if (values.empty()) return spread;
  for (const double value : values) spread.mean += value;
  spread.mean /= static_cast<double>(values.size());
  for (const double value : values) spread.deviation += (value - spread.mean) * (value - spread.mean);
  spread.deviation = std::sqrt(spread.deviation / static_cast<double>(values.size()));
  return spread;
}

// One RR interval: what the atria did in it.
struct Cycle {
  double rr = 0;
  std::size_t waves = 0;                  // P waves in it
  std::vector<double> blocked;            // s, those seen before the last one
  std::vector<const AtrialWave*> others;  // the same
  const AtrialWave* last = nullptr;
  std::optional<double> pr;  // s, of the last one
};

class Conduction {
 public:
  Conduction(const AtrialRhythm& atria, std::span<const double> qrs_onsets) : atria_(atria) {
    for (std::size_t k = 1; k < qrs_onsets.size(); ++k)
      cycles_.push_back(cycle(qrs_onsets[k - 1], qrs_onsets[k]));
    std::vector<double> rr, pr;
    for (const Cycle& cycle : cycles_) {
      rr.push_back(cycle.rr);
      if (cycle.pr) pr.push_back(*cycle.pr);
      blocked_.insert(blocked_.end(), cycle.blocked.begin(), cycle.blocked.end());
    }
    rr_ = spread_of(rr);
    pr_ = spread_of(pr);
    usual_rr_ = median(std::move(rr));
    if (!pr.empty()) {
      shortest_pr_ = *std::min_element(pr.begin(), pr.end());
      longest_pr_ = *std::max_element(pr.begin(), pr.end());
    }
  }

  std::optional<AvConduction> judge() const {
    if (atria_.seen_part < kLeastSeen || cycles_.size() + 1 < kFewestBeats || atrial_rate() > kFastestAtria)
      return std::nullopt;
    if (!are_alike()) return std::nullopt;
    if (is_two_to_one()) return found(AvBlock::two_to_one);
    if (is_complete()) return found(AvBlock::complete);
    if (const auto block = dropped_beats()) return found(*block);
    return std::nullopt;
  }

 private:
  Cycle cycle(double from, double to) const {
    Cycle cycle{.rr = to - from};
    const AtrialWave* last = nullptr;
    for (const AtrialWave& wave : atria_.waves) {
      if (wave.time < from || wave.time >= to) continue;
      ++cycle.waves;
      if (last && last->seen) {
        cycle.blocked.push_back(last->time);
        cycle.others.push_back(last);
      }
      last = &wave;
    }
    cycle.last = last;
    if (last && to - last->time >= kShortestPr && to - last->time <= kLongestPr) cycle.pr = to - last->time;
    return cycle;
  }

  double ventricular_rate() const { return 60 / rr_.mean; }
  double atrial_rate() const { return 60 / atria_.interval; }

  double part_with(std::size_t waves) const {
    return static_cast<double>(std::count_if(cycles_.begin(), cycles_.end(),
                                             [&](const Cycle& cycle) { return cycle.waves == waves; })) /
           static_cast<double>(cycles_.size());
  }

  // Whether what was blocked looks in all leads like what was conducted: the end of a T wave, or a U wave,
  // does not.
  bool are_alike() const {
    std::vector<const AtrialWave*> conducted, blocked;
    for (const Cycle& cycle : cycles_) {
      if (cycle.last && cycle.last->seen) conducted.push_back(cycle.last);
      blocked.insert(blocked.end(), cycle.others.begin(), cycle.others.end());
    }
    if (conducted.empty() || blocked.empty()) return false;
    const std::vector<double> a = mean_heights(conducted), b = mean_heights(blocked);
    double both = 0, first = 0, second = 0;
    for (std::size_t lead = 0; lead < a.size(); ++lead) {
      both += a[lead] * b[lead];
      first += a[lead] * a[lead];
      second += b[lead] * b[lead];
    }
    return both > kAlike * std::sqrt(first * second) && second > kSmallest * kSmallest * first &&
           first > kSmallest * kSmallest * second;
  }

  static std::vector<double> mean_heights(const std::vector<const AtrialWave*>& waves) {
    std::vector<double> means(waves.front()->heights.size(), 0);
    for (const AtrialWave* wave : waves)
      for (std::size_t lead = 0; lead < means.size(); ++lead)
        means[lead] += static_cast<double>(wave->heights[lead]) / static_cast<double>(waves.size());
    return means;
  }

  bool is_two_to_one() const {
    return part_with(2) >= kAlmostAll && pr_.deviation <= kSteadyPr / 2 &&
           rr_.deviation <= kRatherRegular * rr_.mean && blocked_.size() >= kFewestBlocked;
  }

  bool is_complete() const {
    return rr_.deviation <= kRegular * rr_.mean && ventricular_rate() <= kFastestEscape &&
           atrial_rate() >= kFaster * ventricular_rate() && blocked_.size() >= kFewestBlocked &&
           pr_.deviation >= kUnrelatedPr;
  }

  // Of the beats around each P wave that was not conducted: whether PR grew before it, or stayed.
  std::optional<AvBlock> dropped_beats() const {
    std::size_t grown = 0, steady = 0;
    for (std::size_t k = 1; k < cycles_.size(); ++k) {
      if (!is_drop(cycles_[k]) || !cycles_[k].pr || !cycles_[k - 1].pr) continue;
      const double shortened = *cycles_[k - 1].pr - *cycles_[k].pr;
      grown += shortened >= kGrowth && cycles_[k - 1].waves == 1 ? 1 : 0;
      steady += std::fabs(shortened) < kSteadyPr && is_doubled(cycles_[k]) ? 1 : 0;
    }
    if (grown > steady) return AvBlock::wenckebach;
    if (steady > 0 && longest_pr_ - shortest_pr_ < kSteadyPr) return AvBlock::mobitz;
    return std::nullopt;
  }

  // A second P wave that came on time, and so from the sinus node.
  bool is_drop(const Cycle& cycle) const {
    if (cycle.waves != 2 || cycle.blocked.size() != 1) return false;
    const auto wave = std::find_if(atria_.waves.begin(), atria_.waves.end(),
                                   [&](const AtrialWave& one) { return one.time == cycle.blocked.front(); });
    if (wave == atria_.waves.begin() || wave + 1 == atria_.waves.end()) return false;
    return std::fabs(wave->time - (wave - 1)->time - atria_.interval) <= kOnTime * atria_.interval;
  }

  bool is_doubled(const Cycle& cycle) const {
    return cycle.rr > kDoubleLow * usual_rr_ && cycle.rr < kDoubleHigh * usual_rr_;
  }

  AvConduction found(AvBlock block) const {
    return {block, atrial_rate(), ventricular_rate(), blocked_, shortest_pr_, longest_pr_};
  }

  const AtrialRhythm& atria_;
  std::vector<Cycle> cycles_;
  Spread rr_, pr_;
  double usual_rr_ = 0, shortest_pr_ = 0, longest_pr_ = 0;
  std::vector<double> blocked_;
};

}  // namespace

std::optional<AvConduction> av_conduction(const AtrialRhythm& atria, std::span<const double> qrs_onsets) {
  if (qrs_onsets.size() < kFewestBeats) return std::nullopt;
  return Conduction(atria, qrs_onsets).judge();
}

}  // namespace meridian::signal
