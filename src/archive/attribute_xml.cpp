#include "archive/attribute_xml.h"

#include <array>
#include <charconv>

#include "archive/dictionary.h"
#include "base/markup.h"

namespace meridian::archive {
namespace {

constexpr std::array<const char*, 5> kNameParts{"FamilyName", "GivenName", "MiddleName", "NamePrefix",
                                                "NameSuffix"};

class Writer {
 public:
  void dataset(const Json& dataset) {
    for (const auto& [tag, attribute] : dataset.members()) add_attribute(tag, attribute);
  }
  std::string take() { return std::move(xml_); }
  void raw(std::string_view markup) { xml_ += markup; }

 private:
  void add_attribute(const std::string& tag, const Json& attribute) {
    std::uint32_t number = 0;
    std::from_chars(tag.data(), tag.data() + tag.size(), number, 16);
    xml_ += "<DicomAttribute tag=\"" + escaped(tag) + "\" vr=\"" + escaped(attribute.text("vr")) + "\"";
    if (const std::string keyword = keyword_of(number); !keyword.empty())
      xml_ += " keyword=\"" + keyword + "\"";
    xml_ += ">";
    if (const Json* values = attribute.find("Value")) add_values(attribute.text("vr"), *values);
    if (attribute.contains("InlineBinary")) element("InlineBinary", attribute.text("InlineBinary"));
    if (attribute.contains("BulkDataURI"))
      xml_ += "<BulkData uri=\"" + escaped(attribute.text("BulkDataURI")) + "\"/>";
    xml_ += "</DicomAttribute>";
  }

  void add_values(const std::string& vr, const Json& values) {
    const char* name = vr == "SQ" ? "Item" : vr == "PN" ? "PersonName" : "Value";
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Json& value = values.at(i);
      if (value.is_null()) continue;
      xml_ += std::string("<") + name + " number=\"" + std::to_string(i + 1) + "\">";
      if (vr == "SQ")
        dataset(value);
      else if (vr == "PN")
        add_name(value);
      else
        append_escaped(xml_, value.is_string() ? value.as_string() : value.dump());
      xml_ += std::string("</") + name + ">";
    }
  }

  void add_name(const Json& name) {
    for (const auto& [group, components] : name.members()) {
      xml_ += "<" + group + ">";
      std::string_view rest = components.as_string();
      for (const char* part : kNameParts) {
        const std::string_view component = rest.substr(0, rest.find('^'));
        if (!component.empty()) element(part, component);
        if (component.size() == rest.size()) break;
        rest.remove_prefix(component.size() + 1);
      }
      xml_ += "</" + group + ">";
    }
  }

  void element(std::string_view name, std::string_view text) {
    xml_.append("<").append(name).append(">");
    append_escaped(xml_, text);
    xml_.append("</").append(name).append(">");
  }

  std::string xml_;
};

}  // namespace

std::string dicom_xml(const Json& dataset) {
  Writer writer;
  writer.raw(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<NativeDicomModel xmlns=\"http://dicom.nema.org/PS3.19/models/NativeDICOM\">");
  writer.dataset(dataset);
  writer.raw("</NativeDicomModel>\n");
  return writer.take();
}

}  // namespace meridian::archive
