#include "storage/folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.h"

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

}  // namespace

void sync_file(const std::filesystem::path& file) {
  sync(file, O_RDONLY);
}

void sync_folder(const std::filesystem::path& folder) {
  sync(folder.empty() ? std::filesystem::path(".") : folder, O_RDONLY | O_DIRECTORY);
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
