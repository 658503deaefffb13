#include "doors/http/subscription_socket.h"

#include <atomic>

#include "base/error.h"
#include "doors/http/outcome.h"
#include "doors/http/text.h"
#include "record/xml/xml.h"

namespace meridian::doors::http {
namespace {

constexpr std::string_view kBind = "bind ", kBindWithToken = "bind-with-token:";
constexpr std::size_t kMostBound = 100;
constexpr std::int64_t kMostAtOnce = 100;

using record::Standing;
using record::Subscription;

std::string written(const Standing& standing, const Json& bundle) {
  return standing.asked.xml ? record::write_xml(bundle) : bundle.dump();
}

}  // namespace

SubscriptionSocket::SubscriptionSocket(record::Record& record, trust::Identity& identity,
                                       std::optional<trust::Principal> principal,
                                       std::weak_ptr<WebSocket> socket)
    : record_(record), identity_(identity), principal_(std::move(principal)), socket_(std::move(socket)) {}

void SubscriptionSocket::hear(const std::string& text) {
  try {
    const std::string_view said = trimmed(text);
    if (said.starts_with(kBindWithToken))
      bind_by_token(std::string(trimmed(said.substr(kBindWithToken.size()))));
    else if (said.starts_with(kBind))
      bind(std::string(trimmed(said.substr(kBind.size()))), false);
    else
      throw Error(ErrorCode::invalid_request, "Say \"bind ID\" or \"bind-with-token: TOKEN\"");
  } catch (const Error& error) {
    say(outcome_of(error).dump());
    if (const auto socket = socket_.lock()) socket->close();
  }
}

void SubscriptionSocket::bind_by_token(const std::string& token) {
  for (const std::string& id : record_.subscriptions().of_token(token)) bind(id, true);
}

void SubscriptionSocket::bind(const std::string& id, bool by_token) {
  if (!by_token && !principal_)
    throw Error(ErrorCode::unauthenticated, "Nobody is signed in", {},
                "Send the header Authorization when you connect, or bind with a token");
  if (!by_token) record_.read(*principal_, "Subscription", id);  // throws not_found
  const std::optional<Standing> standing = record_.subscriptions().standing(id);
  if (!standing) throw Error(ErrorCode::not_found, "There is no Subscription/" + id.substr(0, 64));
  if (standing->asked.channel != Subscription::Channel::websocket)
    throw Error(ErrorCode::invalid_request, "Subscription/" + id + " does not notify by websocket");
  {
    const std::lock_guard lock(mutex_);
    if (bound_.size() >= kMostBound)
      throw Error(ErrorCode::too_large, "Too many subscriptions on one connection");
    const Bound bound{standing->row.events,
                      standing->asked.on_topic() ? standing->asked.heartbeat : std::chrono::seconds(0),
                      record_.subscriptions().time()};
    if (!bound_.emplace(id, bound).second) return;
  }
  if (standing->asked.on_topic())
    say(empty_bundle(*standing, "handshake"));
  else
    say("bound " + id);
  listen(id);
}

void SubscriptionSocket::listen(const std::string& id) {
  const auto socket = socket_.lock();
  if (!socket) return;
  socket->on_tick([self = weak_from_this()] {
    if (const auto there = self.lock()) there->beat();
  });
  const auto waiting = std::make_shared<std::atomic<bool>>(false);
  socket->keep(record_.subscriptions().listen(id, [self = weak_from_this(), socket = socket_, id, waiting] {
    const auto alive = socket.lock();
    if (!alive || waiting->exchange(true)) return;  // one task tells all that has come
    alive->later([self, id, waiting] {
      waiting->store(false);
      if (const auto there = self.lock()) there->tell(id);
    });
  }));
  tell(id);  // what came meanwhile
}

void SubscriptionSocket::tell(const std::string& id) {
  const std::lock_guard lock(mutex_);  // events go in their order
  const std::optional<Standing> standing = record_.subscriptions().standing(id);
  if (!standing || standing->row.status != "active") return;
  const auto subscriber = standing->row.subscriber.role == trust::Role::system
                              ? std::optional(standing->row.subscriber)
                              : identity_.principal(standing->row.subscriber.user);
  if (!subscriber) return;
  Bound& bound = bound_[id];
  std::int64_t& told = bound.told;
  while (told < standing->row.events) {
    const record::News news = record_.subscriptions().news(
        *standing, *subscriber, told, standing->asked.on_topic() ? standing->asked.most_events : kMostAtOnce);
    if (news.last == told) return;
    told = news.last;
    if (news.events.empty()) continue;
    if (standing->asked.on_topic())
      say(written(*standing, record::notification_bundle(standing->row, standing->asked, "event-notification",
                                                         standing->asked.content, news.events,
                                                         record_.options().base_url)));
    else
      say("ping " + id);
    bound.said = record_.subscriptions().time();
  }
}

void SubscriptionSocket::beat() {
  const std::lock_guard lock(mutex_);
  const Instant now = record_.subscriptions().time();
  for (auto& [id, bound] : bound_) {
    if (bound.heartbeat.count() == 0 || now < bound.said + bound.heartbeat) continue;
    bound.said = now;
    const std::optional<Standing> standing = record_.subscriptions().standing(id);
    if (standing && standing->row.status == "active") say(empty_bundle(*standing, "heartbeat"));
  }
}

std::string SubscriptionSocket::empty_bundle(const Standing& standing, std::string_view kind) const {
  return written(standing,
                 record::notification_bundle(standing.row, standing.asked, kind, Subscription::Content::empty,
                                             {}, record_.options().base_url));
}

void SubscriptionSocket::say(std::string text) const {
  if (const auto socket = socket_.lock()) socket->send(std::move(text));
}

}  // namespace meridian::doors::http
