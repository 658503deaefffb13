#include "record/terminology/terminology.h"

#include <optional>

#include "base/error.h"
#include "record/definitions/definitions.h"
#include "record/definitions/model.h"
#include "record/store/resource_table.h"
#include "record/store/stored_fields.h"
#include "record/terminology/code_system.h"

namespace meridian::record {
namespace {

constexpr int kDeepest = 10;  // of value sets that include others

std::string without_version(const std::string& canonical) {
  return canonical.substr(0, canonical.find('|'));
}

// The newest of those that have the URL.
std::optional<Json> find_canonical(storage::Connection& connection, std::string_view type,
                                   const std::string& url) {
  const std::int64_t field = stored_fields(type, *find_search_parameter(type, "url")).fields.front();
  std::int64_t key = 0;
  connection.query_first(
      "SELECT r.key FROM uri_index x JOIN resource r ON r.key = x.resource WHERE x.field = ? AND x.uri = ?"
      " AND r.deleted = 0 ORDER BY r.updated DESC, r.key DESC",
      {field, url}, [&](const storage::Row& row) { key = row.integer(0); });
  const auto found = find_by_key(connection, key);
  return found ? std::optional(Json::parse(found->version.body)) : std::nullopt;
}

const Json::Array& items_of(const Json& object, std::string_view member) {
  static const Json::Array nothing;
  const Json* found = object.find(member);
  return found && found->is_array() ? found->items() : nothing;
}

class Expander {
 public:
  explicit Expander(storage::Connection& connection) : connection_(connection) {}

  CodeSet value_set(const std::string& name, int depth) const {
    if (depth > kDeepest)
      throw Error(ErrorCode::too_large, "The value sets include each other too deeply", name.substr(0, 200));
    const std::string url = without_version(name);
    if (url.starts_with("ValueSet/")) {
      const auto stored = find_newest(connection_, "ValueSet", url.substr(9));
      if (stored && !stored->version.deleted) return expand(Json::parse(stored->version.body), depth);
    } else if (const auto stored = find_canonical(connection_, "ValueSet", url)) {
      return expand(*stored, depth);
    } else if (const ValueSetDefinition* defined = find_value_set(url)) {
      return codes_of(*defined);
    }
    throw Error(ErrorCode::not_found, "There is no value set \"" + name.substr(0, 200) + "\"");
  }

  std::optional<CodeHierarchy> hierarchy(const std::string& system) const {
    if (const auto stored = find_canonical(connection_, "CodeSystem", system))
      return CodeHierarchy::of(*stored);
    return CodeHierarchy::defined(system);
  }

 private:
  [[noreturn]] static void cannot_list(const std::string& what) {
    throw Error(ErrorCode::not_supported, "The codes of " + what.substr(0, 200) + " cannot be listed here",
                {}, "Store the CodeSystem, or a ValueSet that lists its codes");
  }

  static CodeSet codes_of(const ValueSetDefinition& set) {
    if (!set.enumerated) cannot_list(std::string(set.url));
    CodeSet codes;
    for (const ValueSetCode& code : set.codes)
      codes.insert({std::string(code.system), std::string(code.code)});
    return codes;
  }

  CodeSet expand(const Json& set, int depth) const {
    CodeSet codes;
    if (const Json* expansion = set.find("expansion")) {
      add_contained(*expansion, codes, 0);
      return codes;
    }
    const Json& compose = set.get("compose");
    for (const Json& part : items_of(compose, "include")) codes.merge(included(part, depth));
    for (const Json& part : items_of(compose, "exclude"))
      for (const SystemCode& code : included(part, depth)) codes.erase(code);
    return codes;
  }

  static void add_contained(const Json& parent, CodeSet& codes, int depth) {
    for (const Json& item : items_of(parent, "contains")) {
      if (item.contains("code") && item.get("abstract") != Json(true))
        codes.insert({item.text("system"), item.text("code")});
      if (depth < kDeepest) add_contained(item, codes, depth + 1);
    }
  }

  // What all that the part names have in common.
  CodeSet included(const Json& part, int depth) const {
    std::optional<CodeSet> common;
    const auto keep = [&](CodeSet codes) {
      if (common) std::erase_if(codes, [&](const SystemCode& code) { return !common->contains(code); });
      common = std::move(codes);
    };
    if (part.contains("system")) keep(of_system(part));
    for (const Json& url : items_of(part, "valueSet")) keep(value_set(url.as_string(), depth + 1));
    return common.value_or(CodeSet());
  }

  CodeSet of_system(const Json& part) const {
    const std::string system = part.text("system");
    CodeSet codes;
    for (const Json& concept_ : items_of(part, "concept")) codes.insert({system, concept_.text("code")});
    if (part.contains("concept")) return codes;
    const std::optional<CodeHierarchy> known = hierarchy(system);
    if (!known) cannot_list(system);
    std::set<std::string> kept = known->codes();
    for (const Json& filter : items_of(part, "filter")) {
      const std::set<std::string> passing = filtered(*known, filter);
      std::erase_if(kept, [&](const std::string& code) { return !passing.contains(code); });
    }
    for (const std::string& code : kept) codes.insert({system, code});
    return codes;
  }

  static std::set<std::string> filtered(const CodeHierarchy& known, const Json& filter) {
    const std::string op = filter.text("op"), value = filter.text("value");
    const bool by_concept = filter.text("property") == "concept";
    if (!by_concept || (op != "is-a" && op != "descendent-of" && op != "is-not-a"))
      throw Error(ErrorCode::not_supported,
                  "The filter " + filter.text("property") + " " + op + " is not known");
    std::set<std::string> codes = known.below(value);
    if (op != "descendent-of") codes.insert(value);
    if (op != "is-not-a") return codes;
    std::set<std::string> others = known.codes();
    std::erase_if(others, [&](const std::string& code) { return codes.contains(code); });
    return others;
  }

  storage::Connection& connection_;
};

void require_few(const CodeSet& codes, const std::string& what) {
  if (codes.size() > Terminology::kMostCodes)
    throw Error(ErrorCode::too_large, what.substr(0, 200) + " has " + std::to_string(codes.size()) +
                                          " codes, more than the " + std::to_string(Terminology::kMostCodes) +
                                          " that a search may ask for");
}

CodeSet with_system(const std::set<std::string>& codes, const SystemCode& itself) {
  CodeSet set{itself};
  for (const std::string& code : codes) set.insert({itself.system, code});
  require_few(set, itself.system + "|" + itself.code);
  return set;
}

}  // namespace

CodeSet Terminology::codes_of(const std::string& value_set) const {
  CodeSet codes = Expander(connection_).value_set(value_set, 0);
  require_few(codes, value_set);
  return codes;
}

CodeSet Terminology::below(const SystemCode& code) const {
  const auto hierarchy = Expander(connection_).hierarchy(code.system);
  return with_system(hierarchy ? hierarchy->below(code.code) : std::set<std::string>(), code);
}

CodeSet Terminology::above(const SystemCode& code) const {
  const auto hierarchy = Expander(connection_).hierarchy(code.system);
  return with_system(hierarchy ? hierarchy->above(code.code) : std::set<std::string>(), code);
}

}  // namespace meridian::record
