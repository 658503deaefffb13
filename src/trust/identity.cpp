#include "trust/identity.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/id.h"
#include "base/text.h"
#include "trust/access.h"
#include "trust/account_store.h"
#include "trust/password.h"
#include "trust/session_cache.h"

namespace meridian::trust {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kLongestUsername = 100;
// A session's last use is written down no more often than this, and so is exact to it after a restart.
constexpr auto kStoreSeenEvery = std::chrono::minutes(1);
constexpr auto kAskAgainEvery = std::chrono::seconds(10);

std::string hash_of(const std::string& token) {
  return to_hex(sha256(token));
}
std::string csrf_of(const std::string& token) {
  return to_base64url(sha256("csrf:" + token));
}

[[noreturn]] void wrong_password() {
  throw Error(ErrorCode::unauthenticated, "The username or the password is wrong", {}, "Type both again");
}

[[noreturn]] void no_session() {
  throw Error(ErrorCode::unauthenticated, "Nobody is signed in, or the session has ended", {}, "Sign in");
}

void check_username(const std::string& username) {
  if (username.empty() || username.size() > kLongestUsername)
    throw Error(ErrorCode::invalid_value, "A username has 1 to 100 bytes", "username");
}

void require_administrator(const Principal& by) {
  if (!role_may(by.role, Act::administer, {}))
    throw Error(ErrorCode::forbidden, "Only an administrator may change accounts", {},
                "Ask an administrator");
}

LedgerEntry entry(std::string action, std::string kind, std::string entity, bool success = true) {
  LedgerEntry entry;
  entry.action = std::move(action);
  entry.kind = std::move(kind);
  entry.entity = std::move(entity);
  entry.success = success;
  return entry;
}

}  // namespace

struct Identity::State {
  State(storage::Database& database, Ledger& ledger, const IdentityOptions& options)
      : database(database),
        ledger(ledger),
        options(options),
        cost{options.argon2_memory_kib, options.argon2_iterations},
        hash_of_nobody(hash_password("nobody has this password", cost)) {}

  // Counts the attempt as wrong before the password is looked at, so that many at once cannot pass the limit.
  // Gives the account, if there is one; throws locked_out.
  std::optional<StoredAccount> begin_attempt(const std::string& username) {
    bool locked = false;
    std::optional<StoredAccount> found = database.write([&](storage::Transaction& transaction) {
      const Instant time = options.clock();
      forget_attempts(transaction, time - options.lockout);
      Attempts attempts = attempts_for(transaction, username);
      std::optional<StoredAccount> account = account_by_username(transaction, username);
      locked = attempts.count >= options.attempts;
      if (locked) {
        record_failure(transaction, account, "locked-out");
      } else {
        set_attempts(transaction, username, {attempts.count + 1, time});
      }
      return account;
    });
    if (locked)
      throw Error(
          ErrorCode::locked_out, "Too many wrong passwords: the account is locked", {},
          "Try again in " + std::to_string(options.lockout.count()) + " minutes, or ask an administrator");
    return found;
  }

  // An unknown username is not written down: people type passwords there.
  void record_failure(storage::Transaction& transaction, const std::optional<StoredAccount>& found,
                      const std::string& reason) {
    LedgerEntry failed = entry("E", "session.sign-in", found ? found->account.id : "unknown", false);
    failed.detail["reason"] = reason;
    ledger.append(transaction, found ? principal_of(found->account) : Principal(), std::move(failed));
  }

  Session open_session(const std::string& username, const Account& account) {
    const Instant time = options.clock();
    const std::string token = to_base64url(random_bytes(kTokenBytes));
    LiveSession live{account.id, principal_of(account), time, time, time, time};
    database.write([&](storage::Transaction& transaction) {
      set_attempts(transaction, username, {});
      transaction.execute("DELETE FROM session WHERE last_seen < ?",
                          {(time - options.longest).time_since_epoch().count()});
      insert_session(transaction, hash_of(token), live);
      ledger.append(transaction, live.principal, entry("E", "session.sign-in", account.id));
    });
    cache.put(hash_of(token), live);
    return session_of(token, live);
  }

  Session session_of(const std::string& token, const LiveSession& live) const {
    const Instant ends = live.started + options.longest;
    return {token,
            csrf_of(token),
            live.principal,
            std::min(live.last_seen + options.idle, ends),
            live.started,
            live.last_seen,
            ends};
  }

  bool expired(const LiveSession& live, Instant time) const {
    return time >= live.last_seen + options.idle || time >= live.started + options.longest;
  }

  LiveSession load(const std::string& hash, Instant time, const std::optional<LiveSession>& known) {
    std::optional<LiveSession> live =
        database.read([&](storage::Connection& connection) { return stored_session(connection, hash); });
    if (!live) {
      cache.remove(hash);
      no_session();
    }
    if (known) live->last_seen = std::max(live->last_seen, known->last_seen);
    live->checked = time;
    return *live;
  }

  void remember(const std::string& hash, LiveSession live) {
    if (live.last_seen - live.stored_seen >= kStoreSeenEvery) {
      database.write([&](storage::Transaction& transaction) {
        transaction.execute("UPDATE session SET last_seen = ? WHERE hash = ? AND last_seen < ?",
                            {live.last_seen.time_since_epoch().count(), std::string_view(hash),
                             live.last_seen.time_since_epoch().count()});
      });
      live.stored_seen = live.last_seen;
    }
    cache.put(hash, std::move(live));
  }

  void end(const std::string& hash) {
    cache.remove(hash);
    database.write([&](storage::Transaction& transaction) {
      const std::optional<LiveSession> live = stored_session(transaction, hash);
      transaction.execute("DELETE FROM session WHERE hash = ?", {std::string_view(hash)});
      if (live) ledger.append(transaction, live->principal, entry("E", "session.sign-out", live->account));
    });
  }

  // Runs the statement on the account, ends its sessions and writes the ledger.
  void change(const Principal& by, const std::string& account, const std::string& kind,
              const std::function<void(storage::Transaction&)>& statement) {
    database.write([&](storage::Transaction& transaction) {
      if (!account_by_id(transaction, account))
        throw Error(ErrorCode::not_found, "There is no such account", account);
      statement(transaction);
      transaction.execute("DELETE FROM session WHERE account = ?", {std::string_view(account)});
      ledger.append(transaction, by, entry("U", kind, account));
    });
    cache.remove_account(account);
  }

  storage::Database& database;
  Ledger& ledger;
  const IdentityOptions options;
  const PasswordCost cost;
  const std::string hash_of_nobody;  // compared with when there is no such account, so that it takes as long
  SessionCache cache;
};

std::span<const storage::Migration> Identity::migrations() {
  return account_migrations();
}

Identity::Identity(storage::Database& database, Ledger& ledger, const IdentityOptions& options)
    : state_(std::make_shared<State>(database, ledger, options)) {}

Account Identity::add(const Principal& by, Account account, const std::string& password) {
  require_administrator(by);
  account.username = lower_case(account.username);
  check_username(account.username);
  check_password(password);
  if (account.id.empty()) account.id = new_id();
  const StoredAccount stored{account, hash_password(password, state_->cost)};
  state_->database.write([&](storage::Transaction& transaction) {
    if (account_by_username(transaction, account.username))
      throw Error(ErrorCode::conflict, "The username \"" + account.username + "\" is taken", "username",
                  "Choose another");
    insert_account(transaction, stored);
    state_->ledger.append(transaction, by, entry("C", "account.add", account.id));
  });
  return account;
}

void Identity::set_password(const Principal& by, const std::string& account, const std::string& password) {
  if (by.user != account) require_administrator(by);
  check_password(password);
  const std::string hash = hash_password(password, state_->cost);
  state_->change(by, account, "account.password", [&](storage::Transaction& transaction) {
    transaction.execute("UPDATE account SET password = ? WHERE id = ?",
                        {std::string_view(hash), std::string_view(account)});
  });
}

void Identity::set_active(const Principal& by, const std::string& account, bool active) {
  require_administrator(by);
  state_->change(by, account, active ? "account.activate" : "account.deactivate",
                 [&](storage::Transaction& transaction) {
                   transaction.execute("UPDATE account SET active = ? WHERE id = ?",
                                       {std::int64_t(active), std::string_view(account)});
                 });
}

std::vector<Account> Identity::accounts() const {
  return state_->database.read([](storage::Connection& connection) { return all_accounts(connection); });
}

Account Identity::account(const std::string& id) const {
  const std::optional<Account> found =
      state_->database.read([&](storage::Connection& connection) { return account_by_id(connection, id); });
  if (!found) throw Error(ErrorCode::not_found, "There is no such account", id);
  return *found;
}

std::optional<Principal> Identity::principal(const std::string& id) const {
  const std::optional<Account> found =
      state_->database.read([&](storage::Connection& connection) { return account_by_id(connection, id); });
  if (!found || !found->active) return {};
  return principal_of(*found);
}

Session Identity::sign_in(const std::string& typed_username, const std::string& password) {
  const std::string username = lower_case(typed_username.substr(0, kLongestUsername));
  const std::optional<StoredAccount> found = state_->begin_attempt(username);
  const bool matches = password_matches(password, found ? found->password : state_->hash_of_nobody);
  if (!matches || !found || !found->account.active) {
    state_->database.write([&](storage::Transaction& transaction) {
      state_->record_failure(transaction, found, "wrong-password");
    });
    wrong_password();
  }
  return state_->open_session(username, found->account);
}

Session Identity::session(const std::string& token) {
  const std::string hash = hash_of(token);
  const Instant time = state_->options.clock();
  std::optional<LiveSession> live = state_->cache.find(hash);
  const bool fresh = live && time - live->checked < kAskAgainEvery;
  if (!fresh) live = state_->load(hash, time, live);
  if (state_->expired(*live, time)) {
    state_->end(hash);
    no_session();
  }
  live->last_seen = time;
  if (fresh)
    state_->cache.touch(hash, time);
  else
    state_->remember(hash, *live);
  return state_->session_of(token, *live);
}

bool Identity::is_open(const std::string& token) const {
  const std::string hash = hash_of(token);
  const Instant time = state_->options.clock();
  std::optional<LiveSession> live = state_->cache.find(hash);
  try {
    if (!live || time - live->checked >= kAskAgainEvery) live = state_->load(hash, time, live);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unauthenticated) throw;
    return false;
  }
  return !state_->expired(*live, time);
}

void Identity::sign_out(const std::string& token) {
  state_->end(hash_of(token));
}

}  // namespace meridian::trust
