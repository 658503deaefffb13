#include "record/operations/stats.h"

#include <algorithm>

#include "base/error.h"
#include "record/operations/input.h"
#include "record/operations/lookup_resources.h"
#include "record/operations/statistics.h"
#include "record/terminology/value_set.h"
#include "record/values/decimal.h"
#include "record/values/ucum.h"

namespace meridian::record {
namespace {

constexpr int kMostLookedAt = 10'000;
constexpr std::string_view kStatistics = "http://terminology.hl7.org/CodeSystem/observation-statistics";
constexpr std::string_view kUcum = "http://unitsofmeasure.org";

struct Question {
  std::string subject;
  std::vector<SystemCode> codes;
  std::vector<std::string> statistics;
  Parameters dates;  // of the search
  Json period;       // null: of all times
};

std::vector<SystemCode> codes_of(const OperationInput& input) {
  std::vector<SystemCode> codes;
  for (const std::string& code : input.texts("code")) codes.push_back({input.text("system"), code});
  for (const Json* coding : input.values("coding", "Coding"))
    codes.push_back({coding->text("system"), coding->text("code")});
  if (codes.empty()) throw Error(ErrorCode::invalid_request, "$stats needs a code or coding", "code");
  return codes;
}

std::vector<std::string> statistics_of(const OperationInput& input) {
  std::vector<std::string> statistics = input.texts("statistic");
  if (statistics.empty())
    throw Error(ErrorCode::invalid_request, "The parameter \"statistic\" is missing", "statistic");
  for (const std::string& code : statistics)
    if (!is_statistic(code) && code != "total-count")
      throw Error(ErrorCode::not_supported,
                  "The statistic \"" + code.substr(0, 80) + "\" is not computed here", "statistic");
  return statistics;
}

Json period_of(const OperationInput& input) {
  if (const Json* period = input.value("period", "Period")) return *period;
  const std::string text = input.text("duration");
  if (text.empty()) return {};
  const auto hours = Decimal::parse(text);
  if (!hours || hours->is_negative() || hours->to_double() > 1e6)
    throw Error(ErrorCode::invalid_value, "duration is a number of hours", "duration");
  const auto length = std::chrono::duration_cast<Instant::duration>(
      std::chrono::duration<double, std::ratio<3600>>(hours->to_double()));
  const Instant end = now();
  return Json::object({{"start", format_instant(end - length)}, {"end", format_instant(end)}});
}

Question parse(const OperationInput& input) {
  Question question{input.required("subject"), codes_of(input), statistics_of(input), {}, period_of(input)};
  if (const std::string start = question.period.text("start"); !start.empty())
    question.dates.emplace_back("date", "ge" + start);
  if (const std::string end = question.period.text("end"); !end.empty())
    question.dates.emplace_back("date", "le" + end);
  return question;
}

std::vector<Json> observations_of(const OperationContext& context, const Question& question,
                                  const SystemCode& code) {
  Parameters search = question.dates;
  const std::string token = escape_search_value(code.code);
  search.emplace_back("subject", question.subject);
  search.emplace_back("code", code.system.empty() ? token : escape_search_value(code.system) + "|" + token);
  search.emplace_back("status", "final,amended,corrected");
  search.emplace_back("_sort", "-date");
  std::vector<Json> found = find_resources(context, "Observation", search, kMostLookedAt + 1);
  if (found.size() > static_cast<std::size_t>(kMostLookedAt))
    throw Error(ErrorCode::too_large,
                "More than " + std::to_string(kMostLookedAt) + " observations have the code " + code.code,
                "period", "Name a period");
  return found;
}

// Values in one unit, which is that of the first.
class Values {
 public:
  void add(const Json& observation) {
    const Json* quantity = observation.find("valueQuantity");
    if (!quantity || !quantity->get("value").is_number() || quantity->contains("comparator")) return;
    const auto value = Decimal::parse(quantity->get("value").number_text());
    if (!value) return;
    if (values_.empty()) unit_ = *quantity;
    values_.push_back(in_unit(*value, *quantity).to_double());
  }
  const std::vector<double>& values() const { return values_; }

  Json quantity(double value) const {
    Json quantity = Json::object({{"value", value}});
    for (const char* member : {"unit", "system", "code"})
      if (unit_.contains(member)) quantity[member] = unit_.text(member);
    return quantity;
  }

 private:
  Decimal in_unit(const Decimal& value, const Json& quantity) const {
    const auto name = [](const Json& of) { return of.text("code", of.text("unit")); };
    if (name(quantity) == name(unit_)) return value;
    const bool both = quantity.text("system") == kUcum && unit_.text("system") == kUcum;
    const auto from = both ? find_unit(quantity.text("code")) : nullptr;
    const auto to = both ? find_unit(unit_.text("code")) : nullptr;
    const auto converted = from && to ? convert(value, *from, *to) : std::nullopt;
    if (converted) return *converted;
    throw Error(ErrorCode::invalid_value,
                "The observations have units that are no multiples of each other: " + name(quantity) +
                    " and " + name(unit_));
  }

  std::vector<double> values_;
  Json unit_;
};

Json component(const std::string& code, Json quantity) {
  const Json coding = Json::object({{"system", kStatistics}, {"code", code}});
  return Json::object(
      {{"code", Json::object({{"coding", Json::array({coding})}})}, {"valueQuantity", std::move(quantity)}});
}

Json coding_of(const SystemCode& code) {
  Json coding = Json::object();
  if (!code.system.empty()) coding["system"] = code.system;
  coding["code"] = code.code;
  return coding;
}

Json summary(const Question& question, const SystemCode& code, const std::vector<Json>& observations) {
  Values values;
  for (const Json& observation : observations) values.add(observation);
  Json result = Json::object({{"resourceType", "Observation"},
                              {"status", "final"},
                              {"code", Json::object({{"coding", Json::array({coding_of(code)})}})},
                              {"subject", Json::object({{"reference", question.subject}})}});
  if (!question.period.is_null()) result["effectivePeriod"] = question.period;
  for (const std::string& name : question.statistics) {
    // total-count counts also what has no value.
    const auto value = name == "total-count" ? std::optional(static_cast<double>(observations.size()))
                       : name == "count"     ? std::optional(static_cast<double>(values.values().size()))
                                             : statistic(name, values.values());
    if (!value) continue;
    result["component"].push_back(
        component(name, is_plain_number(name) ? Json::object({{"value", *value}}) : values.quantity(*value)));
  }
  return result;
}

}  // namespace

std::string observation_statistics(const OperationContext& context, const OperationCall& call) {
  const OperationInput input(
      call, {"subject", "code", "system", "coding", "duration", "period", "statistic", "include", "limit"});
  const Question question = parse(input);
  const bool include = input.flag("include", false);
  const auto limit = static_cast<std::size_t>(input.whole_number("limit").value_or(kMostLookedAt));
  Json::Array outputs, sources;
  for (const SystemCode& code : question.codes) {
    std::vector<Json> observations = observations_of(context, question, code);
    outputs.push_back(output("statistics", "resource", summary(question, code, observations)));
    for (Json& observation : observations)
      if (include && sources.size() < limit)
        sources.push_back(output("source", "resource", std::move(observation)));
  }
  std::ranges::move(sources, std::back_inserter(outputs));
  return parameters_text(std::move(outputs));
}

}  // namespace meridian::record
