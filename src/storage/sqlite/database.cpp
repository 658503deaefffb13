#include "storage/sqlite/database.h"

#include "storage/migrations.h"
#include "storage/session_database.h"
#include "storage/sqlite/backup.h"
#include "storage/sqlite/checkpointer.h"
#include "storage/sqlite/prepared_log.h"

namespace meridian::storage::sqlite {
namespace {

constexpr int kLeastCacheKib = 256;

// The writer keeps most of the cache: it touches every index page that it changes.
int cache_kib_of(const DatabaseOptions& options, Mode mode) {
  const int all = std::max(1, options.cache_megabytes) * 1024;
  return std::max(kLeastCacheKib,
                  mode == Mode::read_write ? all / 2 : all / 2 / std::max(1, options.readers));
}

// As much as the writer's cache holds: a checkpoint comes before that has been written, or soon after.
std::uint64_t log_bytes_of(const DatabaseOptions& options) {
  return std::uint64_t(cache_kib_of(options, Mode::read_write)) * 1024;
}

std::unique_ptr<SqliteConnection> connect(const DatabaseOptions& options, Mode mode) {
  return std::make_unique<SqliteConnection>(options, mode, cache_kib_of(options, mode));
}

std::vector<std::unique_ptr<Session>> readers(const DatabaseOptions& options) {
  std::vector<std::unique_ptr<Session>> readers;
  for (int i = 0; i < std::max(1, options.readers); ++i) readers.push_back(connect(options, Mode::read_only));
  return readers;
}

// Its log is brought into the file beside it.
class WritingSession : public SqliteConnection {
 public:
  explicit WritingSession(const DatabaseOptions& options)
      : SqliteConnection(options, Mode::read_write, cache_kib_of(options, Mode::read_write)),
        checkpointer_(std::make_unique<SqliteConnection>(options, Mode::read_write, kLeastCacheKib)) {
    checkpointer_.watch(*this);
    if (options.synchronous) prepare_log(*this, options.path, log_bytes_of(options));
  }
  void begin() override {
    checkpointer_.finish_on(*this);
    SqliteConnection::begin();
  }

 private:
  Checkpointer checkpointer_;
};

// Before the first release migrations were kept without their checksums.
void refuse_without_checksums(Transaction& transaction) {
  if (!transaction.query_first("SELECT 1 FROM pragma_table_info('migration') WHERE name = 'checksum'", {},
                               [](const Row&) {}))
    fail_other_tables("it does not say by which migrations");
}

class SqliteDatabase : public SessionDatabase {
 public:
  // Braces, since their order holds: the writer makes the file that the readers open.
  explicit SqliteDatabase(const DatabaseOptions& options)
      : SessionDatabase{std::make_unique<WritingSession>(options), readers(options)}, options_(options) {}

  void migrate(std::span<const Migration> migrations) override {
    write([&](Transaction& transaction) {
      transaction.execute(kMigrationTable);
      refuse_without_checksums(transaction);
      apply_migrations(transaction, migrations, Engine::sqlite);
    });
  }

  void backup_to(const std::filesystem::path& file) override {
    backup(*connect(options_, Mode::read_only), file);
  }

  void check_integrity() override {
    sqlite::check_integrity(*connect(options_, Mode::read_only), options_.path);
  }

 private:
  const DatabaseOptions options_;
};

}  // namespace

std::unique_ptr<Database> open(const DatabaseOptions& options) {
  return std::make_unique<SqliteDatabase>(options);
}

}  // namespace meridian::storage::sqlite
