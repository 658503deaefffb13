#include "trust/ledger.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <thread>
#include <unordered_map>

#include "base/encoding.h"
#include "base/error.h"
#include "base/log.h"
#include "trust/checkpoint.h"
#include "trust/ledger_store.h"
#include "trust/ledger_verification.h"

namespace meridian::trust {
namespace {

constexpr std::array<storage::Migration, 1> kMigrations{{{"ledger", 1, R"(
  CREATE TABLE ledger_entry (
    number INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    display TEXT NOT NULL,
    role TEXT NOT NULL,
    organization TEXT NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    patient TEXT NOT NULL,
    entity TEXT NOT NULL,
    success INTEGER NOT NULL,
    detail TEXT NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
  );
  CREATE INDEX ledger_entry_by_patient ON ledger_entry (patient, number) WHERE patient <> '';
  CREATE INDEX ledger_entry_by_user ON ledger_entry (user_id, number);
  CREATE INDEX ledger_entry_by_kind ON ledger_entry (kind, number);
  CREATE TABLE ledger_checkpoint (
    size INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    root BLOB NOT NULL,
    tree BLOB NOT NULL,
    signature BLOB NOT NULL
  );
)"}}};

constexpr auto kFlushEvery = std::chrono::seconds(1);
constexpr std::size_t kMostPending = 50'000;  // then the caller writes them itself, and so waits for the disk

// Reads that wait to be written. The same act on the same thing within one batch becomes one entry.
class Pending {
 public:
  struct Act {
    LedgerEntry entry;
    Instant time;
    std::int64_t times = 1;
  };

  void add(LedgerEntry entry, Instant time) {
    std::string key = entry.user + '\n' + entry.organization + '\n' + entry.action + '\n' + entry.kind +
                      '\n' + entry.patient + '\n' + entry.entity + '\n' + (entry.success ? '1' : '0');
    if (!entry.detail.is_null()) key += entry.detail.dump();
    const auto [found, added] = index_.try_emplace(std::move(key), acts_.size());
    if (added)
      acts_.push_back({std::move(entry), time});
    else
      ++acts_[found->second].times;
  }
  std::size_t size() const { return acts_.size(); }
  std::vector<Act> take() {
    index_.clear();
    return std::exchange(acts_, {});
  }
  // What could not be written, put back before what has come since.
  void put_back(std::vector<Act> acts) {
    index_.clear();  // acts already merged stay merged
    acts.insert(acts.end(), std::make_move_iterator(acts_.begin()), std::make_move_iterator(acts_.end()));
    acts_ = std::move(acts);
  }

 private:
  std::vector<Act> acts_;
  std::unordered_map<std::string, std::size_t> index_;
};

LedgerEntry named(const Principal& principal, LedgerEntry entry) {
  entry.user = principal.user;
  entry.display = principal.display;
  entry.role = role_name(principal.role);
  entry.organization = principal.organization;
  return entry;
}

LedgerEntry entry_of(Pending::Act& act) {
  if (act.times > 1) act.entry.detail["times"] = act.times;
  return std::move(act.entry);
}

}  // namespace

struct Ledger::State {
  State(storage::Database& database, const LedgerOptions& options)
      : database(database),
        options(options),
        checkpoint_file(options.signing_key_file + ".checkpoint"),
        key(SigningKey::open_or_make(options.signing_key_file)) {
    database.read([&](storage::Connection& connection) { resume(connection); });
    writer = std::thread([this] { run(); });
  }

  ~State() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    wake.notify_all();
    writer.join();
    attempt([&] { flush(); });
    attempt([&] { checkpoint(); });
  }

  void resume(storage::Connection& connection) {
    newest = read_tail(connection).number;
    const std::optional<Checkpoint> last = newest_checkpoint(connection);
    if (!last) return;
    signed_size = last->size;
    if (last->size <= newest)
      tree = MerkleTree(last->size, last->tree);
    else
      log_error("ledger-cut-short", {{"entries", newest.load()}, {"signed", last->size}});
  }

  template <class Function>
  void attempt(Function function) {
    try {
      function();
    } catch (const Error& error) {
      log_error("ledger-not-written", {{"reason", error.describe()}});
    }
  }

  void run() {
    std::unique_lock lock(mutex);
    while (!stopping) {
      wake.wait_for(lock, kFlushEvery);
      lock.unlock();
      attempt([&] { flush(); });
      if (newest - signed_size >= options.checkpoint_every) attempt([&] { checkpoint(); });
      lock.lock();
    }
  }

  void committed(std::int64_t number) {
    std::int64_t seen = newest;
    while (seen < number && !newest.compare_exchange_weak(seen, number)) {
    }
    if (number - signed_size >= options.checkpoint_every) wake.notify_one();
  }

  void flush() {
    const std::lock_guard one_at_a_time(flushing);
    std::vector<Pending::Act> acts;
    {
      const std::lock_guard lock(mutex);
      acts = pending.take();
    }
    if (acts.empty()) return;
    try {
      write(acts);
      const std::lock_guard lock(mutex);
      failure.clear();
    } catch (const std::exception& error) {
      const std::lock_guard lock(mutex);
      failure = error.what();
      pending.put_back(std::move(acts));
      throw;
    }
  }

  void write(const std::vector<Pending::Act>& acts) {
    database.write([&](storage::Transaction& transaction) {
      LedgerTail tail = read_tail(transaction);
      for (Pending::Act act : acts) write_entry(transaction, tail, entry_of(act), act.time);
      transaction.after_commit([this, number = tail.number] { committed(number); });
    });
  }

  // The tree grown to the newest entry of the snapshot; tree_mutex is held.
  void grow(storage::Connection& connection) {
    for_each_hash(connection, tree.size(), [&](std::string_view hash) { tree.append(hash); });
  }

  void checkpoint() {
    const std::lock_guard lock(tree_mutex);
    database.read([&](storage::Connection& connection) { grow(connection); });
    if (tree.size() == 0 || tree.size() == signed_size) return;
    const Checkpoint made = Checkpoint::make(tree, now(), key);
    database.write([&](storage::Transaction& transaction) { write_checkpoint(transaction, made); });
    write_checkpoint_file(checkpoint_file, made, key);
    signed_size = made.size;
  }

  storage::Database& database;
  const LedgerOptions options;
  const std::filesystem::path checkpoint_file;
  const SigningKey key;

  std::mutex tree_mutex;
  MerkleTree tree;
  std::atomic<std::int64_t> newest{0}, signed_size{0};  // numbers of entries

  std::mutex flushing;
  std::mutex mutex;  // of all below
  std::condition_variable wake;
  Pending pending;
  std::string failure;  // why the last flush failed
  bool stopping = false;
  std::thread writer;
};

std::span<const storage::Migration> Ledger::migrations() {
  return kMigrations;
}

Ledger::Ledger(storage::Database& database, const LedgerOptions& options)
    : state_(std::make_unique<State>(database, options)) {}
Ledger::~Ledger() = default;

void Ledger::append(storage::Transaction& transaction, const Principal& principal, LedgerEntry entry) {
  append_all(transaction, principal, {std::move(entry)});
}

void Ledger::append_all(storage::Transaction& transaction, const Principal& principal,
                        std::vector<LedgerEntry> entries) {
  LedgerTail tail = read_tail(transaction);
  const Instant time = now();
  for (LedgerEntry& entry : entries) write_entry(transaction, tail, named(principal, std::move(entry)), time);
  transaction.after_commit([state = state_.get(), number = tail.number] { state->committed(number); });
}

void Ledger::append_soon(const Principal& principal, LedgerEntry entry) {
  bool full = false;
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->failure.empty())
      throw Error(ErrorCode::unavailable, "The ledger cannot be written: " + state_->failure, {},
                  "Nothing is shown that cannot be recorded; look at the disk");
    state_->pending.add(named(principal, std::move(entry)), now());
    full = state_->pending.size() >= kMostPending;
  }
  if (full) flush();
}

void Ledger::flush() {
  state_->flush();
}

std::vector<LedgerEntry> Ledger::entries(const LedgerFilter& filter) const {
  return state_->database.read(
      [&](storage::Connection& connection) { return find_entries(connection, filter); });
}

std::int64_t Ledger::size() const {
  return state_->database.read([](storage::Connection& connection) { return read_tail(connection).number; });
}

std::string Ledger::root() const {
  const std::lock_guard lock(state_->tree_mutex);
  state_->database.read([&](storage::Connection& connection) { state_->grow(connection); });
  return to_hex(state_->tree.root());
}

LedgerVerdict Ledger::verify(const std::function<void(std::int64_t, std::int64_t)>& progress) const {
  const std::optional<Checkpoint> filed = read_checkpoint_file(state_->checkpoint_file);
  return state_->database.read([&](storage::Connection& connection) {
    return verify_ledger(connection, state_->key, filed, progress);
  });
}

void Ledger::checkpoint() {
  state_->checkpoint();
}

}  // namespace meridian::trust
