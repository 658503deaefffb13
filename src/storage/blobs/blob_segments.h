// Blobs in files of many: each is written once, to the place where it stays, and those who put at the same
// time share a sync (docs/decisions/0009-blobs-in-segments.md).
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "storage/blobs/blob_places.h"
#include "storage/blobs/segment_file.h"

namespace meridian::storage {

class BlobSegments {
 public:
  // segment_bytes: of each file made from now on; 0: all is only read. Of several processes the first alone
  // writes; what the others find is as of when they opened.
  BlobSegments(std::filesystem::path folder, std::uint64_t segment_bytes);
  // Keeps the places of all that was put.
  ~BlobSegments();
  BlobSegments(const BlobSegments&) = delete;
  BlobSegments& operator=(const BlobSegments&) = delete;

  bool takes(std::uint64_t blob_bytes) const;
  struct Blob {
    BlobDigest digest;
    std::string_view bytes;
  };
  // Durable when it returns, and once for the same bytes; with one sync for all that go into one segment.
  // Throws storage_full, unavailable.
  void put(std::span<const Blob> blobs);
  bool contains(const BlobDigest& digest) const { return find(digest).has_value(); }
  // Whether these bytes are here, whole.
  bool holds(const BlobDigest& digest, std::string_view bytes) const;
  std::optional<std::uint64_t> size(const BlobDigest& digest) const;
  // Appends the blob, its checksum compared, and leaves room for a little more; false when there is none.
  // Throws corrupted.
  bool read(const BlobDigest& digest, std::string& out) const;
  std::optional<std::string> read_range(const BlobDigest& digest, std::uint64_t offset,
                                        std::uint64_t size) const;
  // False when there was none.
  bool remove(const BlobDigest& digest);
  void for_each(const std::function<void(const BlobDigest&)>& visit) const;
  // Returns once segments that were mostly empty by now have been rewritten.
  void tidy();

 private:
  struct Segment {
    std::int64_t number = 0;
    std::shared_ptr<SegmentFile> file;
    std::uint64_t used = 0;
    int writing = 0;  // blobs on their way into it
  };
  struct HashOfDigest {
    std::size_t operator()(const BlobDigest& digest) const;
  };
  using Recent = std::unordered_map<BlobDigest, std::optional<BlobPlace>, HashOfDigest>;

  bool lock_folder();
  void open_segments();
  void recover(Segment& segment);
  bool is_whole(const BlobDigest& digest, const BlobPlace& place) const;
  std::filesystem::path path_of(std::int64_t number) const;
  std::vector<std::int64_t> numbers() const;

  std::optional<BlobPlace> find(const BlobDigest& digest) const;
  std::optional<BlobPlace> find_locked(const BlobDigest& digest) const;
  template <class Read>
  auto at_place_of(const BlobDigest& digest, Read&& read) const;
  std::shared_ptr<SegmentFile> file_of(std::int64_t number) const;
  std::pair<std::shared_ptr<Segment>, EntryPlace> reserve(std::string_view bytes);
  // What was found of a blob, and how often places had been kept then.
  struct Found {
    std::optional<BlobPlace> place;
    std::uint64_t flushes = 0;
  };
  // A blob on its way to a place that is reserved for it.
  struct Arriving {
    Blob blob;
    Found before;
    std::shared_ptr<Segment> segment;
    EntryPlace entry;
  };
  Found look_up(const BlobDigest& digest) const;
  void append(std::vector<Arriving> arriving);
  void write(std::span<Arriving> arriving);
  std::vector<Arriving> enter(std::span<const Arriving> arriving);
  bool enter_locked(const Arriving& arriving);
  void begin_next(std::unique_lock<std::mutex>& lock);
  void prepare_segments();
  void keep_places();
  void flush();
  void rewrite_mostly_empty();
  void rewrite(std::int64_t number);
  bool move_out(const BlobDigest& digest, const BlobPlace& from);

  const std::filesystem::path folder_;
  const std::uint64_t segment_bytes_;
  int lock_ = -1;
  bool writes_ = false;
  std::unique_ptr<BlobPlaces> places_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<Segment> current_;
  std::vector<std::shared_ptr<Segment>> full_;  // whose places are not all kept yet
  Recent recent_;                               // not in the table yet
  std::uint64_t flushes_ = 0;                   // of recent_ into the table
  std::int64_t next_number_ = 1;
  std::deque<std::int64_t> prepared_;  // empty segments
  std::size_t wanted_ = 0;             // of these
  std::string preparing_failed_;
  bool stopping_ = false,
       removed_ = true;  // since the last look for segments to rewrite; also before this start
  mutable std::map<std::int64_t, std::shared_ptr<SegmentFile>> opened_;
  std::set<std::int64_t> damaged_;  // that cannot be rewritten

  std::mutex flushing_;  // one who brings recent_ into the table
  std::thread preparer_, keeper_;
};

}  // namespace meridian::storage
