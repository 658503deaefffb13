// The rows of subscriptions and of what happened to what they are about. They are written in the transaction
// of the change itself, so that nothing that was acknowledged goes untold.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "record/store/resource_writer.h"
#include "storage/database.h"
#include "trust/principal.h"

namespace meridian::record {

extern const std::string_view kSubscriptionSchema, kTokenKeySchema, kFailedCriteriaSchema;

// The key with which the tokens of WebSockets are signed: one for all nodes that share the database.
void make_token_key(storage::Database& database);
std::string token_key(storage::Connection& connection);

// What is kept of a Subscription beside the resource.
struct SubscriptionRow {
  std::string id, type;
  std::string status;           // R4's: requested, active, error, off
  trust::Principal subscriber;  // with whose rights it is told
  std::vector<std::string> queries;
  bool on_topic = false;
  bool by_websocket = false;
  std::int64_t events = 0;  // since it began
  std::int64_t told = 0;    // up to this number they were delivered
  Instant last_sent{};
};

struct SubscriptionEvent {
  std::int64_t number = 0;  // from 1
  std::string type, id;     // of the resource
  std::int64_t version = 1;
  Change::Kind kind = Change::Kind::created;
  Instant at{};
};

// Its counts are kept where it was there before.
void put_subscription(storage::Transaction& transaction, const SubscriptionRow& row,
                      std::optional<Instant> end);
void erase_subscription(storage::Transaction& transaction, const std::string& id);
std::optional<SubscriptionRow> find_subscription(storage::Connection& connection, const std::string& id);
// Those of resources of the types that have not ended and for which events are kept, by type: the active
// ones, and those that were active and are in error or asked for again, but for whose criteria failed.
std::map<std::string, std::vector<SubscriptionRow>, std::less<>> watching_subscriptions(
    storage::Connection& connection, const std::set<std::string_view>& types, Instant moment);
// How many of the account are requested or active, but for this one.
std::int64_t count_subscriptions(storage::Connection& connection, std::string_view account,
                                 const std::string& but);
void set_subscription_status(storage::Transaction& transaction, const std::string& id,
                             std::string_view status);
// It is in error, and not looked at until it is active again.
void note_failed_criteria(storage::Transaction& transaction, const std::string& id);
void note_sent(storage::Transaction& transaction, const std::string& id, Instant moment);
void note_told(storage::Transaction& transaction, const std::string& id, std::int64_t number);

// While a subscription is not active so many wait; then the oldest go.
inline constexpr std::int64_t kMostWaitingEvents = 10'000;
// The number it got. Events that were told long ago go.
std::int64_t insert_event(storage::Transaction& transaction, const SubscriptionRow& subscription,
                          const SubscriptionEvent& event);
// Those after a number, up to another, in order; at most so many.
std::vector<SubscriptionEvent> events_between(storage::Connection& connection,
                                              const std::string& subscription, std::int64_t after,
                                              std::int64_t last, std::int64_t most);

}  // namespace meridian::record
