#include "storage/folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.h"
#include "base/file.h"

namespace meridian::storage {
namespace {

[[noreturn]] void fail(const std::string& action, const std::filesystem::path& path) {
  const int reason = errno;
  const ErrorCode code = reason == ENOENT                       ? ErrorCode::not_found
                         : reason == ENOSPC || reason == EDQUOT ? ErrorCode::storage_full
                         : reason == EXDEV                      ? ErrorCode::invalid_request
                                                                : ErrorCode::unavailable;
  throw Error(code, "Could not " + action + ": " + std::strerror(reason), path.string());
}

void sync(const std::filesystem::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) fail("open", path);
  const int result = ::fsync(descriptor);
  const int reason = errno;
  ::close(descriptor);
  errno = reason;
  if (result != 0) fail("sync", path);
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

int open_unnamed(const std::filesystem::path& file) {
  const int number = ::open(file.parent_path().c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0640);
  if (number >= 0) return number;
  if (errno == EOPNOTSUPP || errno == EISDIR)
    throw Error(ErrorCode::not_supported, "The file system has no unnamed files", file.string());
  fail("create the file", file);
}

}  // namespace

bool create_file_unsynced(const std::filesystem::path& file, std::string_view bytes) {
  const Descriptor unnamed(open_unnamed(file));
  write_all(unnamed.number(), bytes, file);
  const std::string handle = "/proc/self/fd/" + std::to_string(unnamed.number());
  if (::linkat(AT_FDCWD, handle.c_str(), AT_FDCWD, file.c_str(), AT_SYMLINK_FOLLOW) == 0) return true;
  if (errno == EEXIST) return false;
  fail("name the file", file);
}

void sync_file(const std::filesystem::path& file) {
  sync(file, O_RDONLY);
}

void sync_folder(const std::filesystem::path& folder) {
  sync(folder.empty() ? std::filesystem::path(".") : folder, O_RDONLY | O_DIRECTORY);
}

FileSystemSync::FileSystemSync(const std::filesystem::path& folder)
    : folder_(folder), descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0) fail("open", folder);
}

FileSystemSync::~FileSystemSync() {
  ::close(descriptor_);
}

void FileSystemSync::sync() const {
  if (::syncfs(descriptor_) != 0) fail("sync the file system of", folder_);
}

void make_folder(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), 0750) != 0 && (errno != EEXIST || !std::filesystem::is_directory(folder)))
    fail("make the folder", folder);
  sync_folder(folder.parent_path());
}

void make_folders(const std::filesystem::path& folder) {
  const std::filesystem::path above = folder.parent_path();
  if (!above.empty() && !std::filesystem::is_directory(above)) make_folders(above);
  make_folder(folder);
}

void move_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) fail("move to " + to.string(), from);
  sync_folder(to.parent_path());
}

}  // namespace meridian::storage
