// Who may do what, and whose record they may see.
//
// Two questions are asked of every act. By role: may a clinician create a Task at all? By patient: is this
// patient in the care of the asker's organization? An organization comes to see a patient by managing them
// (Patient.managingOrganization) or by being asked for its opinion; a resident sees their own record only; an
// auditor sees the ledger, not the record; an administrator runs the node and sees no record.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"
#include "trust/principal.h"

namespace meridian::trust {

enum class Act { read, write, remove, sign, request_opinion, administer, audit };

std::span<const storage::Migration> access_migrations();

// Who and what a region consists of, and what defines FHIR: of no patient unless it names one, and for
// everyone to read.
bool is_reference_data(std::string_view resource_type);

// By role alone. resource_type is a FHIR type, or empty for acts on the node itself.
bool role_may(Role role, Act act, std::string_view resource_type);

// The organization sees the patient from now on. patient: "Patient/…"; reason: "managing", "consultation".
void grant_access(storage::Transaction& transaction, const std::string& patient,
                  const std::string& organization, const std::string& reason);
void withdraw_access(storage::Transaction& transaction, const std::string& patient,
                     const std::string& organization, const std::string& reason);
// To which it was granted for that reason.
std::vector<std::string> organizations_granted(storage::Connection& connection, const std::string& patient,
                                               const std::string& reason);
// By patient. True for the system and for a resident's own record.
bool may_see(storage::Connection& connection, const Principal& principal, const std::string& patient);
// True when every patient is theirs to see without looking at the table (the system).
bool sees_all_patients(const Principal& principal);

// Throws forbidden, naming what was asked; for a read that must not even confirm that the thing exists,
// callers turn it into not_found.
void require(storage::Connection& connection, const Principal& principal, Act act,
             std::string_view resource_type, const std::string& patient);

}  // namespace meridian::trust
