// Patient/$match.
#pragma once
#include <string>

#include "record/operations/operation.h"

namespace meridian::record {

// Patients that the one who asks may see and that may be the person described, the likeliest first, each with
// its probability (search.score) and FHIR's match grade. onlyCertainMatches: the one that is certain, and
// only when no other is probable. Parameters: resource, onlyCertainMatches, count.
std::string match_patient(const OperationContext& context, const OperationCall& call);

}  // namespace meridian::record
