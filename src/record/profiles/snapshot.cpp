#include "record/profiles/snapshot.h"

#include <algorithm>

#include "base/error.h"

namespace meridian::record {
namespace {

using Elements = Json::Array;

constexpr int kDeepest = 10;  // of profiles on profiles
constexpr std::size_t kMostElements = 10'000;
constexpr std::string_view kCore = "http://hl7.org/fhir/StructureDefinition/";

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::invalid_structure, what, "StructureDefinition.differential");
}

std::string id_of(const Json& element) {
  const std::string slice = element.text("sliceName"), path = element.text("path");
  return element.text("id", slice.empty() ? path : path + ":" + slice);
}

// Whether the id is the other or stands somewhere below it.
bool is_within(std::string_view id, std::string_view other) {
  return id.starts_with(other) &&
         (id.size() == other.size() || id[other.size()] == '.' || id[other.size()] == ':');
}

Elements elements_of(const std::string& url, const CanonicalSource& source, int depth);

class Snapshot {
 public:
  Snapshot(Elements base, const CanonicalSource& source, int depth)
      : elements_(std::move(base)), source_(source), depth_(depth) {}

  void apply(const Json& change) {
    const std::string id = id_of(change);
    merge(elements_[require(id)], change);
  }
  Elements take() { return std::move(elements_); }

 private:
  std::size_t find(std::string_view id) const {
    const auto found = std::ranges::find(elements_, id, id_of);
    return static_cast<std::size_t>(found - elements_.begin());
  }

  // The place of the element, which is made of its base or its type where it is not there yet.
  std::size_t require(const std::string& id) {
    if (const std::size_t place = find(id); place < elements_.size()) return place;
    const std::string parent = parent_of_element(id);
    if (parent.empty()) fail("The element " + id.substr(0, 200) + " is none of the base");
    const std::size_t above = require(parent);
    if (id[parent.size()] == ':')
      add_slice(above, id);
    else
      add_children(above);
    if (elements_.size() > kMostElements) fail("The snapshot has too many elements");
    const std::size_t place = find(id);
    if (place == elements_.size()) fail("The element " + id.substr(0, 200) + " is none of the base");
    return place;
  }

  std::size_t end_of(std::size_t place) const {
    const std::string id = id_of(elements_[place]);
    std::size_t end = place + 1;
    while (end < elements_.size() && is_within(id_of(elements_[end]), id)) ++end;
    return end;
  }

  // Behind the slices that are there, with what stands below the element that is sliced.
  void add_slice(std::size_t sliced, const std::string& id) {
    const std::string base = id_of(elements_[sliced]);
    const std::size_t end = end_of(sliced);
    Elements copies;
    for (std::size_t i = sliced; i < end; ++i) {
      const std::string own = id_of(elements_[i]);
      if (own.size() > base.size() && own[base.size()] == ':') continue;
      Json copy = elements_[i];
      copy["id"] = id + own.substr(base.size());
      copies.push_back(std::move(copy));
    }
    copies.front().erase("slicing");
    copies.front()["min"] = 0;
    insert(end, std::move(copies));
  }

  // Those of the type of the element, or of the element whose content it has.
  void add_children(std::size_t place) {
    const Json& parent = elements_[place];
    const std::string id = id_of(parent), path = parent.text("path");
    Elements children;
    if (const std::string content = parent.text("contentReference"); !content.empty())
      children = below(elements_, content.substr(content.find('#') + 1), id, path);
    else
      children = of_type(parent, id, path);
    if (children.empty()) fail("Nothing can stand below " + id.substr(0, 200));
    insert(place + 1, std::move(children));
  }

  Elements of_type(const Json& parent, const std::string& id, const std::string& path) const {
    const Json::Array& types = items_of(parent, "type");
    if (types.size() != 1) fail("What stands below " + id.substr(0, 200) + " depends on its type");
    const Json& profiles = types.front().get("profile");
    const std::string url = profiles.is_array() && profiles.size() == 1
                                ? profiles.at(0).as_string()
                                : std::string(kCore) + types.front().text("code");
    const Elements found = elements_of(url, source_, depth_ + 1);
    return below(found, id_of(found.front()), id, path);
  }

  // The elements below one of the id, moved to stand below another.
  static Elements below(const Elements& elements, const std::string& from, const std::string& id,
                        const std::string& path) {
    Elements moved;
    std::size_t length = 0;  // of the path of the one
    for (const Json& element : elements) {
      const std::string own = id_of(element);
      if (own == from) length = element.text("path").size();
      if (own.size() <= from.size() || !is_within(own, from) || own[from.size()] != '.') continue;
      Json copy = element;
      copy["id"] = id + own.substr(from.size());
      copy["path"] = path + element.text("path").substr(length);
      moved.push_back(std::move(copy));
    }
    return moved;
  }

  void insert(std::size_t place, Elements more) {
    elements_.insert(elements_.begin() + static_cast<std::ptrdiff_t>(place),
                     std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }

  static void merge(Json& element, const Json& change) {
    for (const auto& [name, value] : change.members()) {
      if (name == "id" || name == "path") continue;
      if (name == "constraint" && element.contains(name))
        for (const Json& constraint : value.items()) element[name].push_back(constraint);
      else
        element[name] = value;
    }
  }

  Elements elements_;
  const CanonicalSource& source_;
  const int depth_;
};

Elements snapshot_of(const Json& definition, const CanonicalSource& source, int depth) {
  if (depth > kDeepest) fail("The profiles stand on each other too deeply");
  if (const Json* snapshot = definition.find("snapshot")) return items_of(*snapshot, "element");
  const Json* differential = definition.find("differential");
  if (!differential) fail("The profile has neither a snapshot nor a differential");
  Snapshot snapshot(elements_of(definition.text("baseDefinition"), source, depth + 1), source, depth);
  for (const Json& change : items_of(*differential, "element")) snapshot.apply(change);
  return snapshot.take();
}

Elements elements_of(const std::string& url, const CanonicalSource& source, int depth) {
  const auto definition = source.find("StructureDefinition", url);
  if (!definition)
    throw Error(ErrorCode::not_found,
                "The StructureDefinition \"" + url.substr(0, 200) + "\" is not known here", {},
                "Store it, or give the node its package");
  Elements elements = snapshot_of(*definition, source, depth);
  if (elements.empty()) fail("The snapshot of " + url.substr(0, 200) + " is empty");
  return elements;
}

}  // namespace

std::string parent_of_element(const std::string& id) {
  const std::size_t dot = id.rfind('.'), colon = id.rfind(':');
  if (colon != std::string::npos && (dot == std::string::npos || colon > dot)) return id.substr(0, colon);
  return dot == std::string::npos ? std::string() : id.substr(0, dot);
}

Json with_snapshot(const Json& definition, const CanonicalSource& source) {
  if (definition.contains("snapshot")) return definition;
  Json whole = definition;
  whole["snapshot"] = Json::object({{"element", snapshot_of(definition, source, 0)}});
  return whole;
}

}  // namespace meridian::record
