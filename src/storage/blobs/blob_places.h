// Which segment a blob lies in: what the segments say themselves, in a table that finds it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "storage/blobs/segment_file.h"
#include "storage/database.h"

namespace meridian::storage {

struct BlobPlace {
  std::int64_t segment = 0;
  EntryPlace entry;
  friend bool operator==(const BlobPlace&, const BlobPlace&) = default;
};

// A SQLite file of its own, beside the segments and made from them again when it is missing: the segments of
// a node are its own, also where its record is in a PostgreSQL that it shares.
class BlobPlaces {
 public:
  using Change = std::pair<BlobDigest, std::optional<BlobPlace>>;  // nothing: removed

  // makes: of the one process that writes; the others see a table that may lag behind.
  BlobPlaces(const std::filesystem::path& file, bool makes);

  std::optional<BlobPlace> find(const BlobDigest& digest) const;
  void for_each(const std::function<void(const BlobDigest&)>& visit) const;
  std::vector<std::pair<BlobDigest, BlobPlace>> in_segment(std::int64_t segment) const;
  // Of each full segment, about how many of its bytes are blobs with their headers.
  std::vector<std::pair<std::int64_t, std::uint64_t>> used_of_full() const;
  // Those that are full and of which the table has every blob.
  std::set<std::int64_t> full() const;

  // Durable together when it returns.
  void keep(const std::vector<Change>& changes, const std::vector<std::int64_t>& full);
  void forget_segment(std::int64_t segment);

 private:
  std::unique_ptr<Database> database_;  // none: nobody has made it yet
};

}  // namespace meridian::storage
