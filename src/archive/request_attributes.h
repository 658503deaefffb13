// Which orders a series is for: the items of its Request Attributes Sequence (PS3.3, 10.6), as the index
// holds them.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "archive/instance.h"
#include "archive/query.h"
#include "storage/database.h"

namespace meridian::archive {

// Of a data set in DICOM JSON; at most 100 items.
std::vector<RequestAttributes> read_request_attributes(const Json& dataset);
void insert_request_attributes(storage::Transaction& transaction, const InstanceFacts& facts);
// Series that came before the index held orders or the beginning of their step, from the one after that is
// named, each with an instance.
std::vector<std::pair<std::string, std::string>> unread_series(storage::Connection& connection,
                                                               const std::string& after, std::int64_t most);
// Of such a series, whose facts need to have its UID, the requests, the beginning of its step and the time
// zone only.
void keep_read_requests(storage::Transaction& transaction, const InstanceFacts& facts);
// Puts the sequence into what matched at the level of series.
void add_request_attributes(storage::Connection& connection, Json& match);

// The column of an attribute of the items; nullptr when the index does not hold it.
const char* request_column(std::uint32_t tag);

}  // namespace meridian::archive
