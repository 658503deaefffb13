#include "record/query/search_lead.h"

#include <algorithm>
#include <array>
#include <optional>

#include "record/store/visibility.h"

namespace meridian::record {
namespace {

// A criterion that fewer rows than one of these meet leads the search, the smaller ones tried first with all
// criteria; when none does, matches are dense.
constexpr std::array<std::size_t, 4> kFewRows{64, 512, 4096, 32768};

// As an index has them, some repeatedly; nothing when there are as many as the limit.
std::optional<std::vector<std::int64_t>> fewer_than(std::size_t limit, storage::Connection& connection,
                                                    const Sql& finding) {
  std::vector<std::int64_t> keys;
  Sql{"SELECT key FROM (", {}}
      .add(finding)
      .add(") found LIMIT ?", {static_cast<std::int64_t>(limit)})
      .run(connection, [&](const storage::Row& row) { keys.push_back(row.integer(0)); });
  if (keys.size() == limit) return std::nullopt;
  return keys;
}

Lead few_of(Sql finding, const Criterion* criterion, std::vector<std::int64_t> keys) {
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return {std::move(finding), criterion, true, std::move(keys)};
}

// Of the criteria that find fewer than the limit, the one that finds fewest.
std::optional<Lead> smallest(std::size_t limit, storage::Connection& connection,
                             const std::vector<Criterion>& criteria) {
  const Criterion* best = nullptr;
  std::vector<std::int64_t> keys;
  for (const Criterion& criterion : criteria) {
    if (!criterion.can_find() || limit == 0) continue;
    auto found = fewer_than(limit, connection, criterion.finding);
    if (!found) continue;
    limit = found->size();
    best = &criterion;
    keys = std::move(*found);
  }
  if (!best) return std::nullopt;
  return few_of(best->finding, best, std::move(keys));
}

}  // namespace

Lead lead_of(storage::Connection& connection, const trust::Principal& principal, const SearchPart& part) {
  const std::vector<Criterion>& criteria = part.criteria;
  // One that finds in the order of the page needs no count.
  const bool in_page_order = criteria.size() == 1 && criteria[0].in_key_order && part.sort.empty();
  if (!in_page_order)
    for (const std::size_t limit : kFewRows)
      if (auto lead = smallest(limit, connection, criteria)) return std::move(*lead);
  if (Sql visible = little_to_see(connection, principal, part.type); !visible.text.empty())
    if (auto keys = fewer_than(kFewRows.back(), connection, visible))
      return few_of(std::move(visible), nullptr, std::move(*keys));
  const auto in_order = std::ranges::find_if(criteria, &Criterion::in_key_order);
  if (in_order == criteria.end()) return {};
  return {in_order->finding, &*in_order, false, {}};
}

}  // namespace meridian::record
