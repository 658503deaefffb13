#include "assistants/ecg/findings.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "assistants/ecg/conduction_findings.h"
#include "assistants/ecg/ectopy_findings.h"
#include "assistants/ecg/long_recording.h"
#include "assistants/ecg/rate_findings.h"
#include "assistants/ecg/st_findings.h"
#include "assistants/ecg/wave_findings.h"
#include "assistants/ecg/wording.h"
#include "engine/evidence.h"
#include "signal/remark.h"

namespace meridian::assistants::ecg {
namespace {

using engine::Coding;
using engine::Finding;
using engine::LocalizedText;
using engine::Measurement;
using engine::Urgency;

constexpr double kDoubtfulMains = 0.1;  // mV

std::string clock(double seconds) {
  const long whole = std::lround(seconds);
  return whole >= 3600 ? print("%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60)
                       : print("%ld:%02ld", whole / 60, whole % 60);
}

Json beats_json(const Analysis& analysis, double frequency) {
  Json::Array beats;
  beats.reserve(analysis.beats.size());
  for (std::size_t i = 0; i < analysis.beats.size(); ++i) {
    const std::int64_t sample = analysis.beats[i];
    const Json aami_class = i < analysis.classes.size() ? Json(std::string(1, analysis.classes[i])) : Json();
    const double time = std::round(static_cast<double>(sample) / frequency * 1e4) / 1e4;
    beats.push_back(Json::object({{"sample", sample}, {"time", time}, {"aami_class", aami_class}}));
  }
  return Json(std::move(beats));
}

Json leads_json(const Analysis& analysis) {
  Json leads = Json::array();
  for (const signal::LeadQuality& lead : analysis.quality)
    leads.push_back(
        Json::object({{"name", lead.lead}, {"good_part", std::round(lead.good_part() * 1000) / 1000}}));
  return leads;
}

LocalizedText quality_label(signal::Quality quality) {
  switch (quality) {
    case signal::Quality::good:
      return {"good", "良好"};
    case signal::Quality::noisy:
      return {"noisy", "噪声"};
    case signal::Quality::wandering:
      return {"wandering", "基线漂移"};
    case signal::Quality::saturated:
      return {"saturated", "饱和"};
    case signal::Quality::flat:
      return {"flat", "电极脱落"};
    default:
      return {"missing", "无信号"};
  }
}

// The stretches in which a lead is not good, joined by kind.
Json disturbed_intervals(const Analysis& analysis) {
  Json intervals = Json::array();
  for (const signal::LeadQuality& lead : analysis.quality) {
    for (std::size_t s = 0; s < lead.seconds.size();) {
      std::size_t end = s + 1;
      while (end < lead.seconds.size() && lead.seconds[end] == lead.seconds[s]) ++end;
      if (lead.seconds[s] != signal::Quality::good)
        intervals.push_back(engine::evidence_interval(static_cast<double>(s), static_cast<double>(end),
                                                      quality_label(lead.seconds[s]), lead.lead));
      s = end;
    }
  }
  return intervals;
}

Json intervals_json(const std::vector<Interval>& intervals, const LocalizedText& label) {
  Json result = Json::array();
  for (const Interval& interval : intervals)
    result.push_back(engine::evidence_interval(interval.from, interval.to, label));
  return result;
}

Measurement milliseconds(const Coding& code, const char* name_zh, double seconds) {
  const double value = std::round(seconds * 1000);
  return {code, name_zh, value, "ms", print("%.0f ms", value)};
}

Measurement percent(const Coding& code, const char* name_zh, double part) {
  return {code, name_zh, std::round(part * 1000) / 10, "%", print("%.0f %%", part * 100)};
}

std::vector<Measurement> rhythm_measurements(const Analysis& analysis) {
  const signal::RrStatistics& rr = analysis.rr;
  const std::size_t beats = analysis.beats.size();
  std::vector<Measurement> list{
      heart_rate(analysis),
      milliseconds({kLoinc, "8637-1", "R-R interval by EKG"}, "平均RR间期", rr.mean),
      milliseconds({kOwn, "rr-shortest", "Shortest RR interval"}, "最短RR间期", rr.shortest),
      milliseconds({kOwn, "rr-longest", "Longest RR interval"}, "最长RR间期", rr.longest),
      {{kOwn, "beats", "Beats found"},
       "检出心搏数",
       static_cast<double>(beats),
       "{beats}",
       std::to_string(beats)},
      percent({kOwn, "usable", "Time with at least one usable lead"}, "至少一个导联可用的时间",
              analysis.usable_part)};
  // Of atrial fibrillation these say nothing of the sinus node, which is what they are for.
  if (analysis.fibrillation && !analysis.fibrillation->episodes.empty()) return list;
  list.push_back(milliseconds({kLoinc, "80404-7", "R-R interval.standard deviation (Heart rate variability)"},
                              "RR间期标准差（SDNN）", rr.sdnn));
  list.push_back(milliseconds({kOwn, "rmssd", "Root mean square of successive RR differences"},
                              "相邻RR间期差值均方根（RMSSD）", rr.rmssd));
  list.push_back(percent({kOwn, "pnn50", "Successive RR differences above 50 ms"},
                         "相邻RR间期差值大于50毫秒的比例（pNN50）", rr.pnn50));
  return list;
}

// What the reader of the recording doubts: it holds for all that is said of it.
std::optional<Finding> doubts(const signal::Recording& recording) {
  if (recording.doubts.empty()) return std::nullopt;
  LocalizedText all;
  for (const std::string& doubt : recording.doubts) {
    const signal::Remark remark = signal::remark_of(doubt);
    all.en += (all.en.empty() ? "" : "; ") + remark.en;
    all.zh += (all.zh.empty() ? "" : "；") + remark.zh;
  }
  Finding finding;
  finding.code = {kOwn, "recording-doubts", "Doubts about the recording"};
  finding.text = {"Doubts about the recording: " + all.en + ".", "对该记录的疑问：" + all.zh + "。"};
  return finding;
}

Finding rhythm(const Analysis& analysis, const signal::Recording& recording) {
  const signal::RrStatistics& rr = analysis.rr;
  const std::string length = clock(recording.seconds());
  Finding finding;
  finding.code = {kLoinc, "8884-9", "Heart rate rhythm"};
  finding.text = {
      print("Mean heart rate %.0f/min, RR intervals %.0f to %.0f ms; %zu beats in %s.", rr.heart_rate(),
            rr.shortest * 1000, rr.longest * 1000, analysis.beats.size(), length.c_str()),
      print("平均心率%.0f次/分，RR间期%.0f至%.0f毫秒；%s内检出%zu次心搏。", rr.heart_rate(),
            rr.shortest * 1000, rr.longest * 1000, length.c_str(), analysis.beats.size())};
  finding.measurements = rhythm_measurements(analysis);
  finding.evidence = Json::object({{"beats", beats_json(analysis, recording.sampling_frequency)},
                                   {"leads", leads_json(analysis)},
                                   {"intervals", disturbed_intervals(analysis)}});
  return finding;
}

std::optional<Finding> mains(const std::vector<signal::MainsNoise>& found) {
  if (found.empty()) return std::nullopt;
  const auto highest = std::max_element(
      found.begin(), found.end(), [](const auto& a, const auto& b) { return a.millivolts < b.millivolts; });
  Json leads = Json::array();
  for (const signal::MainsNoise& noise : found) leads.push_back(Json::object({{"name", noise.lead}}));
  Finding finding;
  finding.code = {kOwn, "mains-noise", "Mains interference"};
  finding.text = {
      print("Mains interference of %.0f Hz in %zu lead(s), up to %.2f mV in %s, was taken off before "
            "measuring: check the electrodes and cables.",
            highest->frequency, found.size(), highest->millivolts, highest->lead.substr(0, 16).c_str()),
      print("%zu个导联有%.0f赫兹工频干扰，%s最高，为%.2f毫伏，测量前已滤除：请检查电极和导联线。",
            found.size(), highest->frequency, highest->lead.substr(0, 16).c_str(), highest->millivolts)};
  if (highest->millivolts > kDoubtfulMains) {
    finding.text.en += " It was strong: small waves and ST levels are less certain.";
    finding.text.zh += "干扰较强，小波和ST水平的测量不够可靠。";
  }
  finding.measurements = {{{kOwn, "mains-amplitude", "Amplitude of the mains"},
                           "工频干扰幅度",
                           std::round(highest->millivolts * 1000) / 1000,
                           "mV",
                           print("%.2f mV", highest->millivolts)}};
  finding.evidence = Json::object({{"leads", std::move(leads)}});
  return finding;
}

std::optional<Finding> pacing(const Analysis& analysis, double frequency) {
  if (!is_paced(analysis)) return std::nullopt;
  Json intervals = Json::array();
  for (const std::int64_t spike : analysis.pacing_spikes) {
    const double at = static_cast<double>(spike) / frequency;
    intervals.push_back(engine::evidence_interval(at, at + 0.01, {"pacemaker spike", "起搏脉冲"}));
  }
  Finding finding;
  finding.code = {kIcd10, "Z95.0", "Presence of electronic cardiac device"};
  const std::size_t spikes = analysis.pacing_spikes.size();
  finding.text =
      spikes > 0
          ? LocalizedText{print("Pacemaker spikes: %zu, in several leads at once.", spikes),
                          print("多个导联同时出现起搏脉冲%zu次。", spikes)}
          : LocalizedText{
                print("Pacemaker spikes before %zu of %zu beats.", analysis.paced, analysis.beats.size()),
                print("%zu次心搏（共%zu次）前有起搏脉冲。", analysis.paced, analysis.beats.size())};
  finding.text.en +=
      " Statements about conduction, infarction and hypertrophy do not hold for paced beats and are not "
      "made.";
  finding.text.zh += "关于传导、梗死和肥厚的判断不适用于起搏心搏，未给出。";
  finding.evidence = Json::object({{"intervals", std::move(intervals)}});
  return finding;
}

LocalizedText fibrillation_text(const Fibrillation& fibrillation, bool positive, double seconds) {
  if (!positive)
    return {"No sign of atrial fibrillation in the assessed time.", "在所分析的时间内未见心房颤动征象。"};
  if (fibrillation.episodes.size() == 1 && fibrillation.part > 0.95)
    return {"Atrial fibrillation suggested: RR intervals without pattern throughout.",
            "提示心房颤动：全程RR间期绝对不齐。"};
  double total = 0;
  for (const Interval& episode : fibrillation.episodes) total += episode.to - episode.from;
  const std::string time = clock(std::min(total, seconds));
  return {print("Atrial fibrillation suggested in %zu episode(s), %s in all.", fibrillation.episodes.size(),
                time.c_str()),
          print("提示心房颤动，共%zu阵，累计%s。", fibrillation.episodes.size(), time.c_str())};
}

Finding fibrillation(const Analysis& analysis, const signal::Recording& recording, double threshold) {
  const Fibrillation& found = *analysis.fibrillation;
  Finding finding;
  finding.code = {kIcd10, "I48.9", "Atrial fibrillation and atrial flutter, unspecified"};
  finding.probability = std::round(found.probability * 1e4) / 1e4;
  finding.threshold = threshold;
  finding.positive = found.probability >= threshold;
  finding.text = fibrillation_text(found, finding.positive, recording.seconds());
  const bool fast = analysis.rr.heart_rate() >= kVeryFast;
  if (finding.positive) finding.urgency = fast ? Urgency::emergency : Urgency::today;
  finding.measurements = {
      percent({kOwn, "af-part", "Time in suspected atrial fibrillation"}, "疑似心房颤动的时间", found.part)};
  finding.evidence =
      Json::object({{"intervals", intervals_json(found.episodes, {"atrial fibrillation", "心房颤动"})}});
  return finding;
}

std::optional<Finding> pauses(const Analysis& analysis) {
  if (analysis.pauses.empty()) return std::nullopt;
  double longest = 0;
  for (const Interval& pause : analysis.pauses) longest = std::max(longest, pause.to - pause.from);
  Finding finding;
  finding.code = {kOwn, "pause", "Pause of more than 3 s"};
  finding.text = {
      print("%zu pause(s) of more than 3 s, the longest %.1f s.", analysis.pauses.size(), longest),
      print("%zu次超过3秒的停搏，最长%.1f秒。", analysis.pauses.size(), longest)};
  finding.urgency = Urgency::emergency;
  finding.measurements = {{{kOwn, "longest-pause", "Longest pause"},
                           "最长停搏",
                           std::round(longest * 100) / 100,
                           "s",
                           print("%.1f s", longest)}};
  finding.evidence = Json::object({{"intervals", intervals_json(analysis.pauses, {"pause", "停搏"})}});
  return finding;
}

}  // namespace

std::vector<Finding> findings_of(const Analysis& analysis, const signal::Recording& recording,
                                 double threshold) {
  std::vector<Finding> findings{rhythm(analysis, recording)};
  if (auto finding = doubts(recording)) findings.push_back(std::move(*finding));
  if (auto finding = pacing(analysis, recording.sampling_frequency)) findings.push_back(std::move(*finding));
  if (auto finding = mains(analysis.mains)) findings.push_back(std::move(*finding));
  if (analysis.fibrillation) findings.push_back(fibrillation(analysis, recording, threshold));
  for (Finding& finding : rate_findings(analysis)) findings.push_back(std::move(finding));
  if (auto finding = pauses(analysis)) findings.push_back(std::move(*finding));
  if (analysis.flutter) findings.push_back(flutter_finding(*analysis.flutter, analysis.rr.heart_rate()));
  if (analysis.conduction) findings.push_back(block_finding(*analysis.conduction));
  if (analysis.measured) findings.push_back(wave_finding(analysis));
  for (Finding& finding : ectopy_findings(analysis, recording.sampling_frequency))
    findings.push_back(std::move(finding));
  for (Finding& finding : st_findings(analysis)) findings.push_back(std::move(finding));
  for (Finding& finding : long_recording_findings(analysis, recording))
    findings.push_back(std::move(finding));
  return findings;
}

}  // namespace meridian::assistants::ecg
