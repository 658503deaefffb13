#include "record/terminology/value_set.h"

#include <algorithm>

#include "base/error.h"
#include "record/terminology/concept_filter.h"

namespace meridian::record {
namespace {

constexpr int kDeepest = 10;  // of value sets that include others

using Members = std::vector<ValueSetMember>;
using CodeSet = std::set<SystemCode>;

[[noreturn]] void cannot_list(const std::string& what) {
  throw Error(ErrorCode::not_supported, "The codes of " + what.substr(0, 200) + " cannot be listed here", {},
              "Store the CodeSystem, or a ValueSet that lists its codes");
}

CodeSet codes_of(const Members& members) {
  CodeSet codes;
  for (const ValueSetMember& member : members) codes.insert(member.code);
  return codes;
}

void require_few(const Members& members, const std::string& what) {
  if (members.size() > ValueSetReader::kMostMembers)
    throw Error(ErrorCode::too_large, what.substr(0, 200) + " has more than " +
                                          std::to_string(ValueSetReader::kMostMembers) + " codes");
}

// Those that come for the first time.
void append_new(Members& all, Members more) {
  CodeSet known = codes_of(all);
  for (ValueSetMember& member : more)
    if (known.insert(member.code).second) all.push_back(std::move(member));
}

Json designations_of(const Json& concept_) {
  const Json* designations = concept_.find("designation");
  return designations ? *designations : Json();
}

void add_contained(const Json& parent, Members& members, int depth) {
  for (const Json& item : items_of(parent, "contains")) {
    if (item.contains("code"))
      members.push_back({{item.text("system"), item.text("code")},
                         item.text("display"),
                         designations_of(item),
                         item.get("abstract") == Json(true),
                         item.get("inactive") == Json(true)});
    if (depth < kDeepest) add_contained(item, members, depth + 1);
  }
}

}  // namespace

std::shared_ptr<const CodeSystem> ValueSetReader::code_system(const std::string& canonical) const {
  auto resource = source_.find("CodeSystem", canonical);
  if (!resource) return nullptr;
  auto system = std::make_shared<const CodeSystem>(std::move(resource));
  return system->is_listed() ? system : nullptr;
}

Members ValueSetReader::of_url(const std::string& canonical, int depth) const {
  if (depth > kDeepest)
    throw Error(ErrorCode::too_large, "The value sets include each other too deeply",
                canonical.substr(0, 200));
  const auto found = source_.find("ValueSet", canonical);
  if (!found) throw Error(ErrorCode::not_found, "There is no value set \"" + canonical.substr(0, 200) + "\"");
  return expand(*found, depth);
}

Members ValueSetReader::expand(const Json& value_set, int depth) const {
  Members members;
  if (const Json* expansion = value_set.find("expansion")) {
    add_contained(*expansion, members, 0);
    return members;
  }
  const Json& compose = value_set.get("compose");
  for (const Json& part : items_of(compose, "include")) {
    append_new(members, included(part, depth));
    require_few(members, value_set.text("url"));
  }
  for (const Json& part : items_of(compose, "exclude")) {
    const CodeSet excluded = codes_of(included(part, depth));
    std::erase_if(members, [&](const ValueSetMember& member) { return excluded.contains(member.code); });
  }
  if (compose.get("inactive") == Json(false))
    std::erase_if(members, [](const ValueSetMember& member) { return member.inactive; });
  return members;
}

// What all that the part names have in common.
Members ValueSetReader::included(const Json& part, int depth) const {
  std::optional<Members> common;
  const auto keep = [&](Members members) {
    if (!common) {
      common = std::move(members);
      return;
    }
    const CodeSet codes = codes_of(members);
    std::erase_if(*common, [&](const ValueSetMember& member) { return !codes.contains(member.code); });
  };
  if (part.contains("system")) keep(is_wanted(part.text("system")) ? of_system(part) : Members());
  for (const Json& url : items_of(part, "valueSet")) keep(of_url(url.as_string(), depth + 1));
  return std::move(common).value_or(Members());
}

Members ValueSetReader::of_system(const Json& part) const {
  const std::string system = part.text("system");
  const std::string version = part.text("version");
  const auto known = code_system(version.empty() ? system : system + "|" + version);
  if (part.contains("concept")) return chosen(part, known.get());
  if (!known) cannot_list(system);
  std::vector<ConceptTest> tests;
  for (const Json& filter : items_of(part, "filter")) tests.push_back(concept_test(*known, filter));
  Members members;
  for (const std::string& code : known->codes())
    if (std::ranges::all_of(tests, [&](const ConceptTest& passes) { return passes(code); }))
      members.push_back(member_of(system, *known->find(code)));
  return members;
}

// The codes that the part lists, with the displays of the part, or else of the system.
Members ValueSetReader::chosen(const Json& part, const CodeSystem* known) const {
  Members members;
  for (const Json& listed : items_of(part, "concept")) {
    const Json* concept_ = known ? known->find(listed.text("code")) : nullptr;
    ValueSetMember member = member_of(part.text("system"), concept_ ? *concept_ : listed);
    member.code.code = listed.text("code");
    if (const std::string display = display_in(listed, language_); !display.empty()) member.display = display;
    if (listed.contains("designation")) member.designations = designations_of(listed);
    members.push_back(std::move(member));
  }
  return members;
}

ValueSetMember ValueSetReader::member_of(const std::string& system, const Json& concept_) const {
  return {{system, concept_.text("code")},
          display_in(concept_, language_),
          designations_of(concept_),
          is_abstract(concept_),
          is_inactive(concept_)};
}

}  // namespace meridian::record
