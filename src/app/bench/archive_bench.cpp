#include "app/bench/archive_bench.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <future>

#include "app/bench/figures.h"
#include "archive/archive.h"
#include "archive/compose.h"
#include "base/error.h"
#include "base/id.h"
#include "doors/dimse/dimse_server.h"
#include "doors/dimse/store_user.h"

namespace meridian::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSide = 512;  // pixels
constexpr int kSeriesSize = 50;
constexpr int kLooks = 200;  // of each way to look at what was stored

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

vision::GreyImage drawn_film() {
  vision::GreyImage image{.width = kSide, .height = kSide};
  image.pixels.resize(std::size_t(kSide) * kSide);
  for (std::size_t i = 0; i < image.pixels.size(); ++i)
    image.pixels[i] = 0.5f + 0.5f * std::sin(float(i % kSide) / 40) * std::cos(float(i / kSide) / 60);
  return image;
}

class ArchiveBench {
 public:
  explicit ArchiveBench(const BenchOptions& options)
      : options_(options),
        database_(storage::open_database({.path = options.work / "archive.db"})),
        blobs_(storage::open_blob_folder(options.work / "blobs")),
        archive_(*database_, *blobs_) {
    database_->migrate(archive::Archive::migrations());
    doors::dimse::DimseOptions dicom;
    dicom.port = 0;
    server_.emplace(dicom, [this](std::string bytes, const doors::dimse::PeerFacts&) {
      const archive::Received received = archive_.receive(std::move(bytes));
      database_->write([&](storage::Transaction& transaction) { archive_.file(transaction, received); });
      return std::uint16_t(0);
    });
  }

  // Instances a second over so many associations at once.
  double store(int associations) {
    const auto start = Clock::now();
    std::vector<std::future<int>> running;
    for (int i = 0; i < associations; ++i)
      running.push_back(std::async(std::launch::async, [this] { return send(); }));
    int sent = 0;
    for (auto& count : running) sent += count.get();
    return sent / seconds_since(start);
  }

  template <class Look>
  std::vector<double> look(Look&& look) const {
    std::vector<double> seconds;
    for (int i = 0; i < kLooks; ++i) {
      const auto start = Clock::now();
      look(last_);
      seconds.push_back(seconds_since(start));
    }
    return seconds;
  }

  const archive::Archive& archive() const { return archive_; }

 private:
  int send() {
    archive::FilmFacts facts;
    facts.patient_id = "BENCH";
    facts.study_uid = new_dicom_uid();
    doors::dimse::StoreUser peer({.host = "127.0.0.1", .port = server_->port(), .ae_title = "MERIDIAN"},
                                 {{"1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.1.2.1"}});
    int sent = 0;
    for (const auto start = Clock::now(); seconds_since(start) < options_.seconds; ++sent) {
      if (sent % kSeriesSize == 0) facts.series_uid = new_dicom_uid();
      facts.instance_uid = new_dicom_uid();
      if (peer.store(archive::compose_film(film_, facts)) != 0)
        throw Error(ErrorCode::internal, "The archive refused an instance of the bench");
    }
    const std::lock_guard lock(mutex_);
    last_ = facts.instance_uid;
    return sent;
  }

  const BenchOptions options_;
  const vision::GreyImage film_ = drawn_film();
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<storage::BlobStore> blobs_;
  archive::Archive archive_;
  std::optional<doors::dimse::DimseServer> server_;
  std::mutex mutex_;
  std::string last_;
};

}  // namespace

int bench_archive(const BenchOptions& options) {
  ArchiveBench bench(options);
  Figures figures("archive");
  for (const int associations : {1, 4})
    figures.add("C-STORE, associations: " + std::to_string(associations), bench.store(associations), "1/s");
  const archive::Archive& archive = bench.archive();
  figures.add("instances stored", double(archive.size()), "1");
  figures.add_latency("metadata of an instance",
                      bench.look([&](const std::string& uid) { archive.metadata(uid, "bulk"); }));
  figures.add_latency("frame as stored",
                      bench.look([&](const std::string& uid) { archive.frame(uid, 1, false); }));
  figures.add_latency("rendered PNG", bench.look([&](const std::string& uid) {
    archive.render(uid, {.media_type = "image/png"});
  }));
  figures.print(options.json);
  return 0;
}

}  // namespace meridian::app
