// What is acknowledged is there after the process was killed and the disk forgot all that was not synced.
#include "storage/blob_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <set>
#include <thread>

#include "base/encoding.h"
#include "base/error_of.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "storage/blob_store.h"

namespace meridian::storage {
namespace {

constexpr std::uint64_t kJournalBytes = 256 * 1024;  // each half holds some ten of these blobs
constexpr std::size_t kBlobBytes = 10'000;
constexpr std::size_t kDigestLength = 64;

std::string blob(int number) {
  std::string bytes(kBlobBytes, '\0');
  std::minstd_rand random(static_cast<unsigned>(number) + 1);
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

class BlobJournalTest : public ::testing::Test {
 protected:
  std::filesystem::path file_of(const std::string& digest) const {
    return folder_ / "blobs" / digest.substr(0, 2) / digest;
  }
  std::unique_ptr<BlobStore> open(std::uint64_t bytes = kJournalBytes) const {
    return open_blob_folder(folder_ / "blobs", bytes);
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

TEST_F(BlobJournalTest, LosesNothingAcknowledgedWhenKilled) {
  std::set<std::string> kept;
  for (const std::size_t after : {1u, 7u, 30u, 55u, 111u}) {
    const std::vector<std::string> told = put_and_be_killed(after, static_cast<int>(after) * 10'000);
    EXPECT_GE(told.size(), after);
    kept.insert(told.begin(), told.end());
    // The newest have surely no synced files yet: a power cut would leave them empty.
    const std::size_t unsynced = std::min<std::size_t>(told.size(), 5);
    for (auto digest = told.end() - static_cast<std::ptrdiff_t>(unsynced); digest != told.end(); ++digest)
      std::filesystem::resize_file(file_of(*digest), 0);
    const auto blobs = open();
    for (const std::string& digest : kept) EXPECT_EQ(blobs->get(digest).size(), kBlobBytes) << digest;
  }
}

TEST_F(BlobJournalTest, WritesItselfOverOnceBlobsHaveFiles) {
  std::vector<std::string> digests;
  {
    const auto blobs = open();
    for (int i = 0; i < 100; ++i) digests.push_back(blobs->put(blob(i)));
  }
  EXPECT_EQ(std::filesystem::file_size(folder_ / "blobs" / "arriving.journal"), kJournalBytes);
  // Closed in order, it has nothing to restore.
  for (const std::string& digest : digests) std::filesystem::remove(file_of(digest));
  const auto blobs = open();
  for (const std::string& digest : digests) EXPECT_FALSE(blobs->contains(digest));
}

TEST_F(BlobJournalTest, RestoresUpToWhatIsNotWhole) {
  std::vector<std::string> digests;
  const auto copy = folder_ / "journal-of-then";
  {
    const auto blobs = open();
    for (int i = 0; i < 3; ++i) digests.push_back(blobs->put(blob(i)));
    std::filesystem::copy_file(folder_ / "blobs" / "arriving.journal", copy);
  }
  std::string journal = read_file(copy);
  journal[2 * 12288 + 5000] ^= 1;  // within the third entry, each of which takes three blocks
  write_file(folder_ / "blobs" / "arriving.journal", journal);
  for (const std::string& digest : digests) std::filesystem::remove(file_of(digest));
  const auto blobs = open();
  EXPECT_EQ(blobs->get(digests[0]), blob(0));
  EXPECT_EQ(blobs->get(digests[1]), blob(1));
  EXPECT_EQ(code_of([&] { blobs->get(digests[2]); }), ErrorCode::not_found);
}

TEST_F(BlobJournalTest, RestoresAlsoWhereItIsNotWantedAnyMore) {
  const std::vector<std::string> told = put_and_be_killed(3);
  std::filesystem::remove(file_of(told.back()));
  EXPECT_EQ(open(0)->get(told.back()).size(), kBlobBytes);
}

TEST_F(BlobJournalTest, IsLeftToTheProcessThatHasIt) {
  const auto first = open();
  const std::string digest = first->put(blob(1));
  const std::string journal = read_file(folder_ / "blobs" / "arriving.journal");
  const auto second = open();  // as a backup of a node that runs
  EXPECT_EQ(read_file(folder_ / "blobs" / "arriving.journal"), journal);
  EXPECT_EQ(second->get(second->put(blob(2))), blob(2));
  EXPECT_EQ(second->get(digest), blob(1));
  EXPECT_EQ(read_file(folder_ / "blobs" / "arriving.journal"), journal);
}

TEST_F(BlobJournalTest, SurvivesAnythingInItsFile) {
  std::minstd_rand random(7);
  for (const std::size_t size : {std::size_t(0), std::size_t(10), std::size_t(kJournalBytes)}) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    if (size > 100)
      bytes.replace(0, 24, std::string("MRDNBLOB\1\0\0\0\0\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 24));
    std::filesystem::create_directories(folder_ / "blobs");
    write_file(folder_ / "blobs" / "arriving.journal", bytes);
    const auto blobs = open();
    EXPECT_EQ(blobs->get(blobs->put(blob(1))), blob(1));
  }
}

TEST_F(BlobJournalTest, SyncsByItselfWhatIsTooLargeForIt) {
  const auto blobs = open();
  const std::string large(kJournalBytes, 'x');
  EXPECT_EQ(blobs->get(blobs->put(large)), large);
}

TEST(BlobJournal, StopsWhenABlobCannotGetItsFile) {
  const TemporaryFolder folder;
  BlobJournal journal(
      folder / "journal", 64 * 1024, [] { throw Error(ErrorCode::storage_full, "The disk is full"); },
      [](const std::string&, std::string_view) {});
  int kept = 0;
  for (int i = 0; i < 20; ++i) {
    const std::string bytes = blob(i);
    kept += journal.append(to_hex(sha256(bytes)), bytes);
  }
  EXPECT_GE(kept, 2);  // a half
  EXPECT_LE(kept, 4);  // both
}

}  // namespace
}  // namespace meridian::storage
