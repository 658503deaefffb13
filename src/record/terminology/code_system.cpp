#include "record/terminology/code_system.h"

#include <algorithm>

#include "base/text.h"
#include "record/terminology/canonical_source.h"

namespace meridian::record {
namespace {

constexpr int kDeepest = 100;  // as deep as JSON may be

bool has_property(const Json& concept_, std::string_view property, std::string_view wanted) {
  const std::vector<std::string> values = property_values(concept_, property);
  return std::ranges::find(values, wanted) != values.end();
}

}  // namespace

CodeSystem::CodeSystem(std::shared_ptr<const Json> resource)
    : resource_(std::move(resource)), case_matters_(resource_->get("caseSensitive") != Json(false)) {
  add_concepts(items_of(*resource_, "concept"), {}, 0);
}

bool CodeSystem::is_listed() const {
  const std::string content = resource_->text("content");
  return content == "complete" || (content != "not-present" && content != "supplement" && !codes_.empty());
}

bool CodeSystem::is_complete() const {
  const std::string content = resource_->text("content");
  return content == "complete" || (content.empty() && !codes_.empty());
}

std::string CodeSystem::key_of(const std::string& code) const {
  return case_matters_ ? code : lower_case(code);
}

const Json* CodeSystem::find(const std::string& code) const {
  const auto found = concepts_.find(key_of(code));
  return found == concepts_.end() ? nullptr : found->second;
}

void CodeSystem::link(const std::string& child, const std::string& parent) {
  if (child.empty() || parent.empty()) return;
  children_.emplace(parent, child);
  parents_.emplace(child, parent);
}

void CodeSystem::add(const std::string& code, const std::string& parent, const Json& concept_) {
  if (concepts_.emplace(key_of(code), &concept_).second) codes_.push_back(code);
  link(code, parent);
  for (const std::string& above : property_values(concept_, "parent")) link(code, above);
  for (const std::string& below : property_values(concept_, "child")) link(below, code);
}

void CodeSystem::add_concepts(const Json::Array& concepts, const std::string& parent, int depth) {
  if (depth > kDeepest) return;
  for (const Json& item : concepts) {
    const std::string code = item.text("code");
    if (code.empty()) continue;
    add(code, parent, item);
    add_concepts(items_of(item, "concept"), code, depth + 1);
  }
}

std::set<std::string> CodeSystem::reachable(const std::string& from, const Links& links) {
  std::set<std::string> found;
  std::vector<std::string> waiting{from};
  while (!waiting.empty()) {
    const std::string code = std::move(waiting.back());
    waiting.pop_back();
    const auto [begin, end] = links.equal_range(code);
    for (auto link = begin; link != end; ++link)
      if (link->second != from && found.insert(link->second).second) waiting.push_back(link->second);
  }
  return found;
}

std::vector<std::string> property_values(const Json& concept_, std::string_view property) {
  std::vector<std::string> values;
  for (const Json& item : items_of(concept_, "property")) {
    if (item.text("code") != property) continue;
    for (const auto& [name, value] : item.members()) {
      if (!name.starts_with("value")) continue;
      if (value.is_object()) values.push_back(value.text("code"));  // a Coding
      if (!value.is_object()) values.push_back(value.is_string() ? value.as_string() : value.dump());
    }
  }
  return values;
}

bool is_inactive(const Json& concept_) {
  return has_property(concept_, "inactive", "true") || has_property(concept_, "status", "retired") ||
         has_property(concept_, "status", "deprecated") || has_property(concept_, "status", "inactive");
}

bool is_abstract(const Json& concept_) {
  return has_property(concept_, "notSelectable", "true") || has_property(concept_, "abstract", "true");
}

std::string display_in(const Json& concept_, std::string_view language) {
  if (!language.empty())
    for (const Json& designation : items_of(concept_, "designation"))
      if (designation.text("language").starts_with(language)) return designation.text("value");
  return concept_.text("display");
}

}  // namespace meridian::record
