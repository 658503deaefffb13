// The metadata of many instances at once, and what the index did not hold yet when series came: what is made
// from the archive once and kept.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "archive/archive.h"

namespace meridian::archive {

// Archive::metadata() of each of them, those of a series after each other, as one JSON array. What was asked
// for before is not made anew. bulk_data_base: of an instance.
std::string metadata_list(storage::Database& database, const Archive& archive,
                          std::span<const InstanceFacts> instances,
                          const std::function<std::string(const InstanceFacts&)>& bulk_data_base);

// Reads the orders, the beginning of the step and the time zone of so many series, in the order of their UIDs
// from the one after that is named; gives the last that was looked at, or nothing when there are no more.
// What cannot be read now is left for the next who begins anew.
std::optional<std::string> read_orders(storage::Database& database, const Archive& archive,
                                       const std::string& after, std::int64_t most);

}  // namespace meridian::archive
