// The operation Patient/$everything: a patient's record.
#pragma once
#include <string>

#include "record/record.h"

namespace meridian::record {

// All of the patient's compartment that the principal may see, and the organizations, people, medications and
// devices to which it refers. Parameters: start and end (of the care, by the day on which it was given; what
// has no such day is always there), _count, _type, _since, _cursor; throws invalid_request for others,
// not_found, gone.
std::string everything_bundle(storage::Connection& connection, const trust::Principal& principal,
                              const std::string& patient, const Parameters& parameters,
                              const RecordOptions& options);

}  // namespace meridian::record
