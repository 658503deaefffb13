#include "care/events.h"

#include <algorithm>
#include <mutex>

namespace meridian::care {

struct Events::Subscription::Listener {
  std::mutex mutex;  // held while the callback runs, so that the end of a subscription waits for it
  std::string organization;
  bool sees_all = false;
  std::function<void(const Event&)> callback;

  bool concerns(const Event& event) const {
    return sees_all || std::find(event.organizations.begin(), event.organizations.end(), organization) !=
                           event.organizations.end();
  }
};

struct Events::State {
  std::mutex mutex;
  std::vector<std::weak_ptr<Subscription::Listener>> listeners;
};

Events::Subscription::Subscription(std::shared_ptr<Listener> listener) : listener_(std::move(listener)) {}

Events::Subscription::~Subscription() {
  const std::lock_guard lock(listener_->mutex);
  listener_->callback = nullptr;
}

Events::Events() : state_(std::make_shared<State>()) {}

Events::~Events() = default;

std::unique_ptr<Events::Subscription> Events::subscribe(const trust::Principal& principal,
                                                        std::function<void(const Event&)> callback) {
  auto listener = std::make_shared<Subscription::Listener>();
  listener->organization = principal.organization;
  listener->sees_all = principal.role == trust::Role::system;
  listener->callback = std::move(callback);
  const std::lock_guard lock(state_->mutex);
  std::erase_if(state_->listeners, [](const auto& known) { return known.expired(); });
  state_->listeners.push_back(listener);
  return std::unique_ptr<Subscription>(new Subscription(std::move(listener)));
}

void Events::publish(const Event& event) {
  std::vector<std::shared_ptr<Subscription::Listener>> listeners;
  {
    const std::lock_guard lock(state_->mutex);
    for (const auto& known : state_->listeners)
      if (auto listener = known.lock()) listeners.push_back(std::move(listener));
  }
  for (const auto& listener : listeners) {
    const std::lock_guard lock(listener->mutex);
    if (listener->callback && listener->concerns(event)) listener->callback(event);
  }
}

}  // namespace meridian::care
