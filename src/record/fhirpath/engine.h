// Evaluates FHIRPath (N1 2.0 with FHIR R4's additions) on resources.
#pragma once
#include <functional>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "record/fhirpath/expression.h"

namespace meridian::record::fhirpath {

// What evaluations that belong together may spend: the answer of one may be part of another.
struct Budget {
  std::size_t steps;
  int depth = 0;  // at which the next one begins
};

// What an evaluation may ask of the world. An empty function answers nothing.
struct Environment {
  Element resource;       // %resource: that which holds the context
  Element root_resource;  // %rootResource: its container, or itself
  Instant now = meridian::now();
  std::function<const Json*(std::string_view reference)>
      resolve;  // for what is not contained or in the Bundle
  std::function<std::optional<Collection>(std::string_view name)> variable;
  std::function<std::optional<bool>(const Item& coded, std::string_view value_set)> member_of;
  std::function<std::optional<bool>(const Element& element, std::string_view profile)> conforms_to;
  // Whether one Coding is the other or stands above it.
  std::function<std::optional<bool>(const Json& coding, const Json& other)> subsumes;
  std::function<bool(const Element& element, std::string_view structure, std::string_view slice)> in_slice;
  // The ElementDefinition of the element in its own type, or a null pointer.
  std::function<const Json*(const Element& element)> definition;
  std::function<void(std::string_view name, const Collection& values)> trace;
  bool strict = false;            // an element that the type does not have is an error, not empty
  bool as_filters = false;        // `as` of many items keeps those of the type, as R4's own rules expect
  std::size_t steps = 2'000'000;  // operations before it is stopped
  Budget* shared = nullptr;       // of all evaluations here together, beside the steps of each
};

// Throws invalid_value for what FHIRPath calls an error, too_large when it takes too many steps.
Collection evaluate(const Expression& expression, const Element& context, const Environment& environment);
Collection evaluate(const Expression& expression, const Collection& context, const Environment& environment);

// FHIRPath's singleton evaluation to a boolean: nothing for an empty collection, true for one item that is no
// boolean; throws invalid_value for more than one item.
std::optional<bool> truth(const Collection& collection);

// The environment of a resource: it is %resource and %rootResource.
Environment environment_of(const Json& resource);

}  // namespace meridian::record::fhirpath
