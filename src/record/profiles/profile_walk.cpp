#include "record/profiles/profile_walk.h"

#include <algorithm>

#include "base/error.h"
#include "record/fhirpath/navigation.h"
#include "record/fhirpath/operators.h"
#include "record/fhirpath/quantity.h"
#include "record/profiles/matching.h"
#include "record/profiles/snapshot.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostIssues = 100;
constexpr std::size_t kMostChecks = 1'000'000;  // of one element against one node
constexpr std::size_t kMostSteps = 50'000'000;  // of FHIRPath
constexpr std::size_t kMostProfiles = 1'000;    // that one leads to
constexpr std::size_t kDeepest = 200;           // a profile within a profile
constexpr std::string_view kCore = "http://hl7.org/fhir/StructureDefinition/";

[[noreturn]] void fail_too_long() {
  throw Error(ErrorCode::too_large, "Checking the resource against its profiles takes too long");
}

std::string shown(const Json& value) {
  const std::string text = value.dump();
  return text.size() <= 120 ? text : text.substr(0, 117) + "...";
}

bool is_core(std::string_view profile) {
  return profile.starts_with(kCore) && find_type(profile.substr(kCore.size()));
}

// "Patient" of "Patient/1", "http://server/fhir/Patient/1/_history/2"; empty when the text does not tell.
std::string type_in_reference(std::string_view reference) {
  reference = reference.substr(0, reference.find("/_history/"));
  const std::size_t end = reference.rfind('/');
  if (end == std::string_view::npos) return {};
  const std::string_view before = reference.substr(0, end);
  const std::string type(before.substr(before.rfind('/') + 1));
  const TypeDefinition* known = find_type(type);
  return known && known->is_resource() ? type : std::string();
}

}  // namespace

ProfileWalk::ProfileWalk(const CanonicalSource& source, const Json& resource, const References* references)
    : source_(source),
      references_(references),
      value_sets_(source),
      budget_{kMostSteps},
      environment_(fhirpath::environment_of(resource)) {
  prepare_environment();
}

void ProfileWalk::check(const std::string& canonical) {
  const Profile* profile = find_profile(canonical);
  if (!profile)
    throw Error(ErrorCode::not_found, "The profile \"" + canonical.substr(0, 200) + "\" is not known here",
                "profile", "Store its StructureDefinition, or give the node its package");
  check_profile(*profile, environment_.resource);
}

void ProfileWalk::spend(std::size_t steps) {
  if (steps > budget_.steps) fail_too_long();
  budget_.steps -= steps;
}

void ProfileWalk::add(Severity severity, std::string_view code, std::string text) {
  if (issues_.size() >= kMostIssues) return;
  Issue issue{severity, std::string(code), std::move(text), expression()};
  const auto same = [&](const Issue& other) {
    return other.text == issue.text && other.expression == issue.expression;
  };
  if (std::ranges::none_of(issues_, same)) issues_.push_back(std::move(issue));
}

std::string ProfileWalk::expression() const {
  std::string text =
      environment_.root_resource.type ? std::string(environment_.root_resource.type->name) : "";
  for (const Step& step : path_) {
    text.append(".").append(step.name);
    if (step.index >= 0) text += "[" + std::to_string(step.index) + "]";
  }
  return text;
}

const Profile* ProfileWalk::find_profile(const std::string& canonical) {
  const auto [place, is_new] = profiles_.try_emplace(canonical);
  if (profiles_.size() > kMostProfiles) fail_too_long();
  if (is_new)
    if (const auto definition = source_.find("StructureDefinition", canonical))
      place->second = std::make_unique<const Profile>(compile_profile(with_snapshot(*definition, source_)));
  return place->second.get();
}

void ProfileWalk::check_profile(const Profile& profile, const Element& element) {
  const std::string type = element.type ? std::string(element.type->name) : std::string();
  const TypeDefinition* wanted = find_type(profile.type);
  if (element.type && wanted && !element.type->is_a(*wanted))
    return add_error("structure",
                     "The profile " + profile.url + " is for a " + profile.type + ", not a " + type);
  const auto [place, is_new] = active_.emplace(element.value, &profile);
  if (!is_new) return;
  if (active_.size() > kDeepest) fail_too_long();
  check_content(*profile.root, element);
  active_.erase(place);
}

bool ProfileWalk::conforms(const std::string& canonical, const Element& element) {
  if (is_core(canonical))
    return element.type && element.type->is_a(*find_type(std::string_view(canonical).substr(kCore.size())));
  const Profile* profile = find_profile(canonical);
  if (!profile) return true;  // what nobody knows cannot be told
  std::vector<Issue> saved = std::move(issues_);
  issues_.clear();
  check_profile(*profile, element);
  const bool good = !has_errors(issues_);
  issues_ = std::move(saved);
  return good;
}

void ProfileWalk::check_profiles(const std::vector<std::string>& profiles, const Element& element) {
  if (profiles.size() == 1) {
    if (const Profile* only = find_profile(profiles.front())) return check_profile(*only, element);
    return add(Severity::warning, "not-found", "The profile " + profiles.front() + " is not known here");
  }
  if (std::ranges::any_of(profiles, [&](const std::string& one) { return conforms(one, element); })) return;
  std::string names;
  for (const std::string& profile : profiles) names += (names.empty() ? "" : ", ") + profile;
  add_error("structure", "This conforms to none of the profiles " + names);
}

void ProfileWalk::check_value(const ProfileNode& node, const Element& element) {
  check_type(node, element);
  check_content(node, element);
}

void ProfileWalk::check_content(const ProfileNode& node, const Element& element) {
  if (++checks_ > kMostChecks) fail_too_long();
  const fhirpath::Element outer = environment_.resource;
  if (element.type && element.type->is_resource()) environment_.resource = element;
  if (element.value && node.fixed && !is_same(*node.fixed, *element.value))
    add_error("value", "This must be " + shown(*node.fixed));
  if (element.value && node.pattern && !has_pattern(*node.pattern, *element.value))
    add_error("value", "This must have " + shown(*node.pattern));
  if (element.value && element.value->is_string() && element.value->as_string().size() > node.max_length)
    add_error("value", "This is longer than " + std::to_string(node.max_length) + " characters");
  check_limits(node, element);
  check_binding(node, element);
  check_rules(node, element);
  check_children(node, element);
  environment_.resource = outer;
}

void ProfileWalk::check_type(const ProfileNode& node, const Element& element) {
  if (!element.type || node.types.empty()) return;
  std::string names;
  for (const ProfileType& type : node.types) {
    const TypeDefinition* known = find_type(type.code);
    if (!known) return;  // FHIRPath's own types
    if (!element.type->is_a(*known)) {
      names += (names.empty() ? "" : ", ") + type.code;
      continue;
    }
    if (!type.profiles.empty()) check_profiles(type.profiles, element);
    if (!type.targets.empty()) check_target(type, element);
    return;
  }
  // An element of an element (a backbone) has its own type in the model.
  if (element.type->kind == TypeDefinition::Kind::backbone) return;
  add_error("structure", "A " + std::string(element.type->name) + " is not allowed here, only " + names);
}

std::string ProfileWalk::type_of_target(const std::string& profile) {
  if (is_core(profile)) return profile.substr(kCore.size());
  const Profile* known = find_profile(profile);
  return known ? known->type : std::string();
}

void ProfileWalk::check_target(const ProfileType& type, const Element& element) {
  const std::string reference = element.value ? element.value->text("reference") : std::string();
  if (element.type->name != "Reference" || reference.empty()) return;
  static const fhirpath::Expression resolve = fhirpath::parse("resolve()");
  const fhirpath::Collection found = evaluate(resolve, element);
  const auto* target = found.empty() ? nullptr : std::get_if<Element>(&found.front());
  const std::string kind =
      target && target->type ? std::string(target->type->name) : type_in_reference(reference);
  if (kind.empty()) return;
  std::vector<std::string> fitting;
  for (const std::string& profile : type.targets) {
    const std::string allowed = type_of_target(profile);
    if (allowed.empty() || allowed == "Resource" || allowed == kind) fitting.push_back(profile);
  }
  if (fitting.empty()) return add_error("value", "A reference to a " + kind + " is not allowed here");
  if (!target) return;
  if (std::ranges::none_of(fitting, [&](const std::string& one) { return conforms(one, *target); }))
    add_error("value", reference.substr(0, 100) + " does not conform to " + fitting.front());
}

void ProfileWalk::check_limits(const ProfileNode& node, const Element& element) {
  const auto check = [&](const std::optional<ValueLimit>& limit, bool above) {
    if (!limit || !limit->type || !element.value) return;
    try {
      if (is_beyond(*limit, element, above))
        add_error("value", (above ? "This may be at most " : "This must be at least ") + shown(limit->value));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_value) throw;
      add(Severity::warning, "not-supported", "This does not compare with " + shown(limit->value));
    }
  };
  check(node.least, false);
  check(node.most, true);
}

bool ProfileWalk::is_beyond(const ValueLimit& limit, const Element& element, bool above) const {
  fhirpath::Item bound = Element{&limit.value, nullptr, limit.type};
  // A duration before, or after, this moment (FHIR R4, ElementDefinition.minValue[x]).
  if (const auto duration = fhirpath::as_quantity(bound); duration && fhirpath::as_temporal(element)) {
    const auto moment = Temporal::parse_date_time(format_instant(environment_.now));
    const auto moved = moment ? fhirpath::add_duration(*moment, *duration, !above) : std::nullopt;
    if (!moved) return false;
    bound = *moved;
  }
  const auto order = fhirpath::compare(element, bound);
  if (!order) return false;
  return above ? *order > 0 : *order < 0;
}

void ProfileWalk::check_binding(const ProfileNode& node, const Element& element) {
  if (node.binding.empty() || !element.value) return;
  const bool is_concept =
      element.value->is_object() && element.type && element.type->name == "CodeableConcept";
  const auto verdict = value_sets_.contains(node.binding, element);
  if (verdict == false)
    add_error("code-invalid", shown(*element.value) + " is not in " + node.binding);
  else if (!verdict && is_concept && !element.value->contains("coding") &&
           !element.value->contains("extension"))
    add_error("code-invalid", "A text alone is not in " + node.binding);
  else if (!verdict)
    add(Severity::information, "not-supported", "Whether this is in " + node.binding + " is not known here");
}

void ProfileWalk::check_rules(const ProfileNode& node, const Element& element) {
  for (const ProfileRule& rule : node.rules) {
    const std::string key = " (" + rule.key + ")";
    try {
      if (fhirpath::truth(evaluate(rule.expression, element)) == false)
        add(rule.warning ? Severity::warning : Severity::error, "invariant", rule.text + key);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_value) throw;
      add(Severity::warning, "not-supported", "A rule cannot be evaluated here" + key);
    }
  }
}

fhirpath::Collection ProfileWalk::evaluate(const fhirpath::Expression& expression, const Element& element) {
  return fhirpath::evaluate(expression, element, environment_);
}

void ProfileWalk::check_children(const ProfileNode& node, const Element& element) {
  for (const auto& child : node.children) check_values(*child, values_of(element, child->name));
}

std::vector<ProfileWalk::Placed> ProfileWalk::values_of(const Element& element,
                                                        const std::string& name) const {
  fhirpath::Collection found;
  fhirpath::append_children(element, name, found);
  const ElementDefinition* definition = element.type ? element.type->element(name) : nullptr;
  const bool repeats = definition && definition->max > 1;
  std::vector<Placed> values;
  for (const fhirpath::Item& item : found)
    if (const auto* value = std::get_if<Element>(&item))
      values.push_back({*value, {name, repeats ? static_cast<std::ptrdiff_t>(values.size()) : -1}});
  return values;
}

void ProfileWalk::check_count(const ProfileNode& node, std::size_t count) {
  const std::string what = node.slice.empty() ? "element " + node.name : "slice " + node.slice;
  if (count < node.min)
    add_error("required", count == 0 ? "The " + what + " is missing"
                                     : "There are " + std::to_string(count) + " of the " + what +
                                           ", fewer than " + std::to_string(node.min));
  if (count > node.max)
    add_error("structure", node.max == 0 ? "The " + what + " is not allowed here"
                                         : "There are " + std::to_string(count) + " of the " + what +
                                               ", more than " + std::to_string(node.max));
}

void ProfileWalk::check_values(const ProfileNode& node, const std::vector<Placed>& values) {
  path_.push_back({node.name, -1});
  check_count(node, values.size());
  path_.pop_back();
  for (const Placed& value : values) {
    path_.push_back(value.step);
    check_value(node, value.element);
    path_.pop_back();
  }
  if (!node.slices.empty()) check_slices(node, values);
}

}  // namespace meridian::record
