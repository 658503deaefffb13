#include "app/bench/record_bench.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <fstream>

#include "app/bench/figures.h"
#include "app/bench/match_bench.h"
#include "app/bench/mixed_search.h"
#include "app/bench/record_under_test.h"
#include "app/bench/synthea_copies.h"
#include "base/error.h"

namespace meridian::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kWriters = 32;    // clients that wait for the disk at the same time
constexpr unsigned kImporters = 16;  // clients that each send a bundle
constexpr unsigned kTransactionClients = 128;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Of this process, in MiB: VmRSS of /proc/self/status, which counts in KiB.
double resident_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (double kibibytes = 0; word == "VmRSS:" && status >> kibibytes) return kibibytes / 1024;
  return 0;
}

std::int64_t count_resources(RecordUnderTest& node) {
  return node.database->read([](storage::Connection& connection) {
    std::int64_t number = 0;
    connection.query("SELECT COUNT(*) FROM resource", {},
                     [&](const storage::Row& row) { number = row.integer(0); });
    return number;
  });
}

// How often a second this disk makes 4 KiB at the end of a file durable.
double syncs_a_second(const std::filesystem::path& folder, double seconds) {
  const std::filesystem::path file = folder / "sync";
  const int descriptor = ::open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (descriptor < 0) throw Error(ErrorCode::unavailable, "No file can be made", file.string());
  const std::string page(4096, 'x');
  const auto start = Clock::now();
  int syncs = 0;
  for (; seconds_since(start) < seconds; ++syncs)
    if (::write(descriptor, page.data(), page.size()) < 0 || ::fdatasync(descriptor) != 0) break;
  const double rate = syncs / seconds_since(start);
  ::close(descriptor);
  std::filesystem::remove(file);
  return rate;
}

struct Reference {
  std::string type, id;
};

std::vector<Reference> some_resources(RecordUnderTest& node) {
  return node.database->read([](storage::Connection& connection) {
    std::vector<Reference> all;
    connection.query("SELECT type, id FROM resource ORDER BY id LIMIT 100000", {},
                     [&](const storage::Row& row) {
                       all.push_back({std::string(row.text(0)), std::string(row.text(1))});
                     });
    return all;
  });
}

// A Bundle that creates them.
Json transaction_of(std::initializer_list<Json> resources) {
  Json entries = Json::array();
  for (const Json& resource : resources)
    entries.push_back(Json::object(
        {{"resource", resource},
         {"request", Json::object({{"method", "POST"}, {"url", resource.text("resourceType")}})}}));
  return Json::object({{"resourceType", "Bundle"}, {"type", "transaction"}, {"entry", std::move(entries)}});
}

void measure_creates(RecordUnderTest& node, double seconds, Figures& figures) {
  const trust::Principal system = trust::Principal::system();
  node.record.update(system, Json::parse(R"({"resourceType":"Patient","id":"bench"})"));
  const Load creates = run_for(
      seconds, kWriters, [&](std::mt19937_64& random) { node.record.create(system, heart_rate(random)); });
  figures.add("creates, " + std::to_string(kWriters) + " clients", creates.rate(), "1/s");
  figures.add_latency("create", creates.latencies);

  const double half = std::min(seconds, 2.0) / 2, syncs_before = syncs_a_second(node.folder, half);
  const Load pairs = run_for(seconds, kTransactionClients, [&](std::mt19937_64& random) {
    node.record.execute(system, transaction_of({heart_rate(random), heart_rate(random)}));
  });
  const double syncs = (syncs_before + syncs_a_second(node.folder, half)) / 2;  // as the disk was meanwhile
  figures.add("two-resource transactions, " + std::to_string(kTransactionClients) + " clients", pairs.rate(),
              "1/s");
  figures.add("syncs of 4 KiB that the disk does", syncs, "1/s");
  figures.add("two-resource transactions per sync", pairs.rate() / syncs, "1", 2);
}

void measure_import(RecordUnderTest& node, const BenchOptions& options, Figures& figures) {
  const auto files = synthea_bundles(options.data);
  const auto start = Clock::now();
  const double processor_before = processor_seconds();
  const auto entries = static_cast<double>(import_copies(node.record, files, options.resources, kImporters));
  const double processor = processor_seconds() - processor_before, seconds = seconds_since(start);
  figures.add("resources imported in bundles", entries, "1");
  figures.add("import of bundles, " + std::to_string(kImporters) + " clients", entries / seconds, "1/s");
  figures.add("import, processor time a resource", processor / entries * 1e6, "us");
}

void measure_size(RecordUnderTest& node, Figures& figures) {
  const auto resources = static_cast<double>(count_resources(node));
  figures.add("resources in the record", resources, "1");
  figures.add("bytes on disk a resource, ledger and log included", node.bytes_on_disk() / resources, "By");
}

void measure_reads(RecordUnderTest& node, double seconds, Figures& figures) {
  const std::vector<std::string> patients = node.take_patients_into_care();
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
  const Load own = run_for(seconds, cores(), [&](std::mt19937_64& random) {
    const std::string patient = "Patient/" + patients[random() % patients.size()];
    const trust::Principal resident{"resident", "Resident", trust::Role::resident, patient, {}};
    node.record.search(resident, "Observation", {{"code", "http://loinc.org|8867-4"}, {"_count", "20"}});
  });
  figures.add("searches of a resident: own heart rates", own.rate(), "1/s");
  figures.add_latency("search of a resident", own.latencies);
  measure_mixed_search(node, patients, seconds, figures);
  figures.add("resident memory after the searches", resident_memory(), "MiB");
}

}  // namespace

int bench_record(const BenchOptions& options) {
  const auto folder = options.record.empty() ? options.work / "record" : options.record;
  const bool filled = std::filesystem::exists(folder);
  RecordUnderTest node(folder, options.database);
  Figures figures(options.database.empty() ? "record" : "record on PostgreSQL");
  if (!filled) {
    measure_creates(node, options.seconds, figures);
    measure_import(node, options, figures);
  }
  measure_size(node, figures);
  measure_reads(node, options.seconds, figures);
  measure_matches(options, figures);
  figures.print(options.json);
  return 0;
}

}  // namespace meridian::app
