// The functions of FHIRPath, by name.
#pragma once
#include <cstdint>
#include <string_view>

#include "record/fhirpath/value.h"

namespace meridian::record::fhirpath {

struct Expression;
class Evaluation;

struct Function {
  std::string_view name;
  std::uint8_t fewest, most;  // arguments
  // Evaluates the arguments of the call itself, as it needs them.
  Collection (*apply)(Evaluation& evaluation, const Collection& input, const Expression& call);
};

// A null pointer when there is none of the name.
const Function* find_function(std::string_view name);

}  // namespace meridian::record::fhirpath
