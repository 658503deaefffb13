#include "care/comparison.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace meridian::care {
namespace {

// In the order in which an ECG is read: rate, PR, QRS, QT, QTc, axis.
constexpr std::array<std::string_view, 6> kCompared{
    "http://loinc.org|8867-4", "http://loinc.org|8625-6",         "http://loinc.org|8633-0",
    "http://loinc.org|8634-8", "urn:meridian:ecg|qtc-fridericia", "http://loinc.org|8632-2"};

const Json* measurement(const Json& findings, std::string_view code) {
  for (const Json& finding : findings.items())
    for (const Json& one : finding.get("measurements").items())
      if (one.text("code") == code) return &one;
  return nullptr;
}

Json reading_of(const Json& measurement) {
  return Json::object({{"value", measurement.get("value")}, {"display", measurement.get("display")}});
}

// What was judged, not merely measured: by a model, by criteria, or because somebody should know soon.
bool is_statement(const Json& finding) {
  if (!finding.get("positive").as_bool()) return false;
  return finding.get("probability").is_number() || !finding.get("evidence.rules").empty() ||
         finding.text("urgency") != "none";
}

bool states(const Json& findings, const std::string& code) {
  return std::ranges::any_of(findings.items(), [&](const Json& finding) {
    return is_statement(finding) && finding.text("code") == code;
  });
}

// The statements of the one that the other has not.
Json only_in(const Json& one, const Json& other) {
  Json texts = Json::array();
  for (const Json& finding : one.items())
    if (is_statement(finding) && !states(other, finding.text("code"))) texts.push_back(finding.get("text"));
  return texts;
}

}  // namespace

Json compare_findings(const Json& now, const Json& before) {
  Json measurements = Json::array();
  for (const std::string_view code : kCompared) {
    const Json *later = measurement(now, code), *earlier = measurement(before, code);
    if (!later || !earlier) continue;
    measurements.push_back(Json::object({{"code", code},
                                         {"text", later->get("text")},
                                         {"before", reading_of(*earlier)},
                                         {"now", reading_of(*later)}}));
  }
  return Json::object({{"measurements", std::move(measurements)},
                       {"new", only_in(now, before)},
                       {"gone", only_in(before, now)}});
}

}  // namespace meridian::care
