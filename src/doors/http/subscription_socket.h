// What is said over a WebSocket about subscriptions. FHIR R4 (subscription.html, 3.1.5.1.2): the client says
// "bind ID" and hears "bound ID", then "ping ID" for each change. The R5 backport: it says
// "bind-with-token: TOKEN" and gets a handshake, then the notifications and heartbeats as Bundles.
#pragma once
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "doors/http/web_socket.h"
#include "record/record.h"
#include "record/subscriptions/subscriptions.h"
#include "trust/identity.h"

namespace meridian::doors::http {

class SubscriptionSocket : public std::enable_shared_from_this<SubscriptionSocket> {
 public:
  // principal: who signed in; nothing: only tokens are taken.
  SubscriptionSocket(record::Record& record, trust::Identity& identity,
                     std::optional<trust::Principal> principal, std::weak_ptr<WebSocket> socket);

  // What the client says. A refusal is an OperationOutcome, and the end.
  void hear(const std::string& text);

 private:
  void bind(const std::string& id, bool by_token);
  void bind_by_token(const std::string& token);
  void listen(const std::string& id);
  // Sends what is new.
  void tell(const std::string& id);
  // Sends the heartbeats that are due.
  void beat();
  std::string empty_bundle(const record::Standing& standing, std::string_view kind) const;
  void say(std::string text) const;

  struct Bound {
    std::int64_t told = 0;              // up to which event
    std::chrono::seconds heartbeat{0};  // 0: none
    Instant said{};                     // when something was sent last
  };

  record::Record& record_;
  trust::Identity& identity_;
  const std::optional<trust::Principal> principal_;
  const std::weak_ptr<WebSocket> socket_;
  std::mutex mutex_;
  std::map<std::string, Bound> bound_;  // by subscription
};

}  // namespace meridian::doors::http
