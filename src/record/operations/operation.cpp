#include "record/operations/operation.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "record/graphql/graph_run.h"
#include "record/operations/input.h"
#include "record/operations/match.h"
#include "record/operations/stats.h"
#include "record/operations/summary.h"
#include "record/operations/terminology_operations.h"
#include "record/operations/validate.h"
#include "record/query/everything.h"
#include "record/query/last_n.h"
#include "record/subscriptions/subscription_operations.h"
#include "record/views/run_view.h"

namespace meridian::record {
namespace {

std::string everything(const OperationContext& context, const OperationCall& call) {
  return everything_bundle(context.connection, context.principal, call.type, call.id, simple_parameters(call),
                           context.options);
}

std::string last_n(const OperationContext& context, const OperationCall& call) {
  return last_n_bundle(context.connection, context.principal, simple_parameters(call), context.options);
}

constexpr std::array kOperations{
    Operation{"validate", "http://hl7.org/fhir/OperationDefinition/Resource-validate", "", true, true,
              validate_resource},
    Operation{"everything", "http://hl7.org/fhir/OperationDefinition/Patient-everything", "Patient", true,
              true, everything},
    Operation{"everything", "http://hl7.org/fhir/OperationDefinition/Encounter-everything", "Encounter",
              false, true, everything},
    Operation{"everything", "http://hl7.org/fhir/OperationDefinition/Group-everything", "Group", false, true,
              everything},
    Operation{"match", "http://hl7.org/fhir/OperationDefinition/Patient-match", "Patient", true, false,
              match_patient},
    Operation{"summary", "http://hl7.org/fhir/uv/ips/OperationDefinition/summary", "Patient", true, true,
              patient_summary},
    Operation{"stats", "http://hl7.org/fhir/OperationDefinition/Observation-stats", "Observation", true,
              false, observation_statistics},
    Operation{"lastn", "http://hl7.org/fhir/OperationDefinition/Observation-lastn", "Observation", true,
              false, last_n},
    Operation{"expand", "http://hl7.org/fhir/OperationDefinition/ValueSet-expand", "ValueSet", true, true,
              expand_value_set},
    Operation{"validate-code", "http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code", "ValueSet",
              true, true, validate_code_in_value_set},
    Operation{"validate-code", "http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code",
              "CodeSystem", true, true, validate_code_in_system},
    Operation{"lookup", "http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup", "CodeSystem", true,
              false, look_up_code},
    Operation{"subsumes", "http://hl7.org/fhir/OperationDefinition/CodeSystem-subsumes", "CodeSystem", true,
              true, compare_codes},
    Operation{"translate", "http://hl7.org/fhir/OperationDefinition/ConceptMap-translate", "ConceptMap", true,
              true, translate_code},
    Operation{
        "status",
        "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription-status",
        "Subscription", true, true, subscription_states},
    Operation{
        "events",
        "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription-events",
        "Subscription", false, true, subscription_events},
    Operation{"get-ws-binding-token",
              "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/"
              "backport-subscription-get-ws-binding-token",
              "Subscription", true, true, websocket_token},
};

// $graphql without a type is of the system.
constexpr std::array kSpecial{
    Operation{"graphql", "http://hl7.org/fhir/OperationDefinition/Resource-graphql", "", true, true,
              run_graph_query},
    Operation{"run", "http://sql-on-fhir.org/OperationDefinition/$viewdefinition-run", "ViewDefinition", true,
              true, run_view},
};

}  // namespace

std::span<const Operation> operations() {
  return kOperations;
}

std::span<const Operation> special_operations() {
  return kSpecial;
}

const Operation& find_operation(std::string_view name, const OperationCall& call) {
  const auto is_meant = [&](const Operation& operation) {
    return operation.name == name && (operation.type.empty() || operation.type == call.type) &&
           (call.id.empty() ? operation.on_type : operation.on_instance);
  };
  for (const std::span<const Operation> all : {operations(), special_operations()})
    if (const auto found = std::ranges::find_if(all, is_meant); found != all.end()) return *found;
  throw Error(ErrorCode::not_supported,
              "There is no operation $" + std::string(name.substr(0, 80)) + " here");
}

}  // namespace meridian::record
