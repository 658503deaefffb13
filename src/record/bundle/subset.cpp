#include "record/bundle/subset.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "record/definitions/model.h"
#include "record/query/search_value.h"

namespace meridian::record {
namespace {

constexpr std::string_view kObservationValues = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

constexpr std::array<std::pair<std::string_view, Summary>, 5> kSummaries{
    {{"true", Summary::elements_of_summary},
     {"false", Summary::none},
     {"count", Summary::count},
     {"text", Summary::text},
     {"data", Summary::data}}};

bool is_always_kept(std::string_view member) {
  return member == "resourceType" || member == "id" || member == "meta";
}

// Of a ViewDefinition, which is kept and listed though it is no type of R4 (record/views/stored_view.h): what
// must be there, and what tells one from another.
constexpr std::string_view kView = "ViewDefinition";
constexpr std::array<std::string_view, 3> kNeededOfView{"status", "resource", "select"};
constexpr std::array<std::string_view, 10> kSummaryOfView{"url",     "identifier",   "version", "name",
                                                          "title",   "experimental", "date",    "publisher",
                                                          "contact", "useContext"};

// "_birthDate" bears the extensions of birthDate.
std::string_view element_name(std::string_view member) {
  return member.starts_with('_') ? member.substr(1) : member;
}

bool is_kept(std::string_view member, const Subset& subset, const TypeDefinition* type) {
  if (is_always_kept(member)) return true;
  if (subset.summary == Summary::data) return member != "text";
  const std::string_view name = element_name(member);
  const PropertyDefinition* property = type ? type->property(name) : nullptr;
  if (property && property->element->min > 0) return true;
  if (subset.summary == Summary::text) return name == "text";
  if (property && property->element->modifier) return true;
  return std::ranges::any_of(subset.elements, [&](const std::string& element) {
    return element == name || (property && element == property->element->name);
  });
}

bool is_kept_of_view(std::string_view member, const Subset& subset) {
  const auto is_among = [&](const auto& names) {
    return std::ranges::find(names, element_name(member)) != names.end();
  };
  if (is_always_kept(member) || is_among(kNeededOfView)) return true;
  if (subset.summary == Summary::data) return member != "text";
  if (subset.summary == Summary::text) return member == "text";
  return subset.summary == Summary::elements_of_summary ? is_among(kSummaryOfView)
                                                        : is_among(subset.elements);
}

Json summary_of(const Json& value, const TypeDefinition* type);

Json summary_of_object(const Json& object, const TypeDefinition& type) {
  Json kept = Json::object();
  for (const auto& [member, value] : object.members()) {
    const PropertyDefinition* property = type.property(element_name(member));
    const bool always = type.is_resource() && is_always_kept(member);
    if (!always && !(property && (property->element->summary || property->element->min > 0))) continue;
    kept[member] = always || member.starts_with('_') ? value : summary_of(value, property->type->type);
  }
  return kept;
}

// What R4 marks as part of the summary, in depth.
Json summary_of(const Json& value, const TypeDefinition* type) {
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& item : value.items()) list.push_back(summary_of(item, type));
    return list;
  }
  if (!value.is_object()) return value;
  if (value.contains("resourceType")) type = find_type(value.text("resourceType"));
  return type ? summary_of_object(value, *type) : value;
}

}  // namespace

Summary parse_summary(std::string_view value) {
  for (const auto& [name, summary] : kSummaries)
    if (name == value) return summary;
  throw Error(ErrorCode::invalid_request, "_summary is true, false, text, data or count", "_summary");
}

std::vector<std::string> parse_elements(std::string_view value) {
  std::vector<std::string> elements = split_unescaped(value, ',');
  if (std::ranges::any_of(elements, &std::string::empty))
    throw Error(ErrorCode::invalid_request, "_elements is a list of names with commas between", "_elements");
  return elements;
}

std::string subset_of(const std::string& body, const Subset& subset) {
  if (subset.is_whole()) return body;
  Json resource = Json::parse(body);
  const TypeDefinition* type = find_type(resource.text("resourceType"));
  if (resource.text("resourceType") == kView)
    std::erase_if(resource.members(),
                  [&](const Json::Member& member) { return !is_kept_of_view(member.first, subset); });
  else if (subset.summary == Summary::elements_of_summary)
    resource = summary_of(resource, type);
  else
    std::erase_if(resource.members(),
                  [&](const Json::Member& member) { return !is_kept(member.first, subset, type); });
  resource["meta"]["tag"].push_back(Json::object({{"system", kObservationValues}, {"code", "SUBSETTED"}}));
  return resource.dump();
}

}  // namespace meridian::record
