#include "record/store/terminology_capabilities.h"

#include <set>

#include "record/definitions/canonical.h"
#include "record/definitions/definitions.h"
#include "record/store/stored_fields.h"

namespace meridian::record {
namespace {

std::set<std::string> known_code_systems(storage::Connection& connection) {
  std::set<std::string> urls;
  for (const std::string_view url : definition_urls("CodeSystem")) urls.emplace(url);
  connection.query(
      "SELECT DISTINCT x.uri FROM uri_index x JOIN resource r ON r.key = x.resource WHERE x.field = ?"
      " AND r.deleted = 0",
      {stored_field("CodeSystem", "url")}, [&](const storage::Row& row) { urls.emplace(row.text(0)); });
  return urls;
}

Json expansion_capability() {
  Json parameters = Json::array();
  for (const char* name : {"activeOnly", "count", "displayLanguage", "excludeNested", "filter",
                           "includeDesignations", "offset", "url", "valueSet", "valueSetVersion"})
    parameters.push_back(Json::object({{"name", name}}));
  return Json::object(
      {{"hierarchical", false},
       {"paging", true},
       {"parameter", std::move(parameters)},
       {"textFilter", "Where it stands in a display or code, whatever its case and accents"}});
}

}  // namespace

Json make_terminology_capabilities(storage::Connection& connection, const RecordOptions& options) {
  Json systems = Json::array();
  for (const std::string& url : known_code_systems(connection))
    systems.push_back(Json::object({{"uri", url}, {"subsumption", true}}));
  return Json::object(
      {{"resourceType", "TerminologyCapabilities"},
       {"status", "active"},
       {"date", format_instant(now())},
       {"kind", "instance"},
       {"software", Json::object({{"name", "Meridian"}})},
       {"implementation", Json::object({{"description", "Meridian"}, {"url", options.base_url}})},
       {"codeSystem", std::move(systems)},
       {"expansion", expansion_capability()},
       {"codeSearch", "all"},
       {"validateCode", Json::object({{"translations", true}})},
       {"translation", Json::object({{"needsMap", false}})}});
}

}  // namespace meridian::record
