// Accounts, passwords and sessions.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "storage/database.h"
#include "trust/ledger.h"
#include "trust/principal.h"

namespace meridian::trust {

struct Account {
  std::string id, username, display;
  Role role = Role::resident;
  std::string fhir_user, organization;
  bool active = true;
};

struct Session {
  std::string token;  // 256 random bits, base64url; only its hash is stored
  std::string csrf;   // must come back in X-CSRF-Token with every cookie-borne change
  Principal principal;
  Instant expires;              // unless it is used meanwhile
  Instant started, used, ends;  // used: last; ends: however much it is used
};

struct IdentityOptions {
  std::chrono::minutes idle{30};
  std::chrono::hours longest{12};
  int attempts = 5;  // wrong passwords before the account locks
  std::chrono::minutes lockout{15};
  int argon2_memory_kib = 19 * 1024;  // OWASP's minimum for Argon2id with t = 2, p = 1
  int argon2_iterations = 2;
  std::function<Instant()> clock = now;  // tests put another in its place
};

class Identity {
 public:
  static std::span<const storage::Migration> migrations();
  Identity(storage::Database& database, Ledger& ledger, const IdentityOptions& options = {});

  // These three throw forbidden unless by is an administrator or the system; a person may set their own
  // password. Usernames are kept in lower case. Throws conflict when the username is taken, invalid_value
  // when it is empty or the password is shorter than 8 characters.
  Account add(const Principal& by, Account account, const std::string& password);
  // Both end all sessions of the account. Throw not_found.
  void set_password(const Principal& by, const std::string& account, const std::string& password);
  void set_active(const Principal& by, const std::string& account, bool active);
  std::vector<Account> accounts() const;
  Account account(const std::string& id) const;  // throws not_found
  // Who the account is now; nothing when there is none, or none that is active.
  std::optional<Principal> principal(const std::string& account) const;

  // Takes the same time whether or not the username exists. Throws unauthenticated or locked_out; both and
  // success are in the ledger.
  Session sign_in(const std::string& username, const std::string& password);
  // The session of the token, its idle time begun anew. Throws unauthenticated.
  Session session(const std::string& token);
  // Whether the session still goes on; its idle time is not begun anew.
  bool is_open(const std::string& token) const;
  void sign_out(const std::string& token);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace meridian::trust
