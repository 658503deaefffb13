// Observation/$stats.
#pragma once
#include <string>

#include "record/operations/operation.h"

namespace meridian::record {

// Statistics of a subject's observations with quantities: for each code asked for, one Observation with a
// component a statistic, in the unit of the newest value; where it has been asked for (include), the
// observations too. Parameters: subject, code and system or coding, duration (hours until now) or period,
// statistic, include, limit (of what is included). Throws too_large when too many would be looked at, and
// invalid_value when units of a code cannot be converted.
std::string observation_statistics(const OperationContext& context, const OperationCall& call);

}  // namespace meridian::record
