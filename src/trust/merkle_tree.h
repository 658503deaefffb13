// The Merkle tree of RFC 9162, 2.1, grown leaf by leaf: only the roots of its complete subtrees are kept.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::trust {

// SHA-256(0x00 || entry): 32 bytes.
std::string leaf_hash(std::string_view entry);

class MerkleTree {
 public:
  MerkleTree() = default;
  // From what state() gave. Throws corrupted when it does not fit the size.
  MerkleTree(std::int64_t size, std::string_view state);

  void append(std::string_view leaf_hash);
  std::int64_t size() const { return size_; }
  // 32 bytes; of an empty tree the SHA-256 of nothing.
  std::string root() const;
  // The roots of the complete subtrees, largest first, 32 bytes each.
  std::string state() const;

 private:
  std::int64_t size_ = 0;
  std::vector<std::string> peaks_;  // largest first: one for each bit set in size_
};

}  // namespace meridian::trust
