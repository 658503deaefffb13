// The text of a version as it is kept: compressed with a dictionary that was trained on FHIR's own examples
// (docs/decisions/0003-compressed-bodies.md). Every database keeps the dictionaries its bodies were written
// with, so that any later program reads them.
#pragma once
#include <string>
#include <string_view>

#include "base/time.h"
#include "storage/database.h"

namespace meridian::record {

// Of a resource's JSON text, what comes after meta.lastUpdated: the rest does not depend on the version.
std::string compress_content(std::string_view content);
// Throws corrupted, also when the dictionary is not known.
std::string decompress_content(std::string_view compressed);

// The whole text again.
std::string body_of(std::string_view type, std::string_view id, std::int64_t version, Instant updated,
                    std::string_view content);

// Keeps this program's dictionary in the database, and makes those that are there known to this process.
void share_dictionaries(storage::Database& database);

}  // namespace meridian::record
