#include "storage/blob_journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "base/log.h"
#include "storage/folder.h"

namespace meridian::storage {
namespace {

constexpr std::uint64_t kBlock = 4096;  // entries begin at a block's edge, so that none shares one
constexpr std::array<char, 8> kMagic{'M', 'R', 'D', 'N', 'B', 'L', 'O', 'B'};
constexpr std::size_t kPieceBytes = 1u << 20;

// Before each blob. The digest says whether all of the bytes are there, so nothing else needs to.
struct Header {
  std::array<char, 8> magic = kMagic;
  std::uint64_t filling =
      0;                   // the number of the filling that the entry is of: one of an earlier is left over
  std::uint64_t size = 0;  // of the blob
  std::array<char, 32> digest{};
};

std::uint64_t entry_bytes(std::uint64_t size) {
  return (sizeof(Header) + size + kBlock - 1) / kBlock * kBlock;
}

[[noreturn]] void fail(const std::string& action, const std::filesystem::path& path) {
  const int reason = errno;
  throw Error(reason == ENOSPC || reason == EDQUOT ? ErrorCode::storage_full : ErrorCode::unavailable,
              "Could not " + action + " the journal of blobs: " + std::strerror(reason), path.string());
}

}  // namespace

// The journal's file, read and written at offsets.
class BlobJournal::File {
 public:
  explicit File(std::filesystem::path path) : path_(std::move(path)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  // False when there is none, or when it is another process's: a backup reads beside a node that runs.
  bool open_existing() {
    if (!std::filesystem::exists(path_)) return false;
    open(O_RDWR);
    return lock();
  }

  // Zeros are written, not only reserved: a later write then changes no metadata.
  void make(std::uint64_t bytes) {
    if (descriptor_ < 0) open(O_RDWR | O_CREAT);
    if (!lock()) throw Error(ErrorCode::busy, "Another process has the journal of blobs", path_.string());
    if (::ftruncate(descriptor_, 0) != 0) fail("empty", path_);
    const std::string zeros(kPieceBytes, '\0');
    for (std::uint64_t done = 0; done < bytes; done += zeros.size())
      write_all(descriptor_,
                std::string_view(zeros).substr(0, std::min<std::uint64_t>(zeros.size(), bytes - done)),
                path_);
    if (::fsync(descriptor_) != 0) fail("sync", path_);
    sync_folder(path_.parent_path());
  }

  void write(std::uint64_t at, std::string_view head, std::string_view bytes) {
    std::array<iovec, 2> parts{
        {{const_cast<char*>(head.data()), head.size()}, {const_cast<char*>(bytes.data()), bytes.size()}}};
    std::uint64_t left = head.size() + bytes.size();
    while (left > 0) {
      const ssize_t written = ::pwritev(descriptor_, parts.data(), parts.size(), static_cast<off_t>(at));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("write", path_);
      at += static_cast<std::uint64_t>(written);
      left -= static_cast<std::uint64_t>(written);
      advance(parts, static_cast<std::size_t>(written));
    }
  }

  // Short at the end.
  std::string read(std::uint64_t at, std::uint64_t size) const {
    std::string bytes(size, '\0');
    std::size_t done = 0;
    while (done < size) {
      const ssize_t got =
          ::pread(descriptor_, bytes.data() + done, size - done, static_cast<off_t>(at + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail("read", path_);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
  }

  void sync() {
    if (::fdatasync(descriptor_) != 0) fail("sync", path_);
  }

  std::uint64_t size() const { return std::filesystem::file_size(path_); }

 private:
  bool lock() { return ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0; }

  void open(int flags) {
    descriptor_ = ::open(path_.c_str(), flags | O_CLOEXEC, 0640);
    if (descriptor_ < 0) fail("open", path_);
  }

  static void advance(std::array<iovec, 2>& parts, std::size_t written) {
    for (iovec& part : parts) {
      const std::size_t taken = std::min(written, part.iov_len);
      part.iov_base = static_cast<char*>(part.iov_base) + taken;
      part.iov_len -= taken;
      written -= taken;
    }
  }

  const std::filesystem::path path_;
  int descriptor_ = -1;
};

class BlobJournal::State {
 public:
  State(std::filesystem::path file, std::uint64_t bytes, Settle settle)
      : file_(std::move(file)), half_bytes_(bytes / 2 / kBlock * kBlock), settle_(std::move(settle)) {}

  ~State() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (settler_.joinable()) settler_.join();
    close();
  }

  // The file may be of another size than is wanted now; then it is made anew when it is needed.
  void restore(const Restore& restore) {
    if (!file_.open_existing()) return;
    const std::uint64_t half = file_.size() / 2 / kBlock * kBlock;
    for (const std::uint64_t begin : {std::uint64_t(0), half}) restore_half(begin, half, restore);
    empty(half);
    made_ = half == half_bytes_;
  }

  bool append(const std::string& digest, std::string_view bytes) {
    if (bytes.size() > half_bytes_ || entry_bytes(bytes.size()) > half_bytes_) return false;
    Entry entry{digest, bytes};
    std::unique_lock lock(mutex_);
    waiting_.push_back(&entry);
    while (!entry.done) {
      if (writing_)
        changed_.wait(lock);
      else
        write_waiting(lock);
    }
    if (entry.failure) std::rethrow_exception(entry.failure);
    return entry.kept;
  }

 private:
  struct Entry {
    const std::string& digest;
    std::string_view bytes;
    bool done = false, kept = false;
    std::exception_ptr failure{};
  };
  struct Half {
    std::uint64_t begin = 0, used = 0, filling = 0;
    bool settled = true;
  };

  // One of those who wait writes for all; what arrives meanwhile is the next one's.
  void write_waiting(std::unique_lock<std::mutex>& lock) {
    writing_ = true;
    std::deque<Entry*> batch;
    batch.swap(waiting_);
    const bool usable = !broken_;
    lock.unlock();
    std::exception_ptr failure;
    if (usable) failure = write(batch);
    lock.lock();
    // What follows an entry that may not be whole could not be found again.
    broken_ |= failure != nullptr;
    for (Entry* entry : batch) {
      entry->failure = failure;
      entry->done = true;
    }
    writing_ = false;
    changed_.notify_all();
  }

  std::exception_ptr write(const std::deque<Entry*>& batch) {
    try {
      prepare();
      for (Entry* entry : batch) entry->kept = write(*entry);
      if (made_) file_.sync();
    } catch (...) {
      return std::current_exception();
    }
    return nullptr;
  }

  // By the writer alone.
  void prepare() {
    if (prepared_) return;
    prepared_ = true;
    halves_[1].begin = half_bytes_;
    try {
      if (!made_) file_.make(2 * half_bytes_);
      made_ = true;
    } catch (const Error& error) {
      log_error("blob-journal-not-made", {{"reason", error.describe()}});
      return;
    }
    start_filling(0);
    settler_ = std::thread([this] { settle_halves(); });
  }

  bool write(const Entry& entry) {
    if (!made_) return false;
    const std::uint64_t needed = entry_bytes(entry.bytes.size());
    if (halves_[current_].used + needed > half_bytes_ && !change_half()) return false;
    Half& half = halves_[current_];
    Header header{.filling = half.filling, .size = entry.bytes.size()};
    const std::string digest = from_hex(entry.digest);
    std::memcpy(header.digest.data(), digest.data(), header.digest.size());
    file_.write(half.begin + half.used, {reinterpret_cast<const char*>(&header), sizeof header}, entry.bytes);
    half.used += needed;
    return true;
  }

  bool change_half() {
    std::unique_lock lock(mutex_);
    halves_[current_].settled = false;
    changed_.notify_all();
    changed_.wait(lock, [&] { return halves_[1 - current_].settled || broken_; });
    if (broken_) return false;  // the other half cannot be emptied
    current_ = 1 - current_;
    start_filling(current_);
    return true;
  }

  void start_filling(std::size_t index) {
    Half& half = halves_[index];
    half.used = 0;
    const std::string number = random_bytes(sizeof half.filling);
    std::memcpy(&half.filling, number.data(), sizeof half.filling);
  }

  void settle_halves() {
    std::unique_lock lock(mutex_);
    for (;;) {
      const auto full = [&] { return std::ranges::find(halves_, false, &Half::settled); };
      changed_.wait(lock, [&] { return stopping_ || (full() != halves_.end() && !broken_); });
      if (stopping_) return;
      Half& half = *full();
      lock.unlock();
      const bool settled = settle();
      lock.lock();
      half.settled = settled;
      broken_ = !settled;
      changed_.notify_all();
    }
  }

  bool settle() const {
    try {
      settle_();
      return true;
    } catch (const Error& error) {
      log_error("blob-journal-stopped", {{"reason", error.describe()}});
      return false;
    }
  }

  void close() {
    if (!prepared_ || !made_) return;
    if (!settle()) return;  // what is in it is restored at the next start
    try {
      empty(half_bytes_);
    } catch (const Error& error) {
      log_warning("blob-journal-not-emptied", {{"reason", error.describe()}});
    }
  }

  void empty(std::uint64_t half) {
    const std::string zeros(kBlock, '\0');
    for (const std::uint64_t begin : {std::uint64_t(0), half}) file_.write(begin, zeros, {});
    file_.sync();
  }

  void restore_half(std::uint64_t begin, std::uint64_t half, const Restore& restore) const {
    std::uint64_t filling = 0;
    for (std::uint64_t at = begin; at + sizeof(Header) <= begin + half;) {
      Header header;
      const std::string head = file_.read(at, sizeof header);
      std::memcpy(&header, head.data(), sizeof header);
      const bool follows = header.magic == kMagic && (at == begin || header.filling == filling) &&
                           header.size <= half && at - begin + entry_bytes(header.size) <= half;
      if (!follows) return;
      filling = header.filling;
      const std::string bytes = file_.read(at + sizeof header, header.size);
      // One that is not whole was the last of its batch, and nobody was told that it is kept.
      if (sha256(bytes) != std::string_view(header.digest.data(), header.digest.size())) return;
      restore(to_hex({header.digest.data(), header.digest.size()}), bytes);
      at += entry_bytes(header.size);
    }
  }

  File file_;
  const std::uint64_t half_bytes_;
  const Settle settle_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Entry*> waiting_;
  bool writing_ = false, stopping_ = false, broken_ = false;
  // The writer's alone, but for settled.
  std::array<Half, 2> halves_;
  std::size_t current_ = 0;
  bool prepared_ = false, made_ = false;
  std::thread settler_;
};

BlobJournal::BlobJournal(std::filesystem::path file, std::uint64_t bytes, Settle settle,
                         const Restore& restore)
    : state_(std::make_unique<State>(std::move(file), bytes, std::move(settle))) {
  state_->restore(restore);
}

BlobJournal::~BlobJournal() = default;

bool BlobJournal::append(const std::string& digest, std::string_view bytes) {
  return state_->append(digest, bytes);
}

}  // namespace meridian::storage
