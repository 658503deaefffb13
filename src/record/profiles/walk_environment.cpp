// What FHIRPath may ask while ProfileWalk goes.
#include "record/fhirpath/navigation.h"
#include "record/profiles/profile_walk.h"

namespace meridian::record {
namespace {

using fhirpath::Element;

constexpr std::size_t kMostResolved = 1'000;
constexpr std::size_t kStepsOfSystem = 10'000;  // that is looked for for the first time
constexpr std::string_view kCore = "http://hl7.org/fhir/StructureDefinition/";

// A slice of the name, wherever the profile has it, with the node that it is one of.
struct FoundSlice {
  const ProfileNode *sliced = nullptr, *slice = nullptr;
};

FoundSlice find_slice(const ProfileNode& node, std::string_view name) {
  for (const auto& slice : node.slices)
    if (slice->slice == name) return {&node, slice.get()};
  for (const auto* list : {&node.children, &node.slices})
    for (const auto& below : *list)
      if (const FoundSlice found = find_slice(*below, name); found.slice) return found;
  return {};
}

// The type that has the value as an element, and the element's name: {Patient.contact, name}.
struct Owner {
  const TypeDefinition* type = nullptr;
  std::string_view name;
};

Owner owner_of(const Element& from, const Json* value, const Json* companion) {
  if (!from.type) return {};
  for (const ElementDefinition& element : from.type->elements) {
    fhirpath::Collection children;
    fhirpath::append_children(from, element.name, children);
    for (const fhirpath::Item& item : children) {
      const auto& child = std::get<Element>(item);
      if (child.value == value && child.companion == companion) return {from.type, element.name};
      if (const Owner below = owner_of(child, value, companion); below.type) return below;
    }
  }
  return {};
}

}  // namespace

void ProfileWalk::prepare_environment() {
  environment_.as_filters = true;
  environment_.shared = &budget_;
  environment_.member_of = [this](const fhirpath::Item& item, std::string_view value_set) {
    const auto* element = std::get_if<Element>(&item);
    return element ? value_sets_.contains(std::string(value_set), *element) : std::nullopt;
  };
  environment_.conforms_to = [this](const Element& element, std::string_view profile) -> std::optional<bool> {
    return conforms(std::string(profile), element);
  };
  environment_.subsumes = [this](const Json& coding, const Json& other) { return subsumes(coding, other); };
  environment_.in_slice = [this](const Element& element, std::string_view structure, std::string_view slice) {
    return is_in_slice_of(element, std::string(structure), slice);
  };
  environment_.definition = [this](const Element& element) { return definition_of(element); };
  if (references_)
    environment_.resolve = [this](std::string_view reference) { return resolve(std::string(reference)); };
}

std::optional<bool> ProfileWalk::subsumes(const Json& coding, const Json& other) {
  const std::string url = coding.text("system"), code = coding.text("code"), below = other.text("code");
  if (url.empty() || url != other.text("system")) return std::nullopt;
  const auto [place, is_new] = systems_.try_emplace(url);
  if (is_new) {
    spend(kStepsOfSystem);
    if (auto resource = source_.find("CodeSystem", url))
      place->second = std::make_unique<const CodeSystem>(std::move(resource));
    if (place->second) spend(place->second->codes().size());
  }
  const CodeSystem* system = place->second.get();
  if (!system || !system->is_listed() || !system->find(code) || !system->find(below)) return std::nullopt;
  const std::set<std::string> all = system->below(code);
  spend(all.size());
  return all.contains(below);
}

bool ProfileWalk::is_in_slice_of(const Element& element, const std::string& structure,
                                 std::string_view slice) {
  const Profile* profile = find_profile(structure);
  const FoundSlice found = profile ? find_slice(*profile->root, slice) : FoundSlice();
  return found.slice && is_in_slice(*found.sliced, *found.slice, element);
}

const Json* ProfileWalk::definition_of(const Element& element) {
  const bool is_root = element == environment_.resource || element == environment_.root_resource;
  const Owner owner =
      is_root ? Owner{element.type, {}} : owner_of(environment_.resource, element.value, element.companion);
  if (!owner.type) return nullptr;
  const std::string type(owner.type->name.substr(0, owner.type->name.find('.')));
  const auto [place, is_new] = structures_.try_emplace(type);
  if (is_new) place->second = source_.find("StructureDefinition", std::string(kCore) + type);
  if (!place->second) return nullptr;
  std::string path(owner.type->name);
  if (!owner.name.empty()) path.append(".").append(owner.name);
  const Json& snapshot = place->second->get("snapshot");
  for (const Json& definition : items_of(snapshot, "element"))
    if (const std::string own = definition.text("path"); own == path || own == path + "[x]")
      return &definition;
  return nullptr;
}

const Json* ProfileWalk::resolve(const std::string& reference) {
  const auto known = resolved_.find(reference);
  if (known != resolved_.end()) return known->second.get();
  if (resolved_.size() >= kMostResolved) return nullptr;
  return resolved_.emplace(reference, (*references_)(reference)).first->second.get();
}

}  // namespace meridian::record
