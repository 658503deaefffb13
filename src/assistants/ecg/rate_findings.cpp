#include "assistants/ecg/rate_findings.h"

#include <cmath>

#include "assistants/ecg/wording.h"
#include "engine/evidence.h"
#include "signal/statistics.h"

namespace meridian::assistants::ecg {
namespace {

using engine::Finding;
using engine::LocalizedText;
using engine::Urgency;

// Beats a minute; a wide tachycardia from kWideFast on is one of the ventricles until shown otherwise.
constexpr double kSlow = 50, kVerySlow = 35, kFast = 100, kWideFast = 120;
constexpr double kWideQrs = 0.12;  // s
constexpr double kRegular = 0.1;   // of the median RR interval, from the tenth to the ninth tenth of them

Json rate_rule(const LocalizedText& name, double value, double limit) {
  return Json::object(
      {{"rules", Json::array({engine::evidence_rule(name, std::round(value * 10) / 10, limit)})}});
}

bool is_regular(const Analysis& analysis) {
  std::vector<double> intervals = analysis.intervals;
  const double high = signal::quantile_in_place(intervals, 0.9),
               low = signal::quantile_in_place(intervals, 0.1);
  return high - low < kRegular * analysis.rr.median;
}

// Regular and without P waves, of a short recording that is neither paced nor flutters or fibrillates.
bool is_without_atria(const Analysis& analysis) {
  const bool other = analysis.flutter || analysis.conduction || is_paced(analysis) ||
                     (analysis.fibrillation && !analysis.fibrillation->episodes.empty());
  return !other && analysis.measured && analysis.measured->intervals.qrs &&
         !analysis.measured->intervals.pr && is_regular(analysis);
}

Finding bradycardia(double rate) {
  Finding finding;
  finding.code = {kIcd10, "R00.1", "Bradycardia, unspecified"};
  finding.text = {print("Bradycardia: mean heart rate %.0f/min.", rate),
                  print("心动过缓：平均心率%.0f次/分。", rate)};
  finding.urgency = rate < kVerySlow ? Urgency::emergency : Urgency::routine;
  finding.evidence = rate_rule({"mean heart rate below", "平均心率低于"}, rate, kSlow);
  return finding;
}

Finding tachycardia(double rate) {
  Finding finding;
  finding.code = {kIcd10, "R00.0", "Tachycardia, unspecified"};
  finding.text = {print("Tachycardia: mean heart rate %.0f/min.", rate),
                  print("心动过速：平均心率%.0f次/分。", rate)};
  finding.urgency = rate >= kVeryFast ? Urgency::emergency : Urgency::today;
  finding.evidence = rate_rule({"mean heart rate above", "平均心率高于"}, rate, kFast);
  return finding;
}

Finding wide_tachycardia(double rate, double qrs) {
  Finding finding;
  finding.code = {kOwn, "wide-complex-tachycardia", "Tachycardia with wide QRS complexes"};
  finding.text = {
      print("Regular tachycardia with wide QRS complexes and no P waves before them: %.0f/min, QRS "
            "%.0f ms. One of the ventricles until shown otherwise.",
            rate, qrs * 1000),
      print("规则的宽QRS波心动过速，QRS波前未见P波：%.0f次/分，QRS %.0f毫秒。除非另有证据，按"
            "室性心动过速处理。",
            rate, qrs * 1000)};
  finding.urgency = rate >= kWideFast ? Urgency::emergency : Urgency::today;
  finding.evidence = rate_rule({"mean heart rate above", "平均心率高于"}, rate, kFast);
  return finding;
}

Finding narrow_tachycardia(double rate, double qrs) {
  Finding finding;
  finding.code = {kIcd10, "I47.1", "Supraventricular tachycardia"};
  finding.text = {
      print("Supraventricular tachycardia suggested: regular, %.0f/min, QRS %.0f ms, no P waves seen "
            "before the QRS complexes (T waves may hide them).",
            rate, qrs * 1000),
      print("提示室上性心动过速：节律规则，%.0f次/分，QRS %.0f毫秒，QRS波前未见P波（可能隐于T波"
            "中）。",
            rate, qrs * 1000)};
  finding.urgency = Urgency::today;
  finding.evidence = rate_rule({"mean heart rate from", "平均心率不低于"}, rate, kVeryFast);
  return finding;
}

}  // namespace

engine::Measurement heart_rate(const Analysis& analysis) {
  const double rate = std::round(analysis.rr.heart_rate() * 10) / 10;
  return {{kLoinc, "8867-4", "Heart rate"}, "心率", rate, "/min", print("%.0f bpm", rate)};
}

std::vector<Finding> rate_findings(const Analysis& analysis) {
  const double rate = analysis.rr.heart_rate();
  std::vector<Finding> findings;
  if (rate < kSlow) findings.push_back(bradycardia(rate));
  if (rate > kFast) {
    findings.push_back(tachycardia(rate));
    if (is_without_atria(analysis)) {
      const double qrs = *analysis.measured->intervals.qrs;
      if (qrs >= kWideQrs)
        findings.push_back(wide_tachycardia(rate, qrs));
      else if (rate >= kVeryFast)
        findings.push_back(narrow_tachycardia(rate, qrs));
    }
  }
  for (Finding& finding : findings) finding.measurements = {heart_rate(analysis)};
  return findings;
}

}  // namespace meridian::assistants::ecg
