#include "assistants/ecg/analysis.h"

#include <algorithm>
#include <cmath>

#include "assistants/ecg/beat_classes.h"
#include "assistants/ecg/waves.h"
#include "signal/atrial_waves.h"
#include "signal/paced_beats.h"
#include "signal/pacing_spikes.h"
#include "signal/qrs_detector.h"

namespace meridian::assistants::ecg {
namespace {

// A recording up to a minute is judged as a whole, as the model was trained; a longer one by stretches, of
// which two neighbours must agree, so that one disturbed stretch raises no alarm. 30 s is the least that is
// called an episode of atrial fibrillation (ESC guideline 2020).
constexpr double kWholeSeconds = 61, kStretchSeconds = 30, kStepSeconds = 15;
constexpr double kPauseSeconds = 3;
constexpr double kLeastForTrend = 600;  // s
constexpr double kMostEctopic = 0.2;    // of the beats, for the atria to be followed

using Beats = std::vector<std::int64_t>;

std::span<const std::int64_t> beats_between(const Beats& beats, double from, double to, double frequency) {
  const auto first = std::lower_bound(beats.begin(), beats.end(), std::llround(from * frequency));
  const auto last = std::lower_bound(first, beats.end(), std::llround(to * frequency));
  return {first, last};
}

struct Stretch {
  Interval interval;
  double probability;
};

std::vector<Stretch> assess_stretches(const Beats& beats, const signal::Recording& recording,
                                      const signal::RepeatingActivity& activity, const LogisticModel& model) {
  const double length = recording.seconds();
  const double width = length <= kWholeSeconds ? length : kStretchSeconds;
  std::vector<Stretch> stretches;
  for (double from = 0; from + width <= length + 1e-6; from += kStepSeconds) {
    const auto within = beats_between(beats, from, from + width, recording.sampling_frequency);
    if (const auto features = signal::fibrillation_features(within, activity))
      stretches.push_back({{from, from + width}, model.probability(*features)});
    if (width == length) break;
  }
  return stretches;
}

// What each stretch and one of its neighbours both reach.
std::vector<double> agreed(const std::vector<Stretch>& stretches) {
  if (stretches.size() == 1) return {stretches.front().probability};
  std::vector<double> result;
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    double neighbour = 0;
    if (i > 0) neighbour = stretches[i - 1].probability;
    if (i + 1 < stretches.size()) neighbour = std::max(neighbour, stretches[i + 1].probability);
    result.push_back(std::min(stretches[i].probability, neighbour));
  }
  return result;
}

std::optional<Fibrillation> find_fibrillation(const Beats& beats, const signal::Recording& recording,
                                              const signal::RepeatingActivity& activity,
                                              const LogisticModel& model, double threshold) {
  const std::vector<Stretch> stretches = assess_stretches(beats, recording, activity, model);
  if (stretches.empty()) return std::nullopt;
  const std::vector<double> probabilities = agreed(stretches);
  Fibrillation result;
  std::size_t above = 0;
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    result.probability = std::max(result.probability, probabilities[i]);
    if (probabilities[i] < threshold) continue;
    ++above;
    const Interval& interval = stretches[i].interval;
    if (!result.episodes.empty() && interval.from <= result.episodes.back().to)
      result.episodes.back().to = interval.to;
    else
      result.episodes.push_back(interval);
  }
  result.part = static_cast<double>(above) / static_cast<double>(stretches.size());
  return result;
}

bool usable_throughout(const std::vector<signal::LeadQuality>& quality, const Interval& interval) {
  return std::any_of(quality.begin(), quality.end(), [&](const signal::LeadQuality& lead) {
    const auto from = static_cast<std::size_t>(interval.from), to = static_cast<std::size_t>(interval.to);
    for (std::size_t s = from; s <= to && s < lead.seconds.size(); ++s) {
      const signal::Quality q = lead.seconds[s];
      if (q == signal::Quality::missing || q == signal::Quality::noisy || q == signal::Quality::saturated)
        return false;
    }
    return true;
  });
}

std::vector<Interval> find_pauses(const Analysis& analysis, double frequency) {
  std::vector<Interval> pauses;
  for (std::size_t i = 1; i < analysis.beats.size(); ++i) {
    const Interval interval{static_cast<double>(analysis.beats[i - 1]) / frequency,
                            static_cast<double>(analysis.beats[i]) / frequency};
    if (interval.to - interval.from > kPauseSeconds && usable_throughout(analysis.quality, interval))
      pauses.push_back(interval);
  }
  return pauses;
}

bool may_be_blocked(const Analysis& analysis) {
  if (analysis.paced > 0 || (analysis.fibrillation && !analysis.fibrillation->episodes.empty())) return false;
  const auto normal = std::count(analysis.classes.begin(), analysis.classes.end(), 'N');
  const auto beats = static_cast<double>(analysis.classes.size());
  return beats > 0 && static_cast<double>(normal) >= (1 - kMostEctopic) * beats;
}

std::optional<signal::AvConduction> find_block(const signal::Recording& recording, const Analysis& analysis) {
  if (!may_be_blocked(analysis)) return std::nullopt;
  const auto atria = signal::follow_atria(recording, *analysis.waves);
  if (!atria) return std::nullopt;
  std::vector<double> onsets;
  for (const signal::BeatWaves& beat : analysis.waves->global.beats)
    onsets.push_back(static_cast<double>(beat.qrs.onset) / recording.sampling_frequency);
  return signal::av_conduction(*atria, onsets);
}

// QT at a sample: of the excerpt before it, or of the whole short recording; 0: none was measured.
double qt_at(const Analysis& analysis, std::int64_t sample, double frequency) {
  if (analysis.measured) return analysis.measured->intervals.qt.value_or(0);
  double qt = 0;
  for (const Excerpt& excerpt : analysis.excerpts)
    if (excerpt.intervals.qt && (qt == 0 || excerpt.from * frequency <= static_cast<double>(sample)))
      qt = *excerpt.intervals.qt;
  return qt;
}

void follow_st(const signal::Recording& recording, Analysis& analysis) {
  if (recording.seconds() < kLeastForTrend) return;
  std::vector<signal::QrsReach> reaches;
  for (const Excerpt& excerpt : analysis.excerpts) reaches.push_back(excerpt.reach);
  analysis.st = signal::st_trend(recording, analysis.beats, analysis.classes, reaches);
  analysis.st_episodes = signal::st_episodes(analysis.st);
}

void analyse_clean(const signal::Recording& recording, const Models& models, double threshold,
                   Analysis& analysis) {
  const signal::RepeatingActivity activity(recording);
  analysis.beats = signal::detect_qrs(recording);
  analysis.classes = classify_beats(analysis.beats, activity, models.beats);
  const std::vector<char> paced = signal::find_paced_beats(recording, analysis.beats);
  analysis.paced = static_cast<std::size_t>(std::count(paced.begin(), paced.end(), 1));
  mark_unclassifiable(analysis.beats, paced, analysis.quality, recording.sampling_frequency,
                      analysis.classes);
  analysis.ectopy = find_ectopy(analysis.classes, analysis.beats, recording.sampling_frequency);
  analysis.intervals = signal::rr_intervals(analysis.beats, recording.sampling_frequency);
  analysis.rr = signal::rr_statistics(analysis.intervals);
  analysis.pauses = find_pauses(analysis, recording.sampling_frequency);
  analysis.fibrillation =
      find_fibrillation(analysis.beats, recording, activity, models.fibrillation, threshold);
  if (recording.seconds() <= kWholeSeconds)
    analysis.fibrillation_features = signal::fibrillation_features(analysis.beats, activity);
  if (recording.seconds() <= kLongestDelineated) {
    analysis.pacing_spikes = signal::find_pacing_spikes(recording);
    analysis.waves = find_waves(recording, analysis.beats, models.p_waves);
    analysis.measured = signal::measure_ecg(recording, *analysis.waves,
                                            beats_to_measure(analysis.classes, analysis.beats.size()));
    if (analysis.paced == 0) analysis.flutter = signal::find_flutter(recording, analysis.beats);
    if (!analysis.flutter) analysis.conduction = find_block(recording, analysis);
  } else {
    analysis.excerpts =
        measure_excerpts(recording, analysis.quality, analysis.beats, analysis.classes, models.p_waves);
    follow_st(recording, analysis);
  }
  const double frequency = recording.sampling_frequency;
  analysis.r_on_t = find_r_on_t(analysis.beats, analysis.classes, frequency,
                                [&](std::int64_t sample) { return qt_at(analysis, sample, frequency); });
}

}  // namespace

Analysis assess(const signal::Recording& recording) {
  Analysis analysis;
  analysis.mains = signal::find_mains(recording);
  analysis.quality = signal::assess_quality(recording, analysis.mains);
  analysis.usable_part = signal::usable_part(analysis.quality);
  return analysis;
}

void analyse(const signal::Recording& recording, const Models& models, double threshold, Analysis& analysis) {
  if (analysis.mains.empty()) return analyse_clean(recording, models, threshold, analysis);
  analyse_clean(signal::without_mains(recording, analysis.mains), models, threshold, analysis);
}

}  // namespace meridian::assistants::ecg
