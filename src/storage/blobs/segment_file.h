// One file of many blobs, each with a header that says whose bytes follow: what is appended here is in its
// place for good.
#pragma once
#include <array>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace meridian::storage {

using BlobDigest = std::array<char, 32>;  // SHA-256, as bytes

// Where a blob lies within its segment.
struct EntryPlace {
  std::uint64_t offset = 0;    // of its entry, a multiple of the block
  std::uint64_t size = 0;      // bytes of the blob, without its header
  std::uint32_t checksum = 0;  // CRC-32 of the blob
  friend bool operator==(const EntryPlace&, const EntryPlace&) = default;
};

class SegmentFile {
 public:
  static constexpr std::uint64_t kBlock = 4096;  // entries begin at a block's edge, so that none shares one
  static constexpr std::uint64_t kFirstEntry = kBlock;
  // What a blob takes up with its header, in whole blocks.
  static std::uint64_t entry_bytes(std::uint64_t blob_bytes);
  static std::uint32_t checksum_of(std::string_view bytes);

  // A durable file of so many bytes, all of them written once: what is written over them later changes no
  // metadata, so that a sync of it is a write and a flush. Throws storage_full, unavailable.
  static void make(const std::filesystem::path& file, std::uint64_t bytes);
  // Throws not_found, or corrupted when this is no segment.
  SegmentFile(std::filesystem::path file, bool writable);
  ~SegmentFile();
  SegmentFile(const SegmentFile&) = delete;
  SegmentFile& operator=(const SegmentFile&) = delete;

  std::uint64_t bytes() const { return bytes_; }
  // Safe from many threads for places apart from each other; durable after a sync() that begins later.
  void write(const EntryPlace& place, const BlobDigest& digest, std::string_view bytes) const;
  // Those who ask at the same time share one. After one that failed all do: what is on disk is not known.
  void sync();
  // Frees the blocks where the file system can; nothing when another blob lies there, or none.
  void erase(const EntryPlace& place, const BlobDigest& digest) const;

  // Whether the blob is here. False when nothing is, or another; throws corrupted when its header is damaged.
  bool is_here(const EntryPlace& place, const BlobDigest& digest) const;
  // Appends the blob. False when it is not here (any more). Throws corrupted when its header or its bytes are
  // others.
  bool read(const EntryPlace& place, const BlobDigest& digest, std::string& out) const;
  // A part, its bytes not checked; nothing when the blob is not here. Throws corrupted as is_here() does.
  std::optional<std::string> read_range(const EntryPlace& place, const BlobDigest& digest,
                                        std::uint64_t offset, std::uint64_t size) const;
  // All entries that are headed here, whole or not. Returns the end of the last.
  std::uint64_t scan(const std::function<void(const BlobDigest&, const EntryPlace&)>& found) const;

 private:
  struct Header;
  Header header_at(std::uint64_t offset) const;
  bool fits(const Header& header, std::uint64_t offset) const;

  const std::filesystem::path file_;
  int descriptor_ = -1, direct_ = -1;
  std::uint64_t bytes_ = 0, nonce_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t asked_ = 0, synced_ = 0;
  bool syncing_ = false, failed_ = false;
};

}  // namespace meridian::storage
