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
  const bool other = analysis.flutter || analysis.conduction || analysis.paced > 0 ||
                     !analysis.pacing_spikes.empty() ||
                     (analysis.fibrillation && !analysis.fibrillation->episodes.empty());
  return !other && analysis.measured && analysis.measured->intervals.qrs &&
         !analysis.measured->intervals.pr && is_regular(analysis);
}

void name_tachycardia(const Analysis& analysis, double rate, Finding& finding) {
  finding.code = {kIcd10, "R00.0", "Tachycardia, unspecified"};
  finding.text = {print("Tachycardia: mean heart rate %.0f/min.", rate),
                  print("心动过速：平均心率%.0f次/分。", rate)};
  finding.urgency = rate >= kVeryFast ? Urgency::emergency : Urgency::today;
  if (!is_without_atria(analysis)) return;
  const double qrs = *analysis.measured->intervals.qrs;
  if (qrs >= kWideQrs) {
    finding.code = {kOwn, "wide-complex-tachycardia", "Tachycardia with wide QRS complexes"};
    finding.text = {
        print("Regular tachycardia with wide QRS complexes and no P waves before them: %.0f/min, QRS "
              "%.0f ms. One of the ventricles until shown otherwise.",
              rate, qrs * 1000),
        print("规则的宽QRS波心动过速，QRS波前无P波：%.0f次/分，QRS %.0f毫秒。除非另有证据，按室性"
              "心动过速处理。",
              rate, qrs * 1000)};
    if (rate >= kWideFast) finding.urgency = Urgency::emergency;
  } else if (rate >= kVeryFast) {
    finding.code = {kIcd10, "I47.1", "Supraventricular tachycardia"};
    finding.text = {
        print("Supraventricular tachycardia suggested: regular, %.0f/min, QRS %.0f ms, no P waves "
              "before the QRS complexes.",
              rate, qrs * 1000),
        print("提示室上性心动过速：节律规则，%.0f次/分，QRS %.0f毫秒，QRS波前无P波。", rate, qrs * 1000)};
  }
}

}  // namespace

engine::Measurement heart_rate(const Analysis& analysis) {
  const double rate = std::round(analysis.rr.heart_rate() * 10) / 10;
  return {{kLoinc, "8867-4", "Heart rate"}, "心率", rate, "/min", print("%.0f bpm", rate)};
}

std::optional<Finding> rate_finding(const Analysis& analysis) {
  const double rate = analysis.rr.heart_rate();
  Finding finding;
  finding.measurements = {heart_rate(analysis)};
  if (rate < kSlow) {
    finding.code = {kIcd10, "R00.1", "Bradycardia, unspecified"};
    finding.text = {print("Bradycardia: mean heart rate %.0f/min.", rate),
                    print("心动过缓：平均心率%.0f次/分。", rate)};
    finding.urgency = rate < kVerySlow ? Urgency::emergency : Urgency::routine;
    finding.evidence = rate_rule({"mean heart rate below", "平均心率低于"}, rate, kSlow);
    return finding;
  }
  if (!(rate > kFast)) return std::nullopt;
  name_tachycardia(analysis, rate, finding);
  finding.evidence = rate_rule({"mean heart rate above", "平均心率高于"}, rate, kFast);
  return finding;
}

}  // namespace meridian::assistants::ecg
