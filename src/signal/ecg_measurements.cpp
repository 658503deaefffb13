#include "signal/ecg_measurements.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "signal/gaps.h"
#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr double kLevelSeconds = 0.02;     // a period of 50 Hz mains, which so leaves no trace
constexpr double kUSeconds = 0.2;          // after the T wave, in which a U wave peaks
constexpr double kSmallestForAxis = 0.05;  // mV

class Medians {
 public:
  void add(std::optional<double> value) {
    if (value) values_.push_back(*value);
  }
  // Nothing unless most beats have the wave.
  std::optional<double> of_most(std::size_t beats) const {
    if (2 * values_.size() < beats || values_.empty()) return std::nullopt;
    return median(values_);
  }
  double value() const { return median(values_); }

 private:
  std::vector<double> values_;
};

double seconds_between(std::int64_t from, std::int64_t to, double frequency) {
  return static_cast<double>(to - from) / frequency;
}

EcgIntervals measure_intervals(const Delineation& delineation, std::span<const std::size_t> beats,
                               double frequency) {
  Medians p, pr, qrs, qt, t_onset, t_peak, st, t;
  for (const std::size_t beat : beats) {
    const BeatWaves& waves = delineation.global.beats[beat];
    qrs.add(seconds_between(waves.qrs.onset, waves.qrs.offset, frequency));
    if (waves.p) p.add(seconds_between(waves.p->onset, waves.p->offset, frequency));
    if (waves.p) pr.add(seconds_between(waves.p->onset, waves.qrs.onset, frequency));
    if (!waves.t) continue;
    qt.add(seconds_between(waves.qrs.onset, waves.t->offset, frequency));
    t_onset.add(seconds_between(waves.qrs.onset, waves.t->onset, frequency));
    t_peak.add(seconds_between(waves.qrs.onset, waves.t->peak, frequency));
    st.add(seconds_between(waves.qrs.offset, waves.t->onset, frequency));
    t.add(seconds_between(waves.t->onset, waves.t->offset, frequency));
  }
  const std::size_t count = beats.size();
  return {p.of_most(count),       pr.of_most(count),     qrs.of_most(count), qt.of_most(count),
          t_onset.of_most(count), t_peak.of_most(count), st.of_most(count),  t.of_most(count)};
}

class LeadMeasurer {
 public:
  LeadMeasurer(const Lead& lead, double frequency) : samples_(lead.samples), frequency_(frequency) {
    fill_gaps(samples_);
  }

  LeadMeasurements measure(const LeadWaves& waves, std::span<const std::size_t> beats) {
    for (const std::size_t beat : beats) {
      add(waves.beats[beat]);
      if (beat + 1 < waves.beats.size()) add_u(waves.beats[beat], waves.beats[beat + 1]);
    }
    LeadMeasurements result;
    result.lead = waves.lead;
    result.qrs = {q_.value(),          r_.value(),          s_.value(),          r_prime_.value(),
                  q_duration_.value(), r_duration_.value(), s_duration_.value(), r_prime_duration_.value(),
                  r_peak_time_.value()};
    result.p = p_.value();
    result.t = t_.value();
    result.u = u_.value();
    result.j = j_.value();
    result.st60 = st60_.value();
    result.st80 = st80_.value();
    result.st_slope = st_slope_.value();
    return result;
  }

 private:
  std::int64_t samples_of(double seconds) const { return std::llround(seconds * frequency_); }

  // Mean around a place.
  double level(double place) const {
    const std::int64_t half = samples_of(kLevelSeconds / 2), middle = std::llround(place);
    const auto last = static_cast<std::int64_t>(samples_.size()) - 1;
    double sum = 0;
    for (std::int64_t i = middle - half; i <= middle + half; ++i)
      sum += samples_[static_cast<std::size_t>(std::clamp<std::int64_t>(i, 0, last))];
    return sum / static_cast<double>(2 * half + 1);
  }

  void add(const BeatWaves& waves) {
    const auto onset = static_cast<double>(waves.qrs.onset), j = static_cast<double>(waves.qrs.offset);
    const double rest = level(onset - kLevelSeconds / 2 * frequency_);
    const auto parts =
        name_deflections(qrs_deflections(samples_, waves.qrs.onset, waves.qrs.offset, rest, frequency_),
                         waves.qrs.onset, frequency_);
    q_.add(parts.q);
    r_.add(parts.r);
    s_.add(parts.s);
    r_prime_.add(parts.r_prime);
    q_duration_.add(parts.q_duration);
    r_duration_.add(parts.r_duration);
    s_duration_.add(parts.s_duration);
    r_prime_duration_.add(parts.r_prime_duration);
    r_peak_time_.add(parts.r_peak_time);
    const auto after_j = [&](double seconds) { return level(j + seconds * frequency_) - rest; };
    j_.add(after_j(kLevelSeconds / 2));
    st60_.add(after_j(0.06));
    st80_.add(after_j(0.08));
    st_slope_.add((after_j(0.08) - after_j(0.02)) / 0.06);
    if (waves.p)
      p_.add(level(static_cast<double>(waves.p->peak)) - level(static_cast<double>(waves.p->onset)));
    if (waves.t) t_.add(level(static_cast<double>(waves.t->peak)) - rest);
  }

  // Over the level before the next QRS complex: the baseline may have moved since this one.
  void add_u(const BeatWaves& waves, const BeatWaves& next) {
    if (!waves.t) return;
    const std::int64_t from = waves.t->offset + samples_of(kLevelSeconds);
    const std::int64_t to = std::min(from + samples_of(kUSeconds),
                                     (next.p ? next.p->onset : next.qrs.onset) - samples_of(kLevelSeconds));
    const double rest = level(static_cast<double>(next.qrs.onset) - kLevelSeconds / 2 * frequency_);
    double highest = 0;
    for (std::int64_t i = from; i < to; i += std::max<std::int64_t>(1, samples_of(kLevelSeconds / 4)))
      highest = std::max(highest, level(static_cast<double>(i)) - rest);
    u_.add(highest);
  }

  std::vector<float> samples_;
  double frequency_;
  Medians q_, r_, s_, r_prime_, q_duration_, r_duration_, s_duration_, r_prime_duration_, r_peak_time_;
  Medians p_, t_, u_, j_, st60_, st80_, st_slope_;
};

// From the frontal leads I and aVF (2/sqrt(3) as far apart from the heart as I), or I and II.
template <typename Value>
std::optional<double> axis(const EcgMeasurements& measurements, Value value) {
  const LeadMeasurements* i = measurements.lead("I");
  const LeadMeasurements* foot = measurements.lead("aVF");
  const LeadMeasurements* ii = measurements.lead("II");
  if (!i || (!foot && !ii)) return std::nullopt;
  const double x = value(*i), avf = foot ? value(*foot) : value(*ii) - x / 2;
  const double y = avf * 2 / std::numbers::sqrt3;
  if (std::hypot(x, y) < kSmallestForAxis) return std::nullopt;
  return std::atan2(y, x) * 180 / std::numbers::pi;
}

}  // namespace

CorrectedQt correct_qt(double qt, double rr) {
  return {qt / std::sqrt(rr), qt / std::cbrt(rr), qt + 0.154 * (1 - rr), qt + 0.00175 * (60 / rr - 60)};
}

const LeadMeasurements* EcgMeasurements::lead(std::string_view name) const {
  const auto found = std::find_if(leads.begin(), leads.end(),
                                  [&](const LeadMeasurements& measured) { return measured.lead == name; });
  return found == leads.end() ? nullptr : &*found;
}

EcgMeasurements measure_ecg(const Recording& recording, const Delineation& delineation,
                            std::span<const std::size_t> beats) {
  EcgMeasurements result;
  result.beats = beats.size();
  if (beats.empty()) return result;
  result.intervals = measure_intervals(delineation, beats, recording.sampling_frequency);
  for (std::size_t l = 0; l < delineation.leads.size(); ++l)
    if (!delineation.leads[l].beats.empty())
      result.leads.push_back(LeadMeasurer(recording.leads[l], recording.sampling_frequency)
                                 .measure(delineation.leads[l], beats));
  result.qrs_axis = axis(result, [](const LeadMeasurements& lead) { return lead.qrs_net(); });
  result.p_axis = axis(result, [](const LeadMeasurements& lead) { return lead.p; });
  result.t_axis = axis(result, [](const LeadMeasurements& lead) { return lead.t; });
  return result;
}

}  // namespace meridian::signal
