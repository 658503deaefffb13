// The index asked as C-FIND (PS3.4, C) and QIDO-RS (PS3.18, 10.6) ask it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "storage/database.h"

namespace meridian::archive {

enum class QueryLevel { patient, study, series, instance };

// A key and what it must match (PS3.4, C.2.2.2): a single value; wildcards * and ?; for dates and times a
// range "A-B", "A-" or "-B"; for UIDs and modalities a list with backslashes or commas between. Persons'
// names match without case, in any of their component groups. An empty value matches all.
struct QueryKey {
  std::uint32_t tag = 0;  // 0x00100020
  std::string value;      // UTF-8
  // The sequence in whose items the attribute is; 0: none. All keys of one sequence match in one item.
  std::uint32_t sequence = 0;
};

struct Query {
  QueryLevel level = QueryLevel::study;
  std::vector<QueryKey> keys;  // of this level or those above it; keys that the index does not hold match all
  std::int64_t offset = 0, limit = 100;
  // Persons' names match by words that begin a component, in any order (PS3.18, 8.3.4.2).
  bool fuzzy_names = false;
};

inline constexpr std::uint32_t kModalitiesInStudy = 0x00080061, kRequestAttributes = 0x00400275;

// The level to which an attribute, or one of a sequence's items, belongs; nothing when the index does not
// hold it.
std::optional<QueryLevel> query_level_of(std::uint32_t tag, std::uint32_t sequence = 0);

// What matches, as DICOM JSON with all attributes of its level and those above it that the index holds;
// studies newest first, series and instances by number. Throws invalid_value for more than 1,000 values in
// a list, a date or time that is none, or a negative page.
std::vector<Json> run_query(storage::Connection& connection, const Query& query);

}  // namespace meridian::archive
