// docs/spec/encoding.md, "Trees".
#include "base/merkle.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace usance {
namespace {

std::vector<Hash32> leaves(std::size_t n) {
  std::vector<Hash32> out;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint8_t byte = static_cast<std::uint8_t>(i);
    out.push_back(merkle_leaf(ByteView(&byte, 1)));
  }
  return out;
}

TEST(Merkle, EmptyTreeIsTheHashOfNothing) {
  EXPECT_EQ(to_hex(merkle_root({})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Merkle, PathsLeadToTheRootForEverySizeAndIndex) {
  for (std::size_t n = 1; n <= 33; ++n) {
    const auto tree = leaves(n);
    const Hash32 root = merkle_root(tree);
    for (std::size_t i = 0; i < n; ++i) {
      const MerklePath path = merkle_path(tree, i);
      ASSERT_EQ(merkle_path_root(tree[i], path), root) << n << ' ' << i;
      MerklePath shorter = path;
      if (!shorter.siblings.empty()) {
        shorter.siblings.pop_back();
        EXPECT_FALSE(merkle_path_root(tree[i], shorter).has_value());
      }
      MerklePath longer = path;
      longer.siblings.push_back(root);
      EXPECT_FALSE(merkle_path_root(tree[i], longer).has_value());
      if (n > 1) {
        EXPECT_NE(merkle_path_root(tree[(i + 1) % n], path), root);
      }
    }
  }
}

TEST(Merkle, AnIndexOutsideTheTreeIsRefused) {
  MerklePath path = merkle_path(leaves(5), 4);
  path.index = 5;
  EXPECT_FALSE(merkle_path_root(leaves(5)[4], path).has_value());
}

TEST(Merkle, TheFrontierFollowsTheTree) {
  MerkleFrontier frontier;
  for (std::size_t n = 0; n <= 40; ++n) {
    EXPECT_EQ(frontier.root(), merkle_root(leaves(n))) << n;
    EXPECT_EQ(decode<MerkleFrontier>(encode(frontier)), frontier);
    if (n < 40) frontier.append(leaves(n + 1)[n]);
  }
}

TEST(Merkle, ConsistencyHoldsBetweenAllPrefixesAndNothingElse) {
  for (std::size_t n = 1; n <= 20; ++n) {
    const auto tree = leaves(n);
    for (std::size_t m = 0; m <= n; ++m) {
      const std::vector<Hash32> prefix(tree.begin(), tree.begin() + static_cast<long>(m));
      const auto path = consistency_path(tree, m);
      EXPECT_TRUE(verify_consistency(m, merkle_root(prefix), n, merkle_root(tree), path))
          << m << ' ' << n;
      if (m == 0) continue;
      auto forged = prefix;
      forged[0] = merkle_leaf(as_bytes("forged"));
      EXPECT_FALSE(verify_consistency(m, merkle_root(forged), n, merkle_root(tree), path));
    }
  }
}

TEST(Merkle, ACountIsBoundToItsRoot) {
  const Hash32 root = merkle_root(leaves(4));
  EXPECT_NE(counted_root(4, root), counted_root(5, root));
}

}  // namespace
}  // namespace usance
