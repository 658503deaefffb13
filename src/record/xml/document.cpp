#include "record/xml/document.h"

#include <libxml/parser.h>

#include <string>

#include "base/error.h"

namespace meridian::record {

XmlDocument parse_xml(std::string_view text) {
  const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
  XmlDocument document(xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr, options),
                       xmlFreeDoc);
  if (!document) {
    const xmlError* error = xmlGetLastError();
    throw Error(ErrorCode::invalid_syntax,
                "This is not valid XML: " + std::string(error && error->message ? error->message : "unknown"),
                "line " + std::to_string(error ? error->line : 0));
  }
  if (document->intSubset || document->extSubset)
    throw Error(ErrorCode::invalid_syntax, "XML with a document type or entities is not read", {},
                "Send it without DOCTYPE");
  return document;
}

}  // namespace meridian::record
