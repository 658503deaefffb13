#include "record/terminology/canonical_source.h"

#include <algorithm>
#include <map>
#include <set>

#include "record/definitions/canonical.h"
#include "record/definitions/definitions.h"
#include "record/store/resource_table.h"
#include "record/store/stored_fields.h"

namespace meridian::record {
namespace {

using MapsBySystem = std::multimap<std::string, std::string, std::less<>>;

// Of the groups' member, "source" or "target".
MapsBySystem defined_maps(std::string_view member) {
  MapsBySystem maps;
  for (const std::string_view url : definition_urls("ConceptMap")) {
    std::set<std::string> systems;
    const auto map = find_definition("ConceptMap", url);
    for (const Json& group : items_of(*map, "group")) systems.insert(group.text(member));
    for (const std::string& system : systems) maps.emplace(system, url);
  }
  return maps;
}

}  // namespace

bool is_of_version(const Json& resource, std::string_view canonical) {
  const std::size_t bar = canonical.find('|');
  return bar == std::string_view::npos ||
         resource.text("version", canonical.substr(bar + 1)) == canonical.substr(bar + 1);
}

const Json::Array& items_of(const Json& object, std::string_view member) {
  static const Json::Array nothing;
  const Json* found = object.find(member);
  return found && found->is_array() ? found->items() : nothing;
}

std::shared_ptr<const Json> DefinedCanonicals::find(std::string_view type, std::string_view canonical) const {
  auto found = find_definition(type, canonical);
  return found && is_of_version(*found, canonical) ? found : nullptr;
}

std::vector<std::string> DefinedCanonicals::maps_of(std::string_view system, bool reverse) const {
  static const MapsBySystem from = defined_maps("source"), to = defined_maps("target");
  std::vector<std::string> urls;
  const MapsBySystem& maps = reverse ? to : from;
  const auto [begin, end] = maps.equal_range(system);
  for (auto map = begin; map != end; ++map) urls.push_back(map->second);
  return urls;
}

std::shared_ptr<const Json> StoredCanonicals::find(std::string_view type, std::string_view canonical) const {
  const std::int64_t field = stored_field(type, "url");
  std::vector<std::int64_t> keys;
  connection_.query(
      "SELECT r.key FROM uri_index x JOIN resource r ON r.key = x.resource WHERE x.field = ? AND x.uri = ?"
      " AND r.deleted = 0 ORDER BY r.updated DESC, r.key DESC",
      {field, url_of_canonical(canonical)}, [&](const storage::Row& row) { keys.push_back(row.integer(0)); });
  for (const std::int64_t key : keys) {
    Json resource = Json::parse(find_by_key(connection_, key)->version.body);
    if (is_of_version(resource, canonical)) return std::make_shared<const Json>(std::move(resource));
  }
  return others_.find(type, canonical);
}

std::vector<std::string> StoredCanonicals::maps_of(std::string_view system, bool reverse) const {
  const std::string_view parameter = reverse ? "target-system" : "source-system";
  const std::int64_t by_system = stored_field("ConceptMap", parameter);
  const std::int64_t by_url = stored_field("ConceptMap", "url");
  std::vector<std::string> urls;
  connection_.query(
      "SELECT DISTINCT u.uri FROM uri_index x JOIN resource r ON r.key = x.resource JOIN uri_index u ON"
      " u.resource = r.key AND u.field = ? WHERE x.field = ? AND x.uri = ? AND r.deleted = 0 ORDER BY u.uri",
      {by_url, by_system, system}, [&](const storage::Row& row) { urls.emplace_back(row.text(0)); });
  for (std::string& url : others_.maps_of(system, reverse))
    if (std::ranges::find(urls, url) == urls.end()) urls.push_back(std::move(url));
  return urls;
}

}  // namespace meridian::record
