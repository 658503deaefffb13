#include "record/terminology/code_system.h"

#include <vector>

#include "record/definitions/model.h"

namespace meridian::record {
namespace {

constexpr int kDeepest = 100;  // as deep as JSON may be

}  // namespace

void CodeHierarchy::add(const std::string& code, const std::string& parent) {
  codes_.insert(code);
  if (parent.empty()) return;
  children_.emplace(parent, code);
  parents_.emplace(code, parent);
}

std::optional<CodeHierarchy> CodeHierarchy::defined(std::string_view system) {
  const auto concepts = concepts_of(system);
  if (concepts.empty()) return {};
  CodeHierarchy hierarchy;
  for (const ConceptDefinition& concept_ : concepts)
    hierarchy.add(std::string(concept_.code), std::string(concept_.parent));
  return hierarchy;
}

void CodeHierarchy::add_concepts(const Json& concepts, const std::string& parent, int depth) {
  if (!concepts.is_array() || depth > kDeepest) return;
  for (const Json& item : concepts.items()) {
    const std::string code = item.text("code");
    if (code.empty()) continue;
    add(code, parent);
    if (const Json* properties = item.find("property"))
      for (const Json& property : properties->items())
        if (property.text("code") == "parent") add(code, property.text("valueCode"));
    if (const Json* inner = item.find("concept")) add_concepts(*inner, code, depth + 1);
  }
}

CodeHierarchy CodeHierarchy::of(const Json& code_system) {
  CodeHierarchy hierarchy;
  if (const Json* concepts = code_system.find("concept")) hierarchy.add_concepts(*concepts, {}, 0);
  return hierarchy;
}

std::set<std::string> CodeHierarchy::reachable(const std::string& from, const Links& links) {
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

}  // namespace meridian::record
