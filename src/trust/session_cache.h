// Sessions looked at lately, so that a request need not ask the database who is behind it.
#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/time.h"
#include "trust/principal.h"

namespace meridian::trust {

struct LiveSession {
  std::string account;
  Principal principal;
  Instant started{}, last_seen{};
  Instant stored_seen{};  // last_seen as the database has it
  Instant checked{};      // when the database was asked last: another node may have ended the session
};

// By the hash of the token. Safe from any thread.
class SessionCache {
 public:
  std::optional<LiveSession> find(const std::string& hash) const;
  void put(const std::string& hash, LiveSession session);
  void touch(const std::string& hash, Instant seen);
  void remove(const std::string& hash);
  void remove_account(const std::string& account);

 private:
  void make_room();

  mutable std::mutex mutex_;
  std::unordered_map<std::string, LiveSession> sessions_;
};

}  // namespace meridian::trust
