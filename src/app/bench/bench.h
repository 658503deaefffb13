// Measurements that a person can repeat: each prints its figures and the machine they were taken on.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace meridian::app {

struct BenchOptions {
  std::filesystem::path data;      // real data; a bench that cannot do without it throws unavailable
  std::filesystem::path work;      // an empty folder for what the bench writes, on the disk to be measured
  std::string database;            // a PostgreSQL's URL for the bench of the record; empty: SQLite
  std::filesystem::path record;    // keeps the record that is measured, also for the next time; empty: none
  std::int64_t resources = 0;      // that the record imports, from copies of the bundles; 0: each bundle once
  std::int64_t studies = 20'000;   // that the bench of the archive searches among
  std::int64_t stores = 0;         // that the bench of the archive takes at once and verifies; 0: the others
  std::string assistant;           // the only one that the bench of images measures; empty: all
  double seconds = 5;              // of load, where a bench runs for a time
  std::filesystem::path features;  // a folder for the tables that training/ reads; empty: none are written
  bool json = false;               // one JSON object on standard output instead of a table
};

}  // namespace meridian::app
