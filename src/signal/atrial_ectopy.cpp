#include "signal/atrial_ectopy.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr BeatWindow kPWaveWindow{-0.24, -0.07};
constexpr float kUsualShape = 0.8f;     // correlation with the dominant QRS complex
constexpr float kLongestCycle = 2.5f;   // s
constexpr std::size_t kMinutes = 60;    // beats before and after
constexpr double kSlowQuantile = 0.95;  // of RR intervals; where ectopic beats abound, few others are left
constexpr std::size_t kRenew = 4;       // beats that share one cycle
constexpr float kSlowPart = 0.88f;      // of the cycle; a beat that comes later is the sinus node's
constexpr std::size_t kFewestUsual = 10;
constexpr std::size_t kNear = 25;  // sinus beats before and after that give the P wave
constexpr float kTiny = 0.02f;     // of the recording's QRS
// Log likelihood ratio by the logarithm of a beat's difference over that of the sinus beats around.
constexpr float kOtherSlope = 2.2f, kOtherMiddle = 0.6f, kOtherLeast = -2.5f, kOtherMost = 3;
// By the logarithm of the scatter of the sinus beats' P windows over the root mean square of their mean.
constexpr float kNoneSlope = 2, kNoneMiddle = 0.325f, kNoneMost = 1.5f;

std::vector<char> of_usual_shape(const BeatSeries& series) {
  const BeatShape& dominant = series.groups.means[series.groups.dominant];
  std::vector<char> usual;
  for (std::size_t i = 0; i < series.size(); ++i)
    usual.push_back(correlation(series.shapes.shape(i, kQrsWindow), dominant) > kUsualShape ? 1 : 0);
  return usual;
}

// Beats that come as late as the slowest of the minutes around, and so from the sinus node; only intervals
// between two beats of the usual shape tell.
std::vector<std::size_t> sinus_beats(const BeatSeries& series) {
  const std::vector<char> usual = of_usual_shape(series);
  const std::vector<float>& rr = series.timing.rr;
  const auto tells = [&](std::size_t i) {
    return usual[i] && (i == 0 || usual[i - 1]) && rr[i] < kLongestCycle;
  };
  std::vector<std::size_t> slow, all;
  std::vector<float> around;
  float cycle = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (i % kRenew == 0) {
      around.clear();
      for (std::size_t k = i > kMinutes ? i - kMinutes : 0; k < std::min(series.size(), i + kMinutes + 1);
           ++k)
        if (tells(k)) around.push_back(rr[k]);
      cycle = quantile_in_place(around, kSlowQuantile);
    }
    if (usual[i]) all.push_back(i);
    if (tells(i) && rr[i] > kSlowPart * cycle) slow.push_back(i);
  }
  if (slow.size() >= kFewestUsual) return slow;
  return all;
}

// The sum of the P windows of some sinus beats, which follows the beats along the recording.
class PWaveAround {
 public:
  PWaveAround(const BeatSeries& series, const std::vector<std::size_t>& sinus)
      : series_(series), sinus_(sinus) {}

  // Of a beat's P window: the root mean square of the mean of the sinus beats around, itself left out, and of
  // its own difference to that.
  struct Comparison {
    float usual = 0, difference = 0;
  };
  Comparison compare(std::size_t beat) {
    const auto next =
        static_cast<std::size_t>(std::lower_bound(sinus_.begin(), sinus_.end(), beat) - sinus_.begin());
    const std::size_t from = next > kNear ? next - kNear : 0, to = std::min(sinus_.size(), next + kNear);
    for (; to_ < to; ++to_) add(sinus_[to_], 1);
    for (; from_ < from; ++from_) add(sinus_[from_], -1);
    const BeatShape own = series_.shapes.shape(beat, kPWaveWindow);
    const bool within = next < to && sinus_[next] == beat;
    const double count = static_cast<double>(to - from) - (within ? 1 : 0);
    if (count < 1) return {};
    double squares = 0, usual = 0;
    for (std::size_t k = 0; k < own.size(); ++k) {
      const double mean = (sum_[k] - (within ? static_cast<double>(own[k]) : 0)) / count;
      squares += (own[k] - mean) * (own[k] - mean);
      usual += mean * mean;
    }
    const auto size = static_cast<double>(std::max<std::size_t>(1, own.size()));
    return {static_cast<float>(std::sqrt(usual / size)), static_cast<float>(std::sqrt(squares / size))};
  }

 private:
  void add(std::size_t beat, double sign) {
    const BeatShape shape = series_.shapes.shape(beat, kPWaveWindow);
    sum_.resize(shape.size(), 0);
    for (std::size_t k = 0; k < shape.size(); ++k) sum_[k] += sign * static_cast<double>(shape[k]);
  }

  const BeatSeries& series_;
  const std::vector<std::size_t>& sinus_;
  std::size_t from_ = 0, to_ = 0;
  std::vector<double> sum_;
};

std::vector<RhythmBeat> rhythm_beats(const BeatSeries& series, const std::vector<char>& ventricular) {
  const std::vector<std::size_t> sinus = sinus_beats(series);
  PWaveAround p_wave(series, sinus);
  std::vector<PWaveAround::Comparison> compared;
  for (std::size_t i = 0; i < series.size(); ++i) compared.push_back(p_wave.compare(i));
  std::vector<RhythmBeat> beats;
  std::vector<float> usual;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const auto next =
        static_cast<std::size_t>(std::lower_bound(sinus.begin(), sinus.end(), i) - sinus.begin());
    usual.clear();
    for (std::size_t k = next > kNear ? next - kNear : 0; k < std::min(sinus.size(), next + kNear); ++k)
      if (sinus[k] != i) usual.push_back(compared[sinus[k]].difference);
    beats.push_back({series.timing.rr[i], ventricular[i] != 0});
    if (usual.empty()) continue;
    const float scatter = quantile_in_place(usual, 0.5) + kTiny;
    const float other = std::log((compared[i].difference + kTiny) / scatter);
    const float none = std::log(scatter / (compared[i].usual + kTiny));
    beats.back().other_p = std::clamp(kOtherSlope * (other - kOtherMiddle), kOtherLeast, kOtherMost);
    beats.back().no_p = std::clamp(kNoneSlope * (none - kNoneMiddle), -kNoneMost, kNoneMost);
  }
  return beats;
}

}  // namespace

std::vector<RhythmProbabilities> atrial_rhythm(const BeatSeries& series,
                                               const std::vector<char>& ventricular) {
  return follow_rhythm(rhythm_beats(series, ventricular));
}

}  // namespace meridian::signal
