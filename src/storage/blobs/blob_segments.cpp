#include "storage/blobs/blob_segments.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>
#include <tuple>

#include "base/encoding.h"
#include "base/error.h"
#include "base/log.h"
#include "storage/folder.h"

namespace meridian::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".segment";
constexpr std::size_t kMostRecent = 512;                  // blobs, until their places are kept
constexpr auto kLongestRecent = std::chrono::seconds(5);  // likewise
constexpr std::size_t kMostPrepared = 2;
constexpr std::size_t kMostOpened = 64;  // files that are read

}  // namespace

std::size_t BlobSegments::HashOfDigest::operator()(const BlobDigest& digest) const {
  std::size_t hash = 0;  // its bytes are as good as random
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

BlobSegments::BlobSegments(fs::path folder, std::uint64_t segment_bytes)
    : folder_(std::move(folder)), segment_bytes_(segment_bytes / SegmentFile::kBlock * SegmentFile::kBlock) {
  if (segment_bytes_ > 0) make_folders(folder_);
  if (!fs::exists(folder_)) return;
  writes_ = segment_bytes_ > 0 && lock_folder();
  places_ = std::make_unique<BlobPlaces>(folder_ / "places.db", writes_);
  open_segments();
  if (!writes_) return;
  preparer_ = std::thread([this] { prepare_segments(); });
  keeper_ = std::thread([this] { keep_places(); });
}

BlobSegments::~BlobSegments() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (preparer_.joinable()) preparer_.join();
  if (keeper_.joinable()) keeper_.join();
  try {
    if (writes_) flush();
  } catch (const Error& error) {
    log_warning("blob-places-not-kept", {{"reason", error.describe()}});  // the next start looks for them
  }
  places_.reset();
  if (lock_ >= 0) ::close(lock_);
}

bool BlobSegments::lock_folder() {
  lock_ = ::open((folder_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (lock_ >= 0 && ::flock(lock_, LOCK_EX | LOCK_NB) == 0) return true;
  log_warning("blob-segments-left-to-another-process", {{"folder", folder_.string()}});
  return false;
}

fs::path BlobSegments::path_of(std::int64_t number) const {
  return folder_ / fmt::format("{:010}{}", number, kEnding);
}

std::vector<std::int64_t> BlobSegments::numbers() const {
  std::vector<std::int64_t> numbers;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (entry.path().extension() != kEnding) continue;
    const std::string name = entry.path().stem();
    std::int64_t number = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), number).ec == std::errc())
      numbers.push_back(number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

void BlobSegments::open_segments() {
  const std::set<std::int64_t> full = places_->full();
  for (const std::int64_t number : numbers()) {
    next_number_ = number + 1;
    if (full.contains(number)) continue;
    auto segment = std::make_shared<Segment>();
    segment->number = number;
    segment->file = std::make_shared<SegmentFile>(path_of(number), writes_);
    opened_[number] = segment->file;
    recover(*segment);
    if (segment->used == SegmentFile::kFirstEntry) {
      prepared_.push_back(number);
      continue;
    }
    if (current_) full_.push_back(std::move(current_));
    current_ = std::move(segment);
  }
}

// What a crash kept from the table is found in the segments that are not full yet. A copy that was cut short
// does not stand for a blob that is whole elsewhere.
void BlobSegments::recover(Segment& segment) {
  std::set<BlobDigest> found;
  segment.used = segment.file->scan([&](const BlobDigest& digest, const EntryPlace& entry) {
    const BlobPlace here{segment.number, entry};
    const auto other = find_locked(digest);
    if (other && *other != here && !is_whole(digest, here)) return;
    recent_[digest] = here;
    found.insert(digest);
  });
  for (const auto& [digest, place] : places_->in_segment(segment.number)) {
    if (found.contains(digest)) continue;
    if (const auto known = recent_.find(digest); known != recent_.end() && known->second != place) continue;
    try {
      if (!segment.file->is_here(place.entry, digest))
        recent_[digest] = std::nullopt;  // removed before a crash
    } catch (const Error& error) {
      if (error.code() != ErrorCode::corrupted) throw;
      log_error("blob-damaged", {{"reason", error.describe()}});
      segment.used = std::max(segment.used, place.entry.offset + SegmentFile::entry_bytes(place.entry.size));
    }
  }
}

bool BlobSegments::is_whole(const BlobDigest& digest, const BlobPlace& place) const {
  try {
    std::string bytes;
    return file_of(place.segment)->read(place.entry, digest, bytes);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupted) throw;
    return false;
  }
}

// ---- finding ----

std::optional<BlobPlace> BlobSegments::find(const BlobDigest& digest) const {
  if (!places_) return {};
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = recent_.find(digest); known != recent_.end()) return known->second;
  }
  return places_->find(digest);
}

std::optional<BlobPlace> BlobSegments::find_locked(const BlobDigest& digest) const {
  const auto known = recent_.find(digest);
  return known != recent_.end() ? known->second : places_->find(digest);
}

std::shared_ptr<SegmentFile> BlobSegments::file_of(std::int64_t number) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = opened_.find(number); known != opened_.end()) return known->second;
  }
  auto file = std::make_shared<SegmentFile>(path_of(number), writes_);
  const std::lock_guard lock(mutex_);
  if (opened_.size() >= kMostOpened) opened_.clear();
  opened_.emplace(number, file);
  return file;
}

// A segment that was rewritten meanwhile is gone, and the table says where its blobs are now.
template <class Read>
auto BlobSegments::at_place_of(const BlobDigest& digest, Read&& read) const {
  using Result = decltype(read(std::declval<SegmentFile&>(), std::declval<EntryPlace&>()));
  auto place = find(digest);
  if (!place) return Result{};
  try {
    return read(*file_of(place->segment), place->entry);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
  }
  const auto now = places_->find(digest);
  if (!now || now == place) return Result{};
  return read(*file_of(now->segment), now->entry);
}

std::optional<std::uint64_t> BlobSegments::size(const BlobDigest& digest) const {
  const auto place = find(digest);
  return place ? std::optional(place->entry.size) : std::nullopt;
}

bool BlobSegments::read(const BlobDigest& digest, std::string& out) const {
  return at_place_of(digest, [&](const SegmentFile& file, const EntryPlace& place) {
    return file.read(place, digest, out);
  });
}

std::optional<std::string> BlobSegments::read_range(const BlobDigest& digest, std::uint64_t offset,
                                                    std::uint64_t size) const {
  return at_place_of(digest, [&](const SegmentFile& file, const EntryPlace& place) {
    return file.read_range(place, digest, offset, size);
  });
}

void BlobSegments::for_each(const std::function<void(const BlobDigest&)>& visit) const {
  if (!places_) return;
  Recent recent;
  {
    const std::lock_guard lock(mutex_);
    recent = recent_;
  }
  for (const auto& [digest, place] : recent)
    if (place) visit(digest);
  places_->for_each([&](const BlobDigest& digest) {
    if (!recent.contains(digest)) visit(digest);
  });
}

// ---- putting ----

bool BlobSegments::takes(std::uint64_t blob_bytes) const {
  return writes_ && blob_bytes < segment_bytes_ &&
         SegmentFile::entry_bytes(blob_bytes) <= segment_bytes_ - SegmentFile::kFirstEntry;
}

bool BlobSegments::holds(const BlobDigest& digest, std::string_view bytes) const {
  if (!find(digest)) return false;
  try {
    std::string kept;
    return read(digest, kept) && kept == bytes;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupted) throw;
    log_error("blob-replaced", {{"reason", error.describe()}});
    return false;
  }
}

BlobSegments::Found BlobSegments::look_up(const BlobDigest& digest) const {
  Found found;
  {
    const std::lock_guard lock(mutex_);
    found.flushes = flushes_;
    if (const auto known = recent_.find(digest); known != recent_.end()) {
      found.place = known->second;
      return found;
    }
  }
  found.place = places_->find(digest);
  return found;
}

void BlobSegments::put(std::span<const Blob> blobs) {
  std::vector<Arriving> arriving;
  for (const Blob& blob : blobs) {
    const Found before = look_up(blob.digest);
    if (before.place && holds(blob.digest, blob.bytes)) continue;
    arriving.push_back({blob, before, {}, {}});  // in place of what is damaged, if there is something
  }
  append(std::move(arriving));
}

// Where a blob is by then somewhere else than it was, that place stands.
void BlobSegments::append(std::vector<Arriving> arriving) {
  try {
    write(arriving);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    for (const Arriving& one : arriving) {
      if (!one.segment) continue;
      --one.segment->writing;
      if (current_ == one.segment) full_.push_back(std::move(current_));  // nothing more is written to it
    }
    throw;
  }
  for (const Arriving& one : enter(arriving)) one.segment->file->erase(one.entry, one.blob.digest);
}

void BlobSegments::write(std::span<Arriving> arriving) {
  for (Arriving& one : arriving) {
    std::tie(one.segment, one.entry) = reserve(one.blob.bytes);
    one.segment->file->write(one.entry, one.blob.digest, one.blob.bytes);
  }
  const SegmentFile* synced = nullptr;
  for (const Arriving& one : arriving) {
    if (one.segment->file.get() == synced) continue;
    one.segment->file->sync();
    synced = one.segment->file.get();
  }
}

// With the end of their writing in one step: a segment is full when all its blobs have their places. Gives
// those that have another place.
std::vector<BlobSegments::Arriving> BlobSegments::enter(std::span<const Arriving> arriving) {
  std::vector<Arriving> others;
  const std::lock_guard lock(mutex_);
  for (const Arriving& one : arriving) --one.segment->writing;
  for (const Arriving& one : arriving)
    if (!enter_locked(one)) others.push_back(one);
  if (recent_.size() >= kMostRecent) changed_.notify_all();
  return others;
}

bool BlobSegments::enter_locked(const Arriving& arriving) {
  const auto& [blob, before, segment, entry] = arriving;
  // A new blob needs no look into the table when nothing was kept there since the last one.
  const auto known = recent_.find(blob.digest);
  const bool must_look = before.place || flushes_ != before.flushes;
  const auto now = known != recent_.end() ? known->second
                   : must_look            ? places_->find(blob.digest)
                                          : std::nullopt;
  if (now != before.place) return false;
  recent_[blob.digest] = BlobPlace{segment->number, entry};
  return true;
}

std::pair<std::shared_ptr<BlobSegments::Segment>, EntryPlace> BlobSegments::reserve(std::string_view bytes) {
  EntryPlace place{.size = bytes.size(), .checksum = SegmentFile::checksum_of(bytes)};
  const std::uint64_t needed = SegmentFile::entry_bytes(place.size);
  std::unique_lock lock(mutex_);
  while (!current_ || current_->used + needed > current_->file->bytes()) begin_next(lock);
  place.offset = current_->used;
  current_->used += needed;
  ++current_->writing;
  if (wanted_ == 0 && current_->used > current_->file->bytes() / 2) {
    wanted_ = 1;
    changed_.notify_all();
  }
  return {current_, place};
}

void BlobSegments::begin_next(std::unique_lock<std::mutex>& lock) {
  const auto before = current_;
  if (prepared_.empty()) {
    wanted_ = std::max<std::size_t>(wanted_, 1);
    preparing_failed_.clear();
    changed_.notify_all();
    changed_.wait(lock,
                  [&] { return !prepared_.empty() || !preparing_failed_.empty() || current_ != before; });
    if (current_ != before) return;
    if (prepared_.empty())
      throw Error(ErrorCode::storage_full, preparing_failed_, folder_.string(),
                  "Free space on the disk of the data folder");
  }
  auto segment = std::make_shared<Segment>();
  segment->number = prepared_.front();
  segment->file = std::make_shared<SegmentFile>(path_of(segment->number), true);
  segment->used = SegmentFile::kFirstEntry;
  prepared_.pop_front();
  opened_[segment->number] = segment->file;
  wanted_ = current_ ? kMostPrepared : 0;
  if (current_) full_.push_back(std::move(current_));
  current_ = std::move(segment);
  changed_.notify_all();
}

// Ahead of need, so that who puts does not wait for a new file.
void BlobSegments::prepare_segments() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock,
                  [&] { return stopping_ || (prepared_.size() < wanted_ && preparing_failed_.empty()); });
    if (stopping_) return;
    const std::int64_t number = next_number_++;
    lock.unlock();
    std::string failure;
    try {
      SegmentFile::make(path_of(number), segment_bytes_);
    } catch (const Error& error) {
      failure = error.describe();
      log_error("blob-segment-not-made", {{"reason", failure}});
    }
    lock.lock();
    if (failure.empty()) prepared_.push_back(number);
    preparing_failed_ = std::move(failure);
    changed_.notify_all();
  }
}

// ---- keeping places, and space ----

bool BlobSegments::remove(const BlobDigest& digest) {
  std::optional<BlobPlace> place;
  {
    const std::lock_guard lock(mutex_);
    if (!places_) return false;
    place = find_locked(digest);
    if (!place) return false;
    recent_[digest] = std::nullopt;
    removed_ = true;
    if (recent_.size() >= kMostRecent) changed_.notify_all();
  }
  try {
    if (writes_) file_of(place->segment)->erase(place->entry, digest);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
  }
  return true;
}

void BlobSegments::keep_places() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    changed_.wait_for(lock, kLongestRecent, [&] { return stopping_ || recent_.size() >= kMostRecent; });
    const bool look = std::exchange(removed_, false);
    lock.unlock();
    bool done = false;
    try {
      flush();
      if (look) rewrite_mostly_empty();
      done = true;
    } catch (const Error& error) {
      log_error("blob-places-not-kept", {{"reason", error.describe()}});
    }
    lock.lock();
    removed_ = removed_ || (look && !done);  // the next turn tries again
  }
}

void BlobSegments::flush() {
  const std::lock_guard one(flushing_);
  std::vector<BlobPlaces::Change> changes;
  std::vector<std::int64_t> full;
  {
    const std::lock_guard lock(mutex_);
    changes.assign(recent_.begin(), recent_.end());
    for (const auto& segment : full_)
      if (segment->writing == 0) full.push_back(segment->number);
  }
  if (changes.empty() && full.empty()) return;
  places_->keep(changes, full);
  const std::lock_guard lock(mutex_);
  ++flushes_;
  for (const auto& [digest, place] : changes)
    if (const auto known = recent_.find(digest); known != recent_.end() && known->second == place)
      recent_.erase(known);
  std::erase_if(full_, [&](const auto& segment) { return std::ranges::count(full, segment->number) > 0; });
}

void BlobSegments::tidy() {
  if (!writes_) return;
  flush();
  rewrite_mostly_empty();
}

void BlobSegments::rewrite_mostly_empty() {
  for (const auto& [number, used] : places_->used_of_full()) {
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(path_of(number), error);
    if (error || used >= bytes / 2) continue;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || damaged_.contains(number)) continue;
    }
    rewrite(number);
  }
}

// The blobs are durable in their new places, and the table says so, before the old ones go.
void BlobSegments::rewrite(std::int64_t number) {
  for (const auto& [digest, place] : places_->in_segment(number)) {
    if (move_out(digest, place)) continue;
    const std::lock_guard lock(mutex_);
    damaged_.insert(number);
    return;
  }
  flush();
  if (!places_->in_segment(number).empty()) return;  // one was put back there; the next turn looks again
  places_->forget_segment(number);
  {
    const std::lock_guard lock(mutex_);
    opened_.erase(number);
  }
  std::error_code error;
  fs::remove(path_of(number), error);
  if (error)  // the next start takes it in again
    log_warning("blob-segment-not-removed", {{"segment", number}, {"reason", error.message()}});
}

bool BlobSegments::move_out(const BlobDigest& digest, const BlobPlace& from) {
  std::string bytes;
  try {
    if (!file_of(from.segment)->read(from.entry, digest, bytes)) {
      const std::lock_guard lock(mutex_);
      if (find_locked(digest) == from) recent_[digest] = std::nullopt;  // removed just before a crash
      return true;
    }
    if (sha256(bytes) != std::string_view(digest.data(), digest.size()))
      throw Error(ErrorCode::corrupted, "A blob's bytes do not have its digest");
  } catch (const Error& error) {
    log_error("blob-segment-not-rewritten", {{"segment", from.segment}, {"reason", error.describe()}});
    return false;
  }
  const Found now = look_up(digest);
  if (now.place == from) append({{{digest, bytes}, now, {}, {}}});  // else it is removed meanwhile
  return true;
}

}  // namespace meridian::storage
