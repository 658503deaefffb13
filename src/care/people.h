// Patients and organizations as cases show them.
#pragma once
#include <string>

#include "base/json.h"
#include "engine/finding.h"
#include "record/record.h"

namespace meridian::care {

struct PatientView {
  Json row;            // {id, name, nameLatin, sex, birthDate}: as in a worklist
  std::string search;  // names and identifiers, in lower case
};
// name: the official one; nameLatin: the first written in Latin letters, which may be the same; null when
// none is.
PatientView view_of_patient(const Json& patient);

// The first name of the use, as text; without one, of any use.
std::string name_of(const Json& resource, std::string_view use);
// ASCII letters in lower case, the rest as it is: what searches compare.
std::string folded(std::string_view text);

// "clinic" or "hospital", by Organization.type; clinic when it does not say.
std::string kind_of_organization(const Json& organization);
// Its name, or its id when the record has none of it.
engine::LocalizedText name_of_organization(record::Record& record, const std::string& reference);
Json organization_json(const std::string& reference, const std::string& name);  // {id, name}
std::string id_of(const std::string& reference);                                // of "Patient/1": "1"

// The program files what a person or device sent: under their name, with its own rights, which do not end
// where the sender's do (a device sees no patient).
trust::Principal acting_for(const trust::Principal& sender);

}  // namespace meridian::care
