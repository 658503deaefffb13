#include "app/bench/record_bench.h"

#include <sys/resource.h>

#include <atomic>
#include <mutex>
#include <random>
#include <thread>

#include "app/bench/figures.h"
#include "app/data/unpack.h"
#include "base/error.h"
#include "base/file.h"
#include "record/record.h"
#include "trust/access.h"

namespace meridian::app {
namespace {

using Clock = std::chrono::steady_clock;
using record::Record;
using storage::Connection;
using storage::Row;
using storage::Transaction;

constexpr int kWriters = 32;    // clients that wait for the disk at the same time
constexpr int kImporters = 16;  // clients that each send the next bundle when their last is on disk
const std::string kOrganization = "Organization/bench";

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Of all threads, user and system, in seconds.
double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

unsigned cores() {
  return std::max(1u, std::thread::hardware_concurrency());
}

class RecordUnderTest {
 public:
  explicit RecordUnderTest(const std::filesystem::path& folder)
      : database(open(folder / "record.db")),
        ledger(*database, {.signing_key_file = folder / "ledger.key"}),
        queue(*database),
        record(*database, ledger, queue) {}

  const std::unique_ptr<storage::Database> database;
  trust::Ledger ledger;
  storage::Queue queue;
  Record record;
  const trust::Principal reader{"bench", "Bench", trust::Role::clinician, "Practitioner/bench",
                                kOrganization};

 private:
  static std::unique_ptr<storage::Database> open(const std::filesystem::path& file) {
    std::filesystem::create_directories(file.parent_path());
    auto database =
        storage::open_database({.path = file, .readers = static_cast<int>(cores()), .cache_megabytes = 256});
    database->migrate(storage::Queue::migrations());
    database->migrate(trust::access_migrations());
    database->migrate(trust::Ledger::migrations());
    database->migrate(Record::migrations());
    return database;
  }
};

struct Load {
  std::vector<double> latencies;  // seconds, of each call
  double seconds = 0;
  double rate() const { return static_cast<double>(latencies.size()) / seconds; }
};

// Calls it from so many threads until the time is over. call(thread's random numbers).
Load run_for(double seconds, unsigned threads, const std::function<void(std::mt19937_64&)>& call) {
  Load load;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto start = Clock::now();
  const auto work = [&](unsigned number) {
    std::mt19937_64 random(number);
    std::vector<double> latencies;
    try {
      while (seconds_since(start) < seconds) {
        const auto begun = Clock::now();
        call(random);
        latencies.push_back(seconds_since(begun));
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    load.latencies.insert(load.latencies.end(), latencies.begin(), latencies.end());
  };
  std::vector<std::jthread> workers;
  for (unsigned i = 0; i < threads; ++i) workers.emplace_back(work, i);
  workers.clear();
  load.seconds = seconds_since(start);
  if (failure) std::rethrow_exception(failure);
  return load;
}

Json observation(std::mt19937_64& random) {
  Json json = Json::parse(
      R"({"resourceType":"Observation","status":"final","category":[{"coding":[{"system":
      "http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],
      "code":{"coding":[{"system":"http://loinc.org","code":"8867-4","display":"Heart rate"}]},
      "effectiveDateTime":"2026-11-24T08:30:00Z",
      "valueQuantity":{"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}})");
  json["valueQuantity"]["value"] = static_cast<std::int64_t>(50 + random() % 100);
  json["subject"]["reference"] = "Patient/bench";
  return json;
}

std::vector<std::filesystem::path> bundle_files(const std::filesystem::path& data) {
  const auto archive = data / "fhir" / "synthea_bundles.tar.zst";
  if (!std::filesystem::exists(archive))
    throw Error(ErrorCode::unavailable, "Synthea's bundles are missing", archive.string(),
                "Give the data's folder with --data");
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(unpacked(archive)))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// The entries written.
std::int64_t import_bundles(RecordUnderTest& node, const std::vector<std::filesystem::path>& files) {
  std::atomic<std::size_t> next = 0;
  std::atomic<std::int64_t> entries = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < files.size(); i = next++) {
        const Json answer = node.record.execute(trust::Principal::system(), Json::parse(read_file(files[i])));
        entries += static_cast<std::int64_t>(answer.get("entry").size());
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  };
  std::vector<std::jthread> workers;
  for (int i = 0; i < kImporters; ++i) workers.emplace_back(work);
  workers.clear();
  if (failure) std::rethrow_exception(failure);
  return entries;
}

struct Reference {
  std::string type, id;
};

std::vector<Reference> some_resources(RecordUnderTest& node) {
  return node.database->read([](Connection& connection) {
    std::vector<Reference> all;
    connection.query("SELECT type, id FROM resource ORDER BY id LIMIT 100000", {}, [&](const Row& row) {
      all.push_back({std::string(row.text(0)), std::string(row.text(1))});
    });
    return all;
  });
}

std::vector<std::string> take_patients_into_care(RecordUnderTest& node) {
  std::vector<std::string> patients;
  node.database->write([&](Transaction& transaction) {
    transaction.query("SELECT id FROM resource WHERE type = 'Patient'", {},
                      [&](const Row& row) { patients.emplace_back(row.text(0)); });
    for (const std::string& patient : patients)
      trust::grant_access(transaction, "Patient/" + patient, kOrganization, "managing");
  });
  return patients;
}

void measure_creates(RecordUnderTest& node, double seconds, Figures& figures) {
  node.record.update(trust::Principal::system(), Json::parse(R"({"resourceType":"Patient","id":"bench"})"));
  const Load creates = run_for(seconds, kWriters, [&](std::mt19937_64& random) {
    node.record.create(trust::Principal::system(), observation(random));
  });
  figures.add("creates, " + std::to_string(kWriters) + " clients", creates.rate(), "1/s");
  figures.add_latency("create", creates.latencies);
}

void measure_import(RecordUnderTest& node, const BenchOptions& options, Figures& figures) {
  const auto files = bundle_files(options.data);
  const auto start = Clock::now();
  const double processor_before = processor_seconds();
  const std::int64_t entries = import_bundles(node, files);
  const double processor = processor_seconds() - processor_before, seconds = seconds_since(start);
  figures.add("bundles imported", static_cast<double>(files.size()), "1");
  figures.add("resources in bundles", static_cast<double>(entries), "1");
  figures.add("import of bundles, " + std::to_string(kImporters) + " clients",
              static_cast<double>(entries) / seconds, "1/s");
  figures.add("import, processor time a resource", processor / static_cast<double>(entries) * 1e6, "us");
}

void measure_reads(RecordUnderTest& node, double seconds, Figures& figures) {
  const std::vector<std::string> patients = take_patients_into_care(node);
  const std::vector<Reference> resources = some_resources(node);
  const Load reads = run_for(seconds, cores(), [&](std::mt19937_64& random) {
    const Reference& reference = resources[random() % resources.size()];
    node.record.read(node.reader, reference.type, reference.id);
  });
  figures.add("reads by id", reads.rate(), "1/s");
  figures.add_latency("read", reads.latencies);
  const Load searches = run_for(seconds, cores(), [&](std::mt19937_64& random) {
    node.record.search(
        node.reader, "Observation",
        {{"patient", patients[random() % patients.size()]}, {"_sort", "-date"}, {"_count", "20"}});
  });
  figures.add("searches: a patient's newest 20 observations", searches.rate(), "1/s");
  figures.add_latency("search", searches.latencies);
}

}  // namespace

int bench_record(const BenchOptions& options) {
  RecordUnderTest node(options.work / "record");
  Figures figures("record");
  measure_creates(node, options.seconds, figures);
  measure_import(node, options, figures);
  measure_reads(node, options.seconds, figures);
  figures.print(options.json);
  return 0;
}

}  // namespace meridian::app
