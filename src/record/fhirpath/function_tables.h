// The groups of functions that find_function() looks through, one file each.
#pragma once
#include <span>

#include "record/fhirpath/functions.h"

namespace meridian::record::fhirpath {

std::span<const Function> existence_functions();
std::span<const Function> filter_functions();
std::span<const Function> conversion_functions();
std::span<const Function> string_functions();
std::span<const Function> math_functions();
std::span<const Function> boundary_functions();
std::span<const Function> fhir_functions();

}  // namespace meridian::record::fhirpath
