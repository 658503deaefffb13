#include <libxml/tree.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <unordered_set>

#include "archive/attribute_xml.h"
#include "base/error.h"
#include "base/xml.h"

namespace meridian::archive {
namespace {

constexpr int kDeepest = 100;               // nested sequences
constexpr std::size_t kMostBlanks = 65536;  // values left out before others, in one document
constexpr std::array<std::string_view, 5> kNameParts{"FamilyName", "GivenName", "MiddleName", "NamePrefix",
                                                     "NameSuffix"};

std::string_view view(const xmlChar* text) {
  return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

bool is_named(const xmlNode& node, std::string_view name) {
  return view(node.name) == name;
}

const xmlNode* next_element(const xmlNode* node) {
  while (node && node->type != XML_ELEMENT_NODE) node = node->next;
  return node;
}

std::string text_of(const xmlNode& node) {
  std::string text;
  for (const xmlNode* part = node.children; part; part = part->next)
    if (part->type == XML_TEXT_NODE || part->type == XML_CDATA_SECTION_NODE) text += view(part->content);
  return text;
}

std::string property(const xmlNode& node, std::string_view name) {
  for (const xmlAttr* at = node.properties; at; at = at->next)
    if (view(at->name) == name && at->children) return std::string(view(at->children->content));
  return {};
}

[[noreturn]] void wrong(const std::string& what, const std::string& where) {
  throw Error(ErrorCode::invalid_structure, what, where.substr(0, 16), "Write it as PS3.19, A.1 says");
}

// One component group: "Wang^Xiuying^^Dr".
std::string name_group(const xmlNode& node) {
  std::array<std::string, kNameParts.size()> parts;
  for (const xmlNode* at = next_element(node.children); at; at = next_element(at->next)) {
    const auto known = std::ranges::find(kNameParts, view(at->name));
    if (known == kNameParts.end()) wrong("A name has no such part", std::string(view(at->name)));
    parts.at(static_cast<std::size_t>(known - kNameParts.begin())) = text_of(*at);
  }
  std::string name;
  for (const std::string& part : parts) name += (&part == &parts.front() ? "" : "^") + part;
  return name.substr(0, name.find_last_not_of('^') + 1);
}

Json person_name(const xmlNode& node) {
  Json name = Json::object();
  for (const xmlNode* at = next_element(node.children); at; at = next_element(at->next))
    name[view(at->name)] = name_group(*at);
  return name;
}

class Reader {
 public:
  Json dataset_of(const xmlNode& node, int depth);

 private:
  Json attribute_of(const xmlNode& node, const std::string& tag, int depth);
  void place(Json& values, const xmlNode& node, const std::string& tag, Json value);

  std::size_t blanks_ = 0;  // values left out so far, in the whole document
};

// Puts the value at its place, counted from 1; those that are left out before it are null.
void Reader::place(Json& values, const xmlNode& node, const std::string& tag, Json value) {
  const std::string number = property(node, "number");
  std::size_t place = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), place);
  if (error != std::errc() || end != number.data() + number.size() || place <= values.size())
    wrong("Values are numbered from 1 upwards", tag);
  const std::size_t left_out = place - 1 - values.size();
  if (left_out > kMostBlanks - blanks_)
    throw Error(ErrorCode::too_large, "The document leaves out more values than are read", tag.substr(0, 16),
                "Number the values one after the other");
  blanks_ += left_out;
  while (values.size() + 1 < place) values.push_back(nullptr);
  values.push_back(std::move(value));
}

Json Reader::attribute_of(const xmlNode& node, const std::string& tag, int depth) {
  Json attribute = Json::object({{"vr", property(node, "vr")}});
  Json values = Json::array();
  for (const xmlNode* at = next_element(node.children); at; at = next_element(at->next)) {
    if (is_named(*at, "Item"))
      place(values, *at, tag, dataset_of(*at, depth + 1));
    else if (is_named(*at, "PersonName"))
      place(values, *at, tag, person_name(*at));
    else if (is_named(*at, "Value"))
      place(values, *at, tag, text_of(*at));
    else if (is_named(*at, "InlineBinary"))
      attribute["InlineBinary"] = text_of(*at);
    else if (is_named(*at, "BulkData"))
      attribute["BulkDataURI"] = property(*at, "uri");
    else
      wrong("An attribute has no such element: " + std::string(view(at->name).substr(0, 32)), tag);
  }
  if (!values.empty()) attribute["Value"] = std::move(values);
  return attribute;
}

Json Reader::dataset_of(const xmlNode& node, int depth) {
  if (depth > kDeepest) throw Error(ErrorCode::too_large, "The XML is nested too deeply");
  Json::Object dataset;
  std::unordered_set<std::string> tags;
  for (const xmlNode* at = next_element(node.children); at; at = next_element(at->next)) {
    std::string tag = property(*at, "tag");
    if (!is_named(*at, "DicomAttribute") || tag.empty())
      wrong("A data set holds elements DicomAttribute with a tag", std::string(view(at->name)));
    if (!tags.insert(tag).second) wrong("The attribute occurs more than once", tag);
    Json attribute = attribute_of(*at, tag, depth);
    dataset.emplace_back(std::move(tag), std::move(attribute));
  }
  return dataset;
}

}  // namespace

Json read_dicom_xml(std::string_view xml) {
  const XmlTree document = parse_xml(xml);
  const xmlNode* root = xmlDocGetRootElement(document.get());
  if (!is_named(*root, "NativeDicomModel"))
    throw Error(ErrorCode::invalid_structure, "The document is no NativeDicomModel");
  return Reader().dataset_of(*root, 1);
}

}  // namespace meridian::archive
