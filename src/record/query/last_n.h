// The operation Observation/$lastn: the newest observations of each code.
#pragma once
#include <string>

#include "record/record.h"

namespace meridian::record {

// Parameters: those of a search for Observations, one of them patient or subject, and max (1 unless given):
// how many of each code. Observations are of one code when they share a coding, or each shares one with a
// third; without any coding, when their texts agree. Throws invalid_request, what parse_search throws, and
// too_large when too many would have to be looked at.
std::string last_n_bundle(storage::Connection& connection, const trust::Principal& principal,
                          const Parameters& parameters, const RecordOptions& options);

}  // namespace meridian::record
