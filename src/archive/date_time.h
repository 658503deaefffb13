// DICOM's DA and TM as FHIR's dateTime.
#pragma once
#include <string>
#include <string_view>

namespace meridian::archive {

// date: DA (also with dots, as before 1993); time: TM; zone: (0008,0201), "+0800" or empty for the node's own
// zone. Gives the date alone when the time is absent or malformed, and nothing when the date is.
std::string fhir_datetime(std::string_view date, std::string_view time, std::string_view zone);

}  // namespace meridian::archive
