#include "signal/rhythm_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numbers>
#include <numeric>

namespace meridian::signal {
namespace {

// The sinus cycle, on a logarithmic grid from 0.33 s to 2.4 s.
constexpr float kShortestCycle = 0.33f, kCycleStep = 0.04f;
constexpr std::size_t kCycles = 50;
constexpr std::size_t kReach = 2;  // cycle steps a beat
constexpr float kFarStepPart = 0.15f;
constexpr float kShortestInterval = 0.15f, kLongestInterval = 8;  // s; what lies beyond counts as these
constexpr float kTiny = 1e-9f;
// Of the likelihood of an ectopic beat: after a ventricular one it is rare.
constexpr float kAfterVentricular = 0.135f;
constexpr float kOutOfFibrillation = 0.0005f;  // a beat, to an ectopic one

// Forward results kept at a time, and how far the backward pass begins behind them: the rhythm of a beat does
// not depend on what comes more than a minute later.
constexpr std::size_t kBlock = 512, kLookAhead = 64;

using Cycles = std::array<float, kCycles>;
// An ectopic beat that follows another is of a run.
enum Rhythm : std::size_t { kSinus, kEctopic, kRun, kFibrillation, kRhythms };
using Joint = std::array<Cycles, kRhythms>;

// Of one beat after another. A run begins with an ectopic beat, and only a run goes on as one.
constexpr bool follows(std::size_t from, std::size_t to) {
  if (to == kEctopic) return from == kSinus || from == kFibrillation;
  return to != kRun || from == kEctopic || from == kRun;
}

float bell(float x, float spread) {
  return std::exp(-0.5f * (x / spread) * (x / spread)) / (spread * std::sqrt(2 * std::numbers::pi_v<float>));
}

float level(float x, float from, float to) {
  return x > from && x < to ? 1 / (to - from) : 0;
}

// A density of logarithmic differences, tabulated finely enough for the narrowest bell.
class Density {
 public:
  explicit Density(const std::function<float(float)>& function) {
    for (std::size_t i = 0; i < kSize; ++i)
      values_[i] = std::max(kTiny, function(kLowest + kStep * static_cast<float>(i)));
  }
  // Of one RR interval given each cycle.
  Cycles of(float log_rr) const {
    const float first = (log_rr - std::log(kShortestCycle) - kLowest) / kStep;
    auto at = static_cast<std::ptrdiff_t>(std::lround(first));
    Cycles result;
    for (float& value : result) {
      value = values_[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at, 0, kSize - 1))];
      at -= kStride;
    }
    return result;
  }

 private:
  static constexpr float kLowest = -3.5f, kStep = 0.01f;
  static constexpr std::size_t kSize = 701;
  static constexpr std::ptrdiff_t kStride = 4;  // table steps a cycle step
  std::array<float, kSize> values_;
};

class Model {
 public:
  explicit Model(const RhythmParameters& p)
      : parameters_(p),
        after_sinus_([&p](float u) {
          return (1 - p.wide_sinus_part - p.pause_part) * bell(u, p.sinus_spread) +
                 p.wide_sinus_part * bell(u, p.wide_sinus_spread) + p.pause_part * level(u, 0.1f, 2.2f);
        }),
        // After an ectopic beat the sinus node begins anew, at once or after a pause.
        after_ectopic_([](float u) {
          return 0.45f * bell(u - 0.03f, 0.1f) + 0.5f * level(u, -0.1f, 1.3f) + 0.05f * level(u, -1.2f, 2.2f);
        }),
        // A ventricular beat is followed by a pause, or lies between two sinus beats.
        after_ventricular_([](float u) {
          return 0.35f * bell(u - 0.05f, 0.1f) + 0.4f * level(u, -0.1f, 1.3f) + 0.25f * level(u, -1.2f, 0);
        }),
        premature_([&p](float u) { return early(u, p) / (kEarliest - p.prematurity); }),
        early_([&p](float u) { return u < -p.prematurity && u > -kEarliest ? 1 : kTiny; }),
        scattered_([&p](float u) { return bell(u, p.fibrillation_spread); }) {}

  Joint start() const {
    Joint joint;
    for (Cycles& cycles : joint) cycles.fill(0.1f);
    joint[kSinus].fill(0.8f);
    return joint;
  }

  // likelihoods[from][to]: of a beat of rhythm `to` after one of rhythm `from`, with the probability of the
  // change.
  using Likelihoods = std::array<Joint, kRhythms>;
  Likelihoods likelihoods(const RhythmBeat& beat, const RhythmBeat& before) const {
    const RhythmParameters& p = parameters_;
    const float log_rr = log_interval(beat);
    const bool after_ventricular = before.ventricular;
    const Cycles sinus = (after_ventricular ? after_ventricular_ : after_sinus_).of(log_rr);
    const Cycles resumed = after_ectopic_.of(log_rr), new_sinus = after_ventricular_.of(log_rr);
    const Cycles premature = premature_.of(log_rr), early = early_.of(log_rr),
                 scattered = scattered_.of(log_rr);
    const float no_p = std::exp(beat.no_p);
    const float other_p = std::exp(beat.other_p) * (after_ventricular ? kAfterVentricular : 1);
    const float still_other_p =
        std::exp(beat.other_p * p.p_in_run) * (after_ventricular ? kAfterVentricular : 1);
    const float same = bell(log_rr - log_interval(before), p.run_spread);
    const float run = !after_ventricular ? p.run_part : 0;
    const float begins = p.ectopic_begins, follows = p.run_begins, ends = p.run_ends;
    const float scatters = p.fibrillation_begins, settles = p.fibrillation_ends;
    Likelihoods result{};
    for (std::size_t k = 0; k < kCycles; ++k) {
      const float ectopic = premature[k] * other_p;
      const float in_run = ((1 - run) * premature[k] + run * same * early[k]) * still_other_p;
      const float back = after_ventricular ? std::max(resumed[k], new_sinus[k]) : resumed[k];
      result[kSinus][kSinus][k] = sinus[k] * (1 - begins - scatters);
      result[kSinus][kEctopic][k] = ectopic * begins;
      result[kEctopic][kSinus][k] = back * (1 - follows - scatters);
      result[kEctopic][kRun][k] = in_run * follows;
      result[kRun][kSinus][k] = back * (ends - scatters);
      result[kRun][kRun][k] = in_run * (1 - ends);
      for (const Rhythm from : {kSinus, kEctopic, kRun})
        result[from][kFibrillation][k] = scattered[k] * no_p * scatters;
      result[kFibrillation][kSinus][k] = sinus[k] * settles;
      result[kFibrillation][kEctopic][k] = ectopic * kOutOfFibrillation;
      result[kFibrillation][kFibrillation][k] = scattered[k] * no_p * (1 - settles - kOutOfFibrillation);
    }
    return result;
  }

  // The cycle moves by up to kReach steps, up or down alike.
  Cycles drifted(const Cycles& from) const {
    const float near = parameters_.cycle_changes * (1 - kFarStepPart);
    const float far = parameters_.cycle_changes * kFarStepPart, stay = 1 - 2 * parameters_.cycle_changes;
    std::array<float, kCycles + 2 * kReach> padded{};
    std::copy(from.begin(), from.end(), padded.begin() + kReach);
    Cycles result;
    for (std::size_t k = 0; k < kCycles; ++k)
      result[k] =
          stay * padded[k + 2] + near * (padded[k + 1] + padded[k + 3]) + far * (padded[k] + padded[k + 4]);
    return result;
  }

 private:
  static constexpr float kEarliest = 1.3f;

  static float early(float u, const RhythmParameters& p) {
    if (u <= -kEarliest) return 0;
    return 1 / (1 + std::exp((u + p.prematurity) / p.prematurity_edge));
  }
  static float log_interval(const RhythmBeat& beat) {
    return std::log(std::clamp(beat.rr, kShortestInterval, kLongestInterval));
  }

  RhythmParameters parameters_;
  Density after_sinus_, after_ectopic_, after_ventricular_, premature_, early_, scattered_;
};

void normalize(Joint& joint) {
  float highest = 0;
  for (const Cycles& cycles : joint)
    highest = std::max(highest, *std::max_element(cycles.begin(), cycles.end()));
  const float scale = 1 / std::max(highest, 1e-30f);
  for (Cycles& cycles : joint)
    for (float& x : cycles) x *= scale;
}

Joint forward(const Model& model, const Joint& before, const RhythmBeat& beat, const RhythmBeat& previous) {
  Joint drifted, result{};
  for (std::size_t from = 0; from < kRhythms; ++from) drifted[from] = model.drifted(before[from]);
  if (beat.ventricular) return drifted;
  const auto likelihoods = model.likelihoods(beat, previous);
  for (std::size_t from = 0; from < kRhythms; ++from)
    for (std::size_t to = 0; to < kRhythms; ++to)
      for (std::size_t k = 0; follows(from, to) && k < kCycles; ++k)
        result[to][k] += likelihoods[from][to][k] * drifted[from][k];
  normalize(result);
  return result;
}

Joint backward(const Model& model, const Joint& after, const RhythmBeat& beat, const RhythmBeat& previous) {
  Joint result{};
  if (beat.ventricular) {
    for (std::size_t from = 0; from < kRhythms; ++from) result[from] = model.drifted(after[from]);
    return result;
  }
  const auto likelihoods = model.likelihoods(beat, previous);
  for (std::size_t from = 0; from < kRhythms; ++from) {
    for (std::size_t to = 0; to < kRhythms; ++to)
      for (std::size_t k = 0; follows(from, to) && k < kCycles; ++k)
        result[from][k] += likelihoods[from][to][k] * after[to][k];
    result[from] = model.drifted(result[from]);
  }
  normalize(result);
  return result;
}

RhythmProbabilities combined(const Joint& before, const Joint& after) {
  std::array<float, kRhythms> sums{};
  for (std::size_t rhythm = 0; rhythm < kRhythms; ++rhythm)
    for (std::size_t k = 0; k < kCycles; ++k) sums[rhythm] += before[rhythm][k] * after[rhythm][k];
  const float total = std::max(1e-30f, std::accumulate(sums.begin(), sums.end(), 0.0f));
  return {sums[kSinus] / total, (sums[kEctopic] + sums[kRun]) / total, sums[kFibrillation] / total};
}

}  // namespace

std::vector<RhythmProbabilities> follow_rhythm(std::span<const RhythmBeat> beats,
                                               const RhythmParameters& parameters) {
  const Model model(parameters);
  std::vector<RhythmProbabilities> result(beats.size());
  std::vector<Joint> known;  // by beat, given this and all earlier beats
  for (std::size_t from = 0; from < beats.size(); from += kBlock) {
    const std::size_t to = std::min(beats.size(), from + kBlock),
                      end = std::min(beats.size(), to + kLookAhead);
    // The first of `known` is that of the last block's last beat.
    Joint last = known.empty() ? model.start() : known[std::min(known.size() - 1, kBlock - 1)];
    known.clear();
    for (std::size_t i = from; i < end; ++i) {
      last = i == 0 ? last : forward(model, last, beats[i], beats[i - 1]);
      known.push_back(last);
    }
    Joint after;
    for (Cycles& cycles : after) cycles.fill(1);
    for (std::size_t i = end; i-- > from;) {
      if (i < to) result[i] = combined(known[i - from], after);
      if (i > 0) after = backward(model, after, beats[i], beats[i - 1]);
    }
  }
  return result;
}

}  // namespace meridian::signal
