// The tables by which instances are found: patient, study, series, instance.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "archive/instance.h"
#include "archive/pixel_layout.h"
#include "storage/database.h"

namespace meridian::archive {

// An instance as the index knows it.
struct Indexed {
  InstanceFacts facts;
  PixelLayout pixels;
  std::vector<std::string> flaws;
  std::string digest;
  std::uint64_t size = 0;  // bytes of the file
};

std::span<const storage::Migration> index_migrations();

// Throws conflict when the study is already another patient's, or the series another study's.
void insert(storage::Transaction& transaction, const Indexed& instance);
// The series, study and patient go with their last instance. False when there was no such instance.
bool erase(storage::Transaction& transaction, const std::string& instance_uid);

std::optional<Indexed> find_indexed(storage::Connection& connection, const std::string& instance_uid);
// Of the instance's bytes; empty when there is no such instance.
std::string find_digest(storage::Connection& connection, const std::string& instance_uid);
// What persons' names are compared by: without case, for ASCII (other scripts that this archive meets have
// none, or are compared exactly), and without what is empty at the end of a component group (PS3.5, 6.2.1).
std::string name_key(std::string_view name);
// What a name that is looked for may look like: its key, and that without components that may be anything at
// its end, as they may be missing.
std::vector<std::string> name_patterns(std::string_view name);

// In the order of series and instance numbers. series empty: of the whole study.
std::vector<InstanceFacts> list_instances(storage::Connection& connection, const std::string& study,
                                          const std::string& series);
// The series of a study, by their numbers; of each at most so many instances.
std::vector<SeriesFacts> list_series(storage::Connection& connection, const std::string& study,
                                     std::size_t most_instances);
std::int64_t count_instances(storage::Connection& connection);
// Whether any instance has the blob of this digest.
bool uses_blob(storage::Connection& connection, const std::string& digest);

}  // namespace meridian::archive
