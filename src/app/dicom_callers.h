// The AE titles that may call the DICOM service, and whose they are.
#pragma once
#include <map>
#include <string>
#include <string_view>

namespace meridian::app {

// AE title to "Organization/ID". text: "CT1=Organization/a, XRAY=Organization/b"; empty: none. Throws
// invalid_configuration for an entry without an organization and for a title that stands twice.
std::map<std::string, std::string> dicom_callers_of(std::string_view text);

}  // namespace meridian::app
