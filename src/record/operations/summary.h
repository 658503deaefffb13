// Patient/$summary: the International Patient Summary (HL7 FHIR IPS 2.0).
#pragma once
#include <string>

#include "record/operations/operation.h"

namespace meridian::record {

// A document of what the one who asks may see: Composition, the patient, and what its sections name.
// Problems, allergies and medications are always there, with an emptyReason where the record has nothing; the
// other sections where it has something. Of a patient at the address, or the one that has the identifier.
// Parameters: identifier, profile. Throws not_found, precondition_failed when several have the identifier,
// not_supported for another profile.
std::string patient_summary(const OperationContext& context, const OperationCall& call);

}  // namespace meridian::record
