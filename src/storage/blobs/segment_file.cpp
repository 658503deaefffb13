#include "storage/blobs/segment_file.h"

#include <fcntl.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>

#include "base/encoding.h"
#include "base/error.h"
#include "base/id.h"
#include "storage/folder.h"

namespace meridian::storage {
namespace {

constexpr std::array<char, 8> kFileMagic{'M', 'R', 'D', 'N', 'S', 'E', 'G', '1'};
constexpr std::array<char, 8> kEntryMagic{'M', 'R', 'D', 'N', 'B', 'L', 'O', 'B'};
constexpr std::size_t kPieceBytes = std::size_t(1) << 20;
constexpr int kBuffers = 4;
constexpr std::size_t kRoom = 1024;  // bytes that may be put behind what was read, without another copy of it

struct FileHeader {
  std::array<char, 8> magic = kFileMagic;
  std::uint64_t nonce = 0;  // of this file's entries, so that no blob can hold one that counts
};

[[noreturn]] void fail(const std::string& action, const std::filesystem::path& file) {
  const int reason = errno;
  throw Error(reason == ENOENT                       ? ErrorCode::not_found
              : reason == ENOSPC || reason == EDQUOT ? ErrorCode::storage_full
                                                     : ErrorCode::unavailable,
              "Could not " + action + ": " + std::strerror(reason), file.string());
}

[[noreturn]] void fail_damaged(const std::string& what, const std::filesystem::path& file,
                               const EntryPlace& place) {
  throw Error(ErrorCode::corrupted, what, file.string() + " at byte " + std::to_string(place.offset),
              "Send the instance again, or copy its blob from a backup into the folder blobs");
}

// Memory from which a disk can take bytes by itself. As many writers as there are buffers copy into them at
// once; more would wait for the disk all the same.
class Buffers {
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };
  using Buffer = std::unique_ptr<char, Free>;

 public:
  class Lent {
   public:
    Lent(Buffers& owner, Buffer buffer) : owner_(owner), buffer_(std::move(buffer)) {}
    ~Lent() { owner_.take_back(std::move(buffer_)); }
    Lent(const Lent&) = delete;
    Lent& operator=(const Lent&) = delete;
    char* bytes() const { return buffer_.get(); }

   private:
    Buffers& owner_;
    Buffer buffer_;
  };

  Lent lend() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return !free_.empty() || made_ < kBuffers; });
    if (free_.empty()) {
      ++made_;
      return {*this, make()};
    }
    Buffer buffer = std::move(free_.back());
    free_.pop_back();
    return {*this, std::move(buffer)};
  }

 private:
  static Buffer make() {
    Buffer buffer(static_cast<char*>(std::aligned_alloc(SegmentFile::kBlock, kPieceBytes)));
    if (!buffer) throw std::bad_alloc();
    return buffer;
  }
  void take_back(Buffer buffer) {
    {
      const std::lock_guard lock(mutex_);
      free_.push_back(std::move(buffer));
    }
    returned_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable returned_;
  std::deque<Buffer> free_;
  int made_ = 0;
};

Buffers& buffers() {
  static Buffers all;
  return all;
}

void write_at(int descriptor, std::uint64_t offset, std::string_view bytes,
              const std::filesystem::path& file) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail("write the file of blobs", file);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
}

// Bytes read, which are fewer at the end only.
std::size_t read_at(int descriptor, std::uint64_t offset, char* out, std::size_t size,
                    const std::filesystem::path& file) {
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got = ::pread(descriptor, out + have, size - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read the file of blobs", file);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return have;
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

// Past the page cache where the file system allows it: a sync has then nothing left to write.
int open_direct(const std::filesystem::path& file, int flags) {
  const int direct = ::open(file.c_str(), flags | O_DIRECT | O_CLOEXEC, 0640);
  return direct >= 0 || errno != EINVAL ? direct : ::open(file.c_str(), flags | O_CLOEXEC, 0640);
}

}  // namespace

struct SegmentFile::Header {
  std::array<char, 8> magic = kEntryMagic;
  std::uint64_t nonce = 0, size = 0;
  BlobDigest digest{};
  std::uint32_t checksum = 0;
  std::uint32_t own_checksum = 0;  // of what precedes it

  std::uint32_t computed_checksum() const {
    return checksum_of({reinterpret_cast<const char*>(this), offsetof(Header, own_checksum)});
  }
};

std::uint64_t SegmentFile::entry_bytes(std::uint64_t blob_bytes) {
  return (sizeof(Header) + blob_bytes + kBlock - 1) / kBlock * kBlock;
}

std::uint32_t SegmentFile::checksum_of(std::string_view bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

void SegmentFile::make(const std::filesystem::path& file, std::uint64_t bytes) {
  const std::filesystem::path unfinished = file.string() + ".tmp";
  {
    const Descriptor made(open_direct(unfinished, O_WRONLY | O_CREAT | O_TRUNC));
    if (made.number() < 0) fail("make the file of blobs", unfinished);
    const auto buffer = buffers().lend();
    FileHeader header;
    const std::string nonce = random_bytes(sizeof header.nonce);
    std::memcpy(&header.nonce, nonce.data(), sizeof header.nonce);
    std::memset(buffer.bytes(), 0, kPieceBytes);
    std::memcpy(buffer.bytes(), &header, sizeof header);
    for (std::uint64_t at = 0; at < bytes; at += kPieceBytes) {
      write_at(made.number(), at, {buffer.bytes(), std::min<std::size_t>(kPieceBytes, bytes - at)},
               unfinished);
      if (at == 0) std::memset(buffer.bytes(), 0, sizeof header);
    }
    if (::fsync(made.number()) != 0) fail("sync the file of blobs", unfinished);
  }
  move_durably(unfinished, file);
}

SegmentFile::SegmentFile(std::filesystem::path file, bool writable) : file_(std::move(file)) {
  const Descriptor opened(::open(file_.c_str(), (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC));
  if (opened.number() < 0) fail("open the file of blobs", file_);
  struct stat status {};
  if (::fstat(opened.number(), &status) != 0) fail("look at the file of blobs", file_);
  bytes_ = static_cast<std::uint64_t>(status.st_size);
  FileHeader header;
  const bool whole =
      read_at(opened.number(), 0, reinterpret_cast<char*>(&header), sizeof header, file_) == sizeof header;
  if (!whole || header.magic != kFileMagic)
    throw Error(ErrorCode::corrupted, "This is no file of blobs", file_.string(), "Restore it from a backup");
  nonce_ = header.nonce;
  descriptor_ = ::dup(opened.number());
  if (descriptor_ < 0) fail("open the file of blobs", file_);
  if (!writable) return;
  direct_ = open_direct(file_, O_WRONLY);
  if (direct_ < 0) {
    ::close(descriptor_);
    fail("open the file of blobs", file_);
  }
}

SegmentFile::~SegmentFile() {
  ::close(descriptor_);
  if (direct_ >= 0) ::close(direct_);
}

void SegmentFile::write(const EntryPlace& place, const BlobDigest& digest, std::string_view bytes) const {
  Header header{.nonce = nonce_, .size = place.size, .digest = digest, .checksum = place.checksum};
  header.own_checksum = header.computed_checksum();
  const auto buffer = buffers().lend();
  std::memcpy(buffer.bytes(), &header, sizeof header);
  std::size_t filled = sizeof header;
  std::uint64_t at = place.offset;
  do {
    const std::size_t taken = std::min(bytes.size(), kPieceBytes - filled);
    std::memcpy(buffer.bytes() + filled, bytes.data(), taken);
    bytes.remove_prefix(taken);
    filled += taken;
    const std::size_t padded = (filled + kBlock - 1) / kBlock * kBlock;
    std::memset(buffer.bytes() + filled, 0, padded - filled);
    write_at(direct_, at, {buffer.bytes(), padded}, file_);
    at += padded;
    filled = 0;
  } while (!bytes.empty());
}

void SegmentFile::sync() {
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = ++asked_;
  while (synced_ < mine && !failed_) {
    if (syncing_) {
      changed_.wait(lock);
      continue;
    }
    syncing_ = true;
    const std::uint64_t covered = asked_;
    lock.unlock();
    const bool done = ::fdatasync(direct_) == 0;
    lock.lock();
    syncing_ = false;
    if (done)
      synced_ = covered;
    else
      failed_ = true;
    changed_.notify_all();
  }
  if (synced_ >= mine) return;
  throw Error(ErrorCode::unavailable, "Could not sync the file of blobs", file_.string(),
              "Check the disk of the data folder");
}

void SegmentFile::erase(const EntryPlace& place, const BlobDigest& digest) const {
  const Header header = header_at(place.offset);
  if (!fits(header, place.offset) || header.digest != digest) return;
  // The header first: who has read bytes and still finds it has read what was there before.
  const std::string zeros(sizeof(Header), '\0');
  write_at(descriptor_, place.offset, zeros, file_);
  // Not every file system can free blocks; a rewrite of the segment frees them then.
  ::fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(place.offset),
              static_cast<off_t>(entry_bytes(place.size)));
}

bool SegmentFile::fits(const Header& header, std::uint64_t offset) const {
  return header.magic == kEntryMagic && header.nonce == nonce_ &&
         header.own_checksum == header.computed_checksum() && header.size < bytes_ &&
         offset + entry_bytes(header.size) <= bytes_;
}

SegmentFile::Header SegmentFile::header_at(std::uint64_t offset) const {
  Header header;
  std::memset(static_cast<void*>(&header), 0, sizeof header);  // read short, it is nobody's
  read_at(descriptor_, offset, reinterpret_cast<char*>(&header), sizeof header, file_);
  return header;
}

bool SegmentFile::is_here(const EntryPlace& place, const BlobDigest& digest) const {
  const Header header = header_at(place.offset);
  if (fits(header, place.offset)) return header.digest == digest && header.size == place.size;
  const std::string zeros(sizeof header, '\0');
  if (std::memcmp(&header, zeros.data(), sizeof header) == 0) return false;
  fail_damaged("A blob's header is damaged", file_, place);
}

bool SegmentFile::read(const EntryPlace& place, const BlobDigest& digest, std::string& out) const {
  if (!is_here(place, digest)) return false;
  const std::size_t before = out.size();
  out.reserve(before + place.size + kRoom);
  out.resize(before + place.size);
  const std::size_t got =
      read_at(descriptor_, place.offset + sizeof(Header), out.data() + before, place.size, file_);
  if (got == place.size && checksum_of(std::string_view(out).substr(before)) == place.checksum) return true;
  out.resize(before);
  if (!is_here(place, digest)) return false;  // erased while it was read
  fail_damaged("A blob's bytes do not have its checksum", file_, place);
}

std::optional<std::string> SegmentFile::read_range(const EntryPlace& place, const BlobDigest& digest,
                                                   std::uint64_t offset, std::uint64_t size) const {
  offset = std::min(offset, place.size);
  std::string bytes(static_cast<std::size_t>(std::min(size, place.size - offset)), '\0');
  bytes.resize(
      read_at(descriptor_, place.offset + sizeof(Header) + offset, bytes.data(), bytes.size(), file_));
  if (!is_here(place, digest)) return {};
  return bytes;
}

std::uint64_t SegmentFile::scan(
    const std::function<void(const BlobDigest&, const EntryPlace&)>& found) const {
  std::uint64_t end = kFirstEntry;
  std::string piece(kPieceBytes, '\0');
  for (std::uint64_t at = kFirstEntry; at < bytes_;) {
    const std::size_t have = read_at(descriptor_, at, piece.data(), piece.size(), file_);
    if (have < sizeof(Header)) break;
    std::uint64_t within = 0;
    while (within + sizeof(Header) <= have) {
      Header header;
      std::memcpy(&header, piece.data() + within, sizeof header);
      if (!fits(header, at + within)) {
        within += kBlock;
        continue;
      }
      found(header.digest, {at + within, header.size, header.checksum});
      within += entry_bytes(header.size);
      end = at + within;
    }
    at += within;
  }
  return end;
}

}  // namespace meridian::storage
