// What FHIR adds: extension, hasExtension, hasValue, getValue, resolve, memberOf, conformsTo, htmlChecks ...
#include <algorithm>

#include "record/fhirpath/evaluation.h"
#include "record/fhirpath/function_tables.h"
#include "record/fhirpath/narrative.h"
#include "record/fhirpath/navigation.h"

namespace meridian::record::fhirpath {
namespace {

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
  return maybe(evaluation.environment().member_of(*item, *url));
}

Collection conforms_to(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const Item* item = only_item(input, "The input of conformsTo");
  const auto url = evaluation.text_argument(call, 0);
  const auto* element = item ? std::get_if<Element>(item) : nullptr;
  if (!element || !url) return {};
  if (evaluation.environment().conforms_to)
    return maybe(evaluation.environment().conforms_to(*element, *url));
  static constexpr std::string_view kBase = "http://hl7.org/fhir/StructureDefinition/";
  const TypeDefinition* type = url->starts_with(kBase) ? find_type(url->substr(kBase.size())) : nullptr;
  if (!type) evaluation_error("The profile " + *url + " is not known");
  return one(element->type && element->type->is_a(*type));
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
};

}  // namespace

std::span<const Function> fhir_functions() {
  return kFunctions;
}

}  // namespace meridian::record::fhirpath
