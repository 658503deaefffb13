// Requests that are answered later (FHIR R4, async.html): a search of all its pages, an operation, a Bundle.
#pragma once
#include <vector>

#include "record/bulk/bulk_jobs.h"
#include "record/record.h"

namespace meridian::record {

inline constexpr const char *kSearchLater = "search", *kOperateLater = "operation",
                            *kExecuteLater = "execute";

Json search_request(const std::string& type, const Parameters& parameters);
Json operation_request(std::string_view name, const OperationCall& call);
Json execution_request(const Json& bundle, Returned returned);

// The next piece: a page of a search, its resources by type; the answer of the rest, and the Bundle of a
// search with _summary=count, as one file. A Bundle is executed once: throws refused where the node ended
// while it was at it (attempt: of the queue, from 1).
std::vector<BulkFile> request_piece(Record& record, BulkJob& job, int attempt);

}  // namespace meridian::record
