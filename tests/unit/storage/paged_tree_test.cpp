// Pages against the definition of the tree, with paths that a hash would hardly ever give: long
// common prefixes, neighbours in the last bit, splits and merges across pages.
#include "storage/paged_tree.h"

#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "base/merkle.h"

namespace usance::storage {
namespace {

class MemoryPages final : public PageSource {
 public:
  Result<std::shared_ptr<const TreePage>> page(TreeKind kind, Address address,
                                               std::size_t depth) override {
    const auto it = pages_.find(address);
    if (it == pages_.end()) return fail(ErrorCode::kCorrupt, "missing");
    auto decoded = decode_page(kind, depth, it->second);
    if (!decoded) return tl::unexpected<Error>(decoded.error());
    return std::make_shared<const TreePage>(*std::move(decoded));
  }
  void store(const PageSink& sink) {
    for (const NewPage& page : sink.pages)
      pages_[page.address] = encode_page(page.kind, *page.page);
  }
  std::map<Address, Bytes> pages_;
};

// A path that begins like a random one of few, so that prefixes of every length are shared.
Hash32 crafted_path(std::mt19937_64& random) {
  Hash32 path;
  path.bytes.fill(random() % 2 == 0 ? 0x00 : 0xff);
  const std::size_t from = random() % 256;
  for (std::size_t bit = from; bit < 256 && bit < from + 6; ++bit)
    if (random() % 2 == 0)
      path.bytes[bit / 8] = static_cast<std::uint8_t>(path.bytes[bit / 8] ^ (0x80u >> (bit % 8)));
  return path;
}

BucketLeaf leaf_for(TreeKind kind, const Hash32& path, std::uint64_t content) {
  BucketLeaf leaf;
  leaf.path = path;
  for (std::size_t i = 0; i < 8; ++i)
    leaf.content.bytes[i] = static_cast<std::uint8_t>(content >> (8 * i));
  leaf.hash = leaf_hash(kind, path, leaf.content);
  if (kind == TreeKind::kScopes) leaf.record = {content, 7};
  return leaf;
}

class PagedTreeTest : public testing::TestWithParam<std::uint64_t> {};

TEST_P(PagedTreeTest, MatchesTheDefinition) {
  std::mt19937_64 random(GetParam());
  const TreeKind kind = GetParam() % 2 == 0 ? TreeKind::kScopes : TreeKind::kItems;
  MemoryPages pages;
  TreeVersion tree;
  std::map<Hash32, BucketLeaf> model;
  for (std::uint64_t height = 0; height < 30; ++height) {
    std::map<Hash32, LeafChange> changes;
    const bool shrinking = height % 10 > 6;
    for (std::uint64_t n = random() % 60; n > 0; --n) {
      const Hash32 path = crafted_path(random);
      changes[path] = {leaf_for(kind, path, random()), random() % 10 < (shrinking ? 9u : 2u)};
    }
    if (height == 29)
      for (const auto& [path, leaf] : model) changes[path] = {leaf, true};
    std::vector<LeafChange> list;
    for (const auto& [path, change] : changes) {
      list.push_back(change);
      model.erase(path);
      if (!change.remove && height != 29) model[path] = change.leaf;
    }
    if (height == 29)
      for (LeafChange& change : list) change.remove = true;
    PageSink sink;
    sink.height = height;
    tree = update_tree(pages, sink, kind, tree, list).value();
    pages.store(sink);

    std::vector<TreeLeaf> leaves;
    std::vector<Hash32> paths;
    for (const auto& [path, leaf] : model) {
      leaves.push_back({path, leaf.hash});
      paths.push_back(path);
    }
    ASSERT_EQ(tree.root.hash, sparse_root(leaves));
    const auto found = find_leaves(pages, kind, tree, paths).value();
    std::size_t next = 0;
    for (const auto& [path, leaf] : model) {
      ASSERT_TRUE(found[next]);
      EXPECT_EQ(found[next]->content, leaf.content);
      EXPECT_EQ(found[next++]->record, leaf.record);
    }
    std::vector<Hash32> visited;
    ASSERT_TRUE(visit_leaves(pages, kind, tree, [&](const BucketLeaf& leaf) -> Result<void> {
      visited.push_back(leaf.path);
      return {};
    }));
    EXPECT_EQ(visited, paths);
    for (int n = 0; n < 20; ++n) {
      const Hash32 path = crafted_path(random);
      const TreeWay way = find_way(pages, kind, tree, path).value();
      EXPECT_EQ(way.end && way.end->path == path, model.contains(path));
      Hash32 hash = way.end ? way.end->hash : kEmptyTree;
      for (std::size_t depth = way.siblings.size(); depth-- > 0;)
        hash = path_bit(path, depth) ? merkle_node(way.siblings[depth], hash)
                                     : merkle_node(hash, way.siblings[depth]);
      EXPECT_EQ(hash, tree.root.hash);
    }
  }
  EXPECT_EQ(tree.root, NodeHash{});
}

INSTANTIATE_TEST_SUITE_P(Seeds, PagedTreeTest, testing::Range<std::uint64_t>(1, 13));

TEST(PagedTree, APageThatIsNotItsParentsIsNamed) {
  MemoryPages pages;
  PageSink sink;
  sink.height = 4;
  std::mt19937_64 random(1);
  std::set<Hash32> paths;
  while (paths.size() < 60) paths.insert(crafted_path(random));
  std::vector<LeafChange> changes;
  for (const Hash32& path : paths)
    changes.push_back({leaf_for(TreeKind::kItems, path, random()), false});
  const TreeVersion tree = update_tree(pages, sink, TreeKind::kItems, {}, changes).value();
  pages.store(sink);
  ASSERT_GT(pages.pages_.size(), 3u);
  for (auto& [address, bytes] : pages.pages_) {
    for (const std::size_t at : {std::size_t{0}, bytes.size() / 2, std::size_t{12}}) {
      bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ 4);
      bool refused = false;
      for (const Hash32& path : paths) {
        const auto found = find_leaf(pages, TreeKind::kItems, tree, path);
        if (found) continue;
        refused = true;
        EXPECT_EQ(found.error().code == ErrorCode::kCorrupt ||
                      found.error().code == ErrorCode::kMalformed,
                  true);
        EXPECT_NE(found.error().message.find("of height 4"), std::string::npos)
            << found.error().message;
      }
      bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ 4);
      // The address of a page is no part of a hash: what lies there is checked instead.
      EXPECT_TRUE(refused || at == bytes.size() / 2) << address.index << " byte " << at;
    }
  }
}

}  // namespace
}  // namespace usance::storage
