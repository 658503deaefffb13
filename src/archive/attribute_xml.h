// Data sets of the DICOM JSON model as the Native DICOM Model in XML (PS3.19, A.1).
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"

namespace meridian::archive {

// A document of one data set.
std::string dicom_xml(const Json& dataset);
// The data set of a document, numbers as texts. Throws invalid_syntax, invalid_structure naming the attribute
// that is not as the model says, too_large. Entities and document types are refused.
Json read_dicom_xml(std::string_view xml);

}  // namespace meridian::archive
