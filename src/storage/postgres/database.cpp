#include "storage/postgres/database.h"

#include <algorithm>
#include <mutex>

#include "storage/migrations.h"
#include "storage/postgres/connection.h"
#include "storage/postgres/notification.h"
#include "storage/session_database.h"

namespace meridian::storage::postgres {
namespace {

constexpr std::size_t kLongestName = 63;  // PostgreSQL cuts longer ones

// It is written into SQL as it is.
const DatabaseOptions& with_plain_schema(const DatabaseOptions& options) {
  const bool plain = std::ranges::all_of(
      options.schema, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
  if (!plain || options.schema.empty() || options.schema.size() > kLongestName)
    throw Error(ErrorCode::invalid_configuration, "\"" + options.schema + "\" is no name for a schema",
                "database.schema", "Write lower case letters, digits and _, at most 63");
  return options;
}

std::vector<std::unique_ptr<Session>> readers(const DatabaseOptions& options) {
  std::vector<std::unique_ptr<Session>> readers;
  for (int i = 0; i < std::max(1, options.readers); ++i)
    readers.push_back(std::make_unique<PostgresConnection>(options, Mode::read_only));
  return readers;
}

[[noreturn]] void fail_not_here(const std::string& what, const std::string& program) {
  throw Error(ErrorCode::not_supported, what + " a PostgreSQL database is not this program's work", {},
              "Use " + program);
}

class PostgresDatabase : public SessionDatabase {
 public:
  explicit PostgresDatabase(const DatabaseOptions& options)
      : SessionDatabase{std::make_unique<PostgresConnection>(options, Mode::read_write), readers(options)},
        options_(options) {
    write([&](Transaction& transaction) {
      if (!transaction.query_first("SELECT 1 FROM pg_namespace WHERE nspname = ?", {options_.schema},
                                   [](const Row&) {}))
        transaction.execute("CREATE SCHEMA " + options_.schema);
    });
  }

  // Other processes are listened to once somebody here listens.
  std::shared_ptr<void> listen(const std::string& channel,
                               std::function<void(std::string_view)> function) override {
    std::call_once(others_heard_,
                   [this] { others_ = std::make_unique<NotificationListener>(options_, listeners_); });
    return SessionDatabase::listen(channel, std::move(function));
  }

  void migrate(std::span<const Migration> migrations) override {
    write([&](Transaction& transaction) {
      transaction.execute(kMigrationTable);
      apply_migrations(transaction, migrations, Engine::postgres);
    });
  }

  void backup_to(const std::filesystem::path&) override { fail_not_here("Copying", "pg_dump"); }
  void check_integrity() override { fail_not_here("Checking", "pg_amcheck"); }

 private:
  const DatabaseOptions options_;
  std::once_flag others_heard_;
  std::unique_ptr<NotificationListener> others_;
};

}  // namespace

std::unique_ptr<Database> open(const DatabaseOptions& options) {
  return std::make_unique<PostgresDatabase>(with_plain_schema(options));
}

}  // namespace meridian::storage::postgres
