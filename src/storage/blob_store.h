// Bytes kept under the SHA-256 of their content: the same bytes are kept once, and what is read whole is
// compared with a checksum.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meridian::storage {

class BlobStore {
 public:
  virtual ~BlobStore() = default;
  // Durable when it returns. The digest is 64 hexadecimal digits. Safe from many threads, also for the same
  // bytes at once. Throws storage_full.
  std::string put(std::string_view bytes) { return std::move(put_all({&bytes, 1}).front()); }
  // The same of several, in as few syncs as there can be; their digests, in their order. When it throws, any
  // of them may be here.
  virtual std::vector<std::string> put_all(std::span<const std::string_view> blobs) = 0;
  // The whole blob; throws not_found, or corrupted when a checksum of its bytes (CRC-32, or of a file of its
  // own its digest) says that they are others.
  virtual std::string get(const std::string& digest) const = 0;
  // A part, not checked: for range requests and single frames. Throws not_found; short at the end.
  virtual std::string get_range(const std::string& digest, std::uint64_t offset,
                                std::uint64_t size) const = 0;
  virtual std::uint64_t size(const std::string& digest) const = 0;
  virtual bool contains(const std::string& digest) const = 0;
  virtual void remove(const std::string& digest) = 0;
  virtual void for_each(const std::function<void(const std::string& digest)>& visit) const = 0;
};

// A folder, made when missing, of segments, files of many blobs (docs/decisions/0009-blobs-in-segments.md),
// and of files of one blob each: larger ones than a segment and those of before, also one level deeper.
// segment_bytes: of each segment that is made from now on; of several processes that name one the first
// alone writes segments. 0: all that is put gets a file of its own, and segments are only read, as for a look
// at the folder of another process.
std::unique_ptr<BlobStore> open_blob_folder(const std::filesystem::path& folder,
                                            std::uint64_t segment_bytes = 0);

}  // namespace meridian::storage
