#include "record/subscriptions/matching.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/log.h"
#include "record/query/query_string.h"
#include "record/query/search_request.h"
#include "record/store/resource_table.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

// They say how a search is answered, not what is found.
constexpr std::array<std::string_view, 10> kNoCriteria{"_sort",    "_count",    "_include",   "_revinclude",
                                                       "_summary", "_elements", "_contained", "_total",
                                                       "_type",    "_cursor"};
// Of all queries of a Subscription together: each write of the type asks for them.
constexpr std::size_t kMostCriteria = 50;
constexpr std::int64_t kNoResource = 0;  // keys begin at 1

void require_criterion(const std::string& name) {
  if (std::ranges::find(kNoCriteria, name.substr(0, name.find(':'))) != kNoCriteria.end())
    throw Error(ErrorCode::invalid_value, name.substr(0, 80) + " is no criterion", "Subscription.criteria");
}

}  // namespace

void require_criteria(storage::Connection& connection, const SubscriptionRow& subscription,
                      const RecordOptions& options) {
  require_role(subscription.subscriber, trust::Act::read, subscription.type);
  std::size_t count = 0;
  for (const std::string& query : subscription.queries) {
    const Parameters parameters = parse_query(query);
    for (const auto& [name, value] : parameters) require_criterion(name);
    count += std::max<std::size_t>(parameters.size(), 1);
  }
  if (count > kMostCriteria)
    throw Error(ErrorCode::invalid_value,
                "More than " + std::to_string(kMostCriteria) + " criteria are given", "Subscription.criteria",
                "Write several Subscriptions");
  meets(connection, subscription, kNoResource, options);
}

bool meets(storage::Connection& connection, const SubscriptionRow& subscription, std::int64_t key,
           const RecordOptions& options) {
  Sql sql{"SELECT 1 FROM resource r WHERE r.key = ? AND ", {key}};
  sql.add(visible_to(subscription.subscriber));
  for (const std::string& query : subscription.queries) {
    const SearchRequest request =
        parse_search(connection, subscription.type, parse_query(query), options, subscription.subscriber);
    for (const Criterion& criterion : request.parts.front().criteria)
      sql.add(" AND ").add(criterion.checking);
  }
  bool found = false;
  try {
    sql.run(connection, [&](const storage::Row&) { found = true; });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::internal) throw;
    log_error("criteria-not-answered", {{"subscription", subscription.id}, {"reason", error.what()}});
    throw Error(ErrorCode::invalid_value, "The database cannot answer these criteria together",
                "Subscription.criteria", "Ask for less in one Subscription");
  }
  return found;
}

std::optional<ToldEvent> shown_event(storage::Connection& connection, const trust::Principal& principal,
                                     const SubscriptionEvent& event) {
  if (!trust::role_may(principal.role, trust::Act::read, event.type)) return {};
  const std::optional<StoredResource> found = find_newest(connection, event.type, event.id);
  if (!found || !may_see_resource(connection, principal, found->key)) return {};
  if (event.kind == Change::Kind::removed) return ToldEvent{event, {}};
  if (event.version != found->version.number &&
      !may_see_older_version(connection, principal, found->key, event.version))
    return {};
  return ToldEvent{event, find_version(connection, *found, event.version)};
}

}  // namespace meridian::record
