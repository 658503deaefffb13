// $validate of a resource.
#pragma once
#include <string>

#include "record/operations/operation.h"

namespace meridian::record {

// The resource in the body, by itself or as a parameter, or the one at the address, against R4, its own
// meta.profile and the parameter profile. mode: create and update look also whether the one who asks may do
// that, and delete looks only whether they may remove the one at the address; profile needs a profile and an
// address. The answer is an OperationOutcome. Throws invalid_request when there is none, not_found also for a
// profile, gone.
std::string validate_resource(const OperationContext& context, const OperationCall& call);

}  // namespace meridian::record
