#include "base/xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <climits>
#include <string>

#include "base/error.h"

namespace meridian {
namespace {

[[noreturn]] void fail_syntax() {
  const xmlError* error = xmlGetLastError();
  std::string what = error && error->message ? error->message : "it has no element";
  while (what.ends_with('\n')) what.pop_back();
  throw Error(ErrorCode::invalid_syntax, "This is not well-formed XML: " + what,
              "line " + std::to_string(error ? error->line : 1));
}

}  // namespace

void FreeXml::operator()(_xmlDoc* document) const {
  xmlFreeDoc(document);
}

XmlTree parse_xml(std::string_view text, XmlDoctype doctype) {
  if (text.size() > INT_MAX) throw Error(ErrorCode::too_large, "XML of more than 2 GB is not read");
  xmlResetLastError();
  const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
  XmlTree document(xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr, options));
  if (!document || !xmlDocGetRootElement(document.get())) fail_syntax();
  const xmlDtd* type = document->intSubset;
  if (document->extSubset || (type && (doctype == XmlDoctype::refused || type->children)))
    throw Error(ErrorCode::invalid_syntax, "XML with a document type or entities is not read", "DOCTYPE",
                "Send it without DOCTYPE");
  return document;
}

}  // namespace meridian
