// The operation $everything: of a patient, of all patients, of the patients of a Group, of an encounter.
#pragma once
#include <string>

#include "record/record.h"

namespace meridian::record {

// type: Patient, Group or Encounter; id: empty for all patients. All of the compartment that the principal
// may see, the Group or Encounter itself, and the organizations, people, medications and devices to which it
// refers; of an encounter also its patient. Parameters: start and end (of the care, by the day on which it
// was given; what has no such day is always there; not of an encounter), _count, _type, _since, _cursor;
// throws invalid_request for others, not_found, gone.
std::string everything_bundle(storage::Connection& connection, const trust::Principal& principal,
                              const std::string& type, const std::string& id, const Parameters& parameters,
                              const RecordOptions& options);

}  // namespace meridian::record
