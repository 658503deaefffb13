#include "record/query/search_lead.h"

#include <algorithm>
#include <array>
#include <optional>

namespace meridian::record {
namespace {

// A criterion that fewer rows than one of these meet leads the search, the smaller ones tried first with all
// criteria; when none does, matches are dense.
constexpr std::array<std::size_t, 4> kFewRows{64, 512, 4096, 32768};

// As an index has them, some repeatedly; nothing when there are as many as the limit.
std::optional<std::vector<std::int64_t>> fewer_than(std::size_t limit, storage::Connection& connection,
                                                    const Criterion& criterion) {
  std::vector<std::int64_t> keys;
  Sql{"SELECT key FROM (", {}}
      .add(criterion.finding)
      .add(") found LIMIT ?", {static_cast<std::int64_t>(limit)})
      .run(connection, [&](const storage::Row& row) { keys.push_back(row.integer(0)); });
  if (keys.size() == limit) return std::nullopt;
  return keys;
}

}  // namespace

Lead lead_of(storage::Connection& connection, const std::vector<Criterion>& criteria) {
  for (const std::size_t limit : kFewRows) {
    Lead lead;
    std::size_t fewest = limit;
    for (const Criterion& criterion : criteria) {
      if (!criterion.can_find() || fewest == 0) continue;
      auto keys = fewer_than(fewest, connection, criterion);
      if (!keys) continue;
      fewest = keys->size();
      lead = {&criterion, true, std::move(*keys)};
    }
    if (!lead.criterion) continue;
    std::ranges::sort(lead.keys);
    lead.keys.erase(std::unique(lead.keys.begin(), lead.keys.end()), lead.keys.end());
    return lead;
  }
  const auto in_order = std::ranges::find_if(criteria, &Criterion::in_key_order);
  return {in_order == criteria.end() ? nullptr : &*in_order, false, {}};
}

}  // namespace meridian::record
