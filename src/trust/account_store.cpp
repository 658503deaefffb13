#include "trust/account_store.h"

#include <array>

namespace meridian::trust {
namespace {

constexpr std::array<storage::Migration, 1> kMigrations{{{"identity", 1, R"(
  CREATE TABLE account (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    display TEXT NOT NULL,
    role TEXT NOT NULL,
    fhir_user TEXT NOT NULL,
    organization TEXT NOT NULL,
    active INTEGER NOT NULL,
    password TEXT NOT NULL
  );
  CREATE TABLE session (
    hash TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    started INTEGER NOT NULL,
    last_seen INTEGER NOT NULL
  );
  CREATE INDEX session_by_account ON session (account);
  CREATE TABLE sign_in_attempt (
    username TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    last INTEGER NOT NULL
  );
  CREATE INDEX sign_in_attempt_by_last ON sign_in_attempt (last);
)"}}};

constexpr std::string_view kAccountColumns =
    "id, username, display, role, fhir_user, organization, active, password";

Instant instant_of(std::int64_t microseconds) {
  return Instant(std::chrono::microseconds(microseconds));
}
std::int64_t microseconds_of(Instant time) {
  return time.time_since_epoch().count();
}

// The columns of kAccountColumns, which begin at the given one.
Account account_of(const storage::Row& row, int first = 0) {
  Account account;
  account.id = row.text(first);
  account.username = row.text(first + 1);
  account.display = row.text(first + 2);
  account.role = role_of(row.text(first + 3));
  account.fhir_user = row.text(first + 4);
  account.organization = row.text(first + 5);
  account.active = row.integer(first + 6) != 0;
  return account;
}

}  // namespace

std::span<const storage::Migration> account_migrations() {
  return kMigrations;
}

Principal principal_of(const Account& account) {
  return {account.id, account.display, account.role, account.fhir_user, account.organization};
}

void insert_account(storage::Transaction& transaction, const StoredAccount& stored) {
  const Account& account = stored.account;
  transaction.execute(
      "INSERT INTO account (id, username, display, role, fhir_user, organization, active, password) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      {std::string_view(account.id), std::string_view(account.username), std::string_view(account.display),
       role_name(account.role), std::string_view(account.fhir_user), std::string_view(account.organization),
       std::int64_t(account.active), std::string_view(stored.password)});
}

std::optional<StoredAccount> account_by_username(storage::Connection& connection,
                                                 const std::string& username) {
  std::optional<StoredAccount> found;
  static const std::string sql =
      "SELECT " + std::string(kAccountColumns) + " FROM account WHERE username = ?";
  connection.query_first(sql, {std::string_view(username)}, [&](const storage::Row& row) {
    found = StoredAccount{account_of(row), std::string(row.text(7))};
  });
  return found;
}

std::optional<Account> account_by_id(storage::Connection& connection, const std::string& id) {
  std::optional<Account> found;
  static const std::string sql = "SELECT " + std::string(kAccountColumns) + " FROM account WHERE id = ?";
  connection.query_first(sql, {std::string_view(id)},
                         [&](const storage::Row& row) { found = account_of(row); });
  return found;
}

std::vector<Account> all_accounts(storage::Connection& connection) {
  std::vector<Account> accounts;
  static const std::string sql = "SELECT " + std::string(kAccountColumns) + " FROM account ORDER BY username";
  connection.query(sql, {}, [&](const storage::Row& row) { accounts.push_back(account_of(row)); });
  return accounts;
}

void insert_session(storage::Transaction& transaction, const std::string& hash, const LiveSession& session) {
  transaction.execute("INSERT INTO session (hash, account, started, last_seen) VALUES (?, ?, ?, ?)",
                      {std::string_view(hash), std::string_view(session.account),
                       microseconds_of(session.started), microseconds_of(session.last_seen)});
}

std::optional<LiveSession> stored_session(storage::Connection& connection, const std::string& hash) {
  std::optional<LiveSession> found;
  connection.query_first(
      "SELECT session.started, session.last_seen, account.id, username, display, role, fhir_user, "
      "organization, active "
      "FROM session JOIN account ON account.id = session.account WHERE session.hash = ? AND account.active = "
      "1",
      {std::string_view(hash)}, [&](const storage::Row& row) {
        const Account account = account_of(row, 2);
        LiveSession session;
        session.account = account.id;
        session.principal = principal_of(account);
        session.started = instant_of(row.integer(0));
        session.last_seen = session.stored_seen = instant_of(row.integer(1));
        found = std::move(session);
      });
  return found;
}

Attempts attempts_for(storage::Connection& connection, const std::string& username) {
  Attempts attempts;
  connection.query_first("SELECT count, last FROM sign_in_attempt WHERE username = ?",
                         {std::string_view(username)}, [&](const storage::Row& row) {
                           attempts = {static_cast<int>(row.integer(0)), instant_of(row.integer(1))};
                         });
  return attempts;
}

void set_attempts(storage::Transaction& transaction, const std::string& username, const Attempts& attempts) {
  transaction.execute("DELETE FROM sign_in_attempt WHERE username = ?", {std::string_view(username)});
  if (attempts.count == 0) return;
  transaction.execute(
      "INSERT INTO sign_in_attempt (username, count, last) VALUES (?, ?, ?)",
      {std::string_view(username), std::int64_t(attempts.count), microseconds_of(attempts.last)});
}

void forget_attempts(storage::Transaction& transaction, Instant before) {
  transaction.execute("DELETE FROM sign_in_attempt WHERE last < ?", {microseconds_of(before)});
}

}  // namespace meridian::trust
