// Files and folders made so that they are there after a power cut.
#pragma once
#include <filesystem>
#include <string_view>

namespace meridian::storage {

// Durable when it returns, also when others make the same folder at the same time.
void make_folder(const std::filesystem::path& folder);
// The folder and those above it that are missing.
void make_folders(const std::filesystem::path& folder);
void sync_file(const std::filesystem::path& file);
void sync_folder(const std::filesystem::path& folder);

// All files on the file system that a folder is on. Of many files this is far less work than of each its own,
// since what the file system writes of all of them goes with one commit.
class FileSystemSync {
 public:
  explicit FileSystemSync(const std::filesystem::path& folder);
  ~FileSystemSync();
  FileSystemSync(const FileSystemSync&) = delete;
  FileSystemSync& operator=(const FileSystemSync&) = delete;
  // Throws storage_full or unavailable, also when a write failed since this was made or last asked.
  void sync() const;

 private:
  const std::filesystem::path folder_;
  int descriptor_ = -1;
};

// A file that gets its name once it is whole, not synced: a sync of it makes its name durable too on ext4,
// XFS and btrfs. A crash may leave a shorter file of this name, so that a reader must know its size or
// digest. False, and nothing done, when the name is taken. Throws not_supported where the file system has no
// unnamed files (O_TMPFILE).
bool create_file_unsynced(const std::filesystem::path& file, std::string_view bytes);
// Renames within one file system and syncs the folder; replaces what is there. Throws invalid_request across
// file systems.
void move_durably(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace meridian::storage
