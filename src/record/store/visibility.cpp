#include "record/store/visibility.h"

#include "base/error.h"

namespace meridian::record {
namespace {

constexpr std::int64_t kFewPatients = 64;

bool has_few_patients(storage::Connection& connection, const std::string& organization) {
  std::int64_t patients = 0;
  connection.query(
      "SELECT COUNT(*) FROM (SELECT 1 FROM patient_access a WHERE a.organization = ? LIMIT ?) counted",
      {organization, kFewPatients}, [&](const storage::Row& row) { patients = row.integer(0); });
  return patients < kFewPatients;
}

}  // namespace

Sql visible_to(const trust::Principal& principal, std::string_view version) {
  if (trust::sees_all_patients(principal)) return {"TRUE", {}};
  const std::string audience = std::string(version) + ".audience";
  if (principal.role == trust::Role::resident)
    return {
        "(" + audience + " = 2 OR (" + audience +
            " = 1 AND (r.owner = ? OR EXISTS (SELECT 1 FROM resource_patient p WHERE p.resource = r.key AND"
            " p.patient = ?))))",
        {principal.fhir_user, principal.fhir_user}};
  // CROSS JOIN keeps the order: from the resource's one patient, not from the organization's thousands.
  return {"(" + audience +
              " = 2 OR r.owner = ? OR EXISTS (SELECT 1 FROM resource_patient p CROSS JOIN patient_access a"
              " ON a.patient = p.patient AND a.organization = ? WHERE p.resource = r.key))",
          {principal.organization, principal.organization}};
}

Sql little_to_see(storage::Connection& connection, const trust::Principal& principal, std::string_view type) {
  if (trust::sees_all_patients(principal)) return {};
  const bool resident = principal.role == trust::Role::resident;
  if (!resident && !has_few_patients(connection, principal.organization)) return {};
  const std::string owner = resident ? principal.fhir_user : principal.organization;
  const Sql of_patients =
      resident ? Sql{"SELECT p.resource AS key FROM resource_patient p WHERE p.patient = ?", {owner}}
               : Sql{"SELECT p.resource AS key FROM patient_access a CROSS JOIN resource_patient p"
                     " ON p.patient = a.patient WHERE a.organization = ?",
                     {owner}};
  return Sql::all_rows_of(
      {of_patients,
       {"SELECT r.key AS key FROM resource r WHERE r.owner = ?", {owner}},
       {"SELECT r.key AS key FROM resource r WHERE r.type = ? AND r.audience = 2", {std::string(type)}}});
}

bool may_see_resource(storage::Connection& connection, const trust::Principal& principal, std::int64_t key) {
  if (trust::sees_all_patients(principal)) return true;
  bool visible = false;
  Sql{"SELECT 1 FROM resource r WHERE r.key = ? AND ", {key}}
      .add(visible_to(principal))
      .run(connection, [&](const storage::Row&) { visible = true; });
  return visible;
}

bool may_see_older_version(storage::Connection& connection, const trust::Principal& principal,
                           std::int64_t key, std::int64_t number) {
  bool visible = false;
  Sql{"SELECT 1 FROM resource_history h JOIN resource r ON r.key = h.resource"
      " WHERE h.resource = ? AND h.version = ? AND ",
      {key, number}}
      .add(visible_to(principal, "h"))
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
  std::optional<StoredResource> found;
  Sql{"SELECT " + std::string(kStoredColumns) + " FROM resource r WHERE r.type = ? AND r.id = ? AND ",
      {type, id}}
      .add(visible_to(principal))
      .run(connection, [&](const storage::Row& row) { found = stored_of(row); });
  if (!found) throw Error(ErrorCode::not_found, "There is no " + type + "/" + id.substr(0, 64));
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
