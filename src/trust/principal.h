// Who asks: the person, device or program behind a request.
#pragma once
#include <string>
#include <string_view>

namespace meridian::trust {

enum class Role { resident, clinician, specialist, auditor, administrator, device, system };

std::string_view role_name(Role role);  // "clinician"
Role role_of(std::string_view name);    // throws invalid_value

struct Principal {
  std::string user;     // the account's id; "system" for the program itself
  std::string display;  // how the ledger and a signature name them
  Role role = Role::resident;
  std::string fhir_user;     // "Practitioner/…", "Patient/…" for a resident, "Device/…"
  std::string organization;  // "Organization/…"; empty for residents and the system

  static Principal
  system();  // may do everything; for the program's own acts (an assistant's draft, a migration)
};

}  // namespace meridian::trust
