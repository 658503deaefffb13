#include "care/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "engine/finding.h"

namespace meridian::care {
namespace {

// In the order in which an ECG is read: rate, PR, QRS, QT, QTc, axis.
constexpr std::array<std::string_view, 6> kOfEcgs{
    "http://loinc.org|8867-4", "http://loinc.org|8625-6",         "http://loinc.org|8633-0",
    "http://loinc.org|8634-8", "urn:meridian:ecg|qtc-fridericia", "http://loinc.org|8632-2"};

constexpr double kGrowth = 2;           // mm
constexpr double kVolumeGrowth = 0.25;  // of the earlier volume

const Json* measurement_of(const Json& finding, std::string_view code) {
  for (const Json& one : finding.get("measurements").items())
    if (one.text("code") == code) return &one;
  return nullptr;
}

const Json* measurement(const Json& findings, std::string_view code) {
  for (const Json& finding : findings.items())
    if (const Json* found = measurement_of(finding, code)) return found;
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

// "+3.0 mm (+25 %)"
std::string print_change(double before, double now, const std::string& unit) {
  const std::string change = fmt::format("{:+.1f}{}{}", now - before, unit.empty() ? "" : " ", unit);
  return before > 0 ? fmt::format("{} ({:+.0f} %)", change, 100 * (now - before) / before) : change;
}

Json trend_of(double before, double now, const std::string& unit) {
  const double limit = unit == "mm" ? kGrowth : unit == "mL" ? kVolumeGrowth * before : INFINITY;
  if (now - before >= limit) return "larger";
  if (before - now >= limit) return "smaller";
  return {};
}

Json change_of(const Json& later, const Json& earlier) {
  const double before = earlier.get("value").as_double(), now = later.get("value").as_double();
  const std::string unit = later.text("unit"), shown = unit == "1" ? std::string() : unit;
  const std::string change = print_change(before, now, shown);
  return Json::object({{"code", later.get("code")},
                       {"text", later.get("text")},
                       {"before", reading_of(earlier)},
                       {"now", reading_of(later)},
                       {"change", engine::to_json({change, change})},
                       {"trend", trend_of(before, now, unit)}});
}

bool is_of_the_body(const Json& measurement) {
  const std::string unit = measurement.text("unit");
  return unit != "{pixels}" && unit != "%" && !measurement.text("code").ends_with("|suspicious-features");
}

// The one finding of the code; null where there is none, and where there are several: nobody can say which of
// them is which of the others.
const Json* only_finding(const Json& findings, const std::string& code) {
  const Json* found = nullptr;
  for (const Json& finding : findings.items()) {
    if (finding.text("code") != code) continue;
    if (found) return nullptr;
    found = &finding;
  }
  return found;
}

Json measured_in_ecgs(const Json& now, const Json& before) {
  Json list = Json::array();
  for (const std::string_view code : kOfEcgs) {
    const Json *later = measurement(now, code), *earlier = measurement(before, code);
    if (later && earlier && later->text("unit") == earlier->text("unit"))
      list.push_back(change_of(*later, *earlier));
  }
  return list;
}

// Findings that stand alone of their code in both.
std::vector<std::pair<const Json*, const Json*>> pairs_of(const Json& now, const Json& before) {
  std::vector<std::pair<const Json*, const Json*>> pairs;
  for (const Json& finding : now.items()) {
    const std::string code = finding.text("code");
    const Json* earlier = only_finding(before, code);
    if (earlier && only_finding(now, code)) pairs.emplace_back(&finding, earlier);
  }
  return pairs;
}

Json measured_in_pictures(const Json& now, const Json& before) {
  Json list = Json::array();
  for (const auto& [later, earlier] : pairs_of(now, before))
    for (const Json& one : later->get("measurements").items()) {
      const Json* other = measurement_of(*earlier, one.text("code"));
      if (is_of_the_body(one) && other && other->text("unit") == one.text("unit"))
        list.push_back(change_of(one, *other));
    }
  return list;
}

Json probabilities(const Json& now, const Json& before) {
  Json list = Json::array();
  for (const auto& [later, earlier] : pairs_of(now, before))
    if (later->get("probability").is_number() && earlier->get("probability").is_number())
      list.push_back(Json::object({{"code", later->get("code")},
                                   {"text", later->get("display")},
                                   {"before", earlier->get("probability")},
                                   {"now", later->get("probability")}}));
  return list;
}

Json compare(const Json& now, const Json& before, Json (*measured)(const Json&, const Json&)) {
  const Json &later = now.get("findings"), &earlier = before.get("findings");
  return Json::object({{"version", Json::object({{"before", before.get("assistant.version")},
                                                 {"now", now.get("assistant.version")}})},
                       {"signed", before.text("status") == "accepted"},
                       {"measurements", measured(later, earlier)},
                       {"probabilities", probabilities(later, earlier)},
                       {"new", only_in(later, earlier)},
                       {"gone", only_in(earlier, later)}});
}

struct Sentence {
  engine::LocalizedText text;
  void add(const std::string& en, const std::string& zh) {
    text.en += (text.en.empty() ? "" : "; ") + en;
    text.zh += (text.zh.empty() ? "" : "；") + zh;
  }
};

std::string without_stop(std::string text, std::string_view stop) {
  if (text.ends_with(stop)) text.erase(text.size() - stop.size());
  return text;
}

void add_statements(Sentence& sentence, const Json& texts, const char* en, const char* zh) {
  for (const Json& one : texts.items())
    sentence.add(en + without_stop(one.text("en"), "."), zh + without_stop(one.text("zh"), "。"));
}

}  // namespace

Json compare_ecgs(const Json& now, const Json& before) {
  return compare(now, before, measured_in_ecgs);
}

Json compare_pictures(const Json& now, const Json& before) {
  return compare(now, before, measured_in_pictures);
}

engine::LocalizedText sentence_of(const Json& comparison, const engine::LocalizedText& what) {
  Sentence sentence;
  for (const Json& one : comparison.get("measurements").items()) {
    const std::string trend = one.text("trend");
    const std::string en = trend.empty() ? "" : ", " + trend;
    const std::string zh = trend == "larger" ? "，增大" : trend == "smaller" ? "，缩小" : "";
    sentence.add(fmt::format("{} {} (before {}), {}{}", one.text("text.en"), one.text("now.display"),
                             one.text("before.display"), one.text("change.en"), en),
                 fmt::format("{}{}（此前{}），{}{}", one.text("text.zh"), one.text("now.display"),
                             one.text("before.display"), one.text("change.zh"), zh));
  }
  for (const Json& one : comparison.get("probabilities").items())
    sentence.add(
        fmt::format("probability {:.2f} (before {:.2f})", one.get("now").as_double(),
                    one.get("before").as_double()),
        fmt::format("概率{:.2f}（此前{:.2f}）", one.get("now").as_double(), one.get("before").as_double()));
  add_statements(sentence, comparison.get("new"), "new: ", "新出现：");
  add_statements(sentence, comparison.get("gone"), "no longer: ", "不再见：");
  if (sentence.text.en.empty()) sentence.add("nothing that can be compared", "无可比较的内容");
  return {"Compared with " + what.en + ": " + sentence.text.en + ".",
          "与" + what.zh + "比较：" + sentence.text.zh + "。"};
}

}  // namespace meridian::care
