// The folder in which a node keeps everything. docs/operation.md describes it for those who run one.
#pragma once
#include <filesystem>

namespace meridian::app {

class NodeFolder {
 public:
  explicit NodeFolder(std::filesystem::path root) : root_(std::move(root)) {}
  // Makes what is missing, readable by the owner only, and empties the spool.
  void prepare() const;
  bool exists() const { return std::filesystem::exists(database()); }

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path database() const { return root_ / "meridian.db"; }
  std::filesystem::path blobs() const { return root_ / "blobs"; }
  std::filesystem::path keys() const { return root_ / "keys"; }
  std::filesystem::path spool() const { return root_ / "spool"; }
  std::filesystem::path owed() const { return root_ / "owed"; }
  std::filesystem::path ledger_key() const { return keys() / "ledger.pem"; }

 private:
  std::filesystem::path root_;
};

}  // namespace meridian::app
