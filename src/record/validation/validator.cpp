#include "record/validation/validator.h"

#include <algorithm>

#include "base/error.h"
#include "record/validation/walk.h"

namespace meridian::record {
namespace {

bool is_error(const Issue& issue) {
  return issue.severity <= Issue::Severity::error;
}

Json issue_json(const Issue& issue) {
  Json json = Json::object({{"severity", severity_name(issue.severity)}, {"code", issue.code}});
  json["diagnostics"] = issue.text;
  if (!issue.expression.empty()) json["expression"] = Json::array({issue.expression});
  return json;
}

}  // namespace

std::string_view severity_name(Issue::Severity severity) {
  switch (severity) {
    case Issue::Severity::fatal:
      return "fatal";
    case Issue::Severity::error:
      return "error";
    case Issue::Severity::warning:
      return "warning";
    case Issue::Severity::information:
      break;
  }
  return "information";
}

std::vector<Issue> validate(const Json& resource) {
  return ValidationWalk().run(resource);
}

bool has_errors(const std::vector<Issue>& issues) {
  return std::ranges::any_of(issues, is_error);
}

Json operation_outcome(const std::vector<Issue>& issues) {
  Json outcome = Json::object({{"resourceType", "OperationOutcome"}});
  for (const Issue& issue : issues) outcome["issue"].push_back(issue_json(issue));
  if (issues.empty())
    outcome["issue"].push_back(
        issue_json({Issue::Severity::information, "informational", "The resource is valid", {}}));
  return outcome;
}

void require_valid(const Json& resource) {
  const std::vector<Issue> issues = validate(resource);
  const auto first = std::ranges::find_if(issues, is_error);
  if (first == issues.end()) return;
  const bool structure = first->code == "structure" || first->code == "required";
  throw Error(structure ? ErrorCode::invalid_structure : ErrorCode::invalid_value, first->text,
              first->expression);
}

}  // namespace meridian::record
