#include "storage/blobs/blob_places.h"

#include <array>
#include <cstring>

#include "base/error.h"
#include "base/log.h"

namespace meridian::storage {
namespace {

constexpr std::array kMigrations{Migration{"blobs", 1, R"sql(
CREATE TABLE place (
  digest BLOB NOT NULL PRIMARY KEY, segment BIGINT NOT NULL, position BIGINT NOT NULL, size BIGINT NOT NULL,
  checksum BIGINT NOT NULL) WITHOUT ROWID;
CREATE INDEX place_segment ON place (segment, position, size);
CREATE TABLE full_segment (segment BIGINT NOT NULL PRIMARY KEY);
)sql"}};

constexpr int kCacheMegabytes = 4;

std::unique_ptr<Database> open(const std::filesystem::path& file) {
  auto database = open_database({.path = file, .readers = 2, .cache_megabytes = kCacheMegabytes});
  database->migrate(kMigrations);
  return database;
}

// What is damaged is made from the segments again.
std::unique_ptr<Database> open_or_renew(const std::filesystem::path& file) {
  try {
    return open(file);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupted) throw;
    log_error("blob-places-renewed", {{"reason", error.describe()}});
  }
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
  return open(file);
}

BlobDigest digest_of(std::string_view bytes) {
  BlobDigest digest{};
  std::memcpy(digest.data(), bytes.data(), std::min(bytes.size(), digest.size()));
  return digest;
}

Blob bound(const BlobDigest& digest) {
  return {{digest.data(), digest.size()}};
}

BlobPlace read_place(const Row& row, int column) {
  return {row.integer(column),
          {static_cast<std::uint64_t>(row.integer(column + 1)),
           static_cast<std::uint64_t>(row.integer(column + 2)),
           static_cast<std::uint32_t>(row.integer(column + 3))}};
}

}  // namespace

BlobPlaces::BlobPlaces(const std::filesystem::path& file, bool makes) {
  if (makes)
    database_ = open_or_renew(file);
  else if (std::filesystem::exists(file))
    database_ = open_database({.path = file, .readers = 1, .cache_megabytes = kCacheMegabytes});
}

std::optional<BlobPlace> BlobPlaces::find(const BlobDigest& digest) const {
  std::optional<BlobPlace> place;
  if (!database_) return place;
  database_->read([&](Connection& connection) {
    connection.query_first("SELECT segment, position, size, checksum FROM place WHERE digest = ?",
                           {bound(digest)}, [&](const Row& row) { place = read_place(row, 0); });
  });
  return place;
}

void BlobPlaces::for_each(const std::function<void(const BlobDigest&)>& visit) const {
  if (!database_) return;
  database_->read([&](Connection& connection) {
    connection.query("SELECT digest FROM place", {}, [&](const Row& row) { visit(digest_of(row.text(0))); });
  });
}

std::vector<std::pair<BlobDigest, BlobPlace>> BlobPlaces::in_segment(std::int64_t segment) const {
  std::vector<std::pair<BlobDigest, BlobPlace>> all;
  if (!database_) return all;
  database_->read([&](Connection& connection) {
    connection.query(
        "SELECT digest, segment, position, size, checksum FROM place WHERE segment = ? ORDER BY position",
        {segment}, [&](const Row& row) { all.emplace_back(digest_of(row.text(0)), read_place(row, 1)); });
  });
  return all;
}

std::vector<std::pair<std::int64_t, std::uint64_t>> BlobPlaces::used_of_full() const {
  std::vector<std::pair<std::int64_t, std::uint64_t>> segments;
  database_->read([&](Connection& connection) {
    connection.query(
        "SELECT f.segment, COALESCE(SUM(p.size + ?), 0) FROM full_segment f LEFT JOIN place p ON p.segment = "
        "f.segment GROUP BY f.segment",
        {static_cast<std::int64_t>(SegmentFile::kBlock / 2)}, [&](const Row& row) {
          segments.emplace_back(row.integer(0), static_cast<std::uint64_t>(row.integer(1)));
        });
  });
  return segments;
}

std::set<std::int64_t> BlobPlaces::full() const {
  std::set<std::int64_t> segments;
  if (!database_) return segments;
  database_->read([&](Connection& connection) {
    connection.query("SELECT segment FROM full_segment", {},
                     [&](const Row& row) { segments.insert(row.integer(0)); });
  });
  return segments;
}

void BlobPlaces::keep(const std::vector<Change>& changes, const std::vector<std::int64_t>& full) {
  database_->write([&](Transaction& transaction) {
    for (const auto& [digest, place] : changes) {
      if (place)
        transaction.execute(
            "INSERT INTO place VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE SET segment = "
            "excluded.segment, position = excluded.position, size = excluded.size, checksum = "
            "excluded.checksum",
            {bound(digest), place->segment, static_cast<std::int64_t>(place->entry.offset),
             static_cast<std::int64_t>(place->entry.size), std::int64_t(place->entry.checksum)});
      else
        transaction.execute("DELETE FROM place WHERE digest = ?", {bound(digest)});
    }
    for (const std::int64_t segment : full)
      transaction.execute("INSERT INTO full_segment VALUES (?) ON CONFLICT (segment) DO NOTHING", {segment});
  });
}

void BlobPlaces::forget_segment(std::int64_t segment) {
  database_->write([&](Transaction& transaction) {
    transaction.execute("DELETE FROM full_segment WHERE segment = ?", {segment});
    transaction.execute("DELETE FROM place WHERE segment = ?", {segment});
  });
}

}  // namespace meridian::storage
