// XML Patch (RFC 5261), as FHIR R4 uses it.
#pragma once
#include <string>
#include <string_view>

namespace meridian::record {

// The document as the patch leaves it: add, replace and remove of elements, attributes, texts and comments.
// The prefix f means FHIR's namespace in selectors, others what the patch declares. Throws invalid_syntax for
// what is no XML or selector, invalid_structure for what is no patch, invalid_value when a selector finds
// none or several, not_supported for namespace declarations, too_large for a selector that takes too long.
std::string apply_xml_patch(std::string_view document, std::string_view patch);

}  // namespace meridian::record
