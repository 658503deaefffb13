// FHIR's Subscriptions: what is written is held against their criteria in its own transaction, and what met
// them is kept there as events. Who delivers (network/subscription_delivery.h,
// doors/http/subscription_socket.h) asks here for what is to be told, and says how it went.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "record/record.h"
#include "record/store/resource_writer.h"
#include "record/subscriptions/notification.h"
#include "record/subscriptions/subscription.h"
#include "record/subscriptions/subscription_table.h"

namespace meridian::record {

// The queue's topic. Payload: {"subscription": its id, "task": one of these, "reason": why it fails}.
inline constexpr const char* kSubscriptionQueue = "subscription";
namespace subscription_task {
inline constexpr const char* kDeliver = "deliver";  // what is due: the handshake, then the events
inline constexpr const char* kHeartbeat = "heartbeat";
inline constexpr const char* kEnd = "end";
inline constexpr const char* kFail = "fail";
inline constexpr const char* kResume = "resume";  // a person wants what was given up to be tried again
}  // namespace subscription_task

// A subscription as it stands.
struct Standing {
  SubscriptionRow row;
  Subscription asked;
};

// What a subscriber is to be told next, and up to which event that goes: what they may not see is left out.
struct News {
  std::vector<ToldEvent> events;
  std::int64_t last = 0;
};

class Subscriptions : public ChangeWatcher {
 public:
  Subscriptions(const WriteContext& context, Record& record);
  ~Subscriptions() override;

  // A client writes requested or off; what else it writes throws invalid_value. Throws also what
  // subscription_of, require_criteria and the rule for endpoints throw, and too_large when the account has
  // too many.
  void changed(storage::Transaction& transaction, const trust::Principal& principal,
               const std::vector<Change>& changes) override;

  // rule: throws for an address to which nothing may be sent. Without one nothing is sent anywhere. To be set
  // before the first write.
  void set_endpoint_rule(std::function<void(const std::string& endpoint)> rule) {
    endpoint_rule_ = std::move(rule);
  }

  // As the queue has it.
  Instant time() const { return context_.queue.time(); }
  // Of a token for a WebSocket: as subscriptions_of_token (subscription_operations.h).
  std::vector<std::string> of_token(const std::string& token) const;
  // Nothing when it was deleted.
  std::optional<Standing> standing(const std::string& id) const;
  // The events after a number that the principal may see now, of at most so many.
  News news(const Standing& standing, const trust::Principal& principal, std::int64_t after,
            std::int64_t most) const;

  // How a job ended; each in one transaction with the job.
  void drop(const storage::Job& job);
  void activate(const storage::Job& job, const Standing& standing);
  void told(const storage::Job& job, const Standing& standing, std::int64_t last);
  // sent: now. The next is due a period after it, or after what else was sent last.
  void heartbeat_done(const storage::Job& job, const Standing& standing, bool sent);
  // status: "error" with the reason in Subscription.error, or "off".
  void stop(const storage::Job& job, const std::string& id, const std::string& status,
            const std::string& reason);

  // The same with "error", where it may succeed later: the job is parked, for a person to try again or
  // discard.
  void give_up(const storage::Job& job, const std::string& id, const std::string& reason);

  // Calls it after each commit that brought events of this subscription, on whichever node, on a thread that
  // writes or one of the database's own; until the result is let go.
  std::shared_ptr<void> listen(const std::string& id, std::function<void()> call);

 private:
  void follow(storage::Transaction& transaction, const trust::Principal& principal, const Change& change);
  void begin(storage::Transaction& transaction, const trust::Principal& principal, const Json& resource);
  void require_endpoint(const std::string& endpoint) const;
  // False when what it asks failed: then it is in error, and the write goes on.
  bool consider(storage::Transaction& transaction, const SubscriptionRow& row, const Change& change);
  void note_event(storage::Transaction& transaction, const SubscriptionRow& row, const Change& change);
  void add_job(storage::Transaction& transaction, const std::string& id, const char* task,
               const std::string& key, std::chrono::seconds delay = {});
  std::chrono::seconds until(Instant moment) const;
  // That the version was handed out to a subscriber.
  void note_disclosure(storage::Connection& connection, const trust::Principal& principal,
                       const std::string& id, const Version& version) const;
  // The resource says the status too.
  void set_status(Writer& writer, const std::string& id, const std::string& status,
                  const std::string& reason);

  const WriteContext& context_;
  Record& record_;
  std::function<void(const std::string&)> endpoint_rule_;
};

}  // namespace meridian::record
