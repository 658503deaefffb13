#include "assistants/ecg/long_recording.h"

#include <algorithm>
#include <cmath>

#include "assistants/ecg/wording.h"
#include "signal/heart_rate_variability.h"
#include "signal/long_spectrum.h"

namespace meridian::assistants::ecg {
namespace {

using engine::Finding;
using engine::Measurement;

constexpr double kHour = 3600, kLeastOfHour = 60;  // s
constexpr std::size_t kRateIntervals = 8;          // that a highest or lowest rate is the mean of
constexpr double kLongestInterval = 3;             // s; beyond, the signal may be missing

double overlap(const Interval& a, double from, double to) {
  return std::max(0.0, std::min(a.to, to) - std::max(a.from, from));
}

void add_rates(const std::vector<std::int64_t>& beats, std::size_t first, std::size_t last, double frequency,
               Hour& hour) {
  double sum = 0, count = 0;
  std::size_t in_row = 0;
  for (std::size_t i = std::max<std::size_t>(first, 1); i < last; ++i) {
    const double interval = static_cast<double>(beats[i] - beats[i - 1]) / frequency;
    in_row = interval <= kLongestInterval ? in_row + 1 : 0;
    if (in_row == 0) continue;
    sum += interval;
    ++count;
    if (in_row < kRateIntervals || i < kRateIntervals) continue;
    const double seconds = static_cast<double>(beats[i] - beats[i - kRateIntervals]) / frequency;
    const double rate = 60 * static_cast<double>(kRateIntervals) / seconds;
    hour.lowest_rate = hour.lowest_rate == 0 ? rate : std::min(hour.lowest_rate, rate);
    hour.highest_rate = std::max(hour.highest_rate, rate);
  }
  if (sum > 0) hour.mean_rate = 60 * count / sum;
}

Measurement rounded(const char* code, const char* display, const char* name_zh, double value,
                    const std::string& unit, int decimals) {
  const double scale = std::pow(10, decimals);
  const std::string number = print("%.*f", decimals, value);
  return {{kOwn, code, display},
          name_zh,
          std::round(value * scale) / scale,
          unit,
          unit == "1" ? number : number + " " + unit};
}

const engine::Coding kVariability{kOwn, "heart-rate-variability", "Heart rate variability"};

// What lies outside episodes of suspected atrial fibrillation: the Task Force's measures are of sinus rhythm.
std::vector<signal::NormalInterval> in_sinus_rhythm(std::vector<signal::NormalInterval> intervals,
                                                    const std::vector<Interval>& episodes) {
  std::erase_if(intervals, [&](const signal::NormalInterval& one) {
    return std::any_of(episodes.begin(), episodes.end(), [&](const Interval& episode) {
      return one.end > episode.from && one.end - one.length < episode.to;
    });
  });
  return intervals;
}

double seconds_of(const std::vector<signal::NormalInterval>& intervals) {
  double sum = 0;
  for (const signal::NormalInterval& one : intervals) sum += one.length;
  return sum;
}

Finding refused_variability(double fibrillation) {
  Finding finding;
  finding.code = kVariability;
  finding.text = {print("Heart rate variability is not given, because atrial fibrillation is suspected in "
                        "%.0f %% of the time and less than 5 minutes are left.",
                        100 * fibrillation),
                  print("未给出心率变异性：%.0f%%的时间疑似心房颤动，其余不足5分钟。", 100 * fibrillation)};
  return finding;
}

void add_powers(const signal::HeartRateVariability& found, std::vector<Measurement>& measurements) {
  for (const Measurement& power :
       {rounded("hrv-total", "Power up to 0.4 Hz, of 5 minutes", "总功率（0.4Hz以下，5分钟）", found.total(),
                "ms2", 0),
        rounded("hrv-vlf", "Power up to 0.04 Hz, of 5 minutes (VLF)", "极低频功率（VLF，5分钟）",
                found.very_low, "ms2", 0),
        rounded("hrv-lf", "Power from 0.04 to 0.15 Hz (LF)", "低频功率（LF）", found.low, "ms2", 0),
        rounded("hrv-hf", "Power from 0.15 to 0.4 Hz (HF)", "高频功率（HF）", found.high, "ms2", 0),
        rounded("hrv-lf-nu", "LF in normalised units", "低频功率标化值（LF n.u.）", 100 * found.low_share(),
                "%", 1),
        rounded("hrv-hf-nu", "HF in normalised units", "高频功率标化值（HF n.u.）", 100 * found.high_share(),
                "%", 1)})
    measurements.push_back(power);
  if (found.high > 0)
    measurements.push_back(
        rounded("hrv-lf-hf", "LF over HF", "低频高频比（LF/HF）", found.low / found.high, "1", 2));
}

void add_day(const signal::LongSpectrum& day, std::vector<Measurement>& measurements) {
  measurements.push_back(rounded("hrv-ulf", "Power up to 0.003 Hz, of the whole recording (ULF)",
                                 "超低频功率（ULF，全程）", day.ultra_low, "ms2", 0));
  measurements.push_back(rounded("hrv-slope", "Slope of the spectrum from 0.0001 to 0.01 Hz", "频谱斜率（α）",
                                 day.slope, "1", 2));
}

Finding variability(const signal::HeartRateVariability& found, const std::optional<signal::LongSpectrum>& day,
                    bool out_of_fibrillation) {
  Finding finding;
  finding.code = kVariability;
  finding.text = {print("Heart rate variability of %zu normal intervals: SDNN %.0f ms, RMSSD %.0f ms.",
                        found.intervals, found.sdnn, found.rmssd),
                  print("心率变异性（%zu个正常间期）：SDNN %.0f毫秒，RMSSD %.0f毫秒。", found.intervals,
                        found.sdnn, found.rmssd)};
  if (out_of_fibrillation) {
    finding.text.en += " Stretches in which atrial fibrillation is suspected are left out.";
    finding.text.zh += "疑似心房颤动的时段未计入。";
  }
  finding.measurements = {
      rounded("hrv-sdnn", "SDNN", "正常间期标准差（SDNN）", found.sdnn, "ms", 0),
      rounded("hrv-rmssd", "RMSSD", "相邻差值均方根（RMSSD）", found.rmssd, "ms", 0),
      rounded("hrv-sdsd", "SDSD", "相邻差值标准差（SDSD）", found.sdsd, "ms", 0),
      counted("hrv-nn50", "NN50", "相邻差值大于50毫秒的个数（NN50）", found.nn50),
      rounded("hrv-tinn", "TINN", "三角插值基底宽度（TINN）", found.tinn, "ms", 0),
      rounded("hrv-pnn50", "pNN50", "相邻差值大于50毫秒的比例（pNN50）", 100 * found.pnn50, "%", 1),
      rounded("hrv-triangular-index", "HRV triangular index", "三角指数", found.triangular_index, "1", 1)};
  if (found.sdann)
    finding.measurements.push_back(
        rounded("hrv-sdann", "SDANN", "5分钟均值标准差（SDANN）", *found.sdann, "ms", 0));
  if (found.sdnn_index)
    finding.measurements.push_back(
        rounded("hrv-sdnn-index", "SDNN index", "5分钟标准差均值（SDNN指数）", *found.sdnn_index, "ms", 0));
  if (found.stretches > 0) add_powers(found, finding.measurements);
  if (day) add_day(*day, finding.measurements);
  return finding;
}

Json json_of(const Hour& hour) {
  const auto tenths = [](double value) { return Json(std::round(value * 10) / 10); };
  const auto count = [](std::size_t value) { return Json(static_cast<std::int64_t>(value)); };
  return Json::object({{"from", hour.from},
                       {"mean_rate", tenths(hour.mean_rate)},
                       {"lowest_rate", tenths(hour.lowest_rate)},
                       {"highest_rate", tenths(hour.highest_rate)},
                       {"beats", count(hour.beats)},
                       {"ventricular", count(hour.ventricular)},
                       {"supraventricular", count(hour.supraventricular)},
                       {"pauses", count(hour.pauses)},
                       {"fibrillation_seconds", tenths(hour.fibrillation)},
                       {"qtc_ms", hour.qtc ? Json(std::round(1000 * *hour.qtc)) : Json()}});
}

Finding course(const std::vector<Hour>& hours, const Analysis& analysis) {
  double lowest = 0, highest = 0;
  Json trend = Json::array();
  for (const Hour& hour : hours) {
    if (hour.lowest_rate > 0) lowest = lowest == 0 ? hour.lowest_rate : std::min(lowest, hour.lowest_rate);
    highest = std::max(highest, hour.highest_rate);
    trend.push_back(json_of(hour));
  }
  Finding finding;
  finding.code = {kOwn, "course", "Course of the recording"};
  finding.text = {print("%zu beats in %zu hours; heart rate %.0f to %.0f/min (means of %zu intervals).",
                        analysis.beats.size(), hours.size(), lowest, highest, kRateIntervals),
                  print("%zu小时内共%zu次心搏；心率%.0f至%.0f次/分（%zu个间期的均值）。", hours.size(),
                        analysis.beats.size(), lowest, highest, kRateIntervals)};
  finding.measurements = {rounded("lowest-rate", "Lowest heart rate", "最低心率", lowest, "/min", 0),
                          rounded("highest-rate", "Highest heart rate", "最高心率", highest, "/min", 0)};
  finding.evidence = Json::object({{"hours", std::move(trend)}});
  return finding;
}

}  // namespace

std::vector<Hour> hours_of(const Analysis& analysis, double frequency, double duration) {
  std::vector<Hour> hours;
  const std::vector<std::int64_t>& beats = analysis.beats;
  for (double from = 0; from + kLeastOfHour <= duration; from += kHour) {
    const double to = from + kHour;
    const auto at = [&](double seconds) {
      return static_cast<std::size_t>(
          std::lower_bound(beats.begin(), beats.end(), std::llround(seconds * frequency)) - beats.begin());
    };
    const std::size_t first = at(from), last = at(to);
    Hour hour{.from = from, .beats = last - first};
    for (std::size_t i = first; i < std::min(last, analysis.classes.size()); ++i) {
      hour.ventricular += analysis.classes[i] == 'V' ? 1 : 0;
      hour.supraventricular += analysis.classes[i] == 'S' ? 1 : 0;
    }
    add_rates(beats, first, last, frequency, hour);
    for (const Interval& pause : analysis.pauses)
      hour.pauses += pause.from >= from && pause.from < to ? 1 : 0;
    if (analysis.fibrillation)
      for (const Interval& episode : analysis.fibrillation->episodes)
        hour.fibrillation += overlap(episode, from, to);
    for (const Excerpt& excerpt : analysis.excerpts)
      if (excerpt.from >= from && excerpt.from < to && excerpt.intervals.qt && excerpt.rr > 0)
        hour.qtc = signal::correct_qt(*excerpt.intervals.qt, excerpt.rr).fridericia;
    hours.push_back(hour);
  }
  return hours;
}

std::vector<Finding> long_recording_findings(const Analysis& analysis, const signal::Recording& recording) {
  std::vector<Finding> findings;
  const double frequency = recording.sampling_frequency, duration = recording.seconds();
  if (duration < kLeastForVariability) return findings;
  const auto all = signal::normal_intervals(analysis.beats, analysis.classes, frequency);
  const bool fibrillates = analysis.fibrillation && !analysis.fibrillation->episodes.empty();
  const auto intervals = fibrillates ? in_sinus_rhythm(all, analysis.fibrillation->episodes) : all;
  if (fibrillates && seconds_of(intervals) < kLeastForVariability)
    findings.push_back(refused_variability(analysis.fibrillation->part));
  else if (intervals.size() > 1)
    findings.push_back(variability(signal::heart_rate_variability(intervals),
                                   signal::long_spectrum(intervals), fibrillates));
  if (duration >= kLeastForCourse)
    findings.push_back(course(hours_of(analysis, frequency, duration), analysis));
  return findings;
}

}  // namespace meridian::assistants::ecg
