#include "base/error.h"
#include "base/markup.h"
#include "record/definitions/model.h"
#include "record/xml/xml.h"

namespace meridian::record {
namespace {

std::string plain_text(const Json& value) {
  if (value.is_string()) return value.as_string();
  if (value.is_number()) return value.number_text();
  return value.as_bool() ? "true" : "false";
}

const Json* item_of(const Json* list, std::size_t index) {
  if (!list) return nullptr;
  const Json* item = !list->is_array()      ? (index == 0 ? list : nullptr)
                     : index < list->size() ? &list->items()[index]
                                            : nullptr;
  return item && item->is_null() ? nullptr : item;
}

std::size_t count_of(const Json* list) {
  return !list ? 0 : list->is_array() ? list->size() : 1;
}

class Writer {
 public:
  explicit Writer(bool pretty) : pretty_(pretty) {}

  std::string run(const Json& resource) {
    out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    write_resource(resource, true);
    return std::move(out_);
  }

 private:
  void write_resource(const Json& resource, bool outermost) {
    const std::string name = resource.text("resourceType");
    const TypeDefinition* type = find_type(name);
    if (!type || !type->is_resource())
      throw Error(ErrorCode::invalid_structure, "There is no resource type " + name);
    refuse_unknown(resource, *type);
    out_ += "<" + name + (outermost ? " xmlns=\"http://hl7.org/fhir\">" : ">");
    ++depth_;
    write_children(resource, *type);
    --depth_;
    begin_line();
    out_ += "</" + name + ">";
  }

  void begin_line() {
    if (pretty_ && !out_.ends_with('\n')) out_.append("\n").append(2 * depth_, ' ');
  }

  static void refuse_unknown(const Json& object, const TypeDefinition& type) {
    for (const auto& [name, value] : object.members()) {
      const std::string_view bare = name.starts_with('_') ? std::string_view(name).substr(1) : name;
      if (!type.property(bare) && name != "resourceType")
        throw Error(ErrorCode::invalid_structure, "There is no element " + name,
                    std::string(type.name) + "." + name);
    }
  }

  void write_attributes(const Json& object, const TypeDefinition& type) {
    for (const ElementDefinition& element : type.elements) {
      const Json* value = element.xml_attribute ? object.find(element.name) : nullptr;
      if (!value) continue;
      out_.append(" ").append(element.name).append("=\"");
      append_escaped(out_, plain_text(*value));
      out_ += '"';
    }
  }

  // In the order of the definition, which XML demands.
  void write_children(const Json& object, const TypeDefinition& type) {
    for (const ElementDefinition& element : type.elements) {
      if (element.xml_attribute) continue;
      for (const PropertyDefinition& property : type.properties)
        if (property.element == &element) write_property(object, property);
    }
  }

  void write_property(const Json& object, const PropertyDefinition& property) {
    const TypeDefinition& type = *property.type->type;
    const Json* values = object.find(property.name);
    const Json* companions = type.is_primitive() ? object.find("_" + std::string(property.name)) : nullptr;
    const std::size_t count = std::max(count_of(values), count_of(companions));
    for (std::size_t i = 0; i < count; ++i)
      write_element(property.name, type, item_of(values, i), item_of(companions, i));
  }

  void write_element(std::string_view name, const TypeDefinition& type, const Json* value,
                     const Json* companion) {
    if (!value && !companion) return;
    begin_line();
    if (type.name == "xhtml") {
      if (value) out_ += plain_text(*value);
      return;
    }
    out_.append("<").append(name);
    const Json* container = type.is_primitive() ? companion : value;
    if (container && !type.is_resource()) write_attributes(*container, type);
    if (type.is_primitive() && value) {
      out_ += " value=\"";
      append_escaped(out_, plain_text(*value));
      out_ += '"';
    }
    if (!container || container->empty()) {
      out_ += "/>";
      return;
    }
    out_ += ">";
    if (!type.is_resource()) refuse_unknown(*container, type);
    ++depth_;
    if (type.is_resource()) {
      begin_line();
      write_resource(*value, false);
    } else {
      write_children(*container, type);
    }
    --depth_;
    begin_line();
    out_.append("</").append(name).append(">");
  }

  const bool pretty_;
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

std::string write_xml(const Json& resource, bool pretty) {
  return Writer(pretty).run(resource);
}

}  // namespace meridian::record
