#include "record/store/capability_statement.h"

#include <array>
#include <map>

#include "record/definitions/definitions.h"
#include "record/operations/operation.h"
#include "record/query/text_criteria.h"
#include "record/subscriptions/subscription.h"
#include "record/subscriptions/subscription_operations.h"

namespace meridian::record {
namespace {

constexpr std::array kInteractions{"read",         "vread",  "update",
                                   "patch",        "delete", "history-instance",
                                   "history-type", "create", "search-type"};
// What only the program writes (trust/access.cpp).
constexpr std::string_view kAudit = "AuditEvent";
constexpr std::array kInteractionsOfAudit{"read", "vread", "history-instance", "history-type", "search-type"};
constexpr std::array kSystemInteractions{"transaction", "batch", "history-system", "search-system"};
constexpr std::array kCompartments{"http://hl7.org/fhir/CompartmentDefinition/device",
                                   "http://hl7.org/fhir/CompartmentDefinition/encounter",
                                   "http://hl7.org/fhir/CompartmentDefinition/patient",
                                   "http://hl7.org/fhir/CompartmentDefinition/practitioner",
                                   "http://hl7.org/fhir/CompartmentDefinition/relatedPerson"};
constexpr std::array kFormats{"json", "xml", "application/fhir+json", "application/fhir+xml"};
constexpr std::array kPatchFormats{"application/json-patch+json", "application/xml-patch+xml",
                                   "application/fhir+json", "application/fhir+xml"};

// Of every type, beside those that have a definition of their own.
struct CommonParameter {
  const char *name, *type, *documentation;
};
constexpr std::array kCommonParameters{
    CommonParameter{"_list", "string",
                    "The id of a List: what its entries refer to; or $current-problems, $current-allergies, "
                    "$current-drug-allergies, $current-medications"},
    CommonParameter{"_has", "string", "_has:Type:reference:parameter"},
    CommonParameter{"_filter", "special", "FHIR's filter language"}};
constexpr CommonParameter kTypes{"_type", "special", "The types to search, with commas between"};

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
Json list_of(const std::array<const char*, N>& texts) {
  Json list = Json::array();
  for (const char* text : texts) list.push_back(text);
  return list;
}

template <std::size_t N>
Json interactions(const std::array<const char*, N>& codes) {
  Json list = Json::array();
  for (const char* code : codes) list.push_back(Json::object({{"code", code}}));
  return list;
}

Json common_parameter(const CommonParameter& parameter) {
  return Json::object(
      {{"name", parameter.name}, {"type", parameter.type}, {"documentation", parameter.documentation}});
}

Json defined_parameter(const SearchParameter& parameter) {
  return Json::object(
      {{"name", parameter.code}, {"definition", parameter.url}, {"type", name_of(parameter.type)}});
}

// Those without an expression are not extracted, and so not found by, unless it is by their words.
std::vector<const SearchParameter*> supported_parameters(std::string_view type) {
  std::vector<const SearchParameter*> supported;
  for (const SearchParameter* parameter : search_parameters(type))
    if (!parameter->expression.empty() || is_text_parameter(parameter->code)) supported.push_back(parameter);
  return supported;
}

// "Observation:subject", by the types that the parameter leads to; under "" those that lead to any.
std::map<std::string_view, Json> references_by_target() {
  std::map<std::string_view, Json> references;
  for (const std::string_view type : resource_types())
    for (const SearchParameter* parameter : supported_parameters(type)) {
      if (parameter->type != SearchType::reference) continue;
      const std::string name = std::string(type) + ":" + std::string(parameter->code);
      if (parameter->targets.empty()) references[""].push_back(name);
      for (const std::string_view target : parameter->targets) references[target].push_back(name);
    }
  return references;
}

// Bulk Data Access (record/bulk). Of $import HL7 has no definition, so that the statement contains one.
constexpr std::string_view kBulk = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/";

Json export_operation(const char* definition) {
  return Json::object({{"name", "export"}, {"definition", std::string(kBulk) + definition}});
}

Json operation_claim(const Operation& operation) {
  return Json::object({{"name", operation.name}, {"definition", operation.definition}});
}

constexpr const char* kImport = "import";

Json import_definition() {
  return Json::object(
      {{"resourceType", "OperationDefinition"},
       {"id", kImport},
       {"name", "Import"},
       {"status", "active"},
       {"kind", "operation"},
       {"affectsState", true},
       {"code", kImport},
       {"system", true},
       {"type", false},
       {"instance", false},
       {"description",
        "The body is NDJSON, a resource with an id a line; each is written with the rights of who sends it. "
        "Answered as $export is: 202, and where to ask how far it is. Lines that were refused come back as "
        "OperationOutcomes."}});
}

Json system_operations() {
  Json list = Json::array({export_operation("export"),
                           Json::object({{"name", kImport}, {"definition", std::string("#") + kImport}})});
  for (const Operation& operation : special_operations()) list.push_back(operation_claim(operation));
  return list;
}

Json operations_of(std::string_view type) {
  Json list = Json::array();
  for (const std::span<const Operation> all : {operations(), special_operations()})
    for (const Operation& operation : all)
      if (operation.type.empty() || operation.type == type) list.push_back(operation_claim(operation));
  if (type == "Patient") list.push_back(export_operation("patient-export"));
  if (type == "Group") list.push_back(export_operation("group-export"));
  return list;
}

// The topics, where the Subscriptions R5 Backport IG wants them told.
Json topics(const RecordOptions& options) {
  Json list = Json::array();
  for (const std::string_view type : resource_types())
    list.push_back(Json::object({{"url",
                                  "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
                                  "capabilitystatement-subscriptiontopic-canonical"},
                                 {"valueCanonical", topic_of(type, options.base_url)}}));
  return list;
}

Json websocket_extension(const RecordOptions& options) {
  return Json::array(
      {Json::object({{"url", "http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket"},
                     {"valueUri", websocket_address(options.base_url)}})});
}

Json resource_capability(std::string_view type, const std::map<std::string_view, Json>& references) {
  Json includes = Json::array({"*"}), reverse = Json::array(), parameters = Json::array();
  for (const SearchParameter* parameter : supported_parameters(type)) {
    parameters.push_back(defined_parameter(*parameter));
    if (parameter->type == SearchType::reference)
      includes.push_back(std::string(type) + ":" + std::string(parameter->code));
  }
  for (const CommonParameter& parameter : kCommonParameters)
    parameters.push_back(common_parameter(parameter));
  for (const std::string_view target : {type, std::string_view()})
    if (const auto found = references.find(target); found != references.end())
      for (const Json& name : found->second.items()) reverse.push_back(name);
  Json capability = Json::object(
      {{"type", type},
       {"interaction", type == kAudit ? interactions(kInteractionsOfAudit) : interactions(kInteractions)},
       {"versioning", "versioned-update"},
       {"readHistory", true}});
  if (type != kAudit) {
    capability["updateCreate"] = true;
    capability["conditionalCreate"] = true;
  }
  capability["conditionalRead"] = "full-support";
  if (type != kAudit) {
    capability["conditionalUpdate"] = true;
    capability["conditionalDelete"] = "single";
  }
  capability["searchInclude"] = std::move(includes);
  capability["searchRevInclude"] = std::move(reverse);
  capability["searchParam"] = std::move(parameters);
  capability["operation"] = operations_of(type);
  return capability;
}

// How one signs in (doors/http): no service of HL7's list.
Json security(const RecordOptions& options) {
  return Json::object(
      {{"cors", options.cross_origin},
       {"service", Json::array({Json::object({{"text", "Bearer token of a session"}})})},
       {"description",
        "POST /auth/sign-in with {\"username\", \"password\"} gives a token for the header Authorization: "
        "Bearer. What an account may do is by its role; whose records it sees, by its organization."}});
}

Json system_parameters() {
  Json list = Json::array();
  // Those of every type: Binary is no DomainResource, and so has no _text.
  for (const SearchParameter* parameter : supported_parameters("Binary"))
    if (parameter->code.starts_with('_')) list.push_back(defined_parameter(*parameter));
  for (const CommonParameter& parameter : kCommonParameters) list.push_back(common_parameter(parameter));
  list.push_back(common_parameter(kTypes));
  return list;
}

}  // namespace

Json make_capability_statement(const RecordOptions& options) {
  const std::map<std::string_view, Json> references = references_by_target();
  Json resources = Json::array();
  for (const std::string_view type : resource_types()) {
    resources.push_back(resource_capability(type, references));
    if (type == "Subscription") resources.items().back()["extension"] = topics(options);
  }
  Json rest = Json::object({{"extension", websocket_extension(options)},
                            {"mode", "server"},
                            {"security", security(options)},
                            {"resource", std::move(resources)},
                            {"interaction", interactions(kSystemInteractions)},
                            {"searchParam", system_parameters()},
                            {"operation", system_operations()},
                            {"compartment", list_of(kCompartments)}});
  return Json::object(
      {{"resourceType", "CapabilityStatement"},
       {"contained", Json::array({import_definition()})},
       {"status", "active"},
       {"date", format_instant(now())},
       {"kind", "instance"},
       {"software", Json::object({{"name", "Meridian"}, {"version", MERIDIAN_VERSION}})},
       {"implementation", Json::object({{"description", "Meridian"}, {"url", options.base_url}})},
       {"fhirVersion", "4.0.1"},
       {"format", list_of(kFormats)},
       {"patchFormat", list_of(kPatchFormats)},
       {"rest", Json::array({std::move(rest)})}});
}

}  // namespace meridian::record
