// A record in a folder of its own, and load on it, for the benches of the record.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "record/record.h"

namespace meridian::app {

// Where the database is; a schema goes with it.
class DatabaseOfBench {
 public:
  explicit DatabaseOfBench(storage::DatabaseOptions options) : options_(std::move(options)) {}
  ~DatabaseOfBench();
  DatabaseOfBench(const DatabaseOfBench&) = delete;
  DatabaseOfBench& operator=(const DatabaseOfBench&) = delete;
  const storage::DatabaseOptions& options() const { return options_; }

 private:
  const storage::DatabaseOptions options_;
};

class RecordUnderTest {
 public:
  // url: of a PostgreSQL, in which it gets a schema of its own; empty: SQLite in the folder.
  RecordUnderTest(const std::filesystem::path& folder, const std::string& url);
  // Of the database, its log included.
  double bytes_on_disk() const;
  // All patients come into the reader's care. Returns their ids.
  std::vector<std::string> take_patients_into_care();

  const std::filesystem::path folder;
  const DatabaseOfBench place;
  const std::unique_ptr<storage::Database> database;
  trust::Ledger ledger;
  storage::Queue queue;
  record::Record record;
  const trust::Principal reader{"bench", "Bench", trust::Role::clinician, "Practitioner/bench",
                                "Organization/bench"};
};

struct Load {
  std::vector<double> latencies;  // seconds, of each call
  double seconds = 0;
  double processor_seconds = 0;  // of all threads
  double rate() const { return static_cast<double>(latencies.size()) / seconds; }
};

// Calls it from so many threads until the time is over. call(the thread's random numbers).
Load run_for(double seconds, unsigned threads, const std::function<void(std::mt19937_64&)>& call);
// Calls it from so many threads, and throws what one of them threw once all are done.
void run_on_threads(unsigned threads, const std::function<void(unsigned number)>& work);

unsigned cores();
// Of all threads of this process, user and system.
double processor_seconds();
// An Observation of a heart rate, about Patient/bench.
Json heart_rate(std::mt19937_64& random);

}  // namespace meridian::app
