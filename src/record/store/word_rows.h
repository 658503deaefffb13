// The words of resources as their index takes them (docs/decisions/0008).
#pragma once
#include <cstdint>

#include "record/search/written_words.h"
#include "storage/database.h"

namespace meridian::record {

// Keeps the words of a resource, or, as they were kept, erases them.
void send_words(storage::Transaction& transaction, std::int64_t resource, const WrittenWords& words,
                bool erased);

}  // namespace meridian::record
