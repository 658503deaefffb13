#include "record/terminology/terminology.h"

#include "base/error.h"
#include "record/store/resource_table.h"

namespace meridian::record {
namespace {

void require_few(const CodeSet& codes, const std::string& what) {
  if (codes.size() > Terminology::kMostCodes)
    throw Error(ErrorCode::too_large, what.substr(0, 200) + " has " + std::to_string(codes.size()) +
                                          " codes, more than the " + std::to_string(Terminology::kMostCodes) +
                                          " that a search may ask for");
}

}  // namespace

CodeSet Terminology::codes_of(const std::string& value_set) const {
  constexpr std::string_view kLocal = "ValueSet/";
  const ValueSetReader reader(source_);
  std::optional<StoredResource> local;
  if (value_set.starts_with(kLocal))
    local = find_newest(connection_, "ValueSet", value_set.substr(kLocal.size()));
  CodeSet codes;
  for (const ValueSetMember& member : local && !local->version.deleted
                                          ? reader.members(Json::parse(local->version.body))
                                          : reader.members(value_set))
    if (!member.abstract) codes.insert(member.code);
  require_few(codes, value_set);
  return codes;
}

CodeSet Terminology::related(const SystemCode& code, Relation relation) const {
  CodeSet set{code};
  const auto system = ValueSetReader(source_).code_system(code.system);
  if (!system || !system->is_listed())
    throw Error(
        ErrorCode::not_supported,
        "What stands above and below the codes of " + code.system.substr(0, 200) + " is not known here", {},
        "Store the CodeSystem with its concepts");
  for (const std::string& other : ((*system).*relation)(code.code)) set.insert({code.system, other});
  require_few(set, code.system + "|" + code.code);
  return set;
}

}  // namespace meridian::record
