// What has changed, told to those who look at it right now: each event means "ask again". Lives in the
// process; who was not listening asks for everything anyway.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "trust/principal.h"

namespace meridian::care {

struct Event {
  std::string name;                        // "worklist", "case", "message"
  std::string data;                        // the case's id, or empty
  std::vector<std::string> organizations;  // "Organization/…" that it concerns
};

class Events {
 public:
  // Ends when destroyed. After that the callback is not called any more.
  class Subscription {
   public:
    ~Subscription();

   private:
    friend class Events;
    struct Listener;
    explicit Subscription(std::shared_ptr<Listener> listener);
    std::shared_ptr<Listener> listener_;
  };

  Events();
  ~Events();
  // The callback is called on the thread that published and must not block or publish; only for events of the
  // principal's organization (the system: all).
  std::unique_ptr<Subscription> subscribe(const trust::Principal& principal,
                                          std::function<void(const Event&)> callback);
  void publish(const Event& event);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace meridian::care
