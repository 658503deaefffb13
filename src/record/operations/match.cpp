#include "record/operations/match.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"
#include "record/operations/input.h"
#include "record/operations/lookup_resources.h"
#include "record/operations/patient_likeness.h"
#include "record/query/search_page.h"

namespace meridian::record {
namespace {

constexpr int kMostOfASearch = 200;
constexpr std::size_t kMostGiven = 50;
constexpr double kCertain = 0.99, kProbable = 0.9, kPossible = 0.1;

struct Candidate {
  Json patient;
  double probability = 0;
  std::string_view grade;
};

// What the patients worth comparing have in common with the one described.
std::vector<Parameters> searches_for(const Json& asked) {
  std::vector<Parameters> searches;
  for (const Json& identifier : items_of(asked, "identifier"))
    if (const std::string value = escape_search_value(identifier.text("value")); !value.empty()) {
      const std::string system = escape_search_value(identifier.text("system"));
      searches.push_back({{"identifier", system.empty() ? value : system + "|" + value}});
    }
  const std::string born = asked.text("birthDate");
  for (const Json& name : items_of(asked, "name")) {
    const std::string family = escape_search_value(name.text("family"));
    if (family.empty()) continue;
    if (!born.empty()) searches.push_back({{"family", family}, {"birthdate", born}});
    for (const Json& given : items_of(name, "given"))
      if (given.is_string())
        searches.push_back({{"family", family}, {"given", escape_search_value(given.as_string())}});
  }
  if (!born.empty()) searches.push_back({{"birthdate", born}});
  for (const Json& contact : items_of(asked, "telecom"))
    if (const std::string value = escape_search_value(contact.text("value")); !value.empty())
      searches.push_back({{"telecom", value}});
  return searches;
}

std::int64_t number_of_patients(const OperationContext& context) {
  return count_matches(context.connection, context.principal,
                       parse_search(context.connection, "Patient", {}, context.options, context.principal));
}

// A probability alone makes nobody certain.
std::string_view grade_of(const Likeness& likeness, double probability) {
  if (probability >= kCertain && (likeness.identifier || likeness.demographics)) return "certain";
  if (probability >= kProbable) return "probable";
  return probability >= kPossible ? "possible" : "certainly-not";
}

std::vector<Candidate> candidates_for(const OperationContext& context, const Json& asked) {
  std::map<std::string, Json> found;
  for (const Parameters& search : searches_for(asked))
    for (Json& patient : find_resources(context, "Patient", search, kMostOfASearch)) {
      std::string id = patient.text("id");
      found.try_emplace(std::move(id), std::move(patient));
    }
  const std::int64_t people = number_of_patients(context);
  std::vector<Candidate> candidates;
  for (auto& [id, patient] : found) {
    const Likeness likeness = likeness_of(asked, patient);
    const double probability = probability_of(likeness, people);
    const std::string_view grade = grade_of(likeness, probability);
    if (grade != "certainly-not") candidates.push_back({std::move(patient), probability, grade});
  }
  std::ranges::stable_sort(candidates, std::ranges::greater(), &Candidate::probability);
  return candidates;
}

void keep_only_certain(std::vector<Candidate>& candidates) {
  const auto likely = std::ranges::count_if(candidates, [](const Candidate& candidate) {
    return candidate.grade == "certain" || candidate.grade == "probable";
  });
  const bool one = likely == 1 && candidates.front().grade == "certain";
  candidates.resize(one ? 1 : 0);
}

Json entry_of(const Candidate& candidate, const std::string& base_url) {
  const double score = std::round(candidate.probability * 1e6) / 1e6;
  return Json::object(
      {{"fullUrl", base_url + "/Patient/" + candidate.patient.text("id")},
       {"resource", candidate.patient},
       {"search",
        Json::object({{"extension", Json::array({Json::object(
                                        {{"url", "http://hl7.org/fhir/StructureDefinition/match-grade"},
                                         {"valueCode", candidate.grade}})})},
                      {"mode", "match"},
                      {"score", score}})}});
}

}  // namespace

std::string match_patient(const OperationContext& context, const OperationCall& call) {
  const OperationInput input(call, {"resource", "onlyCertainMatches", "count"}, "resource");
  const Json* asked = input.resource("resource", "Patient");
  if (!asked)
    throw Error(ErrorCode::invalid_request, "The parameter \"resource\" is missing", "resource",
                "Send a Patient with what is known of the person");
  std::vector<Candidate> candidates = candidates_for(context, *asked);
  if (input.flag("onlyCertainMatches", false)) keep_only_certain(candidates);
  const std::size_t most = static_cast<std::size_t>(input.whole_number("count").value_or(kMostGiven));
  if (candidates.size() > most) candidates.resize(most);
  Json bundle = Json::object({{"resourceType", "Bundle"},
                              {"type", "searchset"},
                              {"total", static_cast<std::int64_t>(candidates.size())}});
  for (const Candidate& candidate : candidates)
    bundle["entry"].push_back(entry_of(candidate, context.options.base_url));
  return bundle.dump();
}

}  // namespace meridian::record
