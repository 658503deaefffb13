// A signed root of the ledger's tree: what the ledger was at a moment, provable to anyone with the public
// key.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/time.h"
#include "storage/database.h"
#include "trust/merkle_tree.h"
#include "trust/signing_key.h"

namespace meridian::trust {

struct Checkpoint {
  std::int64_t size = 0;  // entries it covers
  std::int64_t time = 0;  // microseconds since 1970
  std::string root;       // 32 bytes
  std::string tree;       // MerkleTree::state, to go on from; empty when read from the file
  std::string signature;  // Ed25519 of message()

  static Checkpoint make(const MerkleTree& tree, Instant time, const SigningKey& key);
  // "meridian-ledger\n" size "\n" time "\n" root in hexadecimal "\n".
  std::string message() const;
};

void write_checkpoint(storage::Transaction& transaction, const Checkpoint& checkpoint);
// By size, smallest first.
std::vector<Checkpoint> read_checkpoints(storage::Connection& connection);
std::optional<Checkpoint> newest_checkpoint(storage::Connection& connection);

// The newest checkpoint also lies in a file outside the database, so that a database that was cut short or
// put back to an older one shows. JSON: size, time, root, publicKey, signature.
void write_checkpoint_file(const std::filesystem::path& file, const Checkpoint& checkpoint,
                           const SigningKey& key);
// Nothing when there is no such file. Throws corrupted when it cannot be read.
std::optional<Checkpoint> read_checkpoint_file(const std::filesystem::path& file);

}  // namespace meridian::trust
