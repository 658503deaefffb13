#include "storage/sqlite/prepared_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"

namespace meridian::storage::sqlite {
namespace {

constexpr std::uint64_t kPieceBytes = std::uint64_t(1) << 20;

// False when it is as it was.
bool fill(int log, std::uint64_t bytes, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(log, &status) != 0) return false;
  const auto before = static_cast<std::uint64_t>(status.st_size);
  const std::string zeros(kPieceBytes, '\0');
  try {
    if (::lseek(log, 0, SEEK_END) < 0) return false;
    for (std::uint64_t size = before; size < bytes; size += std::min(kPieceBytes, bytes - size))
      write_all(log, std::string_view(zeros).substr(0, std::min(kPieceBytes, bytes - size)), path);
    return ::fsync(log) == 0;
  } catch (const Error&) {  // the disk is full
    return ::ftruncate(log, status.st_size) != 0;
  }
}

}  // namespace

void prepare_log(SqliteConnection& writer, const std::filesystem::path& database, std::uint64_t bytes) {
  const std::filesystem::path path = database.string() + "-wal";
  writer.begin();  // nobody else writes to the log meanwhile
  // Not the database itself: closing a file that SQLite has locked would end the process's locks.
  const int log = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (log >= 0) {
    if (!fill(log, bytes, path)) log_warning("log-not-prepared", {{"log", path.string()}});
    ::close(log);
  }
  writer.roll_back();
}

}  // namespace meridian::storage::sqlite
