#include "trust/checkpoint.h"

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"

namespace meridian::trust {
namespace {

constexpr std::size_t kLargestFile = 16 * 1024;

Checkpoint checkpoint_of(const storage::Row& row) {
  Checkpoint checkpoint;
  checkpoint.size = row.integer(0);
  checkpoint.time = row.integer(1);
  checkpoint.root = row.text(2);
  checkpoint.tree = row.text(3);
  checkpoint.signature = row.text(4);
  return checkpoint;
}

}  // namespace

Checkpoint Checkpoint::make(const MerkleTree& tree, Instant time, const SigningKey& key) {
  Checkpoint checkpoint{tree.size(), time.time_since_epoch().count(), tree.root(), tree.state(), {}};
  checkpoint.signature = key.sign(checkpoint.message());
  return checkpoint;
}

std::string Checkpoint::message() const {
  return "meridian-ledger\n" + std::to_string(size) + "\n" + std::to_string(time) + "\n" + to_hex(root) +
         "\n";
}

void write_checkpoint(storage::Transaction& transaction, const Checkpoint& checkpoint) {
  transaction.execute(
      "INSERT INTO ledger_checkpoint (size, time, root, tree, signature) VALUES (?, ?, ?, ?, ?) ON CONFLICT "
      "DO NOTHING",
      {checkpoint.size, checkpoint.time, storage::Blob{checkpoint.root}, storage::Blob{checkpoint.tree},
       storage::Blob{checkpoint.signature}});
}

std::vector<Checkpoint> read_checkpoints(storage::Connection& connection) {
  std::vector<Checkpoint> checkpoints;
  connection.query("SELECT size, time, root, tree, signature FROM ledger_checkpoint ORDER BY size", {},
                   [&](const storage::Row& row) { checkpoints.push_back(checkpoint_of(row)); });
  return checkpoints;
}

std::optional<Checkpoint> newest_checkpoint(storage::Connection& connection) {
  std::optional<Checkpoint> newest;
  connection.query_first(
      "SELECT size, time, root, tree, signature FROM ledger_checkpoint ORDER BY size DESC LIMIT 1", {},
      [&](const storage::Row& row) { newest = checkpoint_of(row); });
  return newest;
}

void write_checkpoint_file(const std::filesystem::path& file, const Checkpoint& checkpoint,
                           const SigningKey& key) {
  const Json json = Json::object({{"size", checkpoint.size},
                                  {"time", checkpoint.time},
                                  {"root", to_hex(checkpoint.root)},
                                  {"publicKey", to_hex(key.public_key())},
                                  {"signature", to_hex(checkpoint.signature)}});
  write_file(file, json.dump_pretty() + "\n");
}

std::optional<Checkpoint> read_checkpoint_file(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return std::nullopt;
  try {
    const Json json = Json::parse(read_file(file, kLargestFile));
    return Checkpoint{json.get("size").as_int(),
                      json.get("time").as_int(),
                      from_hex(json.text("root")),
                      {},
                      from_hex(json.text("signature"))};
  } catch (const Error& error) {
    throw Error(ErrorCode::corrupted,
                std::string("The ledger's newest checkpoint cannot be read: ") + error.what(), file.string(),
                "Restore the file from a backup");
  }
}

}  // namespace meridian::trust
