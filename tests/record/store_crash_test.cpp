// Kills a process that writes to the record, at any point of its work, and looks for all it had acknowledged.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <sstream>
#include <thread>

#include "base/id.h"
#include "base/temporary_folder.h"
#include "record/record.h"
#include "storage/test_database.h"
#include "trust/access.h"

namespace meridian::record {
namespace {

constexpr int kKills = 8, kClients = 6;

struct Node {
  explicit Node(const std::filesystem::path& folder)
      : database(open(folder / "record.db")),
        ledger(*database, {.signing_key_file = folder / "ledger.key", .checkpoint_every = 50}),
        queue(*database),
        record(*database, ledger, queue) {}

  static std::unique_ptr<storage::Database> open(const std::filesystem::path& file) {
    auto database = storage::open_database(storage::test_database({.path = file, .readers = 2}));
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

// "Basic/ID VERSION" a line, written once the record has returned: lines are shorter than a pipe's atomic
// write.
void acknowledge(int pipe, std::initializer_list<Version> versions) {
  std::string lines;
  for (const Version& version : versions)
    lines += version.reference() + " " + std::to_string(version.number) + "\n";
  if (::write(pipe, lines.data(), lines.size()) != static_cast<ssize_t>(lines.size())) ::_exit(1);
}

Json basic(const std::string& text) {
  Json json = Json::parse(R"({"resourceType":"Basic"})");
  json["code"]["text"] = text;
  return json;
}

// Creates, updates, and transactions of two resources, without end.
void write_for_ever(Record& record, int pipe) {
  const trust::Principal system = trust::Principal::system();
  for (int i = 0;; ++i) {
    const Version made = record.create(system, basic("first"));
    acknowledge(pipe, {made});
    Json changed = basic("second");
    changed["id"] = made.id;
    acknowledge(pipe, {record.update(system, changed)});
    std::optional<Version> one, other;
    record.write(system, [&](Writer& writer) {
      one = writer.create(basic("one of two"));
      other = writer.create(basic("other of two"));
    });
    acknowledge(pipe, {*one, *other});
  }
}

void serve(const std::filesystem::path& folder, int pipe) {
  Node node(folder);
  std::vector<std::jthread> clients;
  for (int i = 0; i < kClients; ++i) clients.emplace_back([&] { write_for_ever(node.record, pipe); });
}

// What it acknowledged before it was killed, after at least so many bytes of acknowledgements.
std::string serve_and_be_killed(const std::filesystem::path& folder, std::size_t after_bytes) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    serve(folder, ends[1]);
    ::_exit(1);
  }
  ::close(ends[1]);
  std::string lines;
  bool killed = false;
  char piece[4096];
  for (ssize_t size; (size = ::read(ends[0], piece, sizeof piece)) > 0;) {
    lines.append(piece, static_cast<std::size_t>(size));
    if (!killed && lines.size() >= after_bytes) killed = ::kill(child, SIGKILL) == 0;
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  return lines;
}

// The record as another process finds it.
void expect_all_there(const std::filesystem::path& folder, const std::string& acknowledged) {
  Node node(folder);
  if (storage::test_url().empty()) node.database->check_integrity();
  std::istringstream lines(acknowledged);
  std::string reference;
  for (std::int64_t number; lines >> reference >> number;) {
    const std::string id = reference.substr(reference.find('/') + 1);
    EXPECT_NO_THROW(node.record.read_version(trust::Principal::system(), "Basic", id, number)) << reference;
  }
  const trust::LedgerVerdict verdict = node.ledger.verify();
  EXPECT_TRUE(verdict.intact) << verdict.what;
}

TEST(StoreCrash, LosesNothingThatWasAcknowledged) {
  const TemporaryFolder folder;
  std::mt19937 random(20261124);
  std::uniform_int_distribution<std::size_t> bytes(1, 20'000);
  std::string acknowledged;
  for (int i = 0; i < kKills; ++i) {
    acknowledged += serve_and_be_killed(folder / "", bytes(random));
    expect_all_there(folder / "", acknowledged);
  }
}

}  // namespace
}  // namespace meridian::record
