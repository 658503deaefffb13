#include "signal/qrs_detector.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "signal/qrs_activity.h"
#include "signal/qrs_shape.h"
#include "signal/resample.h"
#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr double kWorkingFrequency = 250;   // Hz; faster recordings are thinned by a whole factor
constexpr double kRefractorySeconds = 0.2;  // no heart beats twice in it (Pan and Tompkins 1985)
constexpr double kTWaveSeconds = 0.36;      // a T wave may follow within it (ibid.)
constexpr float kSmallestCandidate = 0.1f, kSurelyBeat = 0.4f;  // of fused activity
constexpr double kEdgeSeconds = 0.06;                           // a complex nearer to an end is cut
constexpr int kRounds = 3;

// Threshold = (kBase + kNoiseShare * activity between beats) * rhythm factor * shape factor.
constexpr float kBase = 0.22f, kNoiseShare = 0.8f;
constexpr double kNoiseQuantile = 0.85, kNoiseReachSeconds = 2, kBeatHalfSeconds = 0.14;

// A straight line between two points, level beyond them.
struct Ramp {
  float x0, y0, x1, y1;
  float at(float x) const {
    if (x <= x0) return y0;
    if (x >= x1) return y1;
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
  }
};
// By the time between the beats before and after, in RR intervals: a beat that fills a gap of two is
// expected, one within a normal interval is not.
constexpr Ramp kRhythmFactor{1.2f, 1.5f, 1.6f, 0.65f};
// By the correlation with the shapes around.
constexpr Ramp kShapeFactor{0.4f, 1.8f, 0.8f, 1.0f};
constexpr float kTWaveGap = 1.9f;        // RR intervals; in a longer gap an early small peak may be a beat
constexpr std::size_t kRhythmReach = 8;  // beats before and after that give the RR interval

class Detector {
 public:
  explicit Detector(const Recording& recording) : activity_(recording) {
    find_candidates();
    accepted_.assign(candidates_.size(), 0);
    for (std::size_t k = 0; k < candidates_.size(); ++k) accepted_[k] = height(k) > kSurelyBeat;
  }

  std::vector<std::size_t> beats() {
    const std::vector<float> noise = noise_between_beats();
    const ShapeComparison shapes(activity_, candidates_);
    for (int round = 0; round < kRounds; ++round) {
      if (std::count(accepted_.begin(), accepted_.end(), 1) < 3) break;
      const std::vector<char> before = accepted_;
      decide(noise, shapes.similarity(accepted_));
      if (accepted_ == before) break;
    }
    return accepted_samples();
  }

  const QrsActivity& activity() const { return activity_; }

 private:
  float height(std::size_t k) const { return activity_.fused()[candidates_[k]]; }
  std::size_t samples_of(double seconds) const {
    return static_cast<std::size_t>(std::lround(seconds * activity_.sampling_frequency()));
  }

  std::vector<std::size_t> accepted_samples() const {
    std::vector<std::size_t> samples;
    for (std::size_t k = 0; k < candidates_.size(); ++k)
      if (accepted_[k]) samples.push_back(candidates_[k]);
    return samples;
  }

  // The highest local maxima with the refractory period between them.
  void find_candidates() {
    const std::vector<float>& x = activity_.fused();
    const std::size_t refractory = samples_of(kRefractorySeconds);
    const std::size_t edge = std::max<std::size_t>(1, samples_of(kEdgeSeconds));
    for (std::size_t i = edge; i + edge < x.size(); ++i) {
      if (!(x[i] > kSmallestCandidate && x[i] >= x[i - 1] && x[i] > x[i + 1])) continue;
      if (candidates_.empty() || i - candidates_.back() >= refractory)
        candidates_.push_back(i);
      else if (x[i] > x[candidates_.back()])
        candidates_.back() = i;
    }
  }

  // A high quantile, by second, of the activity that is not within an accepted beat.
  std::vector<float> noise_between_beats() const {
    const std::vector<float>& x = activity_.fused();
    std::vector<char> in_beat(x.size(), 0);
    const std::size_t half = samples_of(kBeatHalfSeconds);
    for (const std::size_t beat : accepted_samples())
      std::fill(in_beat.begin() + static_cast<std::ptrdiff_t>(beat > half ? beat - half : 0),
                in_beat.begin() + static_cast<std::ptrdiff_t>(std::min(x.size(), beat + half)), 1);
    const std::size_t second = samples_of(1), reach = samples_of(kNoiseReachSeconds);
    constexpr std::size_t kStep = 6, kFewest = 10;
    std::vector<float> noise, rest;
    for (std::size_t from = 0; from < x.size(); from += second) {
      rest.clear();
      for (std::size_t i = from > reach ? from - reach : 0; i < std::min(x.size(), from + second + reach);
           i += kStep)
        if (!in_beat[i]) rest.push_back(x[i]);
      noise.push_back(rest.size() > kFewest ? quantile_in_place(rest, kNoiseQuantile) : kSmallestCandidate);
    }
    return noise;
  }

  // The median RR interval around each accepted beat.
  std::vector<float> local_intervals(const std::vector<std::size_t>& beats) const {
    std::vector<float> intervals;
    for (std::size_t i = 0; i < beats.size(); ++i) {
      const std::size_t from = i > kRhythmReach ? i - kRhythmReach : 0;
      const std::size_t to = std::min(beats.size() - 1, i + kRhythmReach);
      std::vector<float> near;
      for (std::size_t j = from; j < to; ++j) near.push_back(static_cast<float>(beats[j + 1] - beats[j]));
      intervals.push_back(median(std::move(near)));
    }
    return intervals;
  }

  void decide(const std::vector<float>& noise, const std::vector<float>& similarity) {
    const std::vector<std::size_t> beats = accepted_samples();
    const std::vector<float> intervals = local_intervals(beats);
    const std::size_t second = samples_of(1);
    std::optional<std::size_t> previous;
    for (std::size_t k = 0; k < candidates_.size(); ++k) {
      const std::size_t at = candidates_[k];
      const auto place = std::upper_bound(beats.begin(), beats.end(), at) - beats.begin();
      const auto next = static_cast<std::size_t>(place);
      const float interval =
          intervals[std::min(beats.size() - 1, next > 0 && beats[next - 1] == at ? next - 1 : next)];
      const bool within = previous && next < beats.size();
      const float gap = within ? static_cast<float>(beats[next] - candidates_[*previous]) / interval : 2.0f;
      const bool t_wave = previous && at - candidates_[*previous] < samples_of(kTWaveSeconds) &&
                          height(k) < 0.5f * height(*previous) && gap < kTWaveGap;
      const float threshold = (kBase + kNoiseShare * noise[std::min(noise.size() - 1, at / second)]) *
                              kRhythmFactor.at(gap) * kShapeFactor.at(similarity[k]);
      accepted_[k] = height(k) > threshold && !t_wave;
      if (accepted_[k]) previous = k;
    }
  }

  QrsActivity activity_;
  std::vector<std::size_t> candidates_;
  std::vector<char> accepted_;
};

// The lead that has the greatest weight at the beats: all beats are placed by it, so that RR intervals do not
// jump.
std::size_t leading_lead(const QrsActivity& activity, const std::vector<std::size_t>& beats) {
  std::size_t best = 0;
  float best_weight = -1;
  for (std::size_t l = 0; l < activity.leads().size(); ++l) {
    float weight = 0;
    for (const std::size_t beat : beats) weight += activity.weight(l, beat);
    if (weight > best_weight) {
      best = l;
      best_weight = weight;
    }
  }
  return best;
}

}  // namespace

std::vector<std::int64_t> detect_qrs(const Recording& recording) {
  if (recording.length() == 0 || !(recording.sampling_frequency > 0)) return {};
  const auto factor =
      std::max<std::size_t>(1, static_cast<std::size_t>(recording.sampling_frequency / kWorkingFrequency));
  const Recording thinned = factor == 1 ? Recording{} : decimate(recording, factor);
  Detector detector(factor == 1 ? recording : thinned);
  const std::vector<std::size_t> beats = detector.beats();
  if (beats.empty()) return {};
  const QrsActivity& activity = detector.activity();
  const std::vector<float>& lead = activity.leads()[leading_lead(activity, beats)].band_passed;
  constexpr double kPlacingSeconds = 0.05;
  const auto reach = static_cast<std::size_t>(kPlacingSeconds * activity.sampling_frequency());
  std::vector<std::int64_t> placed;
  for (const std::size_t beat : beats)
    placed.push_back(static_cast<std::int64_t>(main_deflection(lead, beat, reach) * factor));
  return placed;
}

}  // namespace meridian::signal
