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

// An expression about a resource, as one about where it stands.
std::string placed(const std::string& expression, const std::string& type, const std::string& place) {
  return expression.starts_with(type) ? place + expression.substr(type.size()) : expression;
}

// Those of the resource but for some that are checked already. place: where it stands,
// "Bundle.entry[0].resource".
void check_claimed(const Json& resource, const std::string& place, const CanonicalSource& source,
                   const References* references, const std::vector<std::string>& others,
                   std::vector<Issue>& issues) {
  const std::string type = resource.text("resourceType");
  ProfileWalk walk(source, resource, references);
  for (const std::string& profile : claimed_profiles(resource)) {
    if (std::ranges::find(others, profile) != others.end()) continue;
    if (source.find("StructureDefinition", profile))
      walk.check(profile);
    else
      issues.push_back({Issue::Severity::warning, "not-found",
                        "The profile " + profile.substr(0, 200) + " is not known here",
                        place + ".meta.profile"});
  }
  for (Issue& issue : walk.take()) {
    issue.expression = placed(issue.expression, type, place);
    issues.push_back(std::move(issue));
  }
  if (type != "Bundle") return;
  std::size_t number = 0;
  for (const Json& entry : items_of(resource, "entry")) {
    const std::string at = place + ".entry[" + std::to_string(number++) + "].resource";
    if (const Json* inner = entry.find("resource")) check_claimed(*inner, at, source, references, {}, issues);
  }
}

}  // namespace

std::vector<Issue> validate(const Json& resource, const CanonicalSource& source,
                            const std::vector<std::string>& profiles, const References* references) {
  std::vector<Issue> issues = validate(resource);
  if (has_errors(issues)) return issues;  // profiles are about what is a resource at all
  ProfileWalk walk(source, resource, references);
  for (const std::string& profile : profiles) walk.check(profile);
  for (Issue& issue : walk.take()) issues.push_back(std::move(issue));
  check_claimed(resource, resource.text("resourceType"), source, references, profiles, issues);
  return issues;
}

void require_claimed_profiles(const Json& resource, const CanonicalSource& source) {
  if (has_errors(validate(resource))) return;
  std::vector<Issue> issues;
  check_claimed(resource, resource.text("resourceType"), source, nullptr, {}, issues);
  for (const Issue& issue : issues)
    if (issue.severity == Issue::Severity::error || issue.severity == Issue::Severity::fatal)
      throw Error(ErrorCode::invalid_value, issue.text, issue.expression);
}

}  // namespace meridian::record
