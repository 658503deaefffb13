// XML documents of recordings, read without entities, external subsets or the network.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct _xmlDoc;   // NOLINT(bugprone-reserved-identifier): the names are libxml2's
struct _xmlNode;  // NOLINT(bugprone-reserved-identifier)

namespace meridian::archive {

// An element of a document, which must outlive it. Names are local ones, whatever their namespace. An empty
// element (of a path that leads nowhere) has no text, attributes or children.
class XmlElement {
 public:
  explicit XmlElement(_xmlNode* node = nullptr) : node_(node) {}
  explicit operator bool() const { return node_ != nullptr; }

  std::string name() const;
  std::string attribute(const char* name) const;  // empty when there is none
  std::string text() const;                       // of it and all below, without white space around
  std::optional<double> number() const;           // its text, when that is a finite number
  std::string place() const;                      // "line 12, LeadData", for errors
  // The first element at "a/b/c" below it.
  XmlElement find(std::string_view path) const;
  std::vector<XmlElement> children(std::string_view name = {}) const;  // all, or those of that name

 private:
  _xmlNode* node_;
};

class XmlDocument {
 public:
  // Throws invalid_syntax with the line; also when it is nested more than 256 deep or one text is longer than
  // 10 MB.
  explicit XmlDocument(std::string_view bytes);
  XmlElement root() const;

 private:
  std::shared_ptr<_xmlDoc> document_;
};

// The local name of a document's first element, without reading on: what kind of document it is. Empty when
// the bytes do not begin as XML does (UTF-8, UTF-16 or an 8-bit code).
std::string xml_root_name(std::string_view bytes);

// Base64 with white space between; throws invalid_syntax.
std::string bytes_of_base64(const XmlElement& element);

}  // namespace meridian::archive
