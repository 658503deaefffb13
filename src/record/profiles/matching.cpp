#include "record/profiles/matching.h"

#include <algorithm>

namespace meridian::record {

bool is_same(const Json& fixed, const Json& value) {
  if (fixed.is_object() && value.is_object())
    return fixed.size() == value.size() &&
           std::ranges::all_of(fixed.members(), [&](const Json::Member& member) {
             const Json* other = value.find(member.first);
             return other && is_same(member.second, *other);
           });
  if (fixed.is_array() && value.is_array()) return std::ranges::equal(fixed.items(), value.items(), is_same);
  return fixed == value;
}

bool has_pattern(const Json& pattern, const Json& value) {
  if (pattern.is_object() && value.is_object())
    return std::ranges::all_of(pattern.members(), [&](const Json::Member& member) {
      const Json* other = value.find(member.first);
      return other && has_pattern(member.second, *other);
    });
  if (pattern.is_array() && value.is_array())
    return std::ranges::all_of(pattern.items(), [&](const Json& wanted) {
      return std::ranges::any_of(value.items(), [&](const Json& item) { return has_pattern(wanted, item); });
    });
  return pattern == value;
}

}  // namespace meridian::record
