// FHIR's operations (R4, operations.html): addresses that end with a $name. One table says which there are,
// for the doors and for the CapabilityStatement.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "record/record.h"
#include "record/terminology/canonical_source.h"

namespace meridian::record {

// What an operation runs in: one snapshot of the record, for one who asks.
struct OperationContext {
  storage::Connection& connection;
  const trust::Principal& principal;
  const RecordOptions& options;
  const CanonicalSource& canonicals;
};

struct Operation {
  std::string_view name;        // "expand"
  std::string_view definition;  // canonical URL of its OperationDefinition
  std::string_view type;        // of the resources that have it; empty: all
  bool on_type, on_instance;
  // The answer, a resource as JSON text.
  std::string (*run)(const OperationContext& context, const OperationCall& call);
};

std::span<const Operation> operations();
// Those whose answer is no resource, so that each has addresses of its own: $graphql (of the system and of
// instances), and $run of a ViewDefinition, which is no type of R4.
std::span<const Operation> special_operations();
// The one that the name and the address of the call mean. Throws not_supported.
const Operation& find_operation(std::string_view name, const OperationCall& call);

}  // namespace meridian::record
