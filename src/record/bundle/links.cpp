#include "record/bundle/links.h"

#include <algorithm>
#include <array>

#include "record/definitions/model.h"

namespace meridian::record {
namespace {

constexpr std::array<std::string_view, 4> kAddresses{"uri", "url", "oid", "uuid"};
constexpr std::string_view kBlanks = " \t\r\n";

class LinkWalk {
 public:
  explicit LinkWalk(const std::function<void(LinkKind, std::string&)>& visit) : visit_(visit) {}

  void walk(Json& value, const TypeDefinition* type) {
    if (value.is_array()) {
      for (Json& item : value.items()) walk(item, type);
    } else if (value.is_string()) {
      if (type && type->name == "xhtml")
        take_narrative(value);
      else if (type && std::ranges::find(kAddresses, type->name) != kAddresses.end())
        take(LinkKind::address, value);
    } else if (value.is_object()) {
      walk_object(value, type);
    }
  }

 private:
  void walk_object(Json& object, const TypeDefinition* type) {
    if (const Json* name = object.find("resourceType"); name && name->is_string())
      type = find_type(name->as_string());
    if (!type) return;
    // Of a primitive, the extensions stand in a member of their own.
    for (auto& [name, value] : object.members()) {
      const PropertyDefinition* property =
          type->property(name.starts_with('_') ? std::string_view(name).substr(1) : name);
      if (type->name == "Reference" && name == "reference" && value.is_string())
        take(LinkKind::reference, value);
      else if (property && !(name.starts_with('_') && value.is_string()))
        walk(value, property->type->type);
    }
  }

  void take(LinkKind kind, Json& value) {
    std::string link = value.as_string();
    visit_(kind, link);
    if (link != value.as_string()) value = Json(std::move(link));
  }

  // <a href="…"> and <img src="…">. A narrative is well-formed: a < begins a tag, or a comment.
  void take_narrative(Json& value) {
    std::string text = value.as_string();
    for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1))
      if (const std::string_view attribute = attribute_of(std::string_view(text).substr(at + 1));
          !attribute.empty())
        take_attribute(text, at, attribute);
    if (text != value.as_string()) value = Json(std::move(text));
  }

  static std::string_view attribute_of(std::string_view tag) {
    const std::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n/>"));
    return name == "a" ? "href" : name == "img" ? "src" : "";
  }

  // Of the tag at the place.
  void take_attribute(std::string& text, std::size_t at, std::string_view wanted) {
    std::size_t name = text.find_first_of(kBlanks, at);
    while ((name = text.find_first_not_of(kBlanks, name)) != std::string::npos) {
      const std::size_t equals = text.find_first_of("=<>", name);
      if (equals == std::string::npos || text[equals] != '=') return;
      const std::size_t quote = text.find_first_not_of(kBlanks, equals + 1);
      const std::size_t end = quote == std::string::npos ? quote : text.find(text[quote], quote + 1);
      if (end == std::string::npos) return;
      const std::size_t length = text.find_last_not_of(kBlanks, equals - 1) + 1 - name;
      if (std::string_view(text).substr(name, length) == wanted) {
        std::string link = text.substr(quote + 1, end - quote - 1);
        visit_(LinkKind::address, link);
        text.replace(quote + 1, end - quote - 1, link);
        return;
      }
      name = end + 1;
    }
  }

  const std::function<void(LinkKind, std::string&)>& visit_;
};

}  // namespace

void for_each_link(Json& resource, const std::function<void(LinkKind, std::string&)>& visit) {
  LinkWalk(visit).walk(resource, nullptr);
}

}  // namespace meridian::record
