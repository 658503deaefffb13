// What belongs to the members of a Group.
#pragma once
#include <cstdint>

#include "record/query/sql.h"

namespace meridian::record {

// The condition that the resource r belongs to a patient who is a member of the Group of the key: for what
// goes through resources in their order.
Sql of_members(std::int64_t group);
// SELECT of the keys of all that belongs to them, some repeatedly: for what begins with the members.
Sql keys_of_members(std::int64_t group);

}  // namespace meridian::record
