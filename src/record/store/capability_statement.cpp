#include "record/store/capability_statement.h"

#include <array>

#include "record/definitions/definitions.h"

namespace meridian::record {
namespace {

constexpr std::array kInteractions{"read",         "vread",  "update",     "delete", "history-instance",
                                   "history-type", "create", "search-type"};
constexpr std::array kSystemInteractions{"transaction", "batch", "history-system"};

const char* name_of(SearchType type) {
  switch (type) {
    case SearchType::number:
      return "number";
    case SearchType::date:
      return "date";
    case SearchType::string:
      return "string";
    case SearchType::token:
      return "token";
    case SearchType::reference:
      return "reference";
    case SearchType::composite:
      return "composite";
    case SearchType::quantity:
      return "quantity";
    case SearchType::uri:
      return "uri";
    case SearchType::special:
      break;
  }
  return "special";
}

template <std::size_t N>
Json interactions(const std::array<const char*, N>& codes) {
  Json list = Json::array();
  for (const char* code : codes) list.push_back(Json::object({{"code", code}}));
  return list;
}

Json search_parameters_of(std::string_view type, Json& includes) {
  Json list = Json::array();
  for (const SearchParameter* parameter : search_parameters(type)) {
    if (parameter->type == SearchType::special) continue;
    list.push_back(Json::object(
        {{"name", parameter->code}, {"definition", parameter->url}, {"type", name_of(parameter->type)}}));
    if (parameter->type == SearchType::reference)
      includes.push_back(std::string(type) + ":" + std::string(parameter->code));
  }
  return list;
}

Json resource_capability(std::string_view type) {
  Json includes = Json::array();
  Json parameters = search_parameters_of(type, includes);
  Json capability = Json::object({{"type", type},
                                  {"interaction", interactions(kInteractions)},
                                  {"versioning", "versioned-update"},
                                  {"readHistory", true},
                                  {"updateCreate", true},
                                  {"conditionalCreate", true},
                                  {"conditionalUpdate", false},
                                  {"conditionalDelete", "not-supported"}});
  if (!includes.empty()) capability["searchInclude"] = std::move(includes);
  capability["searchParam"] = std::move(parameters);
  return capability;
}

}  // namespace

Json make_capability_statement(const RecordOptions& options) {
  Json resources = Json::array();
  for (const std::string_view type : resource_types()) resources.push_back(resource_capability(type));
  Json rest = Json::object({{"mode", "server"},
                            {"resource", std::move(resources)},
                            {"interaction", interactions(kSystemInteractions)}});
  return Json::object(
      {{"resourceType", "CapabilityStatement"},
       {"status", "active"},
       {"date", format_instant(now())},
       {"kind", "instance"},
       {"software", Json::object({{"name", "Meridian"}})},
       {"implementation", Json::object({{"description", "Meridian"}, {"url", options.base_url}})},
       {"fhirVersion", "4.0.1"},
       {"format", Json::array({"application/fhir+json"})},
       {"rest", Json::array({std::move(rest)})}});
}

}  // namespace meridian::record
