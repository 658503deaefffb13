// QIDO-RS (PS3.18 10.6): studies, series and instances found, as DICOM JSON.
#pragma once
#include "doors/http/message.h"
#include "doors/http/routes.h"

namespace meridian::doors::http {

// By StudyInstanceUID, PatientID, AccessionNumber, ModalitiesInStudy, StudyDate, limit and offset; keywords
// or tags. Only studies that the principal may see. Throws invalid_request for other keys.
Response search_studies(const Services& services, const Request& request);
// Those given have been found to be visible.
Response list_series(const std::vector<archive::InstanceFacts>& instances);
Response list_instances(const std::vector<archive::InstanceFacts>& instances);

}  // namespace meridian::doors::http
