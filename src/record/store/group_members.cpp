#include "record/store/group_members.h"

#include "record/store/stored_fields.h"

namespace meridian::record {

Sql keys_of_members(std::int64_t group) {
  return {
      "SELECT q.resource FROM reference_index g JOIN resource_patient q ON q.patient = 'Patient/' ||"
      " g.target_id WHERE g.resource = ? AND g.field = ? AND g.target_type = 'Patient'",
      {group, stored_field("Group", "member")}};
}

Sql of_members(std::int64_t group) {
  return Sql{"EXISTS (", {}}.add(keys_of_members(group)).add(" AND q.resource = r.key)");
}

}  // namespace meridian::record
