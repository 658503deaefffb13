// The pieces of an $export.
#pragma once
#include <vector>

#include "record/bulk/bulk_jobs.h"
#include "record/record.h"

namespace meridian::record {

// What is to be exported, understood. Throws as BulkData::begin_export.
Json export_request(storage::Connection& connection, const trust::Principal& principal,
                    const OperationCall& call, const RecordOptions& options);
Json export_start();
// The next file, if any; ends the job after the last.
std::vector<BulkFile> export_piece(storage::Connection& connection, BulkJob& job,
                                   const RecordOptions& options);

}  // namespace meridian::record
