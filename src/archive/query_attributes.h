// The attributes that the index holds: what C-FIND and QIDO-RS match by and give back.
#pragma once
#include <cstdint>
#include <span>

#include "archive/query.h"

namespace meridian::archive {

// returned: given back and never matched by.
enum class MatchKind { text, name, uid, date_or_time, number, returned };

struct QueryAttribute {
  std::uint32_t tag;
  const char* vr;
  QueryLevel level;
  MatchKind kind;
  const char* column;
};

std::span<const QueryAttribute> query_attributes();
// nullptr when the index does not hold it.
const QueryAttribute* find_query_attribute(std::uint32_t tag);

}  // namespace meridian::archive
