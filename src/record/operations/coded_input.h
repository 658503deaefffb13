// The codes that a terminology operation is asked about.
#pragma once
#include <vector>

#include "record/operations/input.h"
#include "record/terminology/value_set.h"

namespace meridian::record {

struct GivenCode {
  SystemCode code;
  std::string display, version;
};

// Of "coding", of "codeableConcept" (all of its codings) or of "code" with the system given. Throws
// invalid_request when there is none, or a code without a system.
std::vector<GivenCode> given_codes(const OperationInput& input, const std::string& system,
                                   std::string_view version_parameter);
// Of a Coding; throws invalid_request when it lacks the system or the code.
GivenCode given_code(const Json& coding);

}  // namespace meridian::record
