// ValueSet/$expand.
#include <algorithm>

#include "base/error.h"
#include "base/id.h"
#include "record/operations/input.h"
#include "record/operations/terminology_operations.h"
#include "record/terminology/value_set.h"
#include "record/values/fold.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostGiven = 10'000;  // without paging

struct Expansion {
  std::string language, filter;
  bool active_only, with_designations;
  std::size_t offset;
  std::optional<std::size_t> count;
};

Expansion parse(const OperationInput& input) {
  Expansion expansion{input.text("displayLanguage"),
                      fold(input.text("filter")),
                      input.flag("activeOnly", false),
                      input.flag("includeDesignations", false),
                      0,
                      {}};
  expansion.offset = static_cast<std::size_t>(input.whole_number("offset").value_or(0));
  if (const auto count = input.whole_number("count")) expansion.count = static_cast<std::size_t>(*count);
  return expansion;
}

// FHIR leaves open what a filter looks at: here, where in the display or code its text stands.
bool passes(const Expansion& expansion, const ValueSetMember& member) {
  if (expansion.active_only && member.inactive) return false;
  return expansion.filter.empty() || fold(member.display).find(expansion.filter) != std::string::npos ||
         fold(member.code.code).find(expansion.filter) != std::string::npos;
}

Json contains(const Expansion& expansion, const ValueSetMember& member) {
  Json item = Json::object({{"system", member.code.system}});
  if (member.abstract) item["abstract"] = true;
  if (member.inactive) item["inactive"] = true;
  item["code"] = member.code.code;
  if (!member.display.empty()) item["display"] = member.display;
  if (expansion.with_designations && !member.designations.is_null())
    item["designation"] = member.designations;
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

}  // namespace

std::string expand_value_set(const OperationContext& context, const OperationCall& call) {
  const OperationInput input(call,
                             {"url", "valueSet", "valueSetVersion", "filter", "offset", "count",
                              "includeDesignations", "activeOnly", "displayLanguage", "excludeNested"},
                             "valueSet",
                             {"context", "contextDirection", "date", "designation", "includeDefinition",
                              "excludeNotForUI", "excludePostCoordinated", "exclude-system", "system-version",
                              "check-system-version", "force-system-version"});
  const Expansion expansion = parse(input);
  Json value_set = *resource_meant(context, call, input, "ValueSet", "url", "valueSet", "valueSetVersion");
  std::vector<ValueSetMember> members =
      ValueSetReader(context.canonicals, expansion.language).members(value_set);
  std::erase_if(members, [&](const ValueSetMember& member) { return !passes(expansion, member); });
  for (const char* member : {"compose", "text", "expansion"}) value_set.erase(member);
  value_set["expansion"] = expansion_json(expansion, members);
  return value_set.dump();
}

}  // namespace meridian::record
