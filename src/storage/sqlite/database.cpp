#include "storage/database.h"

#include "storage/migrations.h"
#include "storage/sqlite/backup.h"
#include "storage/sqlite/reader_pool.h"
#include "storage/sqlite/writer.h"

namespace meridian::storage {
namespace {

using sqlite::Mode;
using sqlite::SqliteConnection;

constexpr int kLeastCacheKib = 256;

// The writer keeps most of the cache: it touches every index page that it changes.
int cache_kib_of(const DatabaseOptions& options, Mode mode) {
  const int all = std::max(1, options.cache_megabytes) * 1024;
  return std::max(kLeastCacheKib,
                  mode == Mode::read_write ? all / 2 : all / 2 / std::max(1, options.readers));
}

// Before the first release migrations were kept without their checksums.
void refuse_without_checksums(Transaction& transaction) {
  if (!transaction.query_first("SELECT 1 FROM pragma_table_info('migration') WHERE name = 'checksum'", {},
                               [](const Row&) {}))
    fail_other_tables("it does not say by which migrations");
}

class SqliteDatabase : public Database {
 public:
  explicit SqliteDatabase(const DatabaseOptions& options)
      : options_(options),
        writer_(std::make_unique<SqliteConnection>(options, Mode::read_write,
                                                   cache_kib_of(options, Mode::read_write)),
                std::make_unique<SqliteConnection>(options, Mode::read_write, kLeastCacheKib)),
        readers_(options, cache_kib_of(options, Mode::read_only)) {}

  void migrate(std::span<const Migration> migrations) override {
    write([&](Transaction& transaction) {
      transaction.execute(kMigrationTable);
      refuse_without_checksums(transaction);
      apply_migrations(transaction, migrations);
    });
  }

  void backup_to(const std::filesystem::path& file) override {
    SqliteConnection source(options_, Mode::read_only, cache_kib_of(options_, Mode::read_only));
    sqlite::backup(source, file);
  }

  void check_integrity() override {
    SqliteConnection connection(options_, Mode::read_only, cache_kib_of(options_, Mode::read_only));
    sqlite::check_integrity(connection, options_.path);
  }

 protected:
  void write_erased(const std::function<void(Transaction&)>& function) override { writer_.write(function); }
  void read_erased(const std::function<void(Connection&)>& function) override { readers_.read(function); }

 private:
  const DatabaseOptions options_;
  sqlite::GroupCommitWriter writer_;
  sqlite::ReaderPool readers_;
};

}  // namespace

std::unique_ptr<Database> open_database(const DatabaseOptions& options) {
  return std::make_unique<SqliteDatabase>(options);
}

}  // namespace meridian::storage
