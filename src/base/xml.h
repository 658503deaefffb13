// XML of others, read without network and without entities or declarations of its own.
#pragma once
#include <memory>
#include <string_view>

struct _xmlDoc;  // NOLINT(bugprone-reserved-identifier): the name is libxml2's

namespace meridian {

struct FreeXml {
  void operator()(_xmlDoc* document) const;
};
// A document of libxml2 with a root.
using XmlTree = std::unique_ptr<_xmlDoc, FreeXml>;

enum class XmlDoctype {
  refused,
  named  // a document type may be named, but not bring declarations
};

// Blanks between elements are texts of the document: in a narrative they are part of what it says. Throws
// invalid_syntax with the line, also for what is nested more than 256 deep or has a text of more than 10 MB;
// too_large for more than 2 GB.
XmlTree parse_xml(std::string_view text, XmlDoctype doctype = XmlDoctype::refused);

}  // namespace meridian
