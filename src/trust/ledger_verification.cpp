#include "trust/ledger_verification.h"

#include <algorithm>

#include "base/encoding.h"
#include "trust/ledger_store.h"
#include "trust/merkle_tree.h"

namespace meridian::trust {
namespace {

constexpr std::int64_t kProgressEvery = 1000;

std::string span_of(std::int64_t first, std::int64_t last) {
  return first == last ? "Entry " + std::to_string(first)
                       : "Entries " + std::to_string(first) + " to " + std::to_string(last);
}

// Walks the entries in order. An entry is proven when its own hash fits and the one after carries it.
class Walk {
 public:
  Walk(const SigningKey& key, std::vector<Checkpoint> checkpoints)
      : key_(key), checkpoints_(std::move(checkpoints)) {}

  // False when the walk is over because something is broken.
  bool visit(const LedgerRow& row) {
    const std::int64_t number = row.entry.number, expected = read_ + 1;
    if (number > expected)
      return fail(expected,
                  span_of(expected, number - 1) + (number - 1 == expected ? " is missing" : " are missing"));
    if (number < expected)
      return fail(number, "Entry " + std::to_string(number) + " is not one that the ledger gave");
    if (entry_hash(row) != row.hash)
      return fail(number, span_of(number, number) + " was changed after it was written");
    if (row.previous != last_hash_)
      return number == 1 ? fail(1, "Entry 1 does not begin the chain")
                         : fail(read_, span_of(read_, read_) +
                                           " was replaced: the entry after it carries another hash");
    if (!prove_last()) return false;
    last_hash_ = row.hash;
    ++read_;
    return true;
  }

  LedgerVerdict finish() {
    if (verdict_.intact && prove_last() && next_checkpoint_ < checkpoints_.size()) {
      const std::int64_t signed_size = checkpoints_.back().size;
      fail(read_ + 1, span_of(read_ + 1, signed_size) + " existed when a checkpoint was signed and " +
                          (signed_size == read_ + 1 ? "is" : "are") + " missing at the end");
    }
    verdict_.entries = read_;
    if (verdict_.intact) verdict_.root = to_hex(tree_.root());
    return verdict_;
  }

 private:
  bool fail(std::int64_t number, const std::string& what) {
    verdict_.root = to_hex(tree_.root());
    return fail(number, what, tree_.size());
  }

  bool fail(std::int64_t number, const std::string& what, std::int64_t proven) {
    verdict_.intact = false;
    verdict_.first_bad = number;
    verdict_.what =
        what + (proven ? ". " + span_of(1, proven) + (proven == 1 ? " is" : " are") + " proven." : ".");
    return false;
  }

  bool prove_last() {
    if (read_ > tree_.size()) tree_.append(last_hash_);
    for (; next_checkpoint_ < checkpoints_.size() && checkpoints_[next_checkpoint_].size <= tree_.size();
         ++next_checkpoint_)
      if (!agrees(checkpoints_[next_checkpoint_])) return false;
    return true;
  }

  bool agrees(const Checkpoint& checkpoint) {
    if (!key_.verifies(checkpoint.message(), checkpoint.signature))
      return fail(checkpoint.size, "The checkpoint at entry " + std::to_string(checkpoint.size) +
                                       " does not bear this node's signature");
    const std::string root = tree_.root();
    if (checkpoint.root != root) {
      verdict_.root = to_hex(signed_root_);
      return fail(signed_size_ + 1,
                  span_of(signed_size_ + 1, checkpoint.size) +
                      " were rewritten after the checkpoint at entry " + std::to_string(checkpoint.size) +
                      " was signed",
                  signed_size_);
    }
    ++verdict_.checkpoints;
    signed_size_ = checkpoint.size;
    signed_root_ = root;
    return true;
  }

  const SigningKey& key_;
  const std::vector<Checkpoint> checkpoints_;  // smallest first
  std::size_t next_checkpoint_ = 0;
  MerkleTree tree_;  // of the entries proven
  std::int64_t read_ = 0;
  std::string last_hash_ = LedgerTail().hash;
  std::int64_t signed_size_ = 0;
  std::string signed_root_ = MerkleTree().root();
  LedgerVerdict verdict_;
};

std::vector<Checkpoint> all_checkpoints(storage::Connection& connection,
                                        const std::optional<Checkpoint>& filed) {
  std::vector<Checkpoint> checkpoints = read_checkpoints(connection);
  const auto same = [&](const Checkpoint& one) {
    return one.message() == filed->message() && one.signature == filed->signature;
  };
  if (filed && std::none_of(checkpoints.begin(), checkpoints.end(), same)) checkpoints.push_back(*filed);
  std::stable_sort(checkpoints.begin(), checkpoints.end(),
                   [](const Checkpoint& a, const Checkpoint& b) { return a.size < b.size; });
  return checkpoints;
}

}  // namespace

LedgerVerdict verify_ledger(storage::Connection& connection, const SigningKey& key,
                            const std::optional<Checkpoint>& filed,
                            const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const std::int64_t total = read_tail(connection).number;
  const auto report = [&](std::int64_t done) {
    if (progress) progress(done, std::max(done, total));
  };
  Walk walk(key, all_checkpoints(connection, filed));
  std::int64_t done = 0;
  for_each_entry(connection, [&](const LedgerRow& row) {
    if (++done % kProgressEvery == 0) report(done);
    return walk.visit(row);
  });
  if (done == 0 || done % kProgressEvery) report(done);
  return walk.finish();
}

}  // namespace meridian::trust
