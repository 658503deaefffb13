// Entries of a Bundle that read: whatever a client may GET, and operations, which may be POSTed too.
#pragma once
#include "record/bundle/bundle_entry.h"
#include "record/record.h"

namespace meridian::record {

// Throws not_found, forbidden, invalid_value and not_supported for what can be said before anything is read,
// so that a transaction with such an entry writes nothing.
void require_readable_entry(const trust::Principal& principal, const BundleEntry& entry);
// The entry of the answer. Throws what the interaction throws, placed in the entry.
Json answer_reading(Record& record, const trust::Principal& principal, const BundleEntry& entry);

}  // namespace meridian::record
