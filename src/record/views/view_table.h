// The tables of ViewDefinitions, as text.
#pragma once
#include <string>
#include <string_view>

#include "record/operations/operation.h"
#include "record/views/view_definition.h"

namespace meridian::record {

enum class TableFormat { csv, json, ndjson };
struct TableOptions {
  TableFormat format = TableFormat::ndjson;
  bool header = true;  // of CSV (RFC 4180)
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> since;  // microseconds since 1970 UTC: resources changed from then on
  std::string patient;                // "Patient/id": only what belongs to that patient
  std::optional<std::int64_t> group;  // the key of a Group: only what belongs to its members
};

// Of the resources that the one who asks may see, the oldest first. Throws forbidden where their role may not
// read the type, too_large over 64 MiB, what ViewDefinition throws.
std::string view_table(const OperationContext& context, const ViewDefinition& view,
                       const TableOptions& options);
// Of these resources instead, in their order; of options the format, header and limit count. Throws
// invalid_structure and invalid_value for what is no R4, and what view_table throws.
std::string view_table(const ViewDefinition& view, const std::vector<Json>& resources,
                       const TableOptions& options);

}  // namespace meridian::record
