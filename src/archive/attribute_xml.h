// Data sets of the DICOM JSON model as the Native DICOM Model in XML (PS3.19, A.1).
#pragma once
#include <string>

#include "base/json.h"

namespace meridian::archive {

// A document of one data set.
std::string dicom_xml(const Json& dataset);

}  // namespace meridian::archive
