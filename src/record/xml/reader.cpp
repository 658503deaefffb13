#include <libxml/tree.h>

#include <memory>

#include "base/error.h"
#include "base/xml.h"
#include "record/definitions/model.h"
#include "record/xml/xml.h"

namespace meridian::record {
namespace {

constexpr std::string_view kFhir = "http://hl7.org/fhir";

std::string_view view(const xmlChar* text) {
  return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

[[noreturn]] void structure_error(const std::string& what, const std::string& path) {
  throw Error(ErrorCode::invalid_structure, what, path);
}

const xmlNode* next_element(const xmlNode* node) {
  while (node && node->type != XML_ELEMENT_NODE) node = node->next;
  return node;
}

// Only blanks, comments and elements may stand between FHIR's elements.
void refuse_text(const xmlNode& parent, const std::string& path) {
  for (const xmlNode* node = parent.children; node; node = node->next) {
    const bool is_text = node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
    if (is_text && view(node->content).find_first_not_of(" \t\r\n") != std::string_view::npos)
      structure_error("Text stands between the elements", path);
    if (node->type == XML_ENTITY_REF_NODE) structure_error("An entity stands between the elements", path);
  }
}

std::string attribute_text(const xmlAttr& attribute) {
  std::string text;
  for (const xmlNode* part = attribute.children; part; part = part->next) text += view(part->content);
  return text;
}

std::string serialized(xmlNode& node) {
  const std::unique_ptr<xmlBuffer, decltype(&xmlBufferFree)> buffer(xmlBufferCreate(), xmlBufferFree);
  xmlNodeDump(buffer.get(), node.doc, &node, 0, 0);
  return std::string(view(xmlBufferContent(buffer.get())));
}

Json primitive_value(const TypeDefinition& type, std::string text, const std::string& path) {
  for (const TypeDefinition* base = &type; base; base = base->base) {
    if (base->name == "boolean" && (text == "true" || text == "false")) return Json(text == "true");
    if (base->name != "integer" && base->name != "decimal") continue;
    try {
      Json number = Json::parse(text);
      if (number.is_number()) return number;
    } catch (const Error&) {
      structure_error("\"" + text + "\" is no number", path);
    }
  }
  return Json(std::move(text));
}

class Reader {
 public:
  explicit Reader(const JsonLimits& limits) : limits_(limits) {}

  Json resource(xmlNode& node, std::size_t depth) const {
    const std::string name(view(node.name));
    const TypeDefinition* type = find_type(name);
    if (!type || !type->is_resource() || type->abstract)
      structure_error("There is no resource type " + name, name);
    Json object = Json::object({{"resourceType", name}});
    fill(object, node, *type, name, depth);
    return object;
  }

 private:
  void fill(Json& object, const xmlNode& node, const TypeDefinition& type, const std::string& path,
            std::size_t depth) const {
    if (depth > limits_.depth) throw Error(ErrorCode::too_large, "The XML is nested too deeply", path);
    if (view(node.ns ? node.ns->href : nullptr) != kFhir)
      structure_error("The element is not in FHIR's namespace", path);
    refuse_text(node, path);
    read_attributes(object, node, type, path);
    for (const xmlNode* at = next_element(node.children); at; at = next_element(at->next))
      read_child(object, *const_cast<xmlNode*>(at), type, path, depth);
  }

  static void read_attributes(Json& object, const xmlNode& node, const TypeDefinition& type,
                              const std::string& path) {
    for (const xmlAttr* at = node.properties; at; at = at->next) {
      const std::string name(view(at->name));
      if (at->ns) continue;  // xsi:schemaLocation and the like say nothing of the resource
      const ElementDefinition* element = type.element(name);
      if (!element || !element->xml_attribute) structure_error("There is no attribute " + name, path);
      object[name] = attribute_text(*at);
    }
  }

  void read_child(Json& object, xmlNode& node, const TypeDefinition& type, const std::string& path,
                  std::size_t depth) const {
    const std::string name(view(node.name)), here = path + "." + name;
    const PropertyDefinition* property = type.property(name);
    if (!property || property->element->xml_attribute) structure_error("There is no element " + name, here);
    const bool many = property->element->max > 1;
    const TypeDefinition& child = *property->type->type;
    if (!many && (object.contains(name) || object.contains("_" + name)))
      structure_error("The element occurs more than once", here);
    if (child.is_primitive()) return add_primitive(object, name, node, child, many, here, depth);
    Json value = child.is_resource() ? inner_resource(node, here, depth) : Json(Json::Object());
    if (!child.is_resource()) fill(value, node, child, here, depth + 1);
    if (many)
      object[name].push_back(std::move(value));
    else
      object[name] = std::move(value);
  }

  Json inner_resource(const xmlNode& node, const std::string& path, std::size_t depth) const {
    const xmlNode* inner = next_element(node.children);
    if (!inner || next_element(inner->next)) structure_error("The element must hold one resource", path);
    return resource(*const_cast<xmlNode*>(inner), depth + 2);
  }

  void add_primitive(Json& object, const std::string& name, xmlNode& node, const TypeDefinition& type,
                     bool many, const std::string& path, std::size_t depth) const {
    if (type.name == "xhtml") {
      object[name] = serialized(node);
      return;
    }
    Json value, companion;
    refuse_text(node, path);
    for (const xmlAttr* at = node.properties; at; at = at->next) {
      if (view(at->name) == "value")
        value = primitive_value(type, attribute_text(*at), path);
      else if (view(at->name) == "id")
        companion["id"] = attribute_text(*at);
      else
        structure_error("There is no attribute " + std::string(view(at->name)), path);
    }
    for (const xmlNode* at = next_element(node.children); at; at = next_element(at->next))
      read_child(companion, *const_cast<xmlNode*>(at), type, path, depth + 1);
    if (many) return append_primitive(object, name, std::move(value), std::move(companion));
    if (!value.is_null()) object[name] = std::move(value);
    if (!companion.is_null()) object["_" + name] = std::move(companion);
  }

  // Keeps the list of values and that of their companions of one length, as long as there are companions at
  // all.
  static void append_primitive(Json& object, const std::string& name, Json value, Json companion) {
    const std::string companions = "_" + name;
    const std::size_t count = std::max(object.get(name).size(), object.get(companions).size());
    if (!value.is_null()) {
      pad(object[name], count);
      object[name].push_back(std::move(value));
    }
    if (!companion.is_null()) {
      pad(object[companions], count);
      object[companions].push_back(std::move(companion));
    }
    if (object.contains(name) && object.contains(companions)) {
      pad(object[name], count + 1);
      pad(object[companions], count + 1);
    }
  }

  static void pad(Json& list, std::size_t size) {
    if (list.is_null()) list = Json::array();
    while (list.size() < size) list.push_back(nullptr);
  }

  const JsonLimits& limits_;
};

}  // namespace

Json read_xml(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) throw Error(ErrorCode::too_large, "The XML has more bytes than the limit");
  const XmlTree document = parse_xml(text);
  return Reader(limits).resource(*xmlDocGetRootElement(document.get()), 1);
}

}  // namespace meridian::record
