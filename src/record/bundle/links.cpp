#include "record/bundle/links.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "record/definitions/model.h"

namespace meridian::record {
namespace {

constexpr std::array<std::string_view, 4> kAddresses{"uri", "url", "oid", "uuid"};
constexpr std::string_view kBlanks = " \t\r\n";

using Visit = std::function<void(LinkKind, std::string&)>;

// <a href="…"> and <img src="…"> of a narrative, which nobody has looked at yet: what does not go on as a tag
// does is left as it is. It is gone through once, however many links it has.
class NarrativeLinks {
 public:
  NarrativeLinks(std::string_view text, const Visit& visit) : text_(text), visit_(visit) {}

  std::string rewritten() {
    while ((at_ = std::min(text_.find('<', at_), text_.size())) < text_.size()) {
      if (text_.substr(at_).starts_with("<!--"))
        at_ = std::min(text_.find("-->", at_), text_.size());
      else
        take_tag();
    }
    return out_.append(text_.substr(copied_));
  }

 private:
  void take_tag() {
    const std::size_t end = std::min(text_.find_first_of(" \t\r\n/<>", at_ + 1), text_.size());
    const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    const std::string_view wanted = name == "a" ? "href" : name == "img" ? "src" : "";
    at_ = end;
    while (take_attribute(wanted)) {
    }
  }

  // NAME = "VALUE"; false, and no further than where it ends, when there is none.
  bool take_attribute(std::string_view wanted) {
    const std::size_t name = std::min(text_.find_first_not_of(kBlanks, at_), text_.size());
    at_ = std::min(text_.find_first_of("=<>", name), text_.size());
    if (at_ == text_.size() || text_[at_] != '=') return false;
    const std::string_view found = trimmed(text_.substr(name, at_ - name));
    at_ = std::min(text_.find_first_not_of(kBlanks, at_ + 1), text_.size());
    if (at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\'')) return false;
    const std::size_t begin = at_ + 1;
    at_ = std::min(text_.find(text_[at_], begin), text_.size());
    if (at_ == text_.size()) return false;
    if (!wanted.empty() && found == wanted) take_link(begin, at_ - begin);
    ++at_;
    return true;
  }

  void take_link(std::size_t begin, std::size_t length) {
    std::string link(text_.substr(begin, length));
    visit_(LinkKind::address, link);
    out_.append(text_.substr(copied_, begin - copied_)).append(link);
    copied_ = begin + length;
  }

  const std::string_view text_;
  const Visit& visit_;
  std::size_t at_ = 0, copied_ = 0;
  std::string out_;
};

class LinkWalk {
 public:
  explicit LinkWalk(const Visit& visit) : visit_(visit) {}

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

  void take_narrative(Json& value) {
    std::string text = NarrativeLinks(value.as_string(), visit_).rewritten();
    if (text != value.as_string()) value = Json(std::move(text));
  }

  const Visit& visit_;
};

}  // namespace

void for_each_link(Json& resource, const Visit& visit) {
  LinkWalk(visit).walk(resource, nullptr);
}

}  // namespace meridian::record
