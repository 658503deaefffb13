#include "record/patch/xml_patch.h"

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "base/error.h"
#include "base/xml.h"

namespace meridian::record {
namespace {

constexpr const char* kFhir = "http://hl7.org/fhir";
constexpr int kMostOperations = 1000;            // of a patch
constexpr unsigned long kMostSteps = 1'000'000;  // of a selector

const xmlChar* xml(const char* text) {
  return reinterpret_cast<const xmlChar*>(text);
}
const xmlChar* xml(const std::string& text) {
  return xml(text.c_str());
}
std::string_view view(const xmlChar* text) {
  return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

std::string owned(xmlChar* text) {
  std::string copy(view(text));
  xmlFree(text);
  return copy;
}

void free_node(xmlNode* node) {
  xmlUnlinkNode(node);
  xmlFreeNode(node);
}

std::string attribute(xmlNode& node, const char* name) {
  return owned(xmlGetNoNsProp(&node, xml(name)));
}

class XmlPatch {
 public:
  XmlPatch(xmlDoc& document, xmlNode& patch)
      : document_(document), context_(xmlXPathNewContext(&document), xmlXPathFreeContext) {
    context_->node = reinterpret_cast<xmlNode*>(&document);
    context_->opLimit = kMostSteps;
    xmlXPathRegisterNs(context_.get(), xml("f"), xml(kFhir));
    for (const xmlNs* one = patch.nsDef; one; one = one->next)
      if (one->prefix) xmlXPathRegisterNs(context_.get(), one->prefix, one->href);
    context_->error = [](void*, xmlErrorPtr) {};  // errors are thrown, not printed
  }

  void apply(xmlNode& operation) {
    const std::string_view name = view(operation.name);
    const std::string selector = attribute(operation, "sel");
    xmlNode& node = selected(selector);
    if (name == "add")
      add(node, operation);
    else if (name == "replace")
      replace(node, operation);
    else if (name == "remove")
      remove(node);
    else
      throw Error(ErrorCode::invalid_structure,
                  "\"" + std::string(name.substr(0, 40)) + "\" is no operation of a patch", "diff",
                  "There are add, replace and remove");
  }

 private:
  xmlNode& selected(const std::string& selector) {
    const std::unique_ptr<xmlXPathObject, decltype(&xmlXPathFreeObject)> found(
        xmlXPathEval(xml(selector), context_.get()), xmlXPathFreeObject);
    if (!found && context_->opCount > kMostSteps)
      throw Error(ErrorCode::too_large, "The selector takes too long", selector.substr(0, 200));
    if (!found || found->type != XPATH_NODESET)
      throw Error(ErrorCode::invalid_syntax, "The selector is no path to a node", selector.substr(0, 200));
    const int count = found->nodesetval ? found->nodesetval->nodeNr : 0;
    if (count != 1)
      throw Error(ErrorCode::invalid_value,
                  count == 0 ? "The selector finds nothing" : "The selector finds several nodes",
                  selector.substr(0, 200));
    xmlNode* node = found->nodesetval->nodeTab[0];
    if (node->type == XML_NAMESPACE_DECL)
      throw Error(ErrorCode::not_supported, "Namespaces are not patched", selector.substr(0, 200));
    if (node->type == XML_DOCUMENT_NODE)
      throw Error(ErrorCode::invalid_value, "The selector finds the document itself",
                  selector.substr(0, 200));
    return *node;
  }

  // RFC 5261, 4.3: at the end, or where pos says.
  void add(xmlNode& node, xmlNode& operation) {
    const std::string type = attribute(operation, "type"), place = attribute(operation, "pos");
    if (type.starts_with("namespace::"))
      throw Error(ErrorCode::not_supported, "Namespaces are not patched", type.substr(0, 80));
    if (!type.empty()) return add_attribute(node, type, operation);
    // What is added goes before this one, so that texts join only what they follow.
    xmlNode* anchor = xmlNewDocNode(&document_, nullptr, xml("anchor"), nullptr);
    const std::unique_ptr<xmlNode, decltype(&free_node)> freed(anchor, free_node);
    if (place.empty())
      xmlAddChild(&require_element(node), anchor);
    else if (place == "prepend" && require_element(node).children)
      xmlAddPrevSibling(node.children, anchor);
    else if (place == "prepend")
      xmlAddChild(&node, anchor);
    else if (place == "before")
      xmlAddPrevSibling(&require_neighbour(node), anchor);
    else if (place == "after")
      xmlAddNextSibling(&require_neighbour(node), anchor);
    else
      throw Error(ErrorCode::invalid_structure,
                  "\"" + place.substr(0, 40) + "\" is no position; there are before, after and prepend",
                  "add.pos");
    for (xmlNode* child = operation.children; child; child = child->next)
      xmlAddPrevSibling(anchor, xmlDocCopyNode(child, &document_, 1));
  }

  static xmlNode& require_element(xmlNode& node) {
    if (node.type == XML_ELEMENT_NODE) return node;
    throw Error(ErrorCode::invalid_value, "Only to an element can something be added");
  }

  // What something may stand before or after: an attribute has no place, and there is one resource.
  static xmlNode& require_neighbour(xmlNode& node) {
    if (node.type == XML_ATTRIBUTE_NODE)
      throw Error(ErrorCode::invalid_value, "Nothing stands before or after an attribute", "add.sel");
    if (node.parent->type != XML_ELEMENT_NODE)
      throw Error(ErrorCode::invalid_value, "Nothing stands before or after the resource", "add.sel");
    return node;
  }

  static void add_attribute(xmlNode& node, const std::string& type, xmlNode& operation) {
    const std::string name = type.substr(type.starts_with('@'));
    if (!type.starts_with('@') || xmlValidateNCName(xml(name), 0) != 0)
      throw Error(ErrorCode::invalid_structure, "An attribute is added by type=\"@name\"",
                  type.substr(0, 80));
    if (xmlHasProp(&require_element(node), xml(name)))
      throw Error(ErrorCode::invalid_value, "The attribute is there already", name.substr(0, 80));
    xmlNewProp(&node, xml(name), xml(content(operation)));
  }

  void replace(xmlNode& node, xmlNode& operation) {
    if (node.type == XML_ATTRIBUTE_NODE) {
      xmlSetNsProp(node.parent, node.ns, node.name, xml(content(operation)));
      return;
    }
    if (node.type == XML_TEXT_NODE) return xmlNodeSetContent(&node, xml(content(operation)));
    xmlNode* with = only_child(operation, node.type);
    xmlNode* replaced = xmlReplaceNode(&node, xmlDocCopyNode(with, &document_, 1));
    xmlFreeNode(replaced);
  }

  // The one node of the kind that replaces another.
  static xmlNode* only_child(xmlNode& operation, xmlElementType type) {
    xmlNode* found = nullptr;
    for (xmlNode* child = operation.children; child; child = child->next) {
      if (child->type == XML_TEXT_NODE &&
          view(child->content).find_first_not_of(" \t\r\n") == std::string_view::npos)
        continue;
      if (found || child->type != type)
        throw Error(ErrorCode::invalid_structure, "A node is replaced by one of its kind", "replace");
      found = child;
    }
    if (!found) throw Error(ErrorCode::invalid_structure, "A node is replaced by one of its kind", "replace");
    return found;
  }

  void remove(xmlNode& node) {
    if (&node == xmlDocGetRootElement(&document_))
      throw Error(ErrorCode::invalid_value, "The resource itself cannot be removed");
    if (node.type == XML_ATTRIBUTE_NODE) {
      xmlRemoveProp(reinterpret_cast<xmlAttr*>(&node));
      return;
    }
    free_node(&node);
  }

  static std::string content(xmlNode& operation) { return owned(xmlNodeGetContent(&operation)); }

  xmlDoc& document_;
  const std::unique_ptr<xmlXPathContext, decltype(&xmlXPathFreeContext)> context_;
};

}  // namespace

std::string apply_xml_patch(std::string_view document, std::string_view patch) {
  const XmlTree target = parse_xml(document), operations = parse_xml(patch);
  xmlNode* root = xmlDocGetRootElement(operations.get());
  XmlPatch patching(*target, *root);
  int count = 0;
  for (xmlNode* operation = root->children; operation; operation = operation->next) {
    if (operation->type != XML_ELEMENT_NODE) continue;
    if (++count > kMostOperations)
      throw Error(ErrorCode::too_large, "The patch has too many operations", "diff");
    patching.apply(*operation);
  }
  if (count == 0) throw Error(ErrorCode::invalid_structure, "The patch has no operations", "diff");
  xmlChar* text = nullptr;
  int size = 0;
  xmlDocDumpMemoryEnc(target.get(), &text, &size, "UTF-8");
  return owned(text);
}

}  // namespace meridian::record
