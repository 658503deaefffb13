#include "record/subscriptions/subscription_table.h"

#include <limits>

#include "base/error.h"
#include "base/id.h"
#include "record/store/kept_principal.h"
#include "record/store/resource_table.h"

namespace meridian::record {
namespace {

constexpr std::int64_t kKeptEvents = 1000;  // of each subscription, after they were told
constexpr std::size_t kTokenKeyBytes = 32;
constexpr std::size_t kTypesTogether = 8;
constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();
constexpr const char* kColumns =
    "SELECT id, type, status, subscriber, queries, on_topic, by_websocket, events, told, last_sent"
    " FROM subscription WHERE ";

Json list_of(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(text);
  return list;
}

SubscriptionRow row_of(const storage::Row& row) {
  SubscriptionRow found;
  found.id = row.text(0);
  found.type = row.text(1);
  found.status = row.text(2);
  found.subscriber = principal_of(Json::parse(row.text(3)));
  const Json queries = Json::parse(row.text(4));
  for (const Json& query : queries.items()) found.queries.push_back(query.as_string());
  found.on_topic = row.integer(5) != 0;
  found.by_websocket = row.integer(6) != 0;
  found.events = row.integer(7);
  found.told = row.integer(8);
  found.last_sent = to_instant(row.integer(9));
  return found;
}

}  // namespace

const std::string_view kSubscriptionSchema = R"sql(
CREATE TABLE subscription (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  subscriber TEXT NOT NULL,
  queries TEXT NOT NULL,
  on_topic INTEGER NOT NULL,
  by_websocket INTEGER NOT NULL,
  ends BIGINT NOT NULL,
  events BIGINT NOT NULL DEFAULT 0,
  told BIGINT NOT NULL DEFAULT 0,
  last_sent BIGINT NOT NULL DEFAULT 0);
CREATE INDEX subscription_by_type ON subscription (type, status);

CREATE TABLE subscription_event (
  subscription TEXT NOT NULL,
  number BIGINT NOT NULL,
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  version BIGINT NOT NULL,
  kind INTEGER NOT NULL,
  moment BIGINT NOT NULL,
  PRIMARY KEY (subscription, number));
)sql";

// Signs the tokens of WebSockets, on all nodes.
const std::string_view kTokenKeySchema = R"sql(
CREATE TABLE websocket_token_key (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
)sql";

const std::string_view kFailedCriteriaSchema = R"sql(
ALTER TABLE subscription ADD COLUMN criteria_failed INTEGER NOT NULL DEFAULT 0;
)sql";

void make_token_key(storage::Database& database) {
  const auto is_there = [](storage::Connection& connection) {
    return connection.query_first("SELECT 1 FROM websocket_token_key", {}, [](const storage::Row&) {});
  };
  if (database.read(is_there)) return;
  const std::string key = random_bytes(kTokenKeyBytes);
  database.write([&](storage::Transaction& transaction) {
    transaction.execute("INSERT INTO websocket_token_key VALUES (1, ?) ON CONFLICT DO NOTHING",
                        {storage::Blob{key}});
  });
}

std::string token_key(storage::Connection& connection) {
  std::string key;
  connection.query_first("SELECT bytes FROM websocket_token_key", {},
                         [&](const storage::Row& row) { key = row.text(0); });
  if (key.size() != kTokenKeyBytes) throw Error(ErrorCode::corrupted, "The key of WebSocket tokens is lost");
  return key;
}

void put_subscription(storage::Transaction& transaction, const SubscriptionRow& row,
                      std::optional<Instant> end) {
  const std::string subscriber = kept_principal(row.subscriber).dump(), queries = list_of(row.queries).dump();
  transaction.execute(
      "INSERT INTO subscription (id, type, status, subscriber, queries, on_topic, by_websocket, ends)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (id) DO UPDATE SET type = excluded.type, status = excluded.status,"
      " subscriber = excluded.subscriber, queries = excluded.queries, on_topic = excluded.on_topic,"
      " by_websocket = excluded.by_websocket, ends = excluded.ends, criteria_failed = 0",
      {row.id, row.type, row.status, subscriber, queries, std::int64_t{row.on_topic},
       std::int64_t{row.by_websocket}, end ? to_micros(*end) : kNoEnd});
}

void erase_subscription(storage::Transaction& transaction, const std::string& id) {
  transaction.execute("DELETE FROM subscription WHERE id = ?", {id});
  transaction.execute("DELETE FROM subscription_event WHERE subscription = ?", {id});
}

std::optional<SubscriptionRow> find_subscription(storage::Connection& connection, const std::string& id) {
  std::optional<SubscriptionRow> found;
  static const std::string sql = std::string(kColumns) + "id = ?";
  connection.query_first(sql, {id}, [&](const storage::Row& row) { found = row_of(row); });
  return found;
}

std::map<std::string, std::vector<SubscriptionRow>, std::less<>> watching_subscriptions(
    storage::Connection& connection, const std::set<std::string_view>& types, Instant moment) {
  static const std::string sql = [] {
    std::string text = std::string(kColumns) +
                       "(status = 'active' OR (status IN ('error', 'requested') AND last_sent > 0"
                       " AND criteria_failed = 0)) AND ends > ? AND type IN (?";
    for (std::size_t i = 1; i < kTypesTogether; ++i) text += ", ?";
    return text + ")";
  }();
  std::map<std::string, std::vector<SubscriptionRow>, std::less<>> found;
  for (auto next = types.begin(); next != types.end();) {
    std::vector<storage::Value> values{to_micros(moment)};
    for (; next != types.end() && values.size() <= kTypesTogether; ++next) values.emplace_back(*next);
    values.resize(kTypesTogether + 1, values.back());
    connection.run(sql, values, [&](const storage::Row& row) {
      SubscriptionRow one = row_of(row);
      found[one.type].push_back(std::move(one));
      return true;
    });
  }
  return found;
}

std::int64_t count_subscriptions(storage::Connection& connection, std::string_view account,
                                 const std::string& but) {
  std::int64_t count = 0;
  connection.query(
      "SELECT subscriber FROM subscription WHERE status IN ('requested', 'active') AND id <> ?", {but},
      [&](const storage::Row& row) { count += principal_of(Json::parse(row.text(0))).user == account; });
  return count;
}

void set_subscription_status(storage::Transaction& transaction, const std::string& id,
                             std::string_view status) {
  const std::int64_t active = status == "active";
  transaction.execute(
      "UPDATE subscription SET status = ?, criteria_failed = CASE WHEN ? = 1 THEN 0 ELSE criteria_failed END"
      " WHERE id = ?",
      {status, active, id});
}

void note_failed_criteria(storage::Transaction& transaction, const std::string& id) {
  transaction.execute("UPDATE subscription SET status = 'error', criteria_failed = 1 WHERE id = ?", {id});
}

void note_sent(storage::Transaction& transaction, const std::string& id, Instant moment) {
  transaction.execute("UPDATE subscription SET last_sent = ? WHERE id = ?", {to_micros(moment), id});
}

void note_told(storage::Transaction& transaction, const std::string& id, std::int64_t number) {
  transaction.execute("UPDATE subscription SET told = ? WHERE id = ? AND told < ?", {number, id, number});
}

std::int64_t insert_event(storage::Transaction& transaction, const SubscriptionRow& subscription,
                          const SubscriptionEvent& event) {
  const std::string& id = subscription.id;
  transaction.execute("UPDATE subscription SET events = events + 1 WHERE id = ?", {id});
  std::int64_t number = 0, told = 0;
  transaction.query("SELECT events, told FROM subscription WHERE id = ?", {id},
                    [&](const storage::Row& row) { number = row.integer(0), told = row.integer(1); });
  transaction.execute(
      "INSERT INTO subscription_event (subscription, number, type, id, version, kind, moment)"
      " VALUES (?, ?, ?, ?, ?, ?, ?)",
      {id, number, event.type, event.id, event.version, static_cast<std::int64_t>(event.kind),
       to_micros(event.at)});
  const std::int64_t not_waited_for = subscription.status == "active" ? 0 : number - kMostWaitingEvents;
  transaction.execute("DELETE FROM subscription_event WHERE subscription = ? AND number <= ?",
                      {id, std::max(std::min(told, number - kKeptEvents), not_waited_for)});
  return number;
}

std::vector<SubscriptionEvent> events_between(storage::Connection& connection,
                                              const std::string& subscription, std::int64_t after,
                                              std::int64_t last, std::int64_t most) {
  std::vector<SubscriptionEvent> events;
  connection.query(
      "SELECT number, type, id, version, kind, moment FROM subscription_event"
      " WHERE subscription = ? AND number > ? AND number <= ? ORDER BY number LIMIT ?",
      {subscription, after, last, most}, [&](const storage::Row& row) {
        events.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2)), row.integer(3),
                          static_cast<Change::Kind>(row.integer(4)), to_instant(row.integer(5))});
      });
  return events;
}

}  // namespace meridian::record
