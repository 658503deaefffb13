#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "doors/http/message.h"

namespace meridian::doors::http {
namespace {

[[noreturn]] void fail(const char* action, const std::filesystem::path& path) {
  const int reason = errno;
  throw Error(reason == ENOSPC || reason == EDQUOT ? ErrorCode::storage_full : ErrorCode::unavailable,
              std::string("Could not ") + action + " for an upload: " + std::strerror(reason), path.string());
}

}  // namespace

Body::Body(std::uint64_t limit, std::size_t in_memory, std::filesystem::path folder)
    : limit_(limit), in_memory_(in_memory), folder_(std::move(folder)) {}

Body::~Body() {
  discard();
}

Body::Body(Body&& other) noexcept {
  *this = std::move(other);
}

Body& Body::operator=(Body&& other) noexcept {
  if (this == &other) return *this;
  discard();
  bytes_ = std::move(other.bytes_);
  size_ = std::exchange(other.size_, 0);
  limit_ = other.limit_;
  in_memory_ = other.in_memory_;
  folder_ = std::move(other.folder_);
  file_ = std::exchange(other.file_, {});
  descriptor_ = std::exchange(other.descriptor_, -1);
  return *this;
}

void Body::discard() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  std::error_code ignored;
  if (!file_.empty()) std::filesystem::remove(file_, ignored);
  file_.clear();
}

void Body::spool() {
  file_ = folder_ / ("upload-" + new_id());
  descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor_ < 0) fail("create a file", std::exchange(file_, {}));
  write_all(descriptor_, bytes_, file_);
  bytes_ = {};
}

bool Body::append(std::string_view bytes) {
  if (bytes.size() > limit_ - size_) return false;
  size_ += bytes.size();
  if (!spooled() && size_ > in_memory_ && !folder_.empty()) spool();
  if (spooled())
    write_all(descriptor_, bytes, file_);
  else
    bytes_.append(bytes);
  return true;
}

std::string Body::take() {
  if (!spooled()) return std::move(bytes_);
  std::string bytes = read_file(file_);
  discard();
  return bytes;
}

}  // namespace meridian::doors::http
