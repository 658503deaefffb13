// XML documents of others, read without network, document types or entities.
#pragma once
#include <libxml/tree.h>

#include <memory>
#include <string_view>

namespace meridian::record {

using XmlDocument = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;

// Throws invalid_syntax with the line. Blanks between elements are texts of the document: in a narrative they
// are part of what it says.
XmlDocument parse_xml(std::string_view text);

}  // namespace meridian::record
