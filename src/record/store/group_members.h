// What belongs to the members of a Group.
#pragma once
#include <cstdint>

#include "record/query/sql.h"

namespace meridian::record {

// The condition that the resource r belongs to a patient who is a member of the Group of the key.
Sql of_members(std::int64_t group);

}  // namespace meridian::record
