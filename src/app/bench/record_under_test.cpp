#include "app/bench/record_under_test.h"

#include <sys/resource.h>

#include <chrono>
#include <mutex>
#include <thread>

#include "app/configuration.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "trust/access.h"

namespace meridian::app {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

storage::DatabaseOptions options_of(const std::filesystem::path& folder, const std::string& url) {
  std::filesystem::create_directories(folder);
  const Configuration as_installed;
  return {.path = folder / "record.db",
          .url = url,
          .schema = "bench_" + to_hex(random_bytes(8)),
          .readers = as_installed.database_readers,
          .cache_megabytes = as_installed.database_cache_megabytes};
}

std::unique_ptr<storage::Database> open(const storage::DatabaseOptions& options) {
  auto database = storage::open_database(options);
  database->migrate(storage::Queue::migrations());
  database->migrate(trust::access_migrations());
  database->migrate(trust::Ledger::migrations());
  database->migrate(record::Record::migrations());
  return database;
}

}  // namespace

DatabaseOfBench::~DatabaseOfBench() {
  if (options_.url.empty()) return;  // the folder goes
  try {
    storage::open_database(options_)->write([&](storage::Transaction& transaction) {
      transaction.execute("DROP SCHEMA " + options_.schema + " CASCADE");
    });
  } catch (const Error& error) {
    log_error("bench-left-its-schema", {{"schema", options_.schema}, {"reason", error.describe()}});
  }
}

RecordUnderTest::RecordUnderTest(const std::filesystem::path& folder, const std::string& url)
    : folder(folder),
      place(options_of(folder, url)),
      database(open(place.options())),
      ledger(*database, {.signing_key_file = folder / "ledger.key"}),
      queue(*database),
      record(*database, ledger, queue) {}

double RecordUnderTest::bytes_on_disk() const {
  double bytes = 0;
  if (place.options().url.empty()) {
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      bytes += static_cast<double>(entry.file_size());
    return bytes;
  }
  database->read([&](storage::Connection& connection) {
    connection.query(
        "SELECT CAST(SUM(pg_total_relation_size(c.oid)) AS BIGINT) FROM pg_class c JOIN pg_namespace n"
        " ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relkind = 'r'",
        {place.options().schema}, [&](const storage::Row& row) { bytes = row.real(0); });
  });
  return bytes;
}

std::vector<std::string> RecordUnderTest::take_patients_into_care() {
  std::vector<std::string> patients;
  database->write([&](storage::Transaction& transaction) {
    transaction.query("SELECT id FROM resource WHERE type = 'Patient'", {},
                      [&](const storage::Row& row) { patients.emplace_back(row.text(0)); });
    for (const std::string& patient : patients)
      trust::grant_access(transaction, "Patient/" + patient, reader.organization, "managing");
    // As PostgreSQL does by itself within minutes, and SQLite's plans need not.
    if (!place.options().url.empty()) transaction.execute("ANALYZE");
  });
  return patients;
}

void run_on_threads(unsigned threads, const std::function<void(unsigned)>& work) {
  std::mutex mutex;
  std::exception_ptr failure;
  const auto guarded = [&](unsigned number) {
    try {
      work(number);
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  };
  std::vector<std::jthread> workers;
  for (unsigned i = 0; i < threads; ++i) workers.emplace_back(guarded, i);
  workers.clear();
  if (failure) std::rethrow_exception(failure);
}

Load run_for(double seconds, unsigned threads, const std::function<void(std::mt19937_64&)>& call) {
  Load load;
  std::mutex mutex;
  const double processor_before = processor_seconds();
  const auto start = Clock::now();
  run_on_threads(threads, [&](unsigned number) {
    std::mt19937_64 random(number);
    std::vector<double> latencies;
    while (seconds_since(start) < seconds) {
      const auto begun = Clock::now();
      call(random);
      latencies.push_back(seconds_since(begun));
    }
    const std::lock_guard lock(mutex);
    load.latencies.insert(load.latencies.end(), latencies.begin(), latencies.end());
  });
  load.seconds = seconds_since(start);
  load.processor_seconds = processor_seconds() - processor_before;
  return load;
}

unsigned cores() {
  return std::max(1u, std::thread::hardware_concurrency());
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Json heart_rate(std::mt19937_64& random) {
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

}  // namespace meridian::app
