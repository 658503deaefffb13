// Whether a resource is what FHIR R4 says it must be.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace meridian::record {

struct Issue {
  enum class Severity { fatal, error, warning, information };
  Severity severity = Severity::error;
  std::string code;        // FHIR IssueType: structure, required, value, invariant, code-invalid, ...
  std::string text;        // what is wrong, in a sentence
  std::string expression;  // FHIRPath of the element: Patient.name[0].given[1]
};

std::string_view severity_name(Issue::Severity severity);  // of FHIR's IssueSeverity: "warning"

// Names, types, cardinalities, primitive formats, choices, required bindings and (as far as the FHIRPath
// engine goes) invariants. Empty when all is well; warnings do not make a resource wrong.
std::vector<Issue> validate(const Json& resource);
bool has_errors(const std::vector<Issue>& issues);
Json operation_outcome(const std::vector<Issue>& issues);
// Throws invalid_structure or invalid_value with the first error's text and expression.
void require_valid(const Json& resource);

}  // namespace meridian::record
