// The tables of accounts, sessions and attempts to sign in. Only for the source files of this room.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "storage/database.h"
#include "trust/identity.h"
#include "trust/session_cache.h"

namespace meridian::trust {

struct StoredAccount {
  Account account;
  std::string password;  // Argon2id in PHC form
};

std::span<const storage::Migration> account_migrations();
Principal principal_of(const Account& account);

void insert_account(storage::Transaction& transaction, const StoredAccount& account);
std::optional<StoredAccount> account_by_username(storage::Connection& connection,
                                                 const std::string& username);
std::optional<Account> account_by_id(storage::Connection& connection, const std::string& id);
std::vector<Account> all_accounts(storage::Connection& connection);

void insert_session(storage::Transaction& transaction, const std::string& hash, const LiveSession& session);
// With the account's principal; nothing when there is none or the account is not active.
std::optional<LiveSession> stored_session(storage::Connection& connection, const std::string& hash);

// Wrong passwords in a row for a username, whether or not an account has it.
struct Attempts {
  int count = 0;
  Instant last{};
};
Attempts attempts_for(storage::Connection& connection, const std::string& username);
void set_attempts(storage::Transaction& transaction, const std::string& username, const Attempts& attempts);
// Those last made before; so that the table stays small whatever names are tried.
void forget_attempts(storage::Transaction& transaction, Instant before);

}  // namespace meridian::trust
