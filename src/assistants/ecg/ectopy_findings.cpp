#include "assistants/ecg/ectopy_findings.h"

#include <cmath>
#include <string>

#include "assistants/ecg/wording.h"

namespace meridian::assistants::ecg {
namespace {

using engine::Finding;
using engine::Measurement;
using engine::Urgency;

constexpr double kHighBurden = 10;  // % of beats: cardiomyopathy becomes likelier (ESC guideline 2022)

Measurement counted(const char* code, const char* display, const char* name_zh, std::size_t count) {
  return {{kOwn, code, display}, name_zh, static_cast<double>(count), "{count}", std::to_string(count)};
}

double burden(std::size_t count, const Analysis& analysis) {
  return std::round(1000.0 * static_cast<double>(count) / static_cast<double>(analysis.beats.size())) / 10;
}

std::string percent_text(double percent) {
  const long tenths = std::lround(percent * 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

Finding ventricular_extrasystoles(const Analysis& analysis) {
  const Ectopy& ectopy = analysis.ectopy;
  const double percent = burden(ectopy.ventricular, analysis);
  const std::string count = std::to_string(ectopy.ventricular), share = percent_text(percent);
  Finding finding;
  finding.code = {kIcd10, "I49.3", "Ventricular premature depolarization"};
  finding.text = {"Ventricular ectopic beats: " + count + ", " + share + " of all beats.",
                  "室性异位搏动" + count + "次，占全部心搏的" + share + "。"};
  finding.urgency = percent >= kHighBurden ? Urgency::routine : Urgency::none;
  finding.measurements = {
      counted("ventricular-beats", "Ventricular ectopic beats", "室性异位搏动", ectopy.ventricular),
      {{kOwn, "ventricular-burden", "Share of all beats"}, "占全部心搏的比例", percent, "%", share},
      counted("couplets", "Ventricular couplets", "室性成对搏动", ectopy.couplets),
      counted("bigeminy", "Stretches of ventricular bigeminy", "室性二联律阵数", ectopy.bigeminy)};
  return finding;
}

Finding ventricular_runs(const Analysis& analysis) {
  const Ectopy& ectopy = analysis.ectopy;
  const std::string runs = std::to_string(ectopy.runs), longest = std::to_string(ectopy.longest_run);
  Finding finding;
  finding.code = {kIcd10, "I47.2", "Ventricular tachycardia"};
  finding.text = {
      "Runs of three or more ventricular beats: " + runs + ", the longest of " + longest + " beats.",
      "连续3次及以上的室性搏动" + runs + "阵，最长" + longest + "次。"};
  finding.urgency = Urgency::today;
  finding.measurements = {
      counted("runs", "Runs of ventricular beats", "室性搏动连发阵数", ectopy.runs),
      counted("longest-run", "Beats of the longest run", "最长一阵的心搏数", ectopy.longest_run)};
  return finding;
}

}  // namespace

std::vector<Finding> ectopy_findings(const Analysis& analysis) {
  std::vector<Finding> findings;
  if (analysis.ectopy.ventricular > 0) findings.push_back(ventricular_extrasystoles(analysis));
  if (analysis.ectopy.runs > 0) findings.push_back(ventricular_runs(analysis));
  return findings;
}

}  // namespace meridian::assistants::ecg
