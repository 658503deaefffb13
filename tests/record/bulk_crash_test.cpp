// Kills processes that import and export, at any point of their work: what was acknowledged is finished by
// the next, and nothing is doubled.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <sstream>

#include "base/temporary_folder.h"
#include "record/bulk/bulk_data.h"
#include "record/record.h"
#include "trust/access.h"

namespace meridian::record {
namespace {

std::optional<trust::Principal> kept_account(const trust::Principal& kept) {
  return kept;
}

constexpr int kResources = 2200;  // five pieces of an import

struct Node {
  explicit Node(const std::filesystem::path& folder)
      : database(open(folder / "record.db")),
        ledger(*database, {.signing_key_file = folder / "ledger.key"}),
        queue(*database),
        record(*database, ledger, queue) {}

  static std::unique_ptr<storage::Database> open(const std::filesystem::path& file) {
    auto database = storage::open_database({.path = file, .readers = 2});
    database->migrate(storage::Queue::migrations());
    database->migrate(trust::access_migrations());
    database->migrate(trust::Ledger::migrations());
    database->migrate(Record::migrations());
    return database;
  }

  const std::unique_ptr<storage::Database> database;
  trust::Ledger ledger;
  storage::Queue queue;
  Record record;
};

std::string id_of(int number) {
  return "p" + std::to_string(number);
}

std::string ndjson() {
  std::string lines;
  for (int i = 0; i < kResources; ++i)
    lines += R"({"resourceType":"Basic","id":")" + id_of(i) + R"(","code":{"text":"x"}})" + "\n";
  return lines;
}

// Works in a process of its own, which is killed once it has done so many pieces: most likely in the midst of
// the next. Whether it had nothing left to do before.
bool work_and_be_killed(const std::filesystem::path& folder, int after_pieces) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    Node node(folder);
    if (::write(ends[1], "x", 1) != 1) ::_exit(1);
    while (node.record.bulk().run_one(kept_account))
      if (::write(ends[1], "x", 1) != 1) ::_exit(1);
    ::_exit(0);
  }
  ::close(ends[1]);
  char step;
  for (int i = 0; i <= after_pieces && ::read(ends[0], &step, 1) == 1; ++i) {
  }
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(ends[0]);
  return WIFEXITED(status);
}

// Kills until the work is done. After each kill the job is there, and not failed.
BulkStatus finished_between_kills(const std::filesystem::path& folder, const std::string& job) {
  for (int kills = 0; kills < 20 && !work_and_be_killed(folder, kills % 2); ++kills) {
    Node node(folder);
    EXPECT_NO_THROW(node.record.bulk().status(trust::Principal::system(), job));
  }
  Node node(folder);
  while (node.record.bulk().run_one(kept_account)) {
  }
  node.database->check_integrity();
  return node.record.bulk().status(trust::Principal::system(), job);
}

TEST(BulkCrash, ImportsAndExportsAllThatWasAcknowledgedOnce) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "";
  const trust::Principal system = trust::Principal::system();
  const auto begin = [&](const auto& ask) {
    Node node(path);
    return ask(node.record.bulk());
  };
  const std::string import =
      begin([&](BulkData& bulk) { return bulk.begin_import(system, ndjson(), "$import"); });
  const BulkStatus imported = finished_between_kills(path, import);
  EXPECT_TRUE(imported.done);
  EXPECT_TRUE(imported.manifest.get("error").empty());

  const std::string export_job = begin([&](BulkData& bulk) {
    return bulk.begin_export(system, {"", "", {{"_type", "Basic"}}}, "$export");
  });
  const BulkStatus exported = finished_between_kills(path, export_job);
  EXPECT_TRUE(exported.done);
  std::set<std::string> ids;
  int lines = 0;
  Node node(path);
  for (const Json& file : exported.manifest.get("output").items()) {
    std::istringstream text(
        node.record.bulk().file(system, export_job, static_cast<int>(file.get("file").as_int())).text);
    for (std::string line; std::getline(text, line); ++lines) {
      const Json resource = Json::parse(line);
      ids.insert(resource.text("id"));
      EXPECT_EQ(resource.text("meta.versionId"), "1");
    }
  }
  EXPECT_EQ(lines, kResources);
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(kResources));
}

}  // namespace
}  // namespace meridian::record
