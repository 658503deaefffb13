#include "engine/finding.h"

#include <array>

#include "base/error.h"

namespace meridian::engine {
namespace {

constexpr std::array<std::string_view, 4> kUrgencies{"none", "routine", "today", "emergency"};

Json number_or_null(const std::optional<double>& number) {
  return number ? Json(*number) : Json();
}

Json to_json(const Measurement& measurement) {
  return Json::object({{"code", measurement.code.token()},
                       {"text", measurement.code.display},
                       {"text_zh", measurement.name_zh},
                       {"value", measurement.value},
                       {"unit", measurement.unit},
                       {"display", measurement.display}});
}

Json to_json(const Finding& finding) {
  Json measurements = Json::array();
  for (const Measurement& measurement : finding.measurements) measurements.push_back(to_json(measurement));
  return Json::object({{"code", finding.code.token()},
                       {"display", finding.code.display},
                       {"text", finding.text.en},
                       {"text_zh", finding.text.zh},
                       {"probability", number_or_null(finding.probability)},
                       {"threshold", number_or_null(finding.threshold)},
                       {"positive", finding.positive},
                       {"urgency", urgency_name(finding.urgency)},
                       {"measurements", std::move(measurements)},
                       {"evidence", finding.evidence}});
}

Json to_json(const std::vector<ClassProbability>& classes) {
  Json all = Json::array();
  for (const ClassProbability& one : classes)
    all.push_back(Json::object({{"name", one.name},
                                {"text", one.text.en},
                                {"text_zh", one.text.zh},
                                {"probability", one.probability}}));
  return all;
}

Json to_json(const std::optional<Refusal>& refusal) {
  if (!refusal) return {};
  return Json::object(
      {{"reason", refusal->reason}, {"text", refusal->text.en}, {"text_zh", refusal->text.zh}});
}

}  // namespace

std::string_view urgency_name(Urgency urgency) {
  return kUrgencies[static_cast<std::size_t>(urgency)];
}

Urgency urgency_of(std::string_view name) {
  for (std::size_t i = 0; i < kUrgencies.size(); ++i)
    if (kUrgencies[i] == name) return static_cast<Urgency>(i);
  throw Error(ErrorCode::invalid_value, "\"" + std::string(name) + "\" is not an urgency", "urgency",
              "Use none, routine, today or emergency");
}

Json to_json(const LocalizedText& text) {
  return Json::object({{"en", text.en}, {"zh", text.zh}});
}

Json to_json(const Reading& reading, const Card& card, const std::string& input) {
  Json findings = Json::array();
  for (const Finding& finding : reading.findings) findings.push_back(to_json(finding));
  Json json = Json::object({{"input", input},
                            {"assistant", card.id},
                            {"version", card.version},
                            {"refused", to_json(reading.refused)},
                            {"findings", std::move(findings)}});
  if (!reading.classes.empty()) json["classes"] = to_json(reading.classes);
  if (reading.strangeness) json["strangeness"] = *reading.strangeness;
  return json;
}

}  // namespace meridian::engine
