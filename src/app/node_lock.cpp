#include "app/node_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"

namespace meridian::app {

NodeLock::NodeLock(const std::filesystem::path& folder)
    : file_(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (file_ < 0) throw Error(ErrorCode::unavailable, "The data folder cannot be locked", folder.string());
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(file_);
  throw Error(ErrorCode::busy, "Another process works on this data folder", folder.string(),
              "Stop that node first");
}

NodeLock::~NodeLock() {
  ::close(file_);
}

}  // namespace meridian::app
