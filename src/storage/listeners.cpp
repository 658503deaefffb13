#include "storage/listeners.h"

#include "base/encoding.h"
#include "base/id.h"

namespace meridian::storage {

Listeners::Listeners() : id_(to_hex(random_bytes(8))) {}

std::shared_ptr<void> Listeners::add(const std::string& channel, Function function) {
  auto kept = std::make_shared<Function>(std::move(function));
  const std::lock_guard lock(mutex_);
  std::erase_if(functions_, [](const auto& one) { return one.second.expired(); });
  functions_.emplace(channel, kept);
  return kept;
}

void Listeners::call(const std::vector<std::shared_ptr<Function>>& functions, std::string_view text) {
  for (const auto& function : functions) (*function)(text);
}

void Listeners::tell(std::string_view channel, std::string_view text) {
  std::vector<std::shared_ptr<Function>> waiting;
  {
    const std::lock_guard lock(mutex_);
    const auto [first, last] = functions_.equal_range(channel);
    for (auto at = first; at != last; ++at)
      if (auto function = at->second.lock()) waiting.push_back(std::move(function));
  }
  call(waiting, text);
}

void Listeners::tell_all() {
  std::vector<std::shared_ptr<Function>> waiting;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [channel, kept] : functions_)
      if (auto function = kept.lock()) waiting.push_back(std::move(function));
  }
  call(waiting, {});
}

}  // namespace meridian::storage
