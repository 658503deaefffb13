#include "trust/merkle_tree.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/error.h"

namespace meridian::trust {
namespace {

// RFC 9162, 2.1.1, word for word: split at the largest power of two below the number of leaves.
std::string root_by_definition(const std::vector<std::string>& leaves) {
  if (leaves.empty()) return sha256({});
  if (leaves.size() == 1) return leaves.front();
  std::size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  const std::vector<std::string> left(leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(split));
  const std::vector<std::string> right(leaves.begin() + static_cast<std::ptrdiff_t>(split), leaves.end());
  return sha256("\x01" + root_by_definition(left) + root_by_definition(right));
}

TEST(MerkleTree, HasTheRootThatTheStandardDefines) {
  MerkleTree tree;
  std::vector<std::string> leaves;
  EXPECT_EQ(tree.root(), root_by_definition(leaves));
  for (int i = 1; i <= 70; ++i) {
    leaves.push_back(leaf_hash("entry " + std::to_string(i)));
    tree.append(leaves.back());
    ASSERT_EQ(tree.root(), root_by_definition(leaves)) << i << " leaves";
  }
}

// The published test vectors of Certificate Transparency's reference implementation.
TEST(MerkleTree, AgreesWithKnownRoots) {
  EXPECT_EQ(to_hex(leaf_hash("")), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  MerkleTree tree;
  for (const char* leaf :
       {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"})
    tree.append(leaf_hash(from_hex(leaf)));
  EXPECT_EQ(to_hex(tree.root()), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(MerkleTree, GoesOnFromItsState) {
  MerkleTree whole;
  for (int i = 0; i < 21; ++i) whole.append(leaf_hash(std::to_string(i)));
  MerkleTree resumed(whole.size(), whole.state());
  for (MerkleTree* tree : {&whole, &resumed}) tree->append(leaf_hash("next"));
  EXPECT_EQ(resumed.root(), whole.root());
  EXPECT_THROW(MerkleTree(3, "short"), Error);
}

}  // namespace
}  // namespace meridian::trust
