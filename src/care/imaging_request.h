// A ServiceRequest as an order for images: what a modality's worklist and its procedure steps know of it.
//
// A request is such an order when its orderDetail, or its code, has a coding of DICOM's modalities (system
// http://dicom.nema.org/resources/ontology/DCM), and its intent is an order.
#pragma once
#include <optional>
#include <string>

#include "base/json.h"

namespace meridian::care {

struct ImagingRequest {
  std::string id, status, patient;  // patient: "Patient/…"
  std::string modality;             // "DX"
  std::string study_uid;            // of its identifiers (urn:dicom:uid), else one that follows from its id
  std::string accession_number;     // the identifier of type ACSN (HL7 v2-0203); at most 16 characters
  std::string procedure_id;  // Requested Procedure ID: of type PLAC, else the accession number, else made
  std::string description;   // of its code
  std::string scheduled;     // FHIR dateTime: when it shall be done, else when it was ordered
};

// Nothing when it is no such order.
std::optional<ImagingRequest> read_imaging_request(const Json& service_request);

// Whether the organization, "Organization/…", shall do it: when it is a performer, or none is named.
bool is_for(const Json& service_request, const std::string& organization);

}  // namespace meridian::care
