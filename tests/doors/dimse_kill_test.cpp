// What a peer was told is stored is there after the process was killed while others were being stored.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>

#include "archive/archive.h"
#include "archive/compose.h"
#include "archive/part10.h"
#include "archive/transfer_syntax.h"
#include "base/error.h"
#include "base/temporary_folder.h"
#include "doors/dimse/dimse_server.h"
#include "doors/dimse/store_user.h"
#include "storage/blob_store.h"

namespace meridian::doors::dimse {
namespace {

constexpr const char* kFilm = "1.2.840.10008.5.1.4.1.1.1.1";
constexpr std::uint64_t kSegmentBytes = std::uint64_t(1) << 20;  // of some twenty films
constexpr int kAssociations = 4;

std::string uid_of(int association, int number) {
  return "1.2." + std::to_string(association) + ".1." + std::to_string(number);
}

std::string film(int association, int number) {
  archive::FilmFacts facts;
  facts.patient_id = "P-" + std::to_string(association);
  facts.study_uid = "1.2." + std::to_string(association);
  facts.series_uid = facts.study_uid + ".1";
  facts.instance_uid = uid_of(association, number);
  facts.instance_number = number;
  const vision::GreyImage image{160, 128, std::vector<float>(160 * 128, float(number % 100) / 100), {}};
  return archive::compose_film(image, facts);
}

class Store {
 public:
  explicit Store(const std::filesystem::path& folder)
      : database_(storage::open_database({.path = folder / "index.db"})),
        blobs_(storage::open_blob_folder(folder / "blobs", kSegmentBytes)),
        archive_(*database_, *blobs_) {
    database_->migrate(archive::Archive::migrations());
  }
  std::uint16_t take(std::string bytes) {
    const archive::Received received = archive_.receive(std::move(bytes));
    database_->write([&](storage::Transaction& transaction) { archive_.file(transaction, received); });
    return 0;
  }
  const archive::Archive& archive() const { return archive_; }

 private:
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<storage::BlobStore> blobs_;
  archive::Archive archive_;
};

[[noreturn]] void serve(const std::filesystem::path& folder, int out) {
  Store store(folder);
  DimseOptions options;
  options.port = 0;
  const DimseServer server(
      options, {.store = [&](std::string bytes, const PeerFacts&) { return store.take(std::move(bytes)); },
                .query = {}});
  const std::uint16_t port = server.port();
  if (::write(out, &port, sizeof port) != sizeof port) ::_exit(1);
  for (;;) ::pause();
}

class DimseKillTest : public ::testing::Test {
 protected:
  // Sends over several associations until so many were acknowledged in all, then kills the server.
  void store_and_kill(std::size_t after) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    if (child == 0) serve(folder_.path(), pipe[1]);
    std::uint16_t port = 0;
    ASSERT_EQ(::read(pipe[0], &port, sizeof port), static_cast<ssize_t>(sizeof port));
    const std::size_t until = acknowledged_.size() + after;
    std::vector<std::jthread> threads;
    for (int association = 0; association < kAssociations; ++association)
      threads.emplace_back([&, association] { send(association, port, child, until); });
    threads.clear();
    ::waitpid(child, nullptr, 0);
    ::close(pipe[0]);
    ::close(pipe[1]);
  }

  void send(int association, std::uint16_t port, pid_t child, std::size_t until) {
    try {
      StoreUser user({.host = "127.0.0.1", .port = port, .ae_title = "MERIDIAN"},
                     {{kFilm, std::string(archive::kExplicitLittleEndian)}});
      for (;;) {
        const std::string bytes = film(association, ++numbers_.at(static_cast<std::size_t>(association)));
        if (user.store(bytes) != 0) return;
        const std::lock_guard lock(mutex_);
        acknowledged_.emplace(association, numbers_.at(static_cast<std::size_t>(association)));
        if (acknowledged_.size() == until) ::kill(child, SIGKILL);
      }
    } catch (const Error&) {
      // the server is gone
    }
  }

  TemporaryFolder folder_;
  std::mutex mutex_;
  std::set<std::pair<int, int>> acknowledged_;  // association and number
  std::array<int, kAssociations> numbers_{};
};

// File meta information names the sender.
std::string dataset_of(const std::string& file) {
  return file.substr(archive::read_file_meta(file).dataset_offset);
}

TEST_F(DimseKillTest, LosesNothingAcknowledged) {
  for (const std::size_t after : {1u, 20u, 70u}) {
    store_and_kill(after);
    const Store store(folder_.path());
    for (const auto& [association, number] : acknowledged_) {
      const std::string file = film(association, number);
      EXPECT_EQ(dataset_of(store.archive().bytes(uid_of(association, number))), dataset_of(file));
    }
  }
  EXPECT_GE(acknowledged_.size(), 91u);
}

}  // namespace
}  // namespace meridian::doors::dimse
