// The invariants of R4's types, compiled once.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "record/fhirpath/engine.h"

namespace meridian::record {

struct Rule {
  const Invariant* invariant;
  fhirpath::Expression expression;
  // Sees at a glance that the rule holds for the JSON, so that it need not be evaluated; or a null pointer.
  bool (*surely_holds)(const Json& value);
};

// Of all elements of the type, those of its bases included; not what the validator checks by itself (see
// rules_checked_otherwise).
std::span<const Rule> rules_of(const TypeDefinition& type);
// Of the one element, beyond its type's.
std::span<const Rule> rules_of(const ElementDefinition& element);

// unknown: the expression has no value (dates of different precision); failed: it cannot be evaluated.
enum class Verdict { holds, broken, unknown, failed };
Verdict check(const Rule& rule, const fhirpath::Element& element, const fhirpath::Environment& environment);

// Keys that are no FHIRPath here, and how they are checked.
struct OtherwiseChecked {
  std::string_view key, how;
};
std::span<const OtherwiseChecked> rules_checked_otherwise();

}  // namespace meridian::record
