// How deep a patch may nest what it changes: what is deeper cannot be read again, and would exhaust the
// stack.
#pragma once
#include <algorithm>

#include "base/error.h"
#include "base/json.h"

namespace meridian::record {

inline bool is_shallow(const Json& value, std::size_t levels) {
  if (!value.is_array() && !value.is_object()) return true;
  if (levels == 0) return false;
  if (value.is_array())
    return std::ranges::all_of(value.items(), [&](const Json& item) { return is_shallow(item, levels - 1); });
  return std::ranges::all_of(
      value.members(), [&](const Json::Member& member) { return is_shallow(member.second, levels - 1); });
}

// Of a value that stands so many levels below the document. Throws too_large.
inline void require_shallow(const Json& value, std::size_t above = 0) {
  const std::size_t most = JsonLimits().depth;
  if (above > most || !is_shallow(value, most - above))
    throw Error(ErrorCode::too_large,
                "The patch nests more than " + std::to_string(most) + " arrays and objects in one another");
}

}  // namespace meridian::record
