#include <algorithm>
#include <chrono>
#include <fstream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "storage/blob_journal.h"
#include "storage/blob_store.h"
#include "storage/folder.h"

namespace meridian::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigestLength = 64;
constexpr const char* kJournal = "arriving.journal";
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

class BlobFolder : public BlobStore {
 public:
  BlobFolder(fs::path folder, std::uint64_t journal_bytes)
      : folder_(make(std::move(folder))),
        file_system_(folder_),
        journal_(
            folder_ / kJournal, journal_bytes, [this] { file_system_.sync(); },
            [this](const std::string& digest, std::string_view bytes) { restore(digest, bytes); }) {}

  std::string put(std::string_view bytes) override {
    std::string digest = to_hex(sha256(bytes));
    const fs::path path = path_of(digest);
    if (keeps(path, digest) || create(path, digest, bytes) || keeps(path, digest)) return digest;
    write_file(path, bytes);  // in place of what a crash has cut short
    return digest;
  }

  std::string adopt(const fs::path& file) override {
    std::string digest = digest_of_file(file);
    const fs::path path = path_of(digest);
    if (keeps(path, digest)) {
      fs::remove(file);
      return digest;
    }
    sync_file(file);
    move_durably(file, path);
    return digest;
  }

  std::string get(const std::string& digest) const override {
    std::string bytes;
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
    const std::uint64_t whole = this->size(digest);
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
    std::error_code error;
    const std::uintmax_t size = fs::file_size(path_of(digest), error);
    if (error) fail_not_found(digest);
    return size;
  }

  bool contains(const std::string& digest) const override {
    return is_digest(digest) && fs::is_regular_file(path_of(digest));
  }

  void remove(const std::string& digest) override { fs::remove(path_of(digest)); }

  void for_each(const std::function<void(const std::string&)>& visit) const override {
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (!entry.is_regular_file()) continue;
      const std::string name = entry.path().filename();
      if (is_digest(name))
        visit(name);
      else
        remove_when_left_over(entry);
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

  bool create(const fs::path& path, const std::string& digest, std::string_view bytes) {
    try {
      if (!create_file_unsynced(path, bytes)) return false;
      if (!journal_.append(digest, bytes)) sync_file(path);
      return true;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_supported) throw;
      return false;
    }
  }

  // Also makes sure that the file, which another thread may be writing just now, is on disk.
  static bool keeps(const fs::path& path, const std::string& digest) {
    if (!fs::exists(path) || digest_of_file(path) != digest) return false;
    sync_file(path);
    sync_folder(path.parent_path());
    return true;
  }

  void restore(const std::string& digest, std::string_view bytes) const {
    const fs::path path = path_of(digest);
    if (!keeps(path, digest)) write_file(path, bytes);
  }

  // What a crash left of a write that nobody was told had succeeded.
  static void remove_when_left_over(const fs::directory_entry& entry) {
    std::error_code ignored;
    const auto written = entry.last_write_time(ignored);
    if (entry.path().extension() == ".tmp" && fs::file_time_type::clock::now() - written > kUnfinishedAge)
      fs::remove(entry.path(), ignored);
  }

  const fs::path folder_;
  const FileSystemSync file_system_;  // from before the first write, so that it tells of all that fail
  BlobJournal journal_;
};

}  // namespace

std::unique_ptr<BlobStore> open_blob_folder(const std::filesystem::path& folder,
                                            std::uint64_t journal_bytes) {
  return std::make_unique<BlobFolder>(folder, journal_bytes);
}

}  // namespace meridian::storage
