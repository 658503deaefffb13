#include "record/query/include.h"

#include <span>
#include <unordered_set>

#include "record/query/canonical_links.h"
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
      : connection_(connection), visible_(visible_to(principal)), role_(principal.role), limit_(limit) {}

  // What one include adds for these resources.
  std::vector<std::int64_t> follow(const Include& include, const std::vector<std::int64_t>& from) {
    std::vector<std::int64_t> added;
    const std::vector<std::string> canonical = types_by_url(include);
    for (const std::int64_t key : from) {
      run(include.reverse ? referring_to(include, key) : referred_by(include, key), added);
      if (canonical.empty()) continue;
      run(include.reverse ? naming(include, key, canonical) : named_by(include, key, canonical), added);
    }
    return added;
  }
  void know(const std::vector<std::int64_t>& matches) { seen_.insert(matches.begin(), matches.end()); }
  Included finish() { return std::move(included_); }

 private:
  void run(Sql sql, std::vector<std::int64_t>& added) {
    sql.add(" AND ").add(visible_).run(connection_, [&](const storage::Row& row) {
      if (trust::role_may(role_, trust::Act::read, row.text(1))) take(row.integer(0), added);
    });
  }

  // Those at the end of the references to which canonical URLs may lead.
  static std::vector<std::string> types_by_url(const Include& include) {
    const std::string_view target = include.target;
    if (!target.empty()) return canonical_types(std::span(&target, 1));
    return canonical_types(include.parameter ? include.parameter->targets
                                             : std::span<const std::string_view>());
  }

  static Sql referred_by(const Include& include, std::int64_t key) {
    Sql sql{
        "SELECT r.key, r.type FROM resource source CROSS JOIN reference_index x ON x.resource = source.key "
        "CROSS JOIN resource r ON r.type = x.target_type AND r.id = x.target_id WHERE source.key = ? AND "
        "r.deleted = 0",
        {key}};
    add_source(include, "source", sql);
    if (include.parameter) sql.add(" AND ").add(rows_of(include.source, *include.parameter, kReferences));
    if (!include.target.empty()) sql.add(" AND x.target_type = ?", {include.target});
    return sql;
  }

  // The same, by URL.
  static Sql named_by(const Include& include, std::int64_t key, const std::vector<std::string>& types) {
    Sql sql{
        "SELECT r.key, r.type FROM resource source CROSS JOIN reference_index x ON x.resource = source.key "
        "CROSS JOIN uri_index u ON ",
        {}};
    sql.add(names_by_url(types))
        .add(" CROSS JOIN resource r ON r.key = u.resource WHERE source.key = ? AND r.deleted = 0", {key});
    add_source(include, "source", sql);
    if (include.parameter) sql.add(" AND ").add(rows_of(include.source, *include.parameter, kReferences));
    return sql;
  }

  static Sql referring_to(const Include& include, std::int64_t key) {
    Sql sql{
        "SELECT r.key, r.type FROM resource target CROSS JOIN reference_index x ON x.target_type = "
        "target.type AND x.target_id = target.id CROSS JOIN resource r ON r.key = x.resource WHERE "
        "target.key = ?",
        {key}};
    add_source(include, "r", sql);
    if (!include.target.empty()) sql.add(" AND target.type = ?", {include.target});
    return sql.add(" AND ").add(rows_referring(include));
  }

  // The same, by URL.
  static Sql naming(const Include& include, std::int64_t key, const std::vector<std::string>& types) {
    Sql sql{"SELECT r.key, r.type FROM uri_index u CROSS JOIN reference_index x ON ", {}};
    sql.add(names_by_url(types))
        .add(" CROSS JOIN resource r ON r.key = x.resource WHERE u.resource = ?", {key});
    add_source(include, "r", sql);
    return sql.add(" AND ").add(rows_referring(include));
  }

  static void add_source(const Include& include, const std::string& alias, Sql& sql) {
    if (!include.source.empty()) sql.add(" AND " + alias + ".type = ?", {include.source});
  }

  // The rows x of an include's references, named one by one, for the index begins with the field.
  static Sql rows_referring(const Include& include) {
    if (include.parameter) return rows_of(include.source, *include.parameter, kReferences);
    if (!include.source.empty()) return {"x.field IN (" + reference_fields(include.source) + ")", {}};
    static const std::string all = [] {
      std::string fields = "0";
      for (const std::string_view type : resource_types()) fields += "," + reference_fields(type);
      return fields;
    }();
    return {"x.field IN (" + all + ")", {}};
  }

  static std::string reference_fields(std::string_view type) {
    std::string fields = "0";
    for (const SearchParameter* parameter : search_parameters(type))
      if (parameter->type == SearchType::reference && has_own_rows(type, *parameter))
        fields += "," + std::to_string(field_of(type, *parameter));
    return fields;
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
  const trust::Role role_;  // what it may not read does not come along
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
