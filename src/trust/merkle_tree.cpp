#include "trust/merkle_tree.h"

#include <bit>

#include "base/encoding.h"
#include "base/error.h"

namespace meridian::trust {
namespace {

constexpr std::size_t kHashBytes = 32;

std::string node_hash(std::string_view left, std::string_view right) {
  std::string input(1, '\x01');
  input.append(left).append(right);
  return sha256(input);
}

}  // namespace

std::string leaf_hash(std::string_view entry) {
  std::string input(1, '\0');
  input.append(entry);
  return sha256(input);
}

MerkleTree::MerkleTree(std::int64_t size, std::string_view state) : size_(size) {
  const auto peaks = static_cast<std::size_t>(std::popcount(static_cast<std::uint64_t>(size)));
  if (size < 0 || state.size() != peaks * kHashBytes)
    throw Error(ErrorCode::corrupted, "The stored state of the ledger's tree does not fit its size");
  for (std::size_t i = 0; i < peaks; ++i) peaks_.emplace_back(state.substr(i * kHashBytes, kHashBytes));
}

void MerkleTree::append(std::string_view leaf_hash) {
  std::string carried(leaf_hash);
  for (std::int64_t full = size_; full & 1; full >>= 1) {
    carried = node_hash(peaks_.back(), carried);
    peaks_.pop_back();
  }
  peaks_.push_back(std::move(carried));
  ++size_;
}

std::string MerkleTree::root() const {
  if (peaks_.empty()) return sha256({});
  std::string root = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i-- > 0;) root = node_hash(peaks_[i], root);
  return root;
}

std::string MerkleTree::state() const {
  std::string state;
  for (const std::string& peak : peaks_) state += peak;
  return state;
}

}  // namespace meridian::trust
