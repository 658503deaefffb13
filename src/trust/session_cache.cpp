#include "trust/session_cache.h"

#include <algorithm>

namespace meridian::trust {
namespace {

constexpr std::size_t kMostSessions = 10'000;

}  // namespace

std::optional<LiveSession> SessionCache::find(const std::string& hash) const {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(hash);
  if (found == sessions_.end()) return std::nullopt;
  return found->second;
}

void SessionCache::put(const std::string& hash, LiveSession session) {
  const std::lock_guard lock(mutex_);
  if (sessions_.size() >= kMostSessions) make_room();
  sessions_[hash] = std::move(session);
}

void SessionCache::touch(const std::string& hash, Instant seen) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(hash);
  if (found != sessions_.end()) found->second.last_seen = std::max(found->second.last_seen, seen);
}

void SessionCache::remove(const std::string& hash) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(hash);
}

void SessionCache::remove_account(const std::string& account) {
  const std::lock_guard lock(mutex_);
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.account == account; });
}

// The database still has them all: what is forgotten here costs one query.
void SessionCache::make_room() {
  const auto oldest = std::min_element(sessions_.begin(), sessions_.end(), [](const auto& a, const auto& b) {
    return a.second.last_seen < b.second.last_seen;
  });
  const Instant limit = oldest->second.last_seen + (now() - oldest->second.last_seen) / 2;
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.last_seen <= limit; });
}

}  // namespace meridian::trust
