// Bytes kept under the SHA-256 of their content: the same bytes are kept once, and what is read is verified.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace meridian::storage {

class BlobStore {
 public:
  virtual ~BlobStore() = default;
  // Durable when it returns. The digest is 64 hexadecimal digits. Safe from many threads, also for the same
  // bytes at once. Throws storage_full.
  virtual std::string put(std::string_view bytes) = 0;
  // Takes over a file on the same file system (an upload that was spooled) without copying it.
  virtual std::string adopt(const std::filesystem::path& file) = 0;
  // The whole blob, its digest checked: throws not_found or corrupted.
  virtual std::string get(const std::string& digest) const = 0;
  // A part, not checked: for range requests and single frames. Throws not_found; short at the end.
  virtual std::string get_range(const std::string& digest, std::uint64_t offset,
                                std::uint64_t size) const = 0;
  virtual std::uint64_t size(const std::string& digest) const = 0;
  virtual bool contains(const std::string& digest) const = 0;
  virtual void remove(const std::string& digest) = 0;
  virtual void for_each(const std::function<void(const std::string& digest)>& visit) const = 0;
};

// A folder with 256 folders, each of the digests that begin with its name; made when missing. A blob that is
// kept one level deeper (ab/cd/…, as earlier versions wrote it) is found and removed there.
// journal_bytes: of the file in which arriving blobs become durable before their own files are
// (docs/decisions/0004-a-journal-for-arriving-blobs.md); blobs over half of it, and all with 0, are synced
// one by one. What a crash left in the journal is put into its files here.
std::unique_ptr<BlobStore> open_blob_folder(const std::filesystem::path& folder,
                                            std::uint64_t journal_bytes = 0);

}  // namespace meridian::storage
