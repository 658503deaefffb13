#include "network/subscription_delivery.h"

#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "record/xml/xml.h"

namespace meridian::network {
namespace {

using record::Standing;
using record::Subscription;
namespace task = record::subscription_task;

// The queue's back-off comes to an hour after ten tries, and 26 hours more follow.
constexpr int kTries = 36;
constexpr std::chrono::seconds kLease{300};  // longer than any notification takes

// Trying again would give the same.
bool is_final(ErrorCode code) {
  return code == ErrorCode::forbidden || code == ErrorCode::invalid_value;
}

std::string media_type(const Subscription& asked) {
  return asked.xml ? "application/fhir+xml" : "application/fhir+json";
}

std::string written(const Subscription& asked, const std::string& json) {
  return asked.xml ? record::write_xml(Json::parse(json)) : json;
}

}  // namespace

SubscriptionDelivery::SubscriptionDelivery(record::Record& record, storage::Queue& queue,
                                           const HttpClient& client, DeliveryOptions options)
    : record_(record),
      subscriptions_(record.subscriptions()),
      queue_(queue),
      client_(client),
      options_(std::move(options)) {}

SubscriptionDelivery::~SubscriptionDelivery() {
  stop();
}

void SubscriptionDelivery::start() {
  stopping_ = false;
  for (int i = 0; i < options_.workers; ++i) workers_.emplace_back([this] { work(); });
}

void SubscriptionDelivery::stop() {
  stopping_ = true;
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

void SubscriptionDelivery::work() {
  constexpr std::chrono::milliseconds kLookAgain{200};  // also how soon stop() is noticed
  while (!stopping_) {
    try {
      if (!run_one()) queue_.wait(kLookAgain);
    } catch (const std::exception& error) {
      log_error("notification-lost", {{"reason", error.what()}});  // the job stays, and its lease runs out
      queue_.wait(kLookAgain);
    }
  }
}

bool SubscriptionDelivery::run_one() {
  const std::optional<storage::Job> job = queue_.take(record::kSubscriptionQueue, kLease);
  if (job) run(*job);
  return job.has_value();
}

void SubscriptionDelivery::run(const storage::Job& job) {
  const std::string id = job.payload.text("subscription");
  try {
    run_in_turn(job, id);
  } catch (const Error& error) {
    fail(job, id, is_final(error.code()), error.describe());
  } catch (const std::exception& error) {  // a library's
    fail(job, id, false, error.what());
  }
}

void SubscriptionDelivery::fail(const storage::Job& job, const std::string& id, bool is_final,
                                const std::string& reason) {
  count("meridian_notifications_failed_total");
  if (is_final) return subscriptions_.stop(job, id, "error", reason);
  if (job.attempt >= kTries) return subscriptions_.give_up(job, id, reason);
  log_warning("notification-failed", {{"subscription", id}, {"attempt", job.attempt}, {"reason", reason}});
  queue_.fail(job, reason, kTries);
}

void SubscriptionDelivery::run_in_turn(const storage::Job& job, const std::string& id) {
  const std::string what = job.payload.text("task");
  if (what == task::kFail) return subscriptions_.stop(job, id, "error", job.payload.text("reason"));
  const std::optional<Standing> standing = subscriptions_.standing(id);
  const bool resumes = what == task::kResume && standing && standing->row.status == "error";
  if (!standing || standing->row.status == "off" || (standing->row.status == "error" && !resumes))
    return subscriptions_.drop(job);
  if (what == task::kEnd) {
    const bool ended = standing->asked.end && *standing->asked.end <= queue_.time();
    return ended ? subscriptions_.stop(job, id, "off", {}) : subscriptions_.drop(job);
  }
  const auto subscriber = options_.account(standing->row.subscriber);
  if (!subscriber) throw Error(ErrorCode::forbidden, "The account that subscribed is no longer active");
  const bool requested = standing->row.status == "requested" || resumes;
  if (what == task::kHeartbeat) return requested ? subscriptions_.drop(job) : beat(job, *standing);
  if (!requested) return deliver(job, *standing, *subscriber);
  introduce(*standing);
  subscriptions_.activate(job, *standing);
}

// R4 knows no handshake: only that the address may be called is looked at.
void SubscriptionDelivery::introduce(const Standing& standing) const {
  if (standing.asked.channel == Subscription::Channel::websocket) return;
  if (!standing.asked.on_topic())
    return client_.check(parse_url(standing.asked.endpoint), standing.asked.timeout);
  send_bundle(standing,
              record::notification_bundle(standing.row, standing.asked, "handshake",
                                          Subscription::Content::empty, {}, record_.options().base_url));
}

void SubscriptionDelivery::deliver(const storage::Job& job, const Standing& standing,
                                   const trust::Principal& subscriber) {
  const record::News news =
      subscriptions_.news(standing, subscriber, standing.row.told, standing.asked.most_events);
  if (!news.events.empty() && standing.asked.on_topic())
    send_bundle(standing,
                record::notification_bundle(standing.row, standing.asked, "event-notification",
                                            standing.asked.content, news.events, record_.options().base_url));
  else
    for (const record::ToldEvent& told : news.events) send_event(standing, told);
  subscriptions_.told(job, standing, news.last);
  count("meridian_notifications_sent_total", {}, static_cast<double>(news.events.size()));
}

// A heartbeat that does not arrive is not sent again: the next one comes.
void SubscriptionDelivery::beat(const storage::Job& job, const Standing& standing) {
  const bool due = queue_.time() >= standing.row.last_sent + standing.asked.heartbeat;
  try {
    if (due)
      send_bundle(standing,
                  record::notification_bundle(standing.row, standing.asked, "heartbeat",
                                              Subscription::Content::empty, {}, record_.options().base_url));
  } catch (const Error& error) {
    log_warning("heartbeat-failed", {{"subscription", standing.row.id}, {"reason", error.describe()}});
  }
  subscriptions_.heartbeat_done(job, standing, due);
}

void SubscriptionDelivery::send_bundle(const Standing& standing, const Json& bundle) const {
  HttpCall call;
  call.url = parse_url(standing.asked.endpoint);
  call.media_type = media_type(standing.asked);
  call.body = written(standing.asked, bundle.dump());
  send(standing, std::move(call));
}

// FHIR R4, SubscriptionChannelType: without a payload the address is posted to; with one it is the base of a
// FHIR server, which is sent an update.
void SubscriptionDelivery::send_event(const Standing& standing, const record::ToldEvent& told) const {
  HttpCall call;
  call.url = parse_url(standing.asked.endpoint);
  if (standing.asked.content == Subscription::Content::full_resource && told.version) {
    call.method = "PUT";
    call.url = call.url.below(told.version->reference());
    call.media_type = media_type(standing.asked);
    call.body = written(standing.asked, told.version->body);
  }
  send(standing, std::move(call));
}

void SubscriptionDelivery::send(const Standing& standing, HttpCall call) const {
  call.headers = standing.asked.headers;
  call.deadline = standing.asked.timeout;
  const HttpReply reply = client_.call(call);
  if (reply.status < 200 || reply.status > 299)
    throw Error(ErrorCode::unavailable, call.url.authority() + " answered " + std::to_string(reply.status));
}

}  // namespace meridian::network
