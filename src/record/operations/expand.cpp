// ValueSet/$expand.
#include <algorithm>

#include "base/error.h"
#include "base/id.h"
#include "record/operations/input.h"
#include "record/operations/terminology_operations.h"
#include "record/terminology/system_versions.h"
#include "record/terminology/value_set.h"
#include "record/values/fold.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostGiven = 10'000;  // without paging
constexpr std::string_view kLanguages = "urn:ietf:bcp:47";

struct Expansion {
  std::string language, filter;
  bool active_only, with_designations, with_abstract, with_definition;
  std::vector<std::string> designations;  // languages and uses, "system|code"; empty for all
  std::size_t offset;
  std::optional<std::size_t> count;
};

Expansion parse(const OperationInput& input) {
  Expansion expansion{input.text("displayLanguage"),
                      fold(input.text("filter")),
                      input.flag("activeOnly", false),
                      input.flag("includeDesignations", false),
                      !input.flag("excludeNotForUI", false),
                      input.flag("includeDefinition", false),
                      input.texts("designation"),
                      0,
                      {}};
  if (!expansion.designations.empty()) expansion.with_designations = true;
  expansion.offset = static_cast<std::size_t>(input.whole_number("offset").value_or(0));
  if (const auto count = input.whole_number("count")) expansion.count = static_cast<std::size_t>(*count);
  return expansion;
}

// FHIR leaves open what a filter looks at: here, where in the display or code its text stands.
bool passes(const Expansion& expansion, const ValueSetMember& member) {
  if (expansion.active_only && member.inactive) return false;
  if (!expansion.with_abstract && member.abstract) return false;
  return expansion.filter.empty() || fold(member.display).find(expansion.filter) != std::string::npos ||
         fold(member.code.code).find(expansion.filter) != std::string::npos;
}

// Whether it is of the language or for the use that a token names.
bool is_named(const Json& designation, const std::string& token) {
  const std::size_t bar = token.rfind('|');
  const std::string system = bar == std::string::npos ? std::string() : token.substr(0, bar);
  const std::string code = bar == std::string::npos ? token : token.substr(bar + 1);
  const bool language = (system.empty() || system == kLanguages) && designation.text("language") == code;
  return language || (designation.text("use.code") == code &&
                      (bar == std::string::npos || designation.text("use.system") == system));
}

Json designations_of(const Expansion& expansion, const ValueSetMember& member) {
  if (!member.designations.is_array() || expansion.designations.empty()) return member.designations;
  Json named;
  for (const Json& designation : member.designations.items())
    if (std::ranges::any_of(expansion.designations,
                            [&](const std::string& token) { return is_named(designation, token); }))
      named.push_back(designation);
  return named;
}

Json contains(const Expansion& expansion, const ValueSetMember& member) {
  Json item = Json::object({{"system", member.code.system}});
  if (member.abstract) item["abstract"] = true;
  if (member.inactive) item["inactive"] = true;
  item["code"] = member.code.code;
  if (!member.display.empty()) item["display"] = member.display;
  if (expansion.with_designations)
    if (Json designations = designations_of(expansion, member); !designations.is_null())
      item["designation"] = std::move(designations);
  return item;
}

Json expansion_json(const Expansion& expansion, const std::vector<ValueSetMember>& members) {
  const std::size_t begin = std::min(expansion.offset, members.size());
  const std::size_t given = std::min(expansion.count.value_or(members.size()), members.size() - begin);
  if (!expansion.count && given > kMostGiven)
    throw Error(ErrorCode::too_large,
                "The value set has " + std::to_string(members.size()) + " codes, more than the " +
                    std::to_string(kMostGiven) + " that are given at once",
                "count", "Ask for pages with count and offset, or give a filter");
  Json json = Json::object({{"identifier", "urn:uuid:" + new_id()}, {"timestamp", format_instant(now())}});
  json["total"] = static_cast<std::int64_t>(members.size());
  if (expansion.offset > 0 || expansion.count) json["offset"] = static_cast<std::int64_t>(expansion.offset);
  for (std::size_t i = begin; i < begin + given; ++i)
    json["contains"].push_back(contains(expansion, members[i]));
  return json;
}

// "system" or "system|version", as exclude-system names it.
void leave_out(const std::string& canonical, const ValueSetReader& reader,
               std::vector<ValueSetMember>& members) {
  const std::string url = canonical.substr(0, canonical.find('|'));
  const auto system = url == canonical ? nullptr : reader.code_system(url);
  if (system && !is_of_version(system->resource(), canonical)) return;
  std::erase_if(members, [&](const ValueSetMember& member) { return member.code.system == url; });
}

}  // namespace

std::string expand_value_set(const OperationContext& context, const OperationCall& call) {
  const OperationInput input(
      call,
      {"url", "valueSet", "valueSetVersion", "filter", "offset", "count", "includeDesignations",
       "designation", "activeOnly", "displayLanguage", "includeDefinition", "excludeNested",
       "excludeNotForUI", "excludePostCoordinated", "exclude-system", "system-version",
       "check-system-version", "force-system-version"},
      "valueSet", {"context", "contextDirection", "date"});
  const Expansion expansion = parse(input);
  const SystemVersions canonicals(context.canonicals, input.texts("system-version"),
                                  input.texts("check-system-version"), input.texts("force-system-version"));
  Json value_set = canonicals.settled(
      *resource_meant(context, call, input, "ValueSet", "url", "valueSet", "valueSetVersion"));
  const ValueSetReader reader(canonicals, expansion.language);
  std::vector<ValueSetMember> members = reader.members(value_set);
  std::erase_if(members, [&](const ValueSetMember& member) { return !passes(expansion, member); });
  for (const std::string& system : input.texts("exclude-system")) leave_out(system, reader, members);
  if (!expansion.with_definition) value_set.erase("compose");
  for (const char* member : {"text", "expansion"}) value_set.erase(member);
  value_set["expansion"] = expansion_json(expansion, members);
  return value_set.dump();
}

}  // namespace meridian::record
