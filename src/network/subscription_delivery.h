// Tells the subscribers of rest-hooks what the record has for them (record/subscriptions). Each notification
// is a job of the durable queue until the subscriber has answered with success; failures are tried again with
// back-off for more than a day, then the Subscription is `error` and says why, and the job is parked.
#pragma once
#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "network/http_client.h"
#include "record/record.h"
#include "record/store/kept_principal.h"
#include "record/subscriptions/subscriptions.h"
#include "storage/queue.h"

namespace meridian::network {

struct DeliveryOptions {
  int workers = 4;
  record::AccountNow account;
};

class SubscriptionDelivery {
 public:
  SubscriptionDelivery(record::Record& record, storage::Queue& queue, const HttpClient& client,
                       DeliveryOptions options);
  ~SubscriptionDelivery();  // stops
  void start();
  // Returns when the notifications under way have ended.
  void stop();
  // Does the next job that is due, in this thread; false when there is none.
  bool run_one();

 private:
  void work();
  void run(const storage::Job& job);
  // Tries again later, or, where that would give the same, ends.
  void fail(const storage::Job& job, const std::string& id, bool is_final, const std::string& reason);
  void run_in_turn(const storage::Job& job, const std::string& id);
  void deliver(const storage::Job& job, const record::Standing& standing, const trust::Principal& subscriber);
  void introduce(const record::Standing& standing) const;
  void beat(const storage::Job& job, const record::Standing& standing);
  void send_bundle(const record::Standing& standing, const Json& bundle) const;
  void send_event(const record::Standing& standing, const record::ToldEvent& told) const;
  void send(const record::Standing& standing, HttpCall call) const;

  record::Record& record_;
  record::Subscriptions& subscriptions_;
  storage::Queue& queue_;
  const HttpClient& client_;
  const DeliveryOptions options_;
  std::vector<std::thread> workers_;
  std::atomic<bool> stopping_{false};
};

}  // namespace meridian::network
