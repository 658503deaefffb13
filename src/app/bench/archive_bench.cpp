#include "app/bench/archive_bench.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <map>

#include "app/bench/archive_web_bench.h"
#include "app/bench/figures.h"
#include "app/bench/orthanc.h"
#include "app/bench/store_load.h"
#include "app/configuration.h"
#include "archive/archive.h"
#include "doors/dimse/dimse_server.h"

namespace meridian::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array kAssociations{1, 4};
constexpr double kWarmUp = 0.1;  // seconds; the first instance makes a segment
constexpr int kLooks = 200;      // of each way to look at what was stored

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class ArchiveBench {
 public:
  explicit ArchiveBench(const BenchOptions& options)
      : database_(storage::open_database({.path = options.work / "archive.db"})),
        blobs_(storage::open_blob_folder(options.work / "blobs",
                                         std::uint64_t(Configuration().archive_segment_megabytes) << 20)),
        archive_(*database_, *blobs_) {
    database_->migrate(archive::Archive::migrations());
    doors::dimse::DimseOptions dicom;
    dicom.port = 0;
    const auto store = [this](std::string bytes, const doors::dimse::PeerFacts&) {
      const archive::Received received = archive_.receive(std::move(bytes));
      database_->write([&](storage::Transaction& transaction) { archive_.file(transaction, received); });
      return std::uint16_t(0);
    };
    server_.emplace(dicom, doors::dimse::DimseHandlers{.store = store, .query = {}});
  }

  // Instances a second over so many associations at once.
  double store(int associations, double seconds) {
    const StoreLoad load({.host = "127.0.0.1", .port = server_->port(), .ae_title = "MERIDIAN"});
    const StoreLoad::Result result = load.run(associations, seconds);
    sent_ += result.sent;
    last_ = result.last_instance;
    return result.per_second();
  }
  std::int64_t sent() const { return sent_; }

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
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<storage::BlobStore> blobs_;
  archive::Archive archive_;
  std::optional<doors::dimse::DimseServer> server_;
  std::int64_t sent_ = 0;
  std::string last_;
};

// Orthanc on the same disk with the same load, with and without the sync of each stored file.
void compare_with_orthanc(const BenchOptions& options, const std::map<int, double>& rates, Figures& figures) {
  if (!Orthanc::is_installed()) {
    std::fprintf(stderr, "Orthanc is not installed, so that there is nothing to compare with\n");
    return;
  }
  for (const bool synchronous : {true, false}) {
    const Orthanc orthanc(options.work / (synchronous ? "orthanc-sync" : "orthanc-no-sync"), synchronous);
    const StoreLoad load(orthanc.peer());
    for (const int associations : kAssociations) {
      const double rate = load.run(associations, options.seconds).per_second();
      const std::string what = std::string("Orthanc") +
                               (synchronous ? ", files synced" : ", files not synced") +
                               ", associations: " + std::to_string(associations);
      figures.add(what, rate, "1/s");
      figures.add("Meridian / " + what, rates.at(associations) / rate, "1", 2);
    }
  }
}

}  // namespace

int bench_archive(const BenchOptions& options) {
  Figures figures("archive");
  if (options.stores > 0) {
    measure_many_stores(options, figures);
    figures.print(options.json);
    return 0;
  }
  measure_archive_web(options, figures);  // first: the memory that it reports is the process's
  ArchiveBench bench(options);
  bench.store(1, kWarmUp);
  std::map<int, double> rates;
  for (const int associations : kAssociations)
    figures.add("C-STORE, associations: " + std::to_string(associations),
                rates[associations] = bench.store(associations, options.seconds), "1/s");
  compare_with_orthanc(options, rates, figures);
  figures.add("instances acknowledged", double(bench.sent()), "1");
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
