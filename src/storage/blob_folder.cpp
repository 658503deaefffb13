#include <algorithm>
#include <chrono>
#include <fstream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "storage/blob_store.h"
#include "storage/blobs/arrived.h"
#include "storage/blobs/blob_segments.h"
#include "storage/folder.h"

namespace meridian::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigestLength = 64;
constexpr const char* kSegments = "segments";
constexpr int kFolders = 256;
constexpr std::size_t kPieceBytes = 1u << 20;
constexpr std::chrono::hours kUnfinishedAge{24};

bool is_digest(std::string_view text) {
  return text.size() == kDigestLength && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string digest_of_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(ErrorCode::not_found, "There is no such file", file.string());
  Sha256 hash;
  std::string piece(kPieceBytes, '\0');
  while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())) || stream.gcount() > 0)
    hash.update(std::string_view(piece).substr(0, static_cast<std::size_t>(stream.gcount())));
  if (stream.bad()) throw Error(ErrorCode::unavailable, "The file cannot be read", file.string());
  return to_hex(hash.finish());
}

[[noreturn]] void fail_not_found(const std::string& digest) {
  throw Error(ErrorCode::not_found, "There is no blob of this digest", digest);
}

BlobDigest bytes_of(const std::string& digest) {
  if (!is_digest(digest)) fail_not_found(digest);
  const std::string bytes = from_hex(digest);
  BlobDigest array{};
  std::copy(bytes.begin(), bytes.end(), array.begin());
  return array;
}

class BlobFolder : public BlobStore {
 public:
  BlobFolder(fs::path folder, std::uint64_t segment_bytes)
      : folder_(make(std::move(folder))), segments_(folder_ / kSegments, segment_bytes) {
    if (segment_bytes > 0)
      restore_arrived(folder_, [this](const std::string& digest, std::string_view bytes) {
        if (!keeps(path_of(digest), digest)) put(bytes);
      });
  }

  std::vector<std::string> put_all(std::span<const std::string_view> blobs) override {
    std::vector<std::string> digests;
    std::vector<BlobSegments::Blob> for_segments;
    for (const std::string_view bytes : blobs) {
      const std::string& digest = digests.emplace_back(to_hex(sha256(bytes)));
      const fs::path path = path_of(digest);
      if (keeps(path, digest)) continue;
      if (segments_.takes(bytes.size()))
        for_segments.push_back({bytes_of(digest), bytes});
      else if (!segments_.holds(bytes_of(digest), bytes))
        write_file(path, bytes);
    }
    segments_.put(for_segments);
    return digests;
  }

  std::string get(const std::string& digest) const override {
    std::string bytes;
    try {
      if (segments_.read(bytes_of(digest), bytes)) return bytes;
    } catch (const Error& error) {  // it was replaced by a file of its own, perhaps
      if (error.code() != ErrorCode::corrupted || !fs::exists(path_of(digest))) throw;
    }
    try {
      bytes = read_file(path_of(digest));
    } catch (const Error& error) {
      if (error.code() == ErrorCode::not_found) fail_not_found(digest);
      throw;
    }
    if (to_hex(sha256(bytes)) != digest)
      throw Error(ErrorCode::corrupted, "A blob's bytes do not have its digest", digest,
                  "Restore this file of the blob folder from a backup");
    return bytes;
  }

  std::string get_range(const std::string& digest, std::uint64_t offset, std::uint64_t size) const override {
    try {
      if (auto part = segments_.read_range(bytes_of(digest), offset, size)) return std::move(*part);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::corrupted || !fs::exists(path_of(digest))) throw;
    }
    const std::uint64_t whole = size_of_file(digest);
    if (offset >= whole) return {};
    std::string bytes(static_cast<std::size_t>(std::min(size, whole - offset)), '\0');
    std::ifstream stream(path_of(digest), std::ios::binary);
    if (!stream) fail_not_found(digest);
    stream.seekg(static_cast<std::streamoff>(offset));
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    return bytes;
  }

  std::uint64_t size(const std::string& digest) const override {
    const auto size = segments_.size(bytes_of(digest));
    return size ? *size : size_of_file(digest);
  }

  bool contains(const std::string& digest) const override {
    return is_digest(digest) &&
           (segments_.contains(bytes_of(digest)) || fs::is_regular_file(path_of(digest)));
  }

  void remove(const std::string& digest) override {
    segments_.remove(bytes_of(digest));
    fs::remove(path_of(digest));
  }

  void for_each(const std::function<void(const std::string&)>& visit) const override {
    segments_.for_each([&](const BlobDigest& digest) { visit(to_hex({digest.data(), digest.size()})); });
    for (auto entry = fs::recursive_directory_iterator(folder_); entry != fs::end(entry); ++entry) {
      if (entry->is_directory() && entry->path().filename() == kSegments) entry.disable_recursion_pending();
      if (!entry->is_regular_file()) continue;
      const std::string name = entry->path().filename();
      if (is_digest(name))
        visit(name);
      else
        remove_when_left_over(*entry);
    }
  }

 private:
  fs::path path_of(const std::string& digest) const {
    if (!is_digest(digest)) fail_not_found(digest);
    fs::path path = folder_ / digest.substr(0, 2) / digest;
    if (fs::exists(path)) return path;
    fs::path deeper = folder_ / digest.substr(0, 2) / digest.substr(2, 2) / digest;
    return fs::exists(deeper) ? deeper : path;
  }

  static fs::path make(fs::path folder) {
    make_folders(folder);
    bool made = false;
    for (int i = 0; i < kFolders; ++i)
      made |= fs::create_directory(folder / to_hex(std::string(1, static_cast<char>(i))));
    if (made) sync_folder(folder);
    return folder;
  }

  std::uint64_t size_of_file(const std::string& digest) const {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(path_of(digest), error);
    if (error) fail_not_found(digest);
    return size;
  }

  // Also makes sure that the file, which another thread may be writing just now, is on disk.
  static bool keeps(const fs::path& path, const std::string& digest) {
    if (!fs::exists(path) || digest_of_file(path) != digest) return false;
    sync_file(path);
    sync_folder(path.parent_path());
    return true;
  }

  // What a crash left of a write that nobody was told had succeeded.
  static void remove_when_left_over(const fs::directory_entry& entry) {
    std::error_code ignored;
    const auto written = entry.last_write_time(ignored);
    if (entry.path().extension() == ".tmp" && fs::file_time_type::clock::now() - written > kUnfinishedAge)
      fs::remove(entry.path(), ignored);
  }

  const fs::path folder_;
  BlobSegments segments_;
};

}  // namespace

std::unique_ptr<BlobStore> open_blob_folder(const std::filesystem::path& folder,
                                            std::uint64_t segment_bytes) {
  return std::make_unique<BlobFolder>(folder, segment_bytes);
}

}  // namespace meridian::storage
