// Work that must be done once, whatever happens: entries are written in the same transaction as the facts
// they follow from, and removed in the same transaction as the results they lead to.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "storage/database.h"

namespace meridian::storage {

struct Job {
  std::int64_t number = 0;
  std::string topic;  // "assistant.run", "message.send"
  std::string key;    // at most one waiting job a topic and key; empty: any number
  Json payload;
  int attempt = 1;  // counts from 1
  std::string last_error;
  Instant due;
  std::int64_t lease = 0;  // the taking that this is; the queue's own
};

class Queue {
 public:
  static std::span<const Migration> migrations();
  // clock: tests put another in its place.
  explicit Queue(Database& database, std::function<Instant()> clock = now);
  Instant time() const { return clock_(); }

  // Within the caller's transaction. A second job of the same topic and key, still waiting, is not added.
  void add(Transaction& transaction, const std::string& topic, const Json& payload,
           const std::string& key = {}, std::chrono::seconds delay = {});
  // The same; of the jobs of a topic and series one at a time is in work, on whichever node.
  void add_in_series(Transaction& transaction, const std::string& series, const std::string& topic,
                     const Json& payload, const std::string& key = {}, std::chrono::seconds delay = {});
  // Takes the oldest due job of the topic for so long; when the taker dies, it is due again after that, or at
  // once where the taker's process is seen to be dead. A job whose takers died five times is parked.
  std::optional<Job> take(const std::string& topic, std::chrono::seconds lease = std::chrono::minutes(5));
  // Takes the waiting job of the topic and key, whether it is due or not.
  std::optional<Job> take_waiting(const std::string& topic, const std::string& key,
                                  std::chrono::seconds lease = std::chrono::minutes(5));
  // Waits until a job may be due, at most so long; false when stop() was called.
  bool wait(std::chrono::milliseconds at_most);
  void stop();

  // Removes the job, in the transaction that writes its result. Throws conflict when the job is no longer
  // this taker's (its lease ran out and another has it): the result must then not be written.
  void finish(Transaction& transaction, const Job& job);
  // Due again after a back-off (5 s, doubled each time, at most 1 h), or parked after max_attempts. Does
  // nothing when the job is no longer this taker's. A job of the same topic and key that waits already takes
  // its place.
  void fail(const Job& job, const std::string& reason, int max_attempts = 12);
  // Parked at once, with the payload that it has now, by whoever has taken it. Throws conflict as finish
  // does.
  void park(Transaction& transaction, const Job& job, const std::string& reason);
  // What a person must look at, newest first; and put back to work, or removed: throws not_found.
  std::vector<Job> parked() const;
  Job retry(Transaction& transaction, std::int64_t number);
  Job discard(Transaction& transaction, std::int64_t number);
  // Removes the parked jobs of a series: what they were to do is done, or no longer wanted.
  void discard_series(Transaction& transaction, const std::string& topic, const std::string& series);
  // Jobs neither parked nor in work.
  std::int64_t waiting(const std::string& topic) const;

 private:
  struct State;
  Database& database_;
  const std::function<Instant()> clock_;
  std::shared_ptr<State> state_;
};

}  // namespace meridian::storage
