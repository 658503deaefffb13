#include "record/subscriptions/subscriptions.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "record/store/resource_table.h"
#include "record/store/visibility.h"
#include "record/subscriptions/matching.h"
#include "record/subscriptions/subscription_operations.h"
#include "storage/attempt.h"
#include "storage/notices.h"

namespace meridian::record {
namespace {

constexpr std::string_view kType = "Subscription";
constexpr std::int64_t kMostOfAccount = 100;  // each write of a type asks all that are about it

// What its listeners listen to, on all nodes.
std::string channel_of(const std::string& subscription) {
  return "subscription/" + subscription;
}

// Not for what a subscription asks.
bool is_of_the_machine(ErrorCode code) {
  return code == ErrorCode::busy || code == ErrorCode::storage_full || code == ErrorCode::corrupted ||
         code == ErrorCode::unavailable || code == ErrorCode::internal;
}

}  // namespace

Subscriptions::Subscriptions(const WriteContext& context, Record& record)
    : context_(context), record_(record) {
  make_token_key(context.database);
}

Subscriptions::~Subscriptions() = default;

std::shared_ptr<void> Subscriptions::listen(const std::string& id, std::function<void()> call) {
  return storage::listen(context_.database, channel_of(id),
                         [call = std::move(call)](std::string_view) { call(); });
}

void Subscriptions::changed(storage::Transaction& transaction, const trust::Principal& principal,
                            const std::vector<Change>& changes) {
  for (const Change& change : changes)
    if (change.type == kType) follow(transaction, principal, change);
  std::set<std::string_view> types;
  for (const Change& change : changes) types.insert(change.type);
  auto by_type = watching_subscriptions(transaction, types, context_.queue.time());
  if (by_type.empty()) return;
  for (const Change& change : changes)
    std::erase_if(by_type[change.type],
                  [&](const SubscriptionRow& row) { return !consider(transaction, row, change); });
}

void Subscriptions::follow(storage::Transaction& transaction, const trust::Principal& principal,
                           const Change& change) {
  if (change.kind == Change::Kind::removed) {
    context_.queue.discard_series(transaction, kSubscriptionQueue, change.id);
    return erase_subscription(transaction, change.id);
  }
  const Json resource = Json::parse(find_newest(transaction, kType, change.id)->version.body);
  const std::string status = resource.text("status");
  if (status == "requested") return begin(transaction, principal, resource);
  if (status == "off") return set_subscription_status(transaction, change.id, status);
  const std::optional<SubscriptionRow> row = find_subscription(transaction, change.id);
  if (principal.role != trust::Role::system || !row || row->status != status)
    throw Error(ErrorCode::invalid_value, "A Subscription is written with the status requested or off",
                "Subscription.status", "The node makes it active");
}

void Subscriptions::begin(storage::Transaction& transaction, const trust::Principal& principal,
                          const Json& resource) {
  const Subscription asked = subscription_of(resource, context_.options.base_url);
  const SubscriptionRow row{asked.id,
                            asked.type,
                            "requested",
                            principal,
                            asked.queries,
                            asked.on_topic(),
                            asked.channel == Subscription::Channel::websocket};
  if (asked.channel == Subscription::Channel::rest_hook) require_endpoint(asked.endpoint);
  require_criteria(transaction, row, context_.options);
  if (principal.role != trust::Role::system &&
      count_subscriptions(transaction, principal.user, row.id) >= kMostOfAccount)
    throw Error(ErrorCode::too_large,
                "The account has " + std::to_string(kMostOfAccount) + " Subscriptions already",
                "Subscription", "Turn off or delete those that nobody needs");
  put_subscription(transaction, row, asked.end);
  context_.queue.discard_series(transaction, kSubscriptionQueue, asked.id);
  // A key of its own: a delivery that waits for its next try is not waited for.
  add_job(transaction, asked.id, subscription_task::kDeliver, "request/" + resource.text("meta.versionId"));
  if (asked.end)
    add_job(transaction, asked.id, subscription_task::kEnd, "end/" + resource.text("end"), until(*asked.end));
}

void Subscriptions::require_endpoint(const std::string& endpoint) const {
  if (!endpoint_rule_)
    throw Error(ErrorCode::forbidden, "This node sends nothing to subscribers",
                "Subscription.channel.endpoint");
  try {
    endpoint_rule_(endpoint);
  } catch (const Error& error) {
    throw Error(error.code(), error.what(), "Subscription.channel.endpoint", error.advice());
  }
}

bool Subscriptions::consider(storage::Transaction& transaction, const SubscriptionRow& row,
                             const Change& change) {
  if (change.kind == Change::Kind::removed && !row.on_topic) return true;
  bool met = false;
  try {
    storage::attempt(transaction, [&] { met = meets(transaction, row, change.key, context_.options); });
  } catch (const Error& error) {
    if (is_of_the_machine(error.code())) throw;
    note_failed_criteria(transaction, row.id);
    context_.queue.add_in_series(
        transaction, row.id, kSubscriptionQueue,
        Json::object(
            {{"subscription", row.id}, {"task", subscription_task::kFail}, {"reason", error.describe()}}));
    return false;
  }
  if (met) note_event(transaction, row, change);
  return true;
}

void Subscriptions::note_event(storage::Transaction& transaction, const SubscriptionRow& row,
                               const Change& change) {
  const std::int64_t number = insert_event(
      transaction, row, {0, change.type, change.id, change.version, change.kind, moment_of_writing()});
  if (!row.by_websocket && row.status != "active") return;  // it waits until activate()
  if (!row.by_websocket) return add_job(transaction, row.id, subscription_task::kDeliver, "events");
  note_told(transaction, row.id, number);
  storage::tell(transaction, channel_of(row.id), {});
}

void Subscriptions::add_job(storage::Transaction& transaction, const std::string& id, const char* task,
                            const std::string& key, std::chrono::seconds delay) {
  context_.queue.add_in_series(transaction, id, kSubscriptionQueue,
                               Json::object({{"subscription", id}, {"task", task}}), id + "/" + key, delay);
}

std::chrono::seconds Subscriptions::until(Instant moment) const {
  return std::max(std::chrono::ceil<std::chrono::seconds>(moment - context_.queue.time()),
                  std::chrono::seconds(0));
}

std::vector<std::string> Subscriptions::of_token(const std::string& token) const {
  return context_.database.read(
      [&](storage::Connection& connection) { return subscriptions_of_token(connection, token); });
}

std::optional<Standing> Subscriptions::standing(const std::string& id) const {
  return context_.database.read([&](storage::Connection& connection) -> std::optional<Standing> {
    std::optional<SubscriptionRow> row = find_subscription(connection, id);
    const std::optional<StoredResource> stored = find_newest(connection, kType, id);
    if (!row || !stored || stored->version.deleted) return {};
    return Standing{std::move(*row),
                    subscription_of(Json::parse(stored->version.body), context_.options.base_url)};
  });
}

void Subscriptions::note_disclosure(storage::Connection& connection, const trust::Principal& principal,
                                    const std::string& id, const Version& version) const {
  const std::optional<Ownership> whose = ownership_of(connection, version.type, version.id);
  trust::LedgerEntry entry;
  entry.action = "R";
  entry.kind = "fhir.read";
  if (whose && !whose->patients.empty()) entry.patient = whose->patients.front();
  entry.entity = version.reference() + "/_history/" + std::to_string(version.number);
  entry.detail = Json::object({{"subscription", id}});
  context_.ledger.append_soon(principal, std::move(entry));
}

News Subscriptions::news(const Standing& standing, const trust::Principal& principal, std::int64_t after,
                         std::int64_t most) const {
  const std::string& id = standing.row.id;
  News news{{}, after};
  context_.database.read([&](storage::Connection& connection) {
    for (const SubscriptionEvent& event : events_between(connection, id, after, standing.row.events, most)) {
      news.last = event.number;
      std::optional<ToldEvent> told = shown_event(connection, principal, event);
      if (!told) continue;
      if (standing.asked.hands_out_resources() && told->version)
        note_disclosure(connection, principal, id, *told->version);
      news.events.push_back(std::move(*told));
    }
  });
  return news;
}

void Subscriptions::drop(const storage::Job& job) {
  context_.database.write(
      [&](storage::Transaction& transaction) { context_.queue.finish(transaction, job); });
}

void Subscriptions::activate(const storage::Job& job, const Standing& standing) {
  record_.write(trust::Principal::system(), [&](Writer& writer) {
    context_.queue.finish(writer.transaction(), job);
    const std::optional<SubscriptionRow> row = find_subscription(writer.transaction(), standing.row.id);
    if (!row || row->status != standing.row.status) return;  // it was turned off meanwhile
    set_status(writer, standing.row.id, "active", {});
    note_sent(writer.transaction(), standing.row.id, context_.queue.time());
    if (row->told < row->events)
      add_job(writer.transaction(), standing.row.id, subscription_task::kDeliver, "resumed");
    // Over a WebSocket it is sent by who holds it.
    if (standing.asked.heartbeat.count() > 0 && standing.asked.channel == Subscription::Channel::rest_hook)
      add_job(writer.transaction(), standing.row.id, subscription_task::kHeartbeat, "heartbeat",
              standing.asked.heartbeat);
  });
}

void Subscriptions::told(const storage::Job& job, const Standing& standing, std::int64_t last) {
  context_.database.write([&](storage::Transaction& transaction) {
    context_.queue.finish(transaction, job);
    note_told(transaction, standing.row.id, last);
    note_sent(transaction, standing.row.id, context_.queue.time());
    const std::optional<SubscriptionRow> row = find_subscription(transaction, standing.row.id);
    if (row && row->told < row->events) add_job(transaction, row->id, subscription_task::kDeliver, "events");
  });
}

void Subscriptions::heartbeat_done(const storage::Job& job, const Standing& standing, bool sent) {
  context_.database.write([&](storage::Transaction& transaction) {
    context_.queue.finish(transaction, job);
    const Instant from = sent ? context_.queue.time() : standing.row.last_sent;
    if (sent) note_sent(transaction, standing.row.id, from);
    add_job(transaction, standing.row.id, subscription_task::kHeartbeat, "heartbeat",
            std::max(until(from + standing.asked.heartbeat), std::chrono::seconds(1)));
  });
}

void Subscriptions::stop(const storage::Job& job, const std::string& id, const std::string& status,
                         const std::string& reason) {
  record_.write(trust::Principal::system(), [&](Writer& writer) {
    context_.queue.finish(writer.transaction(), job);
    if (const auto row = find_subscription(writer.transaction(), id); row && row->status != "off")
      set_status(writer, id, status, reason);
  });
  log_warning("subscription-stopped", {{"subscription", id}, {"status", status}, {"reason", reason}});
}

void Subscriptions::give_up(const storage::Job& job, const std::string& id, const std::string& reason) {
  record_.write(trust::Principal::system(), [&](Writer& writer) {
    const auto row = find_subscription(writer.transaction(), id);
    if (!row || row->status == "off") return context_.queue.finish(writer.transaction(), job);
    storage::Job parked = job;
    parked.payload["task"] = subscription_task::kResume;
    context_.queue.discard_series(writer.transaction(), kSubscriptionQueue, id);
    context_.queue.park(writer.transaction(), parked, reason);
    set_status(writer, id, "error", reason);
  });
}

void Subscriptions::set_status(Writer& writer, const std::string& id, const std::string& status,
                               const std::string& reason) {
  set_subscription_status(writer.transaction(), id, status);
  Json resource = Json::parse(writer.read(std::string(kType), id).body);
  resource["status"] = status;
  if (reason.empty())
    resource.erase("error");
  else
    resource["error"] = reason;
  writer.update(resource);
}

}  // namespace meridian::record
