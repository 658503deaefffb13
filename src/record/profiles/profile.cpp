#include "record/profiles/profile.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/error.h"
#include "record/definitions/model.h"
#include "record/profiles/snapshot.h"
#include "record/terminology/canonical_source.h"

namespace meridian::record {
namespace {

constexpr std::string_view kCore = "http://hl7.org/fhir/StructureDefinition/";

std::vector<std::string> texts(const Json& object, std::string_view member) {
  std::vector<std::string> list;
  for (const Json& item : items_of(object, member)) list.push_back(item.as_string());
  return list;
}

std::size_t parse_max(const std::string& text) {
  std::size_t most = 0;
  if (text.empty() || text == "*") return ProfileNode::kUnbounded;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), most);
  if (error == std::errc() && end == text.data() + text.size()) return most;
  throw Error(ErrorCode::invalid_structure, "\"" + text.substr(0, 40) + "\" is no cardinality",
              "StructureDefinition.snapshot.element.max");
}

// R4's own rules the validator checks by itself.
bool is_of_core(const Json& constraint) {
  const std::string source = constraint.text("source");
  return source.starts_with(kCore) && find_type(std::string_view(source).substr(kCore.size()));
}

std::vector<ProfileRule> rules_of(const Json& element) {
  std::vector<ProfileRule> rules;
  for (const Json& constraint : items_of(element, "constraint"))
    if (!is_of_core(constraint) && constraint.contains("expression"))
      rules.push_back({constraint.text("key"), constraint.text("human"),
                       constraint.text("severity") == "warning",
                       fhirpath::parse(constraint.text("expression"))});
  return rules;
}

Discriminator discriminator_of(const Json& json) {
  const std::string type = json.text("type"), path = json.text("path");
  const auto kind = type == "exists"    ? Discriminator::Kind::exists
                    : type == "type"    ? Discriminator::Kind::type
                    : type == "profile" ? Discriminator::Kind::profile
                                        : Discriminator::Kind::value;
  return {kind, path, fhirpath::parse(path)};
}

std::optional<Slicing> slicing_of(const Json& element) {
  const Json* json = element.find("slicing");
  if (!json) return {};
  Slicing slicing;
  for (const Json& discriminator : items_of(*json, "discriminator"))
    slicing.discriminators.push_back(discriminator_of(discriminator));
  const std::string rules = json->text("rules");
  slicing.rules = rules == "closed"      ? Slicing::Rules::closed
                  : rules == "openAtEnd" ? Slicing::Rules::open_at_end
                                         : Slicing::Rules::open;
  slicing.ordered = json->get("ordered") == Json(true);
  return slicing;
}

std::vector<ProfileType> types_of(const Json& element) {
  std::vector<ProfileType> types;
  for (const Json& type : items_of(element, "type"))
    types.push_back({type.text("code"), texts(type, "profile"), texts(type, "targetProfile")});
  return types;
}

// type: "DateTime" of minValueDateTime.
ValueLimit limit_of(std::string type, const Json& value) {
  const TypeDefinition* found = find_type(type);
  if (!found && !type.empty()) {
    type[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(type[0])));
    found = find_type(type);
  }
  return {value, found};
}

std::unique_ptr<ProfileNode> node_of(const Json& element, std::string_view segment) {
  auto node = std::make_unique<ProfileNode>();
  const std::size_t colon = segment.find(':');
  std::string_view name = segment.substr(0, colon);
  if (name.ends_with("[x]")) name.remove_suffix(3);
  node->name = name;
  if (colon != std::string_view::npos) node->slice = segment.substr(colon + 1);
  if (const Json* min = element.find("min")) node->min = static_cast<std::size_t>(min->as_int());
  node->max = parse_max(element.text("max"));
  if (const Json* length = element.find("maxLength"))
    node->max_length = static_cast<std::size_t>(length->as_int());
  node->types = types_of(element);
  for (const auto& [member, value] : element.members()) {
    if (member.starts_with("fixed")) node->fixed = value;
    if (member.starts_with("pattern")) node->pattern = value;
    if (member.starts_with("minValue")) node->least = limit_of(member.substr(8), value);
    if (member.starts_with("maxValue")) node->most = limit_of(member.substr(8), value);
  }
  if (element.text("binding.strength") == "required") node->binding = element.text("binding.valueSet");
  node->rules = rules_of(element);
  node->slicing = slicing_of(element);
  return node;
}

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::invalid_structure, what, "StructureDefinition.snapshot");
}

}  // namespace

const ProfileNode* ProfileNode::child(std::string_view wanted) const {
  const auto found = std::ranges::find(children, wanted, [](const auto& node) { return node->name; });
  return found == children.end() ? nullptr : found->get();
}

Profile compile_profile(const Json& definition) {
  Profile profile{definition.text("url"), definition.text("type"), nullptr};
  const Json* snapshot = definition.find("snapshot");
  if (!snapshot) fail("The profile " + profile.url + " has no snapshot");
  std::map<std::string, ProfileNode*> by_id;
  for (const Json& element : items_of(*snapshot, "element")) {
    const std::string id = element.text("id", element.text("path"));
    const std::size_t dot = id.rfind('.');
    auto node = node_of(element, std::string_view(id).substr(dot == std::string::npos ? 0 : dot + 1));
    ProfileNode* const made = node.get();
    if (!profile.root) {
      profile.root = std::move(node);
    } else {
      const auto parent = by_id.find(parent_of_element(id));
      if (parent == by_id.end()) fail("The element " + id.substr(0, 200) + " stands below nothing");
      (node->slice.empty() ? parent->second->children : parent->second->slices).push_back(std::move(node));
    }
    by_id[id] = made;
  }
  if (!profile.root) fail("The snapshot of " + profile.url + " is empty");
  return profile;
}

}  // namespace meridian::record
