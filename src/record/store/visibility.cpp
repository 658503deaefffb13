#include "record/store/visibility.h"

#include "base/error.h"

namespace meridian::record {

Sql visible_to(const trust::Principal& principal) {
  if (trust::sees_all_patients(principal)) return {"1", {}};
  if (principal.role == trust::Role::resident)
    return {
        "(r.shared = 1 OR EXISTS (SELECT 1 FROM resource_patient p WHERE p.resource = r.key AND p.patient = "
        "?))",
        {principal.fhir_user}};
  return {
      "(r.shared = 1 OR EXISTS (SELECT 1 FROM resource_patient p JOIN patient_access a ON a.patient = "
      "p.patient"
      " WHERE p.resource = r.key AND a.organization = ?))",
      {principal.organization}};
}

bool may_see_resource(storage::Connection& connection, const trust::Principal& principal, std::int64_t key) {
  if (trust::sees_all_patients(principal)) return true;
  bool visible = false;
  Sql{"SELECT 1 FROM resource r WHERE r.key = ? AND ", {key}}
      .add(visible_to(principal))
      .run(connection, [&](const storage::Row&) { visible = true; });
  return visible;
}

void require_role(const trust::Principal& principal, trust::Act act, std::string_view type) {
  if (trust::role_may(principal.role, act, type)) return;
  const std::string_view verb = act == trust::Act::read    ? "read"
                                : act == trust::Act::write ? "write"
                                                           : "delete";
  throw Error(ErrorCode::forbidden, "A " + std::string(trust::role_name(principal.role)) + " may not " +
                                        std::string(verb) + " " + std::string(type));
}

StoredResource require_known(storage::Connection& connection, const trust::Principal& principal,
                             const std::string& type, const std::string& id) {
  std::optional<StoredResource> found = find_newest(connection, type, id);
  if (!found || !may_see_resource(connection, principal, found->key))
    throw Error(ErrorCode::not_found, "There is no " + type + "/" + id.substr(0, 64));
  return std::move(*found);
}

StoredResource require_readable(storage::Connection& connection, const trust::Principal& principal,
                                const std::string& type, const std::string& id) {
  StoredResource found = require_known(connection, principal, type, id);
  if (found.version.deleted)
    throw Error(ErrorCode::gone, found.version.reference() + " was deleted", {},
                "Its history still has it: " + found.version.reference() + "/_history");
  return found;
}

}  // namespace meridian::record
