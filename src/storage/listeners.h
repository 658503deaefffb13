// Who listens to what writes tell (Database::listen).
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::storage {

class Listeners {
 public:
  Listeners();
  // Of this object, unlike all others anywhere.
  const std::string& id() const { return id_; }

  using Function = std::function<void(std::string_view)>;

  // Called until the result is let go; one call may still be on its way then.
  std::shared_ptr<void> add(const std::string& channel, Function function);
  void tell(std::string_view channel, std::string_view text);
  // All of all channels, with an empty text.
  void tell_all();

 private:
  using Kept = std::multimap<std::string, std::weak_ptr<Function>, std::less<>>;
  static void call(const std::vector<std::shared_ptr<Function>>& functions, std::string_view text);

  const std::string id_;
  std::mutex mutex_;
  Kept functions_;
};

}  // namespace meridian::storage
