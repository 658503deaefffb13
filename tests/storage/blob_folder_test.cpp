#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "base/error_of.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "storage/blob_store.h"

namespace meridian::storage {
namespace {

// FIPS 180-2, appendix B.1: the SHA-256 of "abc".
constexpr const char* kDigestOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class BlobFolderTest : public ::testing::Test {
 protected:
  std::filesystem::path file_of(const std::string& digest) const {
    return folder_.path() / "blobs" / digest.substr(0, 2) / digest;
  }
  std::vector<std::string> digests() const {
    std::vector<std::string> all;
    blobs_->for_each([&](const std::string& digest) { all.push_back(digest); });
    return all;
  }

  TemporaryFolder folder_;
  std::unique_ptr<BlobStore> blobs_ = open_blob_folder(folder_ / "blobs");
};

TEST_F(BlobFolderTest, KeepsTheSameBytesOnceUnderTheirDigest) {
  EXPECT_EQ(blobs_->put("abc"), kDigestOfAbc);
  EXPECT_EQ(blobs_->put("abc"), kDigestOfAbc);
  EXPECT_EQ(blobs_->get(kDigestOfAbc), "abc");
  EXPECT_EQ(blobs_->size(kDigestOfAbc), 3u);
  EXPECT_THAT(digests(), ::testing::ElementsAre(kDigestOfAbc));
}

TEST_F(BlobFolderTest, KeepsNoBytesAtAll) {
  EXPECT_EQ(blobs_->get(blobs_->put("")), "");
}

TEST_F(BlobFolderTest, GivesParts) {
  const std::string digest = blobs_->put("0123456789");
  EXPECT_EQ(blobs_->get_range(digest, 2, 3), "234");
  EXPECT_EQ(blobs_->get_range(digest, 8, 100), "89");
  EXPECT_EQ(blobs_->get_range(digest, 10, 1), "");
  EXPECT_EQ(blobs_->get_range(digest, ~0ull, ~0ull), "");
}

TEST_F(BlobFolderTest, IsSafeFromManyThreadsForTheSameAndForOtherBytes) {
  constexpr int kThreads = 16, kBlobs = 12;
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < kBlobs; ++i) blobs_->put("blob " + std::to_string(i));
    });
  threads.clear();
  EXPECT_EQ(digests().size(), static_cast<std::size_t>(kBlobs));
  for (const std::string& digest : digests()) EXPECT_EQ(blobs_->get(digest).substr(0, 5), "blob ");
}

TEST_F(BlobFolderTest, NoticesChangedBytes) {
  blobs_->put("abc");
  std::ofstream(file_of(kDigestOfAbc)) << "abd";
  EXPECT_EQ(code_of([&] { blobs_->get(kDigestOfAbc); }), ErrorCode::corrupted);
}

TEST_F(BlobFolderTest, WritesAgainWhatWasCutShort) {
  blobs_->put("abc");
  std::ofstream(file_of(kDigestOfAbc)) << "a";
  blobs_->put("abc");
  EXPECT_EQ(blobs_->get(kDigestOfAbc), "abc");
}

TEST_F(BlobFolderTest, WritesAgainWhatHasTheSizeAndOtherBytes) {
  blobs_->put("abc");
  std::ofstream(file_of(kDigestOfAbc)) << std::string(3, '\0');
  blobs_->put("abc");
  EXPECT_EQ(blobs_->get(kDigestOfAbc), "abc");
}

TEST_F(BlobFolderTest, FindsWhatIsKeptOneLevelDeeper) {
  const auto deeper = file_of(kDigestOfAbc).parent_path() / "78" / kDigestOfAbc;
  std::filesystem::create_directories(deeper.parent_path());
  write_file(deeper, "abc");
  EXPECT_EQ(blobs_->put("abc"), kDigestOfAbc);
  EXPECT_FALSE(std::filesystem::exists(file_of(kDigestOfAbc)));
  EXPECT_EQ(blobs_->get(kDigestOfAbc), "abc");
  EXPECT_THAT(digests(), ::testing::ElementsAre(kDigestOfAbc));
  blobs_->remove(kDigestOfAbc);
  EXPECT_FALSE(blobs_->contains(kDigestOfAbc));
}

TEST_F(BlobFolderTest, FindsNothingUnderWhatIsNotADigest) {
  write_file(folder_ / "secret", "x");
  for (const std::string name :
       {"", "../../secret", "ba78", "../secret/../../../../../../../../../../../../../../../../etc/passwd"})
    EXPECT_EQ(code_of([&] { blobs_->get(name); }), ErrorCode::not_found) << name;
  EXPECT_FALSE(blobs_->contains("../secret"));
  EXPECT_EQ(code_of([&] { blobs_->get(kDigestOfAbc); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] { blobs_->get_range(kDigestOfAbc, 0, 1); }), ErrorCode::not_found);
}

TEST_F(BlobFolderTest, RemovesForGood) {
  blobs_->put("abc");
  blobs_->remove(kDigestOfAbc);
  blobs_->remove(kDigestOfAbc);
  EXPECT_FALSE(blobs_->contains(kDigestOfAbc));
  EXPECT_TRUE(digests().empty());
}

TEST_F(BlobFolderTest, ClearsAwayWhatACrashLeftADayAgo) {
  blobs_->put("abc");
  const auto old = file_of(kDigestOfAbc).string() + ".old.tmp",
             fresh = file_of(kDigestOfAbc).string() + ".new.tmp";
  write_file(old, "ab"), write_file(fresh, "ab");
  std::filesystem::last_write_time(old,
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(25));
  EXPECT_EQ(digests().size(), 1u);
  EXPECT_FALSE(std::filesystem::exists(old));
  EXPECT_TRUE(std::filesystem::exists(fresh));
}

}  // namespace
}  // namespace meridian::storage
