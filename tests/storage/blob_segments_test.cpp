// Blobs that lie one after another in segments: what is acknowledged is there after the process was killed,
// what is removed gives its space back, and what is not whole is never given as if it were.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "base/encoding.h"
#include "base/error_of.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "storage/blob_store.h"
#include "storage/blobs/blob_segments.h"

namespace meridian::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSegmentBytes = 256 * 1024;
constexpr std::size_t kBlobBytes = 10'000;  // some twenty of them fill a segment
constexpr std::size_t kDigestLength = 64;

std::string blob(int number) {
  std::string bytes(kBlobBytes, '\0');
  std::minstd_rand random(static_cast<unsigned>(number) + 1);
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

BlobDigest digest_of(const std::string& bytes) {
  BlobDigest digest{};
  const std::string hash = sha256(bytes);
  std::copy(hash.begin(), hash.end(), digest.begin());
  return digest;
}

void put(BlobSegments& segments, const std::string& bytes) {
  const BlobSegments::Blob one{digest_of(bytes), bytes};
  segments.put({&one, 1});
}

class BlobSegmentsTest : public ::testing::Test {
 protected:
  std::unique_ptr<BlobStore> open(std::uint64_t bytes = kSegmentBytes) const {
    return open_blob_folder(folder_ / "blobs", bytes);
  }
  std::vector<fs::path> segments() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder_ / "blobs" / "segments"))
      if (entry.path().extension() == ".segment") files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
  }
  void spoil(const fs::path& file, std::uint64_t offset) const {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(offset));
    const char byte = static_cast<char>(stream.get() ^ 1);
    stream.seekp(static_cast<std::streamoff>(offset));
    stream.put(byte);
  }
  // Of all segments, in their order.
  std::vector<std::pair<fs::path, EntryPlace>> entries() const {
    std::vector<std::pair<fs::path, EntryPlace>> found;
    for (const fs::path& file : segments())
      SegmentFile(file, false).scan([&](const BlobDigest&, const EntryPlace& place) {
        found.emplace_back(file, place);
      });
    return found;
  }
  static std::set<std::string> all(const BlobStore& blobs) {
    std::set<std::string> digests;
    blobs.for_each([&](const std::string& digest) { EXPECT_TRUE(digests.insert(digest).second); });
    return digests;
  }

  // A process that puts blobs from several threads and tells of each that is kept, killed after so many.
  // Gives their digests, in the order in which they were told.
  std::vector<std::string> put_and_be_killed(std::size_t after, int first = 0) const {
    int pipe[2];
    if (::pipe(pipe) != 0) throw std::runtime_error("pipe");
    const pid_t child = ::fork();
    if (child == 0) put_for_ever(pipe[1], first);
    ::close(pipe[1]);
    std::vector<std::string> told;
    std::string digest(kDigestLength, '\0');
    while (told.size() < after && read_whole(pipe[0], digest)) told.push_back(digest);
    ::kill(child, SIGKILL);
    while (read_whole(pipe[0], digest)) told.push_back(digest);
    ::close(pipe[0]);
    ::waitpid(child, nullptr, 0);
    return told;
  }

  [[noreturn]] void put_for_ever(int out, int first) const {
    const auto blobs = open();
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&, thread] {
        for (int i = 0;; ++i) {
          const std::string digest = blobs->put(blob(first + i * 4 + thread));
          if (::write(out, digest.data(), digest.size()) != std::ssize(digest)) return;
        }
      });
    for (std::thread& thread : threads) thread.join();
    ::_exit(1);
  }

  static bool read_whole(int in, std::string& bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t got = ::read(in, bytes.data() + done, bytes.size() - done);
      if (got <= 0) return false;
      done += static_cast<std::size_t>(got);
    }
    return true;
  }

  TemporaryFolder folder_;
};

TEST_F(BlobSegmentsTest, KeepsBlobsOfAllSizesAndPartsOfThem) {
  const auto blobs = open();
  for (const std::size_t size : {0u, 1u, 4031u, 4032u, 4033u, 100'000u}) {
    const std::string bytes =
        blob(1).substr(0, size) + std::string(size > kBlobBytes ? size - kBlobBytes : 0, 'x');
    const std::string digest = blobs->put(bytes);
    EXPECT_EQ(blobs->get(digest), bytes) << size;
    EXPECT_EQ(blobs->size(digest), size);
    EXPECT_EQ(blobs->get_range(digest, size / 2, 10), bytes.substr(size / 2, 10));
    EXPECT_EQ(blobs->get_range(digest, size + 1, 10), "");
  }
  EXPECT_EQ(segments().size(), 1u);
}

TEST_F(BlobSegmentsTest, KeepsTheSameBytesOnceAlsoWhenTheyComeAtOnce) {
  const auto blobs = open();
  std::vector<std::jthread> threads;
  for (int t = 0; t < 16; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 12; ++i) blobs->put(blob(i));
    });
  threads.clear();
  EXPECT_EQ(all(*blobs).size(), 12u);
  EXPECT_EQ(entries().size(), 12u);
  for (int i = 0; i < 12; ++i) EXPECT_EQ(blobs->get(to_hex(sha256(blob(i)))), blob(i));
}

TEST_F(BlobSegmentsTest, KeepsManyThatArePutTogetherEachOnce) {
  std::vector<std::string> bytes;
  for (const int number : {0, 1, 2, 1, 3}) bytes.push_back(blob(number));
  for (int i = 4; i < 60; ++i) bytes.push_back(blob(i));  // more than one segment holds
  std::vector<std::string> digests;
  {
    const auto blobs = open();
    blobs->put(bytes[2]);
    digests = blobs->put_all(std::vector<std::string_view>(bytes.begin(), bytes.end()));
  }
  const auto blobs = open();
  ASSERT_EQ(digests.size(), bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) EXPECT_EQ(blobs->get(digests[i]), bytes[i]);
  EXPECT_EQ(entries().size(), 60u);
  EXPECT_GT(segments().size(), 1u);
}

TEST_F(BlobSegmentsTest, LosesNothingAcknowledgedWhenKilled) {
  std::set<std::string> kept;
  for (const std::size_t after : {1u, 7u, 30u, 55u, 111u}) {
    const std::vector<std::string> told = put_and_be_killed(after, static_cast<int>(after) * 10'000);
    EXPECT_GE(told.size(), after);
    kept.insert(told.begin(), told.end());
    const auto blobs = open();
    for (const std::string& digest : kept) EXPECT_EQ(blobs->get(digest).size(), kBlobBytes) << digest;
  }
}

TEST_F(BlobSegmentsTest, MakesItsTableAgainFromTheSegments) {
  std::set<std::string> kept;
  {
    const auto blobs = open();
    for (int i = 0; i < 60; ++i) kept.insert(blobs->put(blob(i)));
  }
  for (const char* name : {"places.db", "places.db-wal", "places.db-shm"})
    fs::remove(folder_ / "blobs" / "segments" / name);
  EXPECT_EQ(all(*open()), kept);
  write_file(folder_ / "blobs" / "segments" / "places.db", std::string(10'000, 'x'));
  const auto blobs = open();
  EXPECT_EQ(all(*blobs), kept);
  EXPECT_EQ(blobs->get(to_hex(sha256(blob(59)))), blob(59));
}

TEST_F(BlobSegmentsTest, NoticesChangedBytesAndReplacesThem) {
  const auto blobs = open();
  const std::string digest = blobs->put(blob(1));
  spoil(segments().front(), SegmentFile::kFirstEntry + 5000);
  EXPECT_EQ(code_of([&] { blobs->get(digest); }), ErrorCode::corrupted);
  EXPECT_EQ(blobs->put(blob(1)), digest);
  EXPECT_EQ(blobs->get(digest), blob(1));
}

TEST_F(BlobSegmentsTest, FindsWhatLiesBehindAnEntryThatWasNotFinished) {
  std::vector<std::string> digests;
  {
    const auto blobs = open();
    for (int i = 0; i < 3; ++i) digests.push_back(blobs->put(blob(i)));
  }
  fs::remove(folder_ / "blobs" / "segments" / "places.db");
  spoil(segments().front(),
        SegmentFile::kFirstEntry + SegmentFile::entry_bytes(kBlobBytes) + 20);  // its header
  const auto blobs = open();
  EXPECT_EQ(blobs->get(digests[0]), blob(0));
  EXPECT_EQ(code_of([&] { blobs->get(digests[1]); }), ErrorCode::not_found);
  EXPECT_EQ(blobs->get(digests[2]), blob(2));
  EXPECT_EQ(blobs->put(blob(1)), digests[1]);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(blobs->get(digests[static_cast<std::size_t>(i)]), blob(i));
}

TEST_F(BlobSegmentsTest, KeepWhatIsWholeWhenACopyOfItWasCutShort) {
  std::string digest;
  {
    const auto blobs = open();
    digest = blobs->put(blob(0));
    for (int i = 1; i < 30; ++i) blobs->put(blob(i));
  }
  const auto [file, last] = entries().back();
  EXPECT_NE(file, segments().front());
  {
    const SegmentFile segment(file, true);
    const EntryPlace copy{last.offset + SegmentFile::entry_bytes(last.size), kBlobBytes,
                          SegmentFile::checksum_of(blob(0))};
    segment.write(copy, digest_of(blob(0)), blob(0));
    spoil(file, copy.offset + 9000);
  }
  const auto blobs = open();
  EXPECT_EQ(blobs->get(digest), blob(0));
  EXPECT_EQ(all(*blobs).size(), 30u);
}

TEST_F(BlobSegmentsTest, RemoveNothingThatLiesWhereARemovedBlobLay) {
  const std::string removed = to_hex(sha256(blob(1)));
  {
    const auto blobs = open();
    blobs->put(blob(0));
    blobs->put(blob(1));
  }
  const auto [file, place] = entries().back();
  SegmentFile(file, true).erase(place, digest_of(blob(1)));  // and a crash before the table knew
  const auto blobs = open();
  const std::string later = blobs->put(blob(2));
  EXPECT_EQ(entries().back().second.offset, place.offset) << "it lies there now";
  EXPECT_FALSE(blobs->contains(removed));
  blobs->remove(removed);
  EXPECT_EQ(blobs->get(later), blob(2));
}

TEST_F(BlobSegmentsTest, SayThatAHeaderIsDamaged) {
  std::string digest;
  {
    const auto blobs = open();
    for (int i = 0; i < 30; ++i) digest = blobs->put(blob(i));
  }
  const auto [file, place] = entries().back();
  spoil(file, place.offset + 20);
  const auto blobs = open();
  EXPECT_EQ(code_of([&] { blobs->get(digest); }), ErrorCode::corrupted);
  EXPECT_EQ(code_of([&] { blobs->get_range(digest, 0, 1); }), ErrorCode::corrupted);
  const std::string next = blobs->put(blob(40));
  EXPECT_EQ(blobs->get(next), blob(40));
  EXPECT_EQ(code_of([&] { blobs->get(digest); }), ErrorCode::corrupted) << "nothing was written over it";
  EXPECT_EQ(blobs->put(blob(29)), digest);
  EXPECT_EQ(blobs->get(digest), blob(29));
}

TEST_F(BlobSegmentsTest, AreServedFromAFileThatTookTheirPlace) {
  const std::string digest = open()->put(blob(1));
  spoil(segments().front(), SegmentFile::kFirstEntry + 5000);
  EXPECT_EQ(open(0)->put(blob(1)), digest);
  EXPECT_EQ(open()->get(digest), blob(1));
}

TEST_F(BlobSegmentsTest, TakesNoBlobForItsOwnHeaders) {
  // A segment within a blob, header and entries and all.
  std::string inner;
  {
    const auto blobs = open();
    blobs->put(blob(1));
    inner = read_file(segments().front()).substr(0, 60'000);
  }
  std::string digest;
  {
    const auto blobs = open();
    digest = blobs->put(std::string(4096 - 64, 'x') + inner);
  }
  fs::remove(folder_ / "blobs" / "segments" / "places.db");
  EXPECT_THAT(all(*open()), ::testing::UnorderedElementsAre(digest, to_hex(sha256(blob(1)))));
}

TEST_F(BlobSegmentsTest, RemovesForGood) {
  const std::string digest = to_hex(sha256(blob(1)));
  {
    const auto blobs = open();
    blobs->put(blob(1));
    blobs->remove(digest);
    blobs->remove(digest);
    EXPECT_FALSE(blobs->contains(digest));
    EXPECT_EQ(code_of([&] { blobs->get(digest); }), ErrorCode::not_found);
    EXPECT_EQ(read_file(segments().front()).find(blob(1).substr(100, 100)), std::string::npos);
  }
  EXPECT_TRUE(all(*open()).empty());
}

TEST_F(BlobSegmentsTest, RewritesSegmentsThatAreMostlyEmpty) {
  std::set<std::string> kept;
  BlobSegments segments_of(folder_ / "segments", kSegmentBytes);
  for (int i = 0; i < 100; ++i) put(segments_of, blob(i));
  segments_of.tidy();
  const auto files = [&] {
    return std::ranges::count_if(fs::directory_iterator(folder_ / "segments"),
                                 [](const auto& entry) { return entry.path().extension() == ".segment"; });
  };
  const auto before = files();
  for (int i = 0; i < 100; ++i)
    if (i % 5) segments_of.remove(digest_of(blob(i)));
  segments_of.tidy();
  EXPECT_LT(files(), before - 1);
  for (int i = 0; i < 100; ++i) {
    std::string bytes;
    EXPECT_EQ(segments_of.read(digest_of(blob(i)), bytes), i % 5 == 0) << i;
    EXPECT_EQ(bytes, i % 5 ? "" : blob(i));
  }
}

TEST_F(BlobSegmentsTest, AreNotRewrittenWhenLaterOnesAreLarger) {
  {
    BlobSegments small(folder_ / "blobs" / "segments", kSegmentBytes);
    for (int i = 0; i < 60; ++i) put(small, blob(i));
  }
  const auto before = segments();
  BlobSegments large(folder_ / "blobs" / "segments", kSegmentBytes * 4);
  large.tidy();
  const auto after = segments();
  EXPECT_TRUE(std::ranges::includes(after, before));
}

TEST_F(BlobSegmentsTest, AreReadWhileTheyAreRewritten) {
  BlobSegments writer(folder_ / "blobs" / "segments", kSegmentBytes);
  for (int i = 0; i < 100; ++i) put(writer, blob(i));
  writer.tidy();
  const auto reader = open(0);  // as a backup of a node that runs
  const std::set<std::string> listed = all(*reader);
  for (int i = 0; i < 100; ++i)
    if (i % 5) writer.remove(digest_of(blob(i)));
  writer.tidy();
  int gone = 0;
  for (const std::string& digest : listed)
    gone += code_of([&] { reader->get(digest); }) == ErrorCode::not_found;
  EXPECT_EQ(gone, 80);
  for (int i = 0; i < 100; i += 5) EXPECT_EQ(reader->get(to_hex(sha256(blob(i)))), blob(i));
}

TEST_F(BlobSegmentsTest, LeavesASegmentWithADamagedBlobInItsPlace) {
  BlobSegments segments_of(folder_ / "segments", kSegmentBytes);
  for (int i = 0; i < 50; ++i) put(segments_of, blob(i));
  segments_of.tidy();
  spoil(folder_ / "segments" / "0000000001.segment", SegmentFile::kFirstEntry + 5000);
  for (int i = 3; i < 50; ++i) segments_of.remove(digest_of(blob(i)));
  segments_of.tidy();
  EXPECT_TRUE(fs::exists(folder_ / "segments" / "0000000001.segment"));
  std::string bytes;
  EXPECT_EQ(code_of([&] { segments_of.read(digest_of(blob(0)), bytes); }), ErrorCode::corrupted);
  for (const int i : {1, 2}) {
    bytes.clear();
    EXPECT_TRUE(segments_of.read(digest_of(blob(i)), bytes));
    EXPECT_EQ(bytes, blob(i));
  }
}

TEST_F(BlobSegmentsTest, AreReadByOthersWhileOneWrites) {
  const auto first = open();
  const std::string digest = first->put(blob(1));
  const auto second = open();  // another node by mistake
  EXPECT_EQ(second->get(second->put(blob(2))), blob(2));
  EXPECT_EQ(second->get(digest), blob(1));
  const auto third = open(0);  // a backup of a node that runs
  EXPECT_EQ(third->get(digest), blob(1));
  EXPECT_EQ(first->get(first->put(blob(3))), blob(3));
}

TEST_F(BlobSegmentsTest, GoOnWhereTheyWereLeft) {
  for (int i = 0; i < 10; ++i) open()->put(blob(i));
  EXPECT_EQ(segments().size(), 1u);
  EXPECT_EQ(all(*open(0)).size(), 10u);
}

TEST_F(BlobSegmentsTest, GiveLargerBlobsFilesOfTheirOwn) {
  const auto blobs = open();
  const std::string large(kSegmentBytes, 'x');
  const std::string digest = blobs->put(large);
  EXPECT_EQ(blobs->get(digest), large);
  EXPECT_TRUE(fs::exists(folder_ / "blobs" / digest.substr(0, 2) / digest));
}

TEST_F(BlobSegmentsTest, FindBlobsThatHaveFilesOfTheirOwn) {
  const std::string digest = open(0)->put(blob(1));
  EXPECT_TRUE(fs::exists(folder_ / "blobs" / digest.substr(0, 2) / digest));
  const auto blobs = open();
  EXPECT_EQ(blobs->put(blob(1)), digest);
  EXPECT_EQ(blobs->get(digest), blob(1));
  EXPECT_EQ(all(*blobs).size(), 1u);
}

TEST_F(BlobSegmentsTest, TakeInWhatAnOlderVersionLeftInItsJournal) {
  // Two halves of 64 KiB; in the second, two entries and one that is not whole.
  std::string journal(128 * 1024, '\0');
  for (int i = 0; i < 3; ++i) {
    const std::size_t at = 64 * 1024 + static_cast<std::size_t>(i) * 12'288;
    std::string header = "MRDNBLOB";
    header += std::string(8, 'n');
    std::uint64_t size = kBlobBytes;
    header.append(reinterpret_cast<const char*>(&size), sizeof size);
    header += sha256(blob(i));
    journal.replace(at, header.size() + kBlobBytes, header + blob(i));
  }
  journal[64 * 1024 + 2 * 12'288 + 5000] ^= 1;
  fs::create_directories(folder_ / "blobs");
  write_file(folder_ / "blobs" / "arriving.journal", journal);
  const auto blobs = open();
  EXPECT_EQ(all(*blobs), (std::set{to_hex(sha256(blob(0))), to_hex(sha256(blob(1)))}));
  EXPECT_EQ(blobs->get(to_hex(sha256(blob(1)))), blob(1));
  EXPECT_FALSE(fs::exists(folder_ / "blobs" / "arriving.journal"));
}

TEST_F(BlobSegmentsTest, SayThatTheyAreNoSegments) {
  fs::create_directories(folder_ / "blobs" / "segments");
  write_file(folder_ / "blobs" / "segments" / "0000000001.segment", std::string(5000, 'x'));
  EXPECT_EQ(code_of([&] { open(); }), ErrorCode::corrupted);
}

}  // namespace
}  // namespace meridian::storage
