#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/encoding.h"
#include "base/error.h"
#include "base/id.h"

namespace meridian {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void fail(const std::string& action, const std::filesystem::path& path) {
  const int reason = errno;
  const ErrorCode code = reason == ENOENT                       ? ErrorCode::not_found
                         : reason == ENOSPC || reason == EDQUOT ? ErrorCode::storage_full
                                                                : ErrorCode::unavailable;
  throw Error(code, "Could not " + action + ": " + std::strerror(reason), path.string());
}

}  // namespace

void write_all(int descriptor, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write the file", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string read_file(const std::filesystem::path& path, std::size_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail("open the file", path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) fail("look at the file", path);
  if (!S_ISREG(status.st_mode)) throw Error(ErrorCode::invalid_request, "This is not a file", path.string());
  if (static_cast<std::size_t>(status.st_size) > limit)
    throw Error(ErrorCode::too_large,
                "The file has " + std::to_string(status.st_size) + " bytes, more than the limit of " +
                    std::to_string(limit),
                path.string());
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::read(file.get(), bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read the file", path);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

void write_file(const std::filesystem::path& path, std::string_view bytes, unsigned mode) {
  const std::filesystem::path temporary = path.string() + "." + to_hex(random_bytes(8)) + ".tmp";
  {
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (file.get() < 0) fail("create the file", temporary);
    try {
      write_all(file.get(), bytes, temporary);
      if (::fsync(file.get()) != 0) fail("sync the file", temporary);
      if (::rename(temporary.c_str(), path.c_str()) != 0) fail("rename the file", path);
    } catch (...) {
      ::unlink(temporary.c_str());
      throw;
    }
  }
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0) fail("sync the folder", folder);
}

}  // namespace meridian
