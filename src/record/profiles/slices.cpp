// How ProfileWalk tells slices apart.
#include <algorithm>

#include "record/profiles/matching.h"
#include "record/profiles/profile_walk.h"

namespace meridian::record {
namespace {

// "code.coding" at its dots, those within parentheses apart.
std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments{""};
  int depth = 0;
  for (const char c : path) {
    if (c == '.' && depth == 0) {
      segments.emplace_back();
      continue;
    }
    if (c == '(') ++depth;
    if (c == ')') --depth;
    segments.back().push_back(c);
  }
  return segments;
}

// The URL in extension('URL'); empty when the segment is something else.
std::string extension_url(std::string_view segment) {
  if (!segment.starts_with("extension(")) return {};
  const std::size_t begin = segment.find('\''), end = segment.rfind('\'');
  return begin == end ? std::string() : std::string(segment.substr(begin + 1, end - begin - 1));
}

// Whether the node, or one below it, says what a value must be.
bool constrains(const ProfileNode& node) {
  const auto below = [](const std::unique_ptr<ProfileNode>& child) { return constrains(*child); };
  return node.fixed || node.pattern || (!node.binding.empty() && node.min > 0) ||
         std::ranges::any_of(node.children, below) || std::ranges::any_of(node.slices, below);
}

bool names_profile(const ProfileNode& node, std::string_view url) {
  return std::ranges::any_of(node.types, [&](const ProfileType& type) {
    return std::ranges::any_of(type.profiles, [&](const std::string& profile) {
      return std::string_view(profile).substr(0, profile.find('|')) == url;
    });
  });
}

}  // namespace

void ProfileWalk::check_slices(const ProfileNode& node, const std::vector<Placed>& values) {
  const Slicing& slicing = node.slicing ? *node.slicing : Slicing();
  std::map<const ProfileNode*, std::size_t> counts;
  std::size_t place = 0;
  bool rest_seen = false;
  for (const Placed& value : values) {
    path_.push_back(value.step);
    const ProfileNode* slice = slice_of(node, value.element);
    if (slice) {
      ++counts[slice];
      const auto found = std::ranges::find(node.slices, slice, [](const auto& one) { return one.get(); });
      const auto at = static_cast<std::size_t>(found - node.slices.begin());
      if (slicing.ordered && at < place)
        add_error("structure", "The slice " + slice->slice + " comes too late");
      if (slicing.rules == Slicing::Rules::open_at_end && rest_seen)
        add_error("structure", "The slice " + slice->slice + " comes after what is in no slice");
      place = at;
      check_value(*slice, value.element);
    } else if (slicing.rules == Slicing::Rules::closed) {
      add_error("structure", "This is none of the slices of " + node.name);
    }
    rest_seen = rest_seen || !slice;
    path_.pop_back();
  }
  path_.push_back({node.name, -1});
  for (const auto& slice : node.slices) check_count(*slice, counts[slice.get()]);
  path_.pop_back();
}

const ProfileNode* ProfileWalk::slice_of(const ProfileNode& node, const Element& element) {
  for (const auto& slice : node.slices)
    if (is_in_slice(node, *slice, element)) return slice.get();
  return nullptr;
}

bool ProfileWalk::is_in_slice(const ProfileNode& node, const ProfileNode& slice, const Element& element) {
  // A choice's slices are of one type each, also where the snapshot does not say so again.
  if (!node.slicing) return has_type({&slice, false}, {fhirpath::Item(element)});
  const std::vector<Discriminator>& all = node.slicing->discriminators;
  return !all.empty() && std::ranges::all_of(all, [&](const Discriminator& discriminator) {
    return passes(discriminator, slice, element);
  });
}

bool ProfileWalk::passes(const Discriminator& discriminator, const ProfileNode& slice,
                         const Element& element) {
  const fhirpath::Collection values = evaluate(discriminator.expression, element);
  const Target target = target_of(slice, discriminator.path);
  switch (discriminator.kind) {
    case Discriminator::Kind::exists:
      if (!target.node || (target.node->min == 0 && target.node->max > 0)) return true;
      return values.empty() == (target.node->max == 0);
    case Discriminator::Kind::type:
      return has_type(target, values);
    case Discriminator::Kind::profile:
      return has_profile(target, values);
    case Discriminator::Kind::value:
      break;
  }
  // An extension's URL is that of its profile.
  if (discriminator.path == "url" && element.value && names_profile(slice, element.value->text("url")))
    return true;
  return target.node && std::ranges::any_of(values, [&](const fhirpath::Item& item) {
           const auto* value = std::get_if<Element>(&item);
           return value && has_value(*target.node, *value);
         });
}

bool ProfileWalk::has_type(const Target& target, const fhirpath::Collection& values) {
  if (!target.node) return false;
  std::vector<std::string> names;
  for (const ProfileType& type : target.node->types) {
    if (!target.resolved) names.push_back(type.code);
    if (target.resolved)
      for (const std::string& profile : type.targets) names.push_back(type_of_target(profile));
  }
  return std::ranges::any_of(values, [&](const fhirpath::Item& item) {
    const auto* value = std::get_if<Element>(&item);
    return value && value->type && std::ranges::find(names, value->type->name) != names.end();
  });
}

bool ProfileWalk::has_profile(const Target& target, const fhirpath::Collection& values) {
  if (!target.node) return false;
  std::vector<std::string> profiles;
  for (const ProfileType& type : target.node->types) {
    const std::vector<std::string>& named = target.resolved ? type.targets : type.profiles;
    profiles.insert(profiles.end(), named.begin(), named.end());
  }
  return std::ranges::any_of(values, [&](const fhirpath::Item& item) {
    const auto* value = std::get_if<Element>(&item);
    return value && std::ranges::any_of(profiles, [&](const std::string& profile) {
             return type_of_target(profile) == (value->type ? value->type->name : std::string_view()) &&
                    conforms(profile, *value);
           });
  });
}

bool ProfileWalk::has_value(const ProfileNode& node, const Element& element) {
  if (node.fixed) return element.value && is_same(*node.fixed, *element.value);
  if (node.pattern) return element.value && has_pattern(*node.pattern, *element.value);
  if (!node.binding.empty()) return value_sets_.contains(node.binding, element).value_or(false);
  const auto holds = [&](const std::unique_ptr<ProfileNode>& child) {
    if (!constrains(*child)) return true;
    return std::ranges::any_of(values_of(element, child->name),
                               [&](const Placed& value) { return has_value(*child, value.element); });
  };
  if (constrains(node))
    return std::ranges::all_of(node.children, [&](const auto& child) {
      return holds(child) && std::ranges::all_of(child->slices, [&](const auto& slice) {
               return slice->min == 0 || holds(slice);
             });
    });
  for (const ProfileType& type : node.types)
    for (const std::string& profile : type.profiles)
      if (find_profile(profile) && conforms(profile, element)) return true;
  return false;
}

const ProfileNode* ProfileWalk::child_of(const ProfileNode& node, std::string_view segment) {
  if (const std::string url = extension_url(segment); !url.empty()) {
    const ProfileNode* extensions = node.child("extension");
    if (extensions)
      for (const auto& slice : extensions->slices)
        if (names_profile(*slice, url)) return slice.get();
    return nullptr;
  }
  if (const ProfileNode* child = node.child(segment)) return child;
  for (const ProfileType& type : node.types)
    for (const std::string& profile : type.profiles)
      if (const Profile* known = find_profile(profile))
        if (const ProfileNode* child = known->root->child(segment)) return child;
  return nullptr;
}

ProfileWalk::Target ProfileWalk::target_of(const ProfileNode& slice, std::string_view path) {
  Target target{&slice, false};
  for (const std::string& segment : segments_of(path)) {
    if (segment == "$this" || segment.starts_with("ofType(")) continue;
    if (segment == "resolve()") {
      target.resolved = true;
      continue;
    }
    if (target.resolved) {  // on into the profile of what is referred to
      const std::vector<std::string> named =
          target.node->types.empty() ? std::vector<std::string>() : target.node->types.front().targets;
      const Profile* profile = named.size() == 1 ? find_profile(named.front()) : nullptr;
      if (!profile) return {};
      target = {profile->root.get(), false};
    }
    target.node = child_of(*target.node, segment);
    if (!target.node) return {};
  }
  return target;
}

}  // namespace meridian::record
