#include "record/search/extraction.h"

#include <algorithm>
#include <set>

#include "record/fhirpath/engine.h"
#include "record/search/plan.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostComposites = 256;  // of one parameter and element: more is no sensible resource

std::string_view string_member(const Json& object, std::string_view name) {
  const Json* found = object.find(name);
  return found && found->is_string() ? std::string_view(found->as_string()) : std::string_view();
}

// The resource type that a Reference names: by its type, its text, or the contained resource that it points
// to.
std::string_view referred_type(const Json& reference, const Json& resource) {
  const std::string_view text = string_member(reference, "reference");
  if (text.empty() || text.starts_with("urn:")) return string_member(reference, "type");
  if (text.front() == '#') {
    const Json* contained = resource.find("contained");
    if (!contained || !contained->is_array()) return {};
    for (const Json& item : contained->items())
      if (string_member(item, "id") == text.substr(1)) return string_member(item, "resourceType");
    return {};
  }
  std::string_view path = text.substr(0, text.find("/_history/"));
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  path = path.substr(0, slash);
  return path.substr(path.rfind('/') + 1);
}

class Walk {
 public:
  Walk(const Json& resource, std::vector<IndexEntry>& out) : resource_(resource), out_(&out) {}

  void visit(const PlanNode& node, const Json& value) {
    if (value.is_array()) {
      for (const Json& item : value.items()) visit(node, item);
      return;
    }
    for (const PlanLeaf& leaf : node.leaves) add(leaf, value);
    for (const PlanGuard& guard : node.guards)
      if (lets_through(guard, value)) visit(*guard.node, value);
    for (const PlanComposite& composite : node.composites) add(composite, value);
    if (!node.edges.empty() && value.is_object()) descend(node, value);
  }

 private:
  void descend(const PlanNode& node, const Json& object) {
    for (const auto& [name, member] : object.members()) {
      const auto found = std::ranges::lower_bound(node.edges, std::string_view(name), {}, &PlanEdge::member);
      if (found != node.edges.end() && found->member == name) visit(*found->node, member);
    }
  }

  void add(const PlanLeaf& leaf, const Json& value) {
    keys_.clear();
    leaf.make(value, leaf.system, keys_);
    for (SearchKey& key : keys_) out_->push_back({leaf.parameter, std::move(key)});
  }

  bool lets_through(const PlanGuard& guard, const Json& value) const {
    if (!value.is_object()) return false;
    if (guard.kind == PlanGuard::Kind::equals) return string_member(value, guard.member) == guard.text;
    return referred_type(value, resource_) == guard.text;
  }

  // One key for each combination of the components' values.
  void add(const PlanComposite& composite, const Json& value) {
    std::vector<CompositeKey> combinations(1);
    for (const auto& component : composite.components) {
      const std::vector<IndexEntry> found = values_of(component, value);
      std::vector<CompositeKey> longer;
      for (const CompositeKey& combination : combinations) {
        for (const IndexEntry& entry : found) {
          if (longer.size() == kMostComposites) break;
          longer.push_back(combination);
          longer.back().components.push_back(entry.key);
        }
      }
      combinations = std::move(longer);
      if (combinations.empty()) return;
    }
    for (CompositeKey& combination : combinations)
      out_->push_back({composite.parameter, std::move(combination)});
  }

  std::vector<IndexEntry> values_of(const PlanComposite::Component& component, const Json& value) {
    std::vector<IndexEntry> found;
    Walk(resource_, found).visit(*component.node, component.from_resource ? resource_ : value);
    return found;
  }

  const Json& resource_;
  std::vector<IndexEntry>* out_;
  std::vector<SearchKey> keys_;
};

void append_interpreted(const Plan::Interpreted& interpreted, const fhirpath::Environment& environment,
                        std::vector<IndexEntry>& out) {
  const SearchParameter& parameter = *interpreted.parameter;
  std::vector<SearchKey> keys;
  for (const auto& item : fhirpath::evaluate(interpreted.expression, environment.resource, environment)) {
    if (const auto truth = fhirpath::as_boolean(item))
      keys.emplace_back(TokenKey{{}, *truth ? "true" : "false", {}});
    const auto* element = std::get_if<fhirpath::Element>(&item);
    if (!element || !element->type || !element->value) continue;
    if (const KeyMaker make = key_maker(parameter.type, *element->type)) make(*element->value, {}, keys);
  }
  for (SearchKey& key : keys) out.push_back({&parameter, std::move(key)});
}

// "Patient/…" when the key is of a reference to a patient on this server.
std::string patient_of(const SearchKey& key) {
  const auto* reference = std::get_if<ReferenceKey>(&key);
  return reference && reference->type == "Patient" && !reference->id.empty() ? "Patient/" + reference->id
                                                                             : std::string();
}

}  // namespace

std::vector<IndexEntry> extract(const Json& resource) {
  std::vector<IndexEntry> entries;
  const Plan* plan = plan_of(string_member(resource, "resourceType"));
  if (!plan) return entries;
  Walk(resource, entries).visit(plan->root, resource);
  if (plan->interpreted.empty()) return entries;
  const fhirpath::Environment environment = fhirpath::environment_of(resource);
  for (const Plan::Interpreted& interpreted : plan->interpreted)
    append_interpreted(interpreted, environment, entries);
  return entries;
}

std::vector<std::string> patients_of(const Json& resource) {
  const std::vector<IndexEntry> entries = extract(resource);
  return patients_of(string_member(resource, "resourceType"), string_member(resource, "id"), entries);
}

std::vector<std::string> patients_of(std::string_view type, std::string_view id,
                                     std::span<const IndexEntry> entries) {
  std::set<std::string> patients;
  if (type == "Patient" && !id.empty()) patients.insert("Patient/" + std::string(id));
  const auto parameters = compartment_parameters("Patient", type);
  const auto names_patient = [&](std::string_view code) {
    return code == "patient" || code == "subject" || std::ranges::find(parameters, code) != parameters.end();
  };
  for (const IndexEntry& entry : entries) {
    if (!names_patient(entry.parameter->code)) continue;
    if (std::string patient = patient_of(entry.key); !patient.empty()) patients.insert(std::move(patient));
  }
  return {patients.begin(), patients.end()};
}

}  // namespace meridian::record
