// Legal holds: of a held patient no image is removed, by nobody. A hold is a FHIR Flag of the patient that is
// active and coded urn:meridian:retention|legal-hold; it ends when the Flag is made inactive or removed.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "record/record.h"
#include "storage/database.h"

namespace meridian::care {

inline constexpr const char* kRetentionSystem = "urn:meridian:retention";
inline constexpr const char* kLegalHold = "legal-hold";

std::span<const storage::Migration> hold_migrations();

// Has the record keep a table of the holds. Call before the first write.
void project_holds(record::Record& record);

// What the hold on the patient ("Patient/…") says, or nothing when there is none.
std::optional<std::string> hold_of(storage::Connection& connection, const std::string& patient);
// Throws conflict when the patient is held.
void require_no_hold(storage::Connection& connection, const std::string& patient);

}  // namespace meridian::care
