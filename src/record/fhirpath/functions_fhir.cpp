// What FHIR adds: extension, hasExtension, hasValue, getValue, resolve, memberOf, subsumes, conformsTo, slice
// ...
#include <algorithm>

#include "record/fhirpath/evaluation.h"
#include "record/fhirpath/function_tables.h"
#include "record/fhirpath/narrative.h"
#include "record/fhirpath/navigation.h"

namespace meridian::record::fhirpath {
namespace {

constexpr std::size_t kStepsOfDefinition = 1'000;  // where the element stands has to be looked for
constexpr std::size_t kStepsOfQuestion =
    100;  // to a profile, a slice or a value set, beside what that spends
constexpr std::size_t kEntriesPerStep = 16;

bool has_url(const Item& extension, std::string_view url) {
  const auto* element = std::get_if<Element>(&extension);
  const Json* found = element && element->value ? element->value->find("url") : nullptr;
  return found && found->is_string() && found->as_string() == url;
}

Collection extension(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const auto url = evaluation.text_argument(call, 0);
  Collection all;
  for (const Item& item : input)
    if (const auto* element = std::get_if<Element>(&item)) append_children(*element, "extension", all);
  Collection kept;
  for (const Item& item : all)
    if (url && has_url(item, *url)) kept.push_back(item);
  return kept;
}

Collection has_extension(Evaluation& evaluation, const Collection& input, const Expression& call) {
  return one(!extension(evaluation, input, call).empty());
}

Collection has_a_value(Evaluation&, const Collection& input, const Expression&) {
  return one(input.size() == 1 && has_value(input[0]));
}

Collection get_value(Evaluation&, const Collection& input, const Expression&) {
  return input.size() == 1 && has_value(input[0]) ? maybe(system_value(input[0])) : Collection();
}

// The reference's text, of a Reference or a canonical.
std::string_view reference_text(const Item& item) {
  if (const auto text = as_text(item)) return *text;
  const auto* element = std::get_if<Element>(&item);
  const Json* reference = element && element->value ? element->value->find("reference") : nullptr;
  return reference && reference->is_string() ? std::string_view(reference->as_string()) : std::string_view();
}

const Json* contained_resource(const Json* resource, std::string_view id) {
  const Json* contained = resource ? resource->find("contained") : nullptr;
  if (!contained || !contained->is_array()) return nullptr;
  const auto found =
      std::ranges::find_if(contained->items(), [&](const Json& item) { return item.text("id") == id; });
  return found == contained->items().end() ? nullptr : &*found;
}

bool is_entry_of(const Json& entry, std::string_view reference) {
  const std::string url = entry.text("fullUrl");
  return url == reference ||
         (url.ends_with(reference) && url.size() > reference.size() &&
          url[url.size() - reference.size() - 1] == '/' && reference.find('/') != std::string::npos);
}

const Json* bundled_resource(const Json* bundle, std::string_view reference) {
  const Json* entries = bundle ? bundle->find("entry") : nullptr;
  if (!entries || !entries->is_array()) return nullptr;
  for (const Json& entry : entries->items())
    if (is_entry_of(entry, reference)) return entry.find("resource");
  return nullptr;
}

const Json* resolved(const Environment& environment, std::string_view reference) {
  if (reference.empty()) return nullptr;
  const Json *resource = environment.resource.value, *root = environment.root_resource.value;
  if (reference == "#") return root;
  if (reference.front() == '#') {
    const Json* found = contained_resource(root, reference.substr(1));
    return found ? found : contained_resource(resource, reference.substr(1));
  }
  if (const Json* found = bundled_resource(root, reference)) return found;
  return environment.resolve ? environment.resolve(reference) : nullptr;
}

Collection resolve(Evaluation& evaluation, const Collection& input, const Expression&) {
  const Json* root = evaluation.environment().root_resource.value;
  const Json* entries = root ? root->find("entry") : nullptr;
  if (entries && entries->is_array()) evaluation.spend(input.size() * entries->size() / kEntriesPerStep);
  Collection out;
  for (const Item& item : input) {
    const Json* found = resolved(evaluation.environment(), reference_text(item));
    if (found && found->is_object()) out.emplace_back(resource_element(*found));
  }
  return out;
}

Collection member_of(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const Item* item = only_item(input, "The input of memberOf");
  const auto url = evaluation.text_argument(call, 0);
  if (!item || !url || !evaluation.environment().member_of) return {};
  evaluation.spend(kStepsOfQuestion);
  return maybe(evaluation.environment().member_of(*item, *url));
}

Collection conforms_to(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const Item* item = only_item(input, "The input of conformsTo");
  const auto url = evaluation.text_argument(call, 0);
  const auto* element = item ? std::get_if<Element>(item) : nullptr;
  if (!element || !url) return {};
  const Environment& environment = evaluation.environment();
  if (environment.conforms_to) {
    evaluation.spend(kStepsOfQuestion);
    return maybe(evaluation.ask([&] { return environment.conforms_to(*element, *url); }));
  }
  static constexpr std::string_view kBase = "http://hl7.org/fhir/StructureDefinition/";
  const TypeDefinition* type = url->starts_with(kBase) ? find_type(url->substr(kBase.size())) : nullptr;
  if (!type) evaluation_error("The profile " + *url + " is not known");
  return one(element->type && element->type->is_a(*type));
}

// A Coding, or those of a CodeableConcept.
std::vector<const Json*> codings_of(const Item& item, const std::string& function) {
  const auto* element = std::get_if<Element>(&item);
  const std::string_view type = element && element->type ? element->type->name : std::string_view();
  if (type != "Coding" && type != "CodeableConcept")
    evaluation_error(function + " is of a Coding or CodeableConcept, not of " + type_of(item).name);
  if (!element->value) return {};
  if (type == "Coding") return {element->value};
  std::vector<const Json*> codings;
  if (const Json* list = element->value->find("coding"); list && list->is_array())
    for (const Json& coding : list->items()) codings.push_back(&coding);
  return codings;
}

std::optional<bool> subsumes_coding(const Environment& environment, const Json& a, const Json& b) {
  if (a.text("code").empty() || b.text("code").empty()) return std::nullopt;
  if (a.text("system") == b.text("system") && a.text("code") == b.text("code")) return true;
  return environment.subsumes ? environment.subsumes(a, b) : std::nullopt;
}

// Whether one of the codings above is, or stands above, one of those below; nothing when it is not known.
Collection any_subsumes(const Environment& environment, const std::vector<const Json*>& above,
                        const std::vector<const Json*>& below) {
  bool unknown = above.empty() || below.empty();
  for (const Json* one : above)
    for (const Json* other : below) {
      const auto verdict = subsumes_coding(environment, *one, *other);
      if (verdict == true) return maybe(verdict);
      unknown = unknown || !verdict;
    }
  return unknown ? Collection() : one(false);
}

template <bool InputIsAbove>
Collection subsumption(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const Collection argument = evaluation.evaluate(call.operands[0]);
  const Item* item = only_item(input, "The input of " + call.name);
  const Item* other = only_item(argument, "The argument of " + call.name);
  if (!item || !other) return {};
  const auto own = codings_of(*item, call.name), given = codings_of(*other, call.name);
  evaluation.spend(own.size() * given.size());
  return InputIsAbove ? any_subsumes(evaluation.environment(), own, given)
                      : any_subsumes(evaluation.environment(), given, own);
}

Collection slice(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const auto structure = evaluation.text_argument(call, 0), name = evaluation.text_argument(call, 1);
  const Environment& environment = evaluation.environment();
  Collection kept;
  if (!structure || !name || !environment.in_slice) return kept;
  evaluation.spend(input.size() * kStepsOfQuestion);
  for (const Item& item : input)
    if (const auto* element = std::get_if<Element>(&item))
      if (evaluation.ask([&] { return environment.in_slice(*element, *structure, *name); }))
        kept.push_back(item);
  return kept;
}

Collection element_definition(Evaluation& evaluation, const Collection& input, const Expression&) {
  Collection definitions;
  evaluation.spend(input.size() * kStepsOfDefinition);
  for (const Item& item : input) {
    const auto* element = std::get_if<Element>(&item);
    const auto& definition = evaluation.environment().definition;
    if (const Json* found = element && definition ? definition(*element) : nullptr)
      definitions.emplace_back(Element{found, nullptr, find_type("ElementDefinition")});
  }
  return definitions;
}

// The input, unless it has a modifier that is not among those named.
Collection check_modifiers(Evaluation& evaluation, const Collection& input, const Expression& call) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < call.operands.size(); ++i)
    if (auto url = evaluation.text_argument(call, i)) known.push_back(std::move(*url));
  Collection modifiers;
  for (const Item& item : input)
    if (const auto* element = std::get_if<Element>(&item))
      append_children(*element, "modifierExtension", modifiers);
  for (const Item& modifier : modifiers)
    if (std::ranges::none_of(known, [&](const std::string& url) { return has_url(modifier, url); }))
      evaluation_error("There is a modifier extension that the expression does not know");
  return input;
}

Collection html_checks(Evaluation&, const Collection& input, const Expression&) {
  return one(std::ranges::all_of(input, [](const Item& item) {
    const auto text = as_text(item);
    return !text || narrative_problem(*text).empty();
  }));
}

// SQL on FHIR 2.0: what joins the rows of views, here the resource's id.
Collection get_resource_key(Evaluation&, const Collection& input, const Expression&) {
  Collection keys;
  for (const Item& item : input) {
    const auto* element = std::get_if<Element>(&item);
    const std::string id = element && element->value ? element->value->text("id") : std::string();
    if (!id.empty()) keys.emplace_back(id);
  }
  return keys;
}

// The id in a reference, where it is to the type, if one is named.
Collection get_reference_key(Evaluation&, const Collection& input, const Expression& call) {
  const std::string type = call.operands.empty() ? std::string() : qualified_name(call.operands[0]);
  Collection keys;
  for (const Item& item : input) {
    std::string_view text = reference_text(item);
    text = text.substr(0, text.find("/_history/"));
    const std::size_t slash = text.rfind('/');
    if (slash == std::string_view::npos) continue;
    const std::string_view before = text.substr(0, slash);
    if (type.empty() || before.substr(before.rfind('/') + 1) == type)
      keys.emplace_back(std::string(text.substr(slash + 1)));
  }
  return keys;
}

constexpr Function kFunctions[] = {
    {"getResourceKey", 0, 0, get_resource_key},
    {"getReferenceKey", 0, 1, get_reference_key},
    {"extension", 1, 1, extension},
    {"hasExtension", 1, 1, has_extension},
    {"hasValue", 0, 0, has_a_value},
    {"getValue", 0, 0, get_value},
    {"resolve", 0, 0, resolve},
    {"memberOf", 1, 1, member_of},
    {"conformsTo", 1, 1, conforms_to},
    {"htmlChecks", 0, 1, html_checks},
    {"subsumes", 1, 1, subsumption<true>},
    {"subsumedBy", 1, 1, subsumption<false>},
    {"slice", 2, 2, slice},
    {"elementDefinition", 0, 0, element_definition},
    {"checkModifiers", 0, 255, check_modifiers},
};

}  // namespace

std::span<const Function> fhir_functions() {
  return kFunctions;
}

}  // namespace meridian::record::fhirpath
