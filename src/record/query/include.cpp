#include "record/query/include.h"

#include <unordered_set>

#include "record/query/conditions.h"
#include "record/store/stored_fields.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

constexpr int kMostRounds = 10;  // of :iterate
constexpr std::string_view kReferences = "reference_index";

class Collector {
 public:
  Collector(storage::Connection& connection, const trust::Principal& principal, std::size_t limit)
      : connection_(connection), visible_(visible_to(principal)), limit_(limit) {}

  // What one include adds for these resources.
  std::vector<std::int64_t> follow(const Include& include, const std::vector<std::int64_t>& from) {
    std::vector<std::int64_t> added;
    for (const std::int64_t key : from)
      (include.reverse ? referring_to(include, key) : referred_by(include, key))
          .add(" AND ")
          .add(visible_)
          .run(connection_, [&](const storage::Row& row) { take(row.integer(0), added); });
    return added;
  }
  void know(const std::vector<std::int64_t>& matches) { seen_.insert(matches.begin(), matches.end()); }
  Included finish() { return std::move(included_); }

 private:
  static Sql referred_by(const Include& include, std::int64_t key) {
    Sql sql{
        "SELECT r.key FROM resource source CROSS JOIN reference_index x ON x.resource = source.key"
        " CROSS JOIN resource r ON r.type = x.target_type AND r.id = x.target_id"
        " WHERE source.key = ? AND source.type = ? AND r.deleted = 0",
        {key, include.source}};
    if (include.parameter) sql.add(" AND ").add(rows_of(include.source, *include.parameter, kReferences));
    if (!include.target.empty()) sql.add(" AND x.target_type = ?", {include.target});
    return sql;
  }

  static Sql referring_to(const Include& include, std::int64_t key) {
    Sql sql{
        "SELECT r.key FROM resource target"
        " CROSS JOIN reference_index x ON x.target_type = target.type AND x.target_id = target.id"
        " CROSS JOIN resource r ON r.key = x.resource WHERE target.key = ? AND r.type = ?",
        {key, include.source}};
    if (!include.target.empty()) sql.add(" AND target.type = ?", {include.target});
    if (include.parameter)
      return sql.add(" AND ").add(rows_of(include.source, *include.parameter, kReferences));
    sql.add(" AND x.field IN (0");
    for (const SearchParameter* parameter : search_parameters(include.source))
      if (parameter->type == SearchType::reference && has_own_rows(include.source, *parameter))
        sql.add(", ?", {field_of(include.source, *parameter)});
    return sql.add(")");
  }

  void take(std::int64_t key, std::vector<std::int64_t>& added) {
    if (included_.keys.size() >= limit_) {
      included_.cut_short = included_.cut_short || !seen_.contains(key);
      return;
    }
    if (!seen_.insert(key).second) return;
    included_.keys.push_back(key);
    added.push_back(key);
  }

  storage::Connection& connection_;
  const Sql visible_;
  const std::size_t limit_;
  std::unordered_set<std::int64_t> seen_;
  Included included_;
};

}  // namespace

Included find_included(storage::Connection& connection, const trust::Principal& principal,
                       const SearchRequest& request, const std::vector<std::int64_t>& matches,
                       std::size_t limit) {
  Collector collector(connection, principal, limit);
  collector.know(matches);
  std::vector<std::int64_t> from = matches;
  for (int round = 0; round < kMostRounds && !from.empty(); ++round) {
    std::vector<std::int64_t> added;
    for (const Include& include : request.includes) {
      if (round > 0 && !include.iterate) continue;
      const std::vector<std::int64_t> more = collector.follow(include, from);
      added.insert(added.end(), more.begin(), more.end());
    }
    from = std::move(added);
  }
  return collector.finish();
}

}  // namespace meridian::record
