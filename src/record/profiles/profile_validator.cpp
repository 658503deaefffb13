#include "record/profiles/profile_validator.h"

#include <algorithm>

#include "base/error.h"
#include "record/profiles/profile_walk.h"

namespace meridian::record {
namespace {

std::vector<std::string> claimed_profiles(const Json& resource) {
  std::vector<std::string> profiles;
  for (const Json& profile : items_of(resource.get("meta"), "profile"))
    if (profile.is_string()) profiles.push_back(profile.as_string());
  return profiles;
}

}  // namespace

std::vector<Issue> validate(const Json& resource, const CanonicalSource& source,
                            const std::vector<std::string>& profiles) {
  std::vector<Issue> issues = validate(resource);
  if (has_errors(issues)) return issues;  // profiles are about what is a resource at all
  ProfileWalk walk(source, resource);
  for (const std::string& profile : profiles) walk.check(profile);
  for (const std::string& profile : claimed_profiles(resource)) {
    if (std::ranges::find(profiles, profile) != profiles.end()) continue;
    if (source.find("StructureDefinition", profile))
      walk.check(profile);
    else
      issues.push_back({Issue::Severity::warning, "not-found",
                        "The profile " + profile.substr(0, 200) + " is not known here",
                        resource.text("resourceType") + ".meta.profile"});
  }
  for (Issue& issue : walk.take()) issues.push_back(std::move(issue));
  return issues;
}

}  // namespace meridian::record
