#include "record/validation/walk.h"

#include <algorithm>

#include "record/validation/bindings.h"
#include "record/validation/primitives.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostIssues = 100;
constexpr std::size_t kMostElements = 96;  // no R4 type has more

std::size_t place_of(const TypeDefinition& type, const ElementDefinition& element) {
  return static_cast<std::size_t>(&element - type.elements.data());
}

bool is_companion(std::string_view name) {
  return name.starts_with('_');
}

std::string in_quotes(std::string_view text) {
  return "\"" + std::string(text.substr(0, 80)) + "\"";
}

// The members of the object other than its id say nothing.
bool says_nothing(const Json& object) {
  return std::ranges::all_of(object.members(),
                             [](const Json::Member& member) { return member.first == "id"; });
}

}  // namespace

// Which elements of an object have been seen, and how often.
struct ValidationWalk::ObjectState {
  std::array<std::uint32_t, kMostElements> counts{};
  std::array<const PropertyDefinition*, kMostElements> seen{};
};

std::vector<Issue> ValidationWalk::run(const Json& resource) {
  const Json* type = resource.find("resourceType");
  root_name_ = type && type->is_string() && find_type(type->as_string()) ? type->as_string() : "Resource";
  environment_.as_filters = true;
  check_resource(resource, false);
  return std::move(issues_);
}

void ValidationWalk::add(Severity severity, std::string_view code, std::string text) {
  if (!is_full()) issues_.push_back({severity, std::string(code), std::move(text), expression()});
}

bool ValidationWalk::is_full() const {
  return issues_.size() >= kMostIssues;
}

std::string ValidationWalk::expression() const {
  std::string text = root_name_;
  for (const Step& step : path_) {
    text.append(".").append(step.name);
    if (step.index >= 0) text += "[" + std::to_string(step.index) + "]";
  }
  return text;
}

void ValidationWalk::check_resource(const Json& resource, bool contained) {
  if (!resource.is_object()) return add(Severity::error, "structure", "A resource must be a JSON object");
  const Json* name = resource.find("resourceType");
  if (!name || !name->is_string())
    return add(Severity::error, "required", "The resource does not say its resourceType");
  const TypeDefinition* type = find_type(name->as_string());
  if (!type || !type->is_resource() || type->abstract)
    return add(Severity::error, "structure", "R4 has no resource type " + in_quotes(name->as_string()));
  const auto saved = std::pair(environment_.resource, environment_.root_resource);
  environment_.resource = {&resource, nullptr, type};
  if (!contained) environment_.root_resource = environment_.resource;
  check_object(*type, resource);
  static const TypeDefinition& domain_resource = *find_type("DomainResource");
  if (!contained && type->is_a(domain_resource) && !resource.get("text.div").is_string())
    add(Severity::warning, "invariant", "A resource should have a narrative for people (dom-6)");
  std::tie(environment_.resource, environment_.root_resource) = saved;
}

void ValidationWalk::check_object(const TypeDefinition& type, const Json& object) {
  if (is_full()) return;
  if (!object.is_object())
    return add(Severity::error, "structure", "This must be a JSON object of type " + std::string(type.name));
  if (!type.is_resource() && says_nothing(object))
    return add(Severity::error, "invariant", "The element is empty (ele-1)");
  const std::size_t before = issues_.size();
  ObjectState state;
  for (const Json::Member& member : object.members()) check_member(type, object, member, state);
  check_cardinality(type, state);
  // Rules are about what is well formed.
  const bool well_formed = std::none_of(issues_.begin() + static_cast<std::ptrdiff_t>(before), issues_.end(),
                                        [](const Issue& issue) { return issue.severity == Severity::error; });
  if (well_formed) check_rules(rules_of(type), {&object, nullptr, &type});
}

void ValidationWalk::check_member(const TypeDefinition& type, const Json& object, const Json::Member& member,
                                  ObjectState& state) {
  const std::string_view name = member.first;
  if (name == "resourceType" && type.is_resource()) return;
  const std::string_view bare = is_companion(name) ? name.substr(1) : name;
  path_.push_back({name, -1});
  const PropertyDefinition* property = type.property(bare);
  if (!property || (is_companion(name) && !property->type->type->is_primitive())) {
    add(Severity::error, "structure", std::string(type.name) + " has no element " + in_quotes(name));
  } else {
    path_.back().name = bare;
    const std::size_t place = place_of(type, *property->element);
    if (state.seen[place] && state.seen[place] != property)
      add(Severity::error, "structure",
          "Only one of " + std::string(state.seen[place]->name) + " and " + std::string(bare) +
              " may be given");
    state.seen[place] = property;
    const auto count = static_cast<std::uint32_t>(member.second.is_array() ? member.second.size() : 1);
    state.counts[place] = std::max(state.counts[place], count);
    if (is_companion(name))
      check_companion(*property, object, member.second);
    else if (property->element->max > 1)
      check_list(*property, member.second, object.find("_" + std::string(bare)));
    else
      check_value(*property, member.second);
  }
  path_.pop_back();
}

void ValidationWalk::check_cardinality(const TypeDefinition& type, const ObjectState& state) {
  for (std::size_t i = 0; i < type.elements.size(); ++i) {
    const ElementDefinition& element = type.elements[i];
    if (state.counts[i] >= element.min && state.counts[i] <= element.max) continue;
    path_.push_back({element.name, -1});
    const std::string choice = element.choice ? "[x]" : "";
    if (state.counts[i] < element.min)
      add(Severity::error, "required", "The element " + std::string(element.name) + choice + " is missing");
    else
      add(Severity::error, "structure",
          "There are " + std::to_string(state.counts[i]) + ", more than " + std::to_string(element.max));
    path_.pop_back();
  }
}

void ValidationWalk::check_list(const PropertyDefinition& property, const Json& list,
                                const Json* companions) {
  if (!list.is_array())
    return add(Severity::error, "structure", "This element repeats and must be a JSON array");
  if (list.empty()) return add(Severity::error, "structure", "An empty list must be left out");
  for (std::size_t i = 0; i < list.size(); ++i) {
    path_.back().index = static_cast<std::ptrdiff_t>(i);
    const bool has_companion =
        companions && companions->is_array() && i < companions->size() && !companions->at(i).is_null();
    if (!list.at(i).is_null() || !has_companion) check_value(property, list.at(i));
  }
}

void ValidationWalk::check_companion(const PropertyDefinition& property, const Json& object,
                                     const Json& companion) {
  const TypeDefinition& type = *property.type->type;
  if (property.element->max <= 1) return check_companion_object(type, companion);
  if (!companion.is_array())
    return add(Severity::error, "structure", "This element repeats and must be a JSON array");
  const Json* values = object.find(property.name);
  if (values && values->is_array() && values->size() != companion.size())
    add(Severity::error, "structure", "The list of values and that of their extensions differ in length");
  for (std::size_t i = 0; i < companion.size(); ++i) {
    path_.back().index = static_cast<std::ptrdiff_t>(i);
    if (!companion.at(i).is_null())
      check_companion_object(type, companion.at(i));
    else if (!values)
      add(Severity::error, "structure", "An item has neither a value nor extensions");
  }
}

// Id and extensions of a primitive.
void ValidationWalk::check_companion_object(const TypeDefinition& type, const Json& companion) {
  if (!companion.is_object() || companion.empty())
    return add(Severity::error, "structure",
               "The extensions of a primitive must be a JSON object that says something");
  ObjectState state;
  for (const Json::Member& member : companion.members()) check_member(type, companion, member, state);
}

void ValidationWalk::check_value(const PropertyDefinition& property, const Json& value) {
  const TypeDefinition& type = *property.type->type;
  const ElementDefinition& element = *property.element;
  if (is_full()) return;
  if (value.is_array())
    return add(Severity::error, "structure", "This element does not repeat and must not be a JSON array");
  if (value.is_null())
    return add(Severity::error, "structure", "null stands only beside extensions of a primitive");
  const std::size_t before = issues_.size();
  if (type.is_primitive()) {
    if (std::string problem = primitive_problem(type, value); !problem.empty())
      return add(Severity::error, "value", std::move(problem));
  } else if (type.is_resource()) {
    return check_resource(value, element.name == "contained");
  } else {
    check_object(type, value);
    if (issues_.size() != before || !value.is_object()) return;
    if (type.name == "Extension") check_extension(value);
    if (type.name == "Reference") check_reference(*property.type, value);
  }
  if (element.binding) check_binding(element, type, value);
  check_rules(rules_of(element), {&value, nullptr, &type});
}

void ValidationWalk::check_extension(const Json& extension) {
  const bool has_value = std::ranges::any_of(extension.members(), [](const Json::Member& member) {
    return member.first.starts_with("value") || member.first.starts_with("_value");
  });
  if (has_value == extension.contains("extension"))
    add(Severity::error, "invariant", "An extension has either a value or extensions (ext-1)");
}

void ValidationWalk::check_reference(const ElementType& type, const Json& reference) {
  const Json* text = reference.find("reference");
  if (!text || !text->is_string()) return;
  const std::string problem = reference_problem(type, text->as_string());
  if (problem.empty()) return;
  path_.push_back({"reference", -1});
  add(Severity::error, "value", problem);
  path_.pop_back();
}

void ValidationWalk::check_binding(const ElementDefinition& element, const TypeDefinition& type,
                                   const Json& value) {
  if (std::string problem = binding_problem(*element.binding, type, value); !problem.empty())
    add(Severity::error, "code-invalid", std::move(problem));
}

void ValidationWalk::check_rules(std::span<const Rule> rules, const fhirpath::Element& element) {
  for (const Rule& rule : rules) {
    const Invariant& invariant = *rule.invariant;
    const Verdict verdict = check(rule, element, environment_);
    if (verdict == Verdict::holds || verdict == Verdict::unknown) continue;
    const std::string key = " (" + std::string(invariant.key) + ")";
    if (verdict == Verdict::failed)
      add(Severity::warning, "not-supported", "A rule cannot be evaluated here" + key);
    if (verdict == Verdict::broken)
      add(invariant.warning ? Severity::warning : Severity::error, "invariant",
          std::string(invariant.text) + key);
  }
}

}  // namespace meridian::record
