#include "assistants/ecg/ectopy_findings.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "assistants/ecg/wording.h"
#include "engine/evidence.h"

namespace meridian::assistants::ecg {
namespace {

using engine::Finding;
using engine::Measurement;
using engine::Urgency;

constexpr double kHighBurden = 10;  // % of beats: cardiomyopathy becomes likelier (ESC guideline 2022)

Measurement counted(std::string code, const char* display, const char* name_zh, std::size_t count) {
  return {{kOwn, std::move(code), display},
          name_zh,
          static_cast<double>(count),
          "{count}",
          std::to_string(count)};
}

double burden(std::size_t count, const Analysis& analysis) {
  return std::round(1000.0 * static_cast<double>(count) / static_cast<double>(analysis.beats.size())) / 10;
}

std::string percent_text(double percent) {
  const long tenths = std::lround(percent * 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

// What is said of one class of ectopic beats.
struct Wording {
  const char *key, *beats, *beats_zh;  // key: begins the codes of the measurements
  engine::Coding premature, tachycardia;
  const char *run, *run_zh;
  Urgency run_urgency;
};

const Wording kVentricular{"ventricular",
                           "Ventricular ectopic beats",
                           "室性异位搏动",
                           {kIcd10, "I49.3", "Ventricular premature depolarization"},
                           {kIcd10, "I47.2", "Ventricular tachycardia"},
                           "ventricular beats",
                           "室性搏动",
                           Urgency::today};
const Wording kSupraventricular{"supraventricular",
                                "Supraventricular ectopic beats",
                                "室上性异位搏动",
                                {kIcd10, "I49.1", "Atrial premature depolarization"},
                                {kIcd10, "I47.1", "Supraventricular tachycardia"},
                                "supraventricular ectopic beats",
                                "室上性异位搏动",
                                Urgency::routine};

Finding extrasystoles(const EctopicBeats& ectopic, const Wording& wording, const Analysis& analysis) {
  const double percent = burden(ectopic.beats, analysis);
  const std::string count = std::to_string(ectopic.beats), share = percent_text(percent), key = wording.key;
  Finding finding;
  finding.code = wording.premature;
  finding.text = {std::string(wording.beats) + ": " + count + ", " + share + " of all beats.",
                  std::string(wording.beats_zh) + count + "次，占全部心搏的" + share + "。"};
  finding.urgency = percent >= kHighBurden ? Urgency::routine : Urgency::none;
  finding.measurements = {
      counted(key + "-beats", wording.beats, wording.beats_zh, ectopic.beats),
      {{kOwn, key + "-burden", "Share of all beats"}, "占全部心搏的比例", percent, "%", share},
      counted(key + "-couplets", "Couplets", "成对搏动", ectopic.couplets),
      counted(key + "-bigeminy", "Stretches of bigeminy", "二联律阵数", ectopic.bigeminy),
      counted(key + "-trigeminy", "Stretches of trigeminy", "三联律阵数", ectopic.trigeminy)};
  return finding;
}

Finding runs_of(const EctopicBeats& ectopic, const Wording& wording) {
  const std::string runs = std::to_string(ectopic.runs), longest = std::to_string(ectopic.longest_run);
  const std::string key = wording.key;
  Finding finding;
  finding.code = wording.tachycardia;
  finding.text = {"Runs of three or more " + std::string(wording.run) + ": " + runs + ", the longest of " +
                      longest + " beats.",
                  "连续3次及以上的" + std::string(wording.run_zh) + runs + "阵，最长" + longest + "次。"};
  finding.urgency = wording.run_urgency;
  finding.measurements = {
      counted(key + "-runs", "Runs", "连发阵数", ectopic.runs),
      counted(key + "-longest-run", "Beats of the longest run", "最长一阵的心搏数", ectopic.longest_run)};
  return finding;
}

void add_findings(const EctopicBeats& ectopic, const Wording& wording, const Analysis& analysis,
                  std::vector<Finding>& findings) {
  if (ectopic.beats > 0) findings.push_back(extrasystoles(ectopic, wording, analysis));
  if (ectopic.runs > 0) findings.push_back(runs_of(ectopic, wording));
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
  add_findings(analysis.ectopy.ventricular, kVentricular, analysis, findings);
  add_findings(analysis.ectopy.supraventricular, kSupraventricular, analysis, findings);
  if (!analysis.r_on_t.empty()) findings.push_back(r_on_t_finding(analysis.r_on_t, sampling_frequency));
  return findings;
}

}  // namespace meridian::assistants::ecg
