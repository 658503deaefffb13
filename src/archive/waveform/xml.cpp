#include "archive/waveform/xml.h"

#include <libxml/tree.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/encoding.h"
#include "base/error.h"
#include "base/xml.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kBeginning = 8192;  // bytes in which a document's first element begins

std::string take(xmlChar* text) {
  if (!text) return {};
  std::string copy(reinterpret_cast<const char*>(text));
  xmlFree(text);
  return copy;
}

std::string_view local_name(const xmlNode* node) {
  return reinterpret_cast<const char*>(node->name);
}

xmlNode* next_element(xmlNode* node) {
  while (node && node->type != XML_ELEMENT_NODE) node = node->next;
  return node;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string trimmed(std::string text) {
  while (!text.empty() && is_space(text.back())) text.pop_back();
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), is_space));
  return text;
}

// The beginning as characters of one byte: of UTF-16 the other byte is left out.
std::string beginning_of(std::string_view bytes) {
  std::string text;
  for (const char c : bytes.substr(0, kBeginning))
    if (c != '\0') text.push_back(c);
  for (const char* mark : {"\xff\xfe", "\xfe\xff", "\xef\xbb\xbf"})
    if (text.starts_with(mark)) text.erase(0, std::string_view(mark).size());
  return text;
}

}  // namespace

std::string XmlElement::name() const {
  return node_ ? std::string(local_name(node_)) : std::string();
}

std::string XmlElement::attribute(const char* name) const {
  return node_ ? take(xmlGetNoNsProp(node_, reinterpret_cast<const xmlChar*>(name))) : std::string();
}

std::string XmlElement::text() const {
  return node_ ? trimmed(take(xmlNodeGetContent(node_))) : std::string();
}

std::optional<double> XmlElement::number() const {
  const std::string digits = text();
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::string XmlElement::place() const {
  return node_ ? "line " + std::to_string(xmlGetLineNo(node_)) + ", " + name() : std::string();
}

XmlElement XmlElement::find(std::string_view path) const {
  XmlElement at = *this;
  while (at && !path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    const std::vector<XmlElement> found = at.children(path.substr(0, slash));
    at = found.empty() ? XmlElement() : found.front();
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return at;
}

std::vector<XmlElement> XmlElement::children(std::string_view name) const {
  std::vector<XmlElement> found;
  if (!node_) return found;
  for (xmlNode* child = next_element(node_->children); child; child = next_element(child->next))
    if (name.empty() || local_name(child) == name) found.emplace_back(child);
  return found;
}

// MUSE names a document type; one that brings declarations could bring entities that grow without end.
XmlDocument::XmlDocument(std::string_view bytes) : document_(parse_xml(bytes, XmlDoctype::named)) {}

XmlElement XmlDocument::root() const {
  return XmlElement(xmlDocGetRootElement(document_.get()));
}

std::string xml_root_name(std::string_view bytes) {
  const std::string text = beginning_of(bytes);
  std::size_t at = text.find_first_not_of(" \t\r\n");
  if (at == std::string::npos || text[at] != '<') return {};
  while (at != std::string::npos && at + 1 < text.size()) {
    const char kind = text[at + 1];
    if (kind != '?' && kind != '!') break;
    const bool comment = text.compare(at, 4, "<!--") == 0;
    at = text.find(comment ? "-->" : ">", at);
    if (at != std::string::npos) at = text.find('<', at);
  }
  if (at == std::string::npos) return {};
  const auto end = text.find_first_of(" \t\r\n/>", at + 1);
  if (end == std::string::npos) return {};
  const std::string name = text.substr(at + 1, end - at - 1);
  return name.substr(name.find(':') + 1);
}

std::string bytes_of_base64(const XmlElement& element) {
  std::string text = element.text();
  std::erase_if(text, is_space);
  try {
    return from_base64(text);
  } catch (const Error&) {
    throw Error(ErrorCode::invalid_syntax, "The samples are not Base64", element.place(),
                "Export the recording again");
  }
}

}  // namespace meridian::archive
