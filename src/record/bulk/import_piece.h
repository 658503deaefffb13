// The pieces of an $import.
#pragma once
#include <string>
#include <vector>

#include "record/bulk/bulk_jobs.h"
#include "record/record.h"

namespace meridian::record {

// The lines in files of some hundreds. Throws invalid_request when there are none.
std::vector<BulkFile> import_files(const std::string& ndjson);
Json import_start(std::size_t files);
// Writes what is in the next file; returns that file, and one with an OperationOutcome for each line that was
// refused. Ends the job after the last. What was written before is not written again.
std::vector<BulkFile> import_piece(storage::Database& database, Record& record, BulkJob& job);

}  // namespace meridian::record
