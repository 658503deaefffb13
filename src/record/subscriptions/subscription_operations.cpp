#include "record/subscriptions/subscription_operations.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/keyed_digest.h"
#include "record/operations/input.h"
#include "record/query/search_value.h"
#include "record/store/visibility.h"
#include "record/subscriptions/matching.h"
#include "record/subscriptions/notification.h"
#include "record/subscriptions/subscriptions.h"

namespace meridian::record {
namespace {

constexpr std::chrono::minutes kTokenLives{10};
constexpr std::int64_t kMostEvents = 1000;

// Throws not_found for one that the asker may not see, and for one that was never requested.
Standing require_standing(const OperationContext& context, const std::string& id) {
  const StoredResource stored = require_readable(context.connection, context.principal, "Subscription", id);
  std::optional<SubscriptionRow> row = find_subscription(context.connection, id);
  if (!row) throw Error(ErrorCode::not_found, "Subscription/" + id + " was never requested");
  return {std::move(*row), subscription_of(Json::parse(stored.version.body), context.options.base_url)};
}

std::vector<std::string> listed(const OperationInput& input, std::string_view name) {
  std::vector<std::string> values;
  for (const std::string& list : input.texts(name))
    for (std::string& value : split_unescaped(list, ',')) values.push_back(std::move(value));
  return values;
}

// Of the address, or of a parameter; none when neither names any.
std::vector<std::string> ids_asked_for(const OperationCall& call, const OperationInput& input,
                                       std::string_view name) {
  return call.id.empty() ? listed(input, name) : std::vector{call.id};
}

// All that were requested and that the asker may see.
std::vector<std::string> visible_ids(const OperationContext& context) {
  require_role(context.principal, trust::Act::read, "Subscription");
  std::vector<std::string> ids;
  Sql{"SELECT r.id FROM resource r JOIN subscription s ON s.id = r.id"
      " WHERE r.type = 'Subscription' AND r.deleted = 0 AND ",
      {}}
      .add(visible_to(context.principal))
      .add(" ORDER BY r.id")
      .run(context.connection, [&](const storage::Row& row) { ids.emplace_back(row.text(0)); });
  return ids;
}

Subscription::Content content_asked_for(const OperationInput& input, Subscription::Content most) {
  const std::string content = input.text("content");
  if (content.empty()) return most;
  const std::optional<Subscription::Content> asked = content_named(content);
  if (!asked)
    throw Error(ErrorCode::invalid_value, "The content is empty, id-only or full-resource", "content");
  return std::min(*asked, most);
}

// Two of them are compared by their own digests: how soon they differ then tells nothing.
std::string digest_of(std::string_view key, std::string_view content) {
  return to_hex(hmac_sha256(key, content));
}

}  // namespace

std::string subscription_states(const OperationContext& context, const OperationCall& call) {
  const OperationInput input(call, {"id", "status"});
  const std::vector<std::string> wanted = listed(input, "status");
  Json entries = Json::array();
  std::vector<std::string> ids = ids_asked_for(call, input, "id");
  if (ids.empty()) ids = visible_ids(context);
  for (const std::string& id : ids) {
    const Standing standing = require_standing(context, id);
    if (!wanted.empty() && std::ranges::find(wanted, standing.row.status) == wanted.end()) continue;
    Json status = subscription_status(standing.row, standing.asked, "query-status",
                                      Subscription::Content::empty, {}, context.options.base_url);
    entries.push_back(Json::object({{"fullUrl", "urn:uuid:" + status.text("id")},
                                    {"resource", std::move(status)},
                                    {"search", Json::object({{"mode", "match"}})}}));
  }
  Json bundle = Json::object({{"resourceType", "Bundle"},
                              {"type", "searchset"},
                              {"total", static_cast<std::int64_t>(entries.size())}});
  if (!entries.empty()) bundle["entry"] = std::move(entries);
  return bundle.dump();
}

std::string subscription_events(const OperationContext& context, const OperationCall& call) {
  const OperationInput input(call, {"eventsSinceNumber", "eventsUntilNumber", "content"});
  const Standing standing = require_standing(context, call.id);
  const std::int64_t since = input.whole_number("eventsSinceNumber").value_or(1);
  if (since < 0) throw Error(ErrorCode::invalid_value, "Events are numbered from 1", "eventsSinceNumber");
  const std::int64_t until = input.whole_number("eventsUntilNumber").value_or(standing.row.events);
  std::vector<ToldEvent> told;
  const std::vector<SubscriptionEvent> events =
      events_between(context.connection, standing.row.id, since - 1, until, kMostEvents);
  if (since >= 1 && since <= std::min(until, standing.row.events) &&
      (events.empty() || events.front().number != since))
    throw Error(ErrorCode::gone, "Event " + std::to_string(since) + " is no longer kept",
                "eventsSinceNumber");
  for (const SubscriptionEvent& event : events)
    if (std::optional<ToldEvent> one = shown_event(context.connection, context.principal, event))
      told.push_back(std::move(*one));
  return notification_bundle(standing.row, standing.asked, "query-event",
                             content_asked_for(input, standing.asked.content), told, context.options.base_url)
      .dump();
}

std::string websocket_token(const OperationContext& context, const OperationCall& call) {
  const OperationInput input(call, {"ids"});
  const std::string expires = format_instant(now() + kTokenLives);
  const std::vector<std::string> asked = ids_asked_for(call, input, "ids");
  if (asked.empty()) throw Error(ErrorCode::invalid_request, "No subscription is named", "ids");
  Json ids = Json::array();
  Json::Array outputs;
  for (const std::string& id : asked) {
    const Standing standing = require_standing(context, id);
    if (standing.asked.channel != Subscription::Channel::websocket)
      throw Error(ErrorCode::invalid_request, "Subscription/" + id + " does not notify by websocket", "ids");
    ids.push_back(id);
    outputs.push_back(output("subscription", "valueString", id));
  }
  const std::string content = to_hex(Json::object({{"expires", expires}, {"ids", std::move(ids)}}).dump());
  outputs.insert(outputs.begin(), {output("token", "valueString",
                                          content + "." + digest_of(token_key(context.connection), content)),
                                   output("expiration", "valueDateTime", expires)});
  outputs.push_back(output("websocket-url", "valueUrl", websocket_address(context.options.base_url)));
  return parameters_text(std::move(outputs));
}

std::vector<std::string> subscriptions_of_token(storage::Connection& connection, std::string_view token) {
  const auto dot = token.find('.');
  const std::string_view content = token.substr(0, dot);
  const std::string key = token_key(connection);
  if (dot == std::string_view::npos ||
      digest_of(key, digest_of(key, content)) != digest_of(key, token.substr(dot + 1)))
    throw Error(ErrorCode::unauthenticated, "The token is not one of this node", {},
                "Ask for $get-ws-binding-token");
  const Json said = Json::parse(from_hex(content));
  if (parse_instant(said.text("expires")) < now())
    throw Error(ErrorCode::unauthenticated, "The token has run out", {}, "Ask for $get-ws-binding-token");
  std::vector<std::string> ids;
  for (const Json& id : said.get("ids").items()) ids.push_back(id.as_string());
  return ids;
}

std::string websocket_address(std::string_view base_url) {
  return "ws" + std::string(base_url.substr(4)) + "/websocket";
}

}  // namespace meridian::record
