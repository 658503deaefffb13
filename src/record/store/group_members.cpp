#include "record/store/group_members.h"

#include "record/store/stored_fields.h"

namespace meridian::record {

Sql of_members(std::int64_t group) {
  return {
      "EXISTS (SELECT 1 FROM resource_patient q JOIN reference_index g ON g.resource = ? AND g.field = ?"
      " AND g.target_type = 'Patient' AND q.patient = 'Patient/' || g.target_id WHERE q.resource = r.key)",
      {group, stored_field("Group", "member")}};
}

}  // namespace meridian::record
