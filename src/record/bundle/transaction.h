// Bundles of type transaction: all entries are written together, or none.
#pragma once
#include <string>
#include <vector>

#include "record/bundle/bundle_entry.h"
#include "record/store/resource_writer.h"

namespace meridian::record {

// What became of an entry that writes; nothing for one that reads.
using EntryResult = std::optional<Version>;

// References between entries (by fullUrl) and conditional references are rewritten to what they mean here. A
// resource that is posted with a UUID as its fullUrl gets it as its id where it is free, so that the same
// bundle sent twice is stored once. Results are in the entries' order. Throws for the first entry that is
// wrong, naming it.
std::vector<EntryResult> write_transaction(const WriteContext& context, const trust::Principal& principal,
                                           const std::vector<BundleEntry>& entries);

}  // namespace meridian::record
