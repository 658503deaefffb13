// Whose record a principal may see: what belongs to a patient in the care of their organization
// (trust/access.h) and meant for them (belonging.h), and what belongs to no patient.
#pragma once
#include <string_view>

#include "record/query/sql.h"
#include "record/store/resource_table.h"
#include "trust/access.h"

namespace meridian::record {

// The condition on a row of resource, named r, and on the table or alias that has the audience of the version
// asked for: r itself for the newest.
Sql visible_to(const trust::Principal& principal, std::string_view version = "r");
// SELECT of the keys of all that the principal may see, some of them repeatedly, and of more of other types;
// for whom it is so little that a search may begin there: a resident, and who belongs to an organization with
// few patients. No text for others.
Sql little_to_see(storage::Connection& connection, const trust::Principal& principal, std::string_view type);
bool may_see_resource(storage::Connection& connection, const trust::Principal& principal, std::int64_t key);
// An older version may have been a draft: who sees the newest does not for that see all before.
bool may_see_older_version(storage::Connection& connection, const trust::Principal& principal,
                           std::int64_t key, std::int64_t number);

// Throws forbidden when the role may not do this with the type at all.
void require_role(const trust::Principal& principal, trust::Act act, std::string_view type);
// The newest version that is there for the principal: throws not_found, also for what they may not see, and
// gone.
StoredResource require_readable(storage::Connection& connection, const trust::Principal& principal,
                                const std::string& type, const std::string& id);
// The same, but a deleted one is returned.
StoredResource require_known(storage::Connection& connection, const trust::Principal& principal,
                             const std::string& type, const std::string& id);

}  // namespace meridian::record
