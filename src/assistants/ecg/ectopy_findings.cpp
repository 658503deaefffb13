#include "assistants/ecg/ectopy_findings.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "assistants/ecg/wording.h"
#include "engine/evidence.h"

namespace meridian::assistants::ecg {
namespace {

using engine::Finding;
using engine::Measurement;
using engine::Urgency;

constexpr double kHighBurden = 10;       // % of beats: cardiomyopathy becomes likelier (ESC guideline 2022)
constexpr double kSustained = 30;        // s (AHA/ACC/HRS 2017)
constexpr std::size_t kMostShown = 200;  // stretches of a kind; the measurements count them all
constexpr double kBefore = 0.1, kAfter = 0.3;  // s that an ectopic beat takes around its R peak

double burden(std::size_t count, const Analysis& analysis) {
  return std::round(1000.0 * static_cast<double>(count) / static_cast<double>(analysis.beats.size())) / 10;
}

std::string percent_text(double percent) {
  const long tenths = std::lround(percent * 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

// What is said of one class of ectopic beats.
struct Wording {
  const char *key, *kind, *kind_zh;  // begin the codes and the names of the measurements
  const char *beats, *beats_zh;
  engine::Coding premature, tachycardia, slow;
  const char *run, *run_zh;
  Urgency run_urgency, sustained_urgency, slow_urgency;
};

const Wording kVentricular{"ventricular",
                           "Ventricular",
                           "室性",
                           "Ventricular ectopic beats",
                           "室性异位搏动",
                           {kIcd10, "I49.3", "Ventricular premature depolarization"},
                           {kIcd10, "I47.2", "Ventricular tachycardia"},
                           {kOwn, "idioventricular-rhythm", "Idioventricular rhythm"},
                           "ventricular beats",
                           "室性搏动",
                           Urgency::today,
                           Urgency::emergency,
                           Urgency::routine};
const Wording kSupraventricular{"supraventricular",
                                "Supraventricular",
                                "室上性",
                                "Supraventricular ectopic beats",
                                "室上性异位搏动",
                                {kIcd10, "I49.1", "Atrial premature depolarization"},
                                {kIcd10, "I47.1", "Supraventricular tachycardia"},
                                {kOwn, "supraventricular-rhythm", "Supraventricular rhythm not of the sinus"},
                                "supraventricular ectopic beats",
                                "室上性异位搏动",
                                Urgency::routine,
                                Urgency::today,
                                Urgency::none};

class EctopyFindings {
 public:
  EctopyFindings(const EctopicBeats& ectopic, const Wording& wording, const Analysis& analysis,
                 double frequency)
      : ectopic_(ectopic), wording_(wording), analysis_(analysis), frequency_(frequency) {}

  Finding extrasystoles() const {
    const double percent = burden(ectopic_.beats, analysis_);
    const std::string count = std::to_string(ectopic_.beats), share = percent_text(percent);
    Finding finding;
    finding.code = wording_.premature;
    finding.text = {std::string(wording_.beats) + ": " + count + ", " + share + " of all beats.",
                    std::string(wording_.beats_zh) + count + "次，占全部心搏的" + share + "。"};
    finding.urgency = percent >= kHighBurden ? Urgency::routine : Urgency::none;
    finding.measurements = {
        number_of("beats", "ectopic beats", "异位搏动", ectopic_.beats),
        measured("burden", "share of all beats", "搏动占全部心搏的比例", percent, "%", share),
        number_of("couplets", "couplets", "成对搏动", ectopic_.couplets.size()),
        number_of("bigeminy", "bigeminy, stretches", "二联律阵数", ectopic_.bigeminy.size()),
        number_of("trigeminy", "trigeminy, stretches", "三联律阵数", ectopic_.trigeminy.size())};
    Json intervals = Json::array();
    add(ectopic_.couplets, {"couplet", "成对搏动"}, intervals);
    add(ectopic_.bigeminy, {"bigeminy", "二联律"}, intervals);
    add(ectopic_.trigeminy, {"trigeminy", "三联律"}, intervals);
    finding.evidence = Json::object({{"intervals", std::move(intervals)}});
    return finding;
  }

  Finding tachycardia() const {
    const BeatSpan& longest = longest_of(ectopic_.runs);
    const double seconds = seconds_of(longest), rate = rate_of(longest);
    Finding finding;
    finding.code = wording_.tachycardia;
    finding.text = {print("Runs of three or more %s at more than 100/min: %zu, the longest of %zu beats at "
                          "%.0f/min.",
                          wording_.run, ectopic_.runs.size(), longest.beats(), rate),
                    print("频率大于100次/分的连续3次及以上%s%zu阵，最长%zu次，%.0f次/分。", wording_.run_zh,
                          ectopic_.runs.size(), longest.beats(), rate)};
    finding.urgency = wording_.run_urgency;
    if (const double lasting = longest_seconds(ectopic_.runs); lasting >= kSustained) {
      finding.urgency = wording_.sustained_urgency;
      finding.text.en += print(" Sustained: one lasts %.0f s.", lasting);
      finding.text.zh += print("其中一阵持续%.0f秒（持续性）。", lasting);
    }
    finding.measurements = {
        number_of("runs", "runs", "连发阵数", ectopic_.runs.size()),
        number_of("longest-run", "longest run, beats", "连发最长一阵的心搏数", longest.beats()),
        measured("run-rate", "longest run, rate", "连发最长一阵的频率", std::round(rate), "/min",
                 print("%.0f /min", rate)),
        measured("run-seconds", "longest run, duration", "连发最长一阵的持续时间",
                 std::round(seconds * 10) / 10, "s", print("%.1f s", seconds))};
    finding.evidence = evidence_of(ectopic_.runs, {"run", "连发"});
    return finding;
  }

  Finding slow_rhythm() const {
    const BeatSpan& longest = longest_of(ectopic_.slow_runs);
    const double rate = rate_of(longest);
    Finding finding;
    finding.code = wording_.slow;
    finding.text = {print("Three or more %s in a row, none faster than 100/min: %zu time(s), the longest of "
                          "%zu beats at %.0f/min.",
                          wording_.run, ectopic_.slow_runs.size(), longest.beats(), rate),
                    print("频率不超过100次/分的连续3次及以上%s%zu阵，最长%zu次，%.0f次/分。", wording_.run_zh,
                          ectopic_.slow_runs.size(), longest.beats(), rate)};
    finding.urgency = wording_.slow_urgency;
    finding.evidence = evidence_of(ectopic_.slow_runs, {"slow run", "缓慢连发"});
    return finding;
  }

 private:
  // Named by the class of its beats: the measurements of both classes stand in one table.
  Measurement measured(const char* code, const char* name, const char* name_zh, double value,
                       const char* unit, std::string text) const {
    return {{kOwn, std::string(wording_.key) + "-" + code, std::string(wording_.kind) + " " + name},
            std::string(wording_.kind_zh) + name_zh,
            value,
            unit,
            std::move(text)};
  }
  Measurement number_of(const char* code, const char* name, const char* name_zh, std::size_t count) const {
    return measured(code, name, name_zh, static_cast<double>(count), "{count}", std::to_string(count));
  }
  double time_of(std::size_t beat) const { return static_cast<double>(analysis_.beats[beat]) / frequency_; }
  double seconds_of(const BeatSpan& span) const { return time_of(span.last) - time_of(span.first); }
  double rate_of(const BeatSpan& span) const {
    return 60 * static_cast<double>(span.beats() - 1) / seconds_of(span);
  }
  static const BeatSpan& longest_of(const std::vector<BeatSpan>& spans) {
    return *std::max_element(spans.begin(), spans.end(),
                             [](const BeatSpan& a, const BeatSpan& b) { return a.beats() < b.beats(); });
  }
  double longest_seconds(const std::vector<BeatSpan>& spans) const {
    double longest = 0;
    for (const BeatSpan& span : spans) longest = std::max(longest, seconds_of(span));
    return longest;
  }
  // The longest, as they come one after the other.
  static std::vector<BeatSpan> shown_of(std::vector<BeatSpan> spans) {
    if (spans.size() <= kMostShown) return spans;
    std::ranges::stable_sort(spans, std::greater(), &BeatSpan::beats);
    spans.resize(kMostShown);
    std::ranges::sort(spans, {}, &BeatSpan::first);
    return spans;
  }
  void add(const std::vector<BeatSpan>& spans, const engine::LocalizedText& label, Json& intervals) const {
    for (const BeatSpan& span : shown_of(spans))
      intervals.push_back(engine::evidence_interval(std::max(0.0, time_of(span.first) - kBefore),
                                                    time_of(span.last) + kAfter, label));
  }
  Json evidence_of(const std::vector<BeatSpan>& spans, const engine::LocalizedText& label) const {
    Json intervals = Json::array();
    add(spans, label, intervals);
    return Json::object({{"intervals", std::move(intervals)}});
  }

  const EctopicBeats& ectopic_;
  const Wording& wording_;
  const Analysis& analysis_;
  double frequency_;
};

void add_findings(const EctopicBeats& ectopic, const Wording& wording, const Analysis& analysis,
                  double frequency, std::vector<Finding>& findings) {
  const EctopyFindings of(ectopic, wording, analysis, frequency);
  if (ectopic.beats > 0) findings.push_back(of.extrasystoles());
  if (!ectopic.runs.empty()) findings.push_back(of.tachycardia());
  if (!ectopic.slow_runs.empty()) findings.push_back(of.slow_rhythm());
}

Finding r_on_t_finding(const std::vector<ROnT>& found, double frequency) {
  const auto closest = std::min_element(found.begin(), found.end(), [](const ROnT& a, const ROnT& b) {
    return a.coupling * b.qt < b.coupling * a.qt;
  });
  const double coupling = closest->coupling * 1000, qt = closest->qt * 1000;
  Finding finding;
  finding.code = {kOwn, "r-on-t", "Ventricular beats that begin on the T wave (R on T)"};
  finding.text = {
      print("R on T: %zu ventricular beat(s), the closest %.0f ms after the beat before, whose QT "
            "interval is %.0f ms.",
            found.size(), coupling, qt),
      print("R on T：%zu次室性搏动，最近一次距前一心搏%.0f毫秒，而QT间期为%.0f毫秒。", found.size(), coupling,
            qt)};
  finding.urgency = Urgency::today;
  finding.measurements = {counted("r-on-t-beats", "Beats R on T", "R on T搏动数", found.size()),
                          {{kOwn, "r-on-t-coupling", "Shortest coupling of R on T"},
                           "R on T最短联律间期",
                           std::round(coupling),
                           "ms",
                           print("%.0f ms", coupling)}};
  Json intervals = Json::array();
  for (const ROnT& beat : found) {
    const double at = static_cast<double>(beat.sample) / frequency;
    intervals.push_back(engine::evidence_interval(at - beat.coupling, at, {"R on T", "R on T"}));
  }
  finding.evidence = Json::object({{"intervals", std::move(intervals)}});
  return finding;
}

}  // namespace

std::vector<Finding> ectopy_findings(const Analysis& analysis, double sampling_frequency) {
  std::vector<Finding> findings;
  add_findings(analysis.ectopy.ventricular, kVentricular, analysis, sampling_frequency, findings);
  add_findings(analysis.ectopy.supraventricular, kSupraventricular, analysis, sampling_frequency, findings);
  if (!analysis.r_on_t.empty()) findings.push_back(r_on_t_finding(analysis.r_on_t, sampling_frequency));
  return findings;
}

}  // namespace meridian::assistants::ecg
