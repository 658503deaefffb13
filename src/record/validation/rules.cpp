#include "record/validation/rules.h"

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>

#include "base/error.h"

namespace meridian::record {
namespace {

constexpr std::array<OtherwiseChecked, 5> kOtherwise{{
    {"ele-1", "an element that is empty, or has only an id, is refused by structure"},
    {"ext-1", "an extension has a value or extensions, by structure"},
    {"txt-1", "the narrative's XHTML is read with its primitive"},
    {"txt-2", "the narrative's XHTML is read with its primitive"},
    {"dom-6", "a resource without narrative gets a warning, by structure"},
}};

// R4's own expression of a rule is wrong; this says what the rule's text says.
struct Correction {
  std::string_view key, original, expression;
};
constexpr std::array<Correction, 1> kCorrections{{
    // The answer of a Questionnaire's enableWhen is FHIR's boolean, never the System type.
    {"que-7", "operator = 'exists' implies (answer is Boolean)",
     "operator = 'exists' implies (answer is boolean)"},
}};

bool has_no_contained(const Json& value) {
  return !value.contains("contained");
}

bool mentions(const Json& value, std::string_view reference) {
  if (value.is_array())
    return std::ranges::any_of(value.items(), [&](const Json& item) { return mentions(item, reference); });
  if (!value.is_object()) return false;
  return std::ranges::any_of(value.members(), [&](const Json::Member& member) {
    if (!member.second.is_string()) return mentions(member.second, reference);
    return member.first == "reference" && member.second.as_string() == reference;
  });
}

// Each contained resource is the target of a Reference; those that a canonical points to the expression
// finds.
bool contained_are_referenced(const Json& value) {
  const Json* contained = value.find("contained");
  if (!contained) return true;
  return contained->is_array() && std::ranges::all_of(contained->items(), [&](const Json& item) {
           return mentions(value, "#" + item.text("id"));
         });
}

bool points_outside(const Json& value) {
  const Json* reference = value.find("reference");
  return !reference || !reference->is_string() || !reference->as_string().starts_with('#');
}

bool has_code_system(const Json& value) {
  return !value.contains("code") || value.contains("system");
}

bool is_half_open(const Json& value) {
  return !value.contains("start") || !value.contains("end");
}

bool has_contact_system(const Json& value) {
  return !value.contains("value") || value.contains("system");
}

struct Shortcut {
  std::string_view key;
  bool (*surely_holds)(const Json&);
};
constexpr std::array<Shortcut, 8> kShortcuts{{{"dom-2", has_no_contained},
                                              {"dom-3", contained_are_referenced},
                                              {"dom-4", has_no_contained},
                                              {"dom-5", has_no_contained},
                                              {"ref-1", points_outside},
                                              {"qty-3", has_code_system},
                                              {"per-1", is_half_open},
                                              {"cpt-2", has_contact_system}}};

Rule compile(const Invariant& invariant) {
  std::string_view expression = invariant.expression;
  for (const Correction& correction : kCorrections)
    if (correction.key == invariant.key && correction.original == expression)
      expression = correction.expression;
  const auto shortcut = std::ranges::find(kShortcuts, invariant.key, &Shortcut::key);
  return {&invariant, fhirpath::parse(expression),
          shortcut == kShortcuts.end() ? nullptr : shortcut->surely_holds};
}

std::vector<Rule> compile_all(std::span<const Invariant> invariants) {
  std::vector<Rule> rules;
  for (const Invariant& invariant : invariants)
    if (std::ranges::find(kOtherwise, invariant.key, &OtherwiseChecked::key) == kOtherwise.end())
      rules.push_back(compile(invariant));
  return rules;
}

// Rules of one type or element, compiled when they are first asked for.
struct Slot {
  std::once_flag once;
  std::vector<Rule> rules;
};

std::span<const Rule> filled(Slot& slot, std::span<const Invariant> invariants) {
  if (invariants.empty()) return {};
  std::call_once(slot.once, [&] { slot.rules = compile_all(invariants); });
  return slot.rules;
}

}  // namespace

std::span<const Rule> rules_of(const TypeDefinition& type) {
  static std::vector<Slot> slots(type_definitions().size());
  return filled(slots[static_cast<std::size_t>(&type - type_definitions().data())], type.invariants);
}

std::span<const Rule> rules_of(const ElementDefinition& element) {
  if (element.invariants.empty()) return {};
  const auto all = element_definitions();
  static std::vector<Slot> slots(all.size());
  return filled(slots[static_cast<std::size_t>(&element - all.data())], element.invariants);
}

Verdict check(const Rule& rule, const fhirpath::Element& element, const fhirpath::Environment& environment) {
  if (rule.surely_holds && element.value && rule.surely_holds(*element.value)) return Verdict::holds;
  try {
    const auto truth = fhirpath::truth(fhirpath::evaluate(rule.expression, element, environment));
    return !truth ? Verdict::unknown : *truth ? Verdict::holds : Verdict::broken;
  } catch (const Error&) {
    return Verdict::failed;
  }
}

std::span<const OtherwiseChecked> rules_checked_otherwise() {
  return kOtherwise;
}

}  // namespace meridian::record
