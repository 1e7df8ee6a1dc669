#include "storage/tree_page.h"

#include <algorithm>

#include "base/merkle.h"

namespace usance::storage {

namespace {

constexpr std::uint8_t kPageVersion = 1;
constexpr std::uint8_t kBucketPage = 0;
constexpr std::uint8_t kInnerPage = 1;

std::size_t left_count(std::span<const BucketLeaf> leaves, std::size_t bit) {
  const auto middle = std::partition_point(
      leaves.begin(), leaves.end(), [bit](const BucketLeaf& l) { return !path_bit(l.path, bit); });
  return static_cast<std::size_t>(middle - leaves.begin());
}

template <class Archive, class Value>
void address_fields(Archive& a, Value& address) {
  a(address.height);
  a(address.index);
}

}  // namespace

Hash32 leaf_hash(TreeKind kind, const Hash32& path, const Hash32& content) {
  return kind == TreeKind::kScopes ? content : item_leaf_hash(path, content);
}

NodeHash bucket_root(std::span<const BucketLeaf> leaves, std::size_t bit) {
  if (leaves.empty()) return {};
  if (leaves.size() == 1) return {NodeHash::Kind::kLeaf, leaves[0].hash};
  USANCE_INVARIANT(bit < kMaxTreeDepth);
  const std::size_t left = left_count(leaves, bit);
  return combine(bucket_root(leaves.first(left), bit + 1),
                 bucket_root(leaves.subspan(left), bit + 1));
}

void bucket_way(std::span<const BucketLeaf> leaves, std::size_t bit, const Hash32& path,
                std::vector<Hash32>& siblings, const BucketLeaf*& end) {
  end = nullptr;
  while (leaves.size() > 1) {
    const std::size_t left = left_count(leaves, bit);
    const bool right = path_bit(path, bit);
    const auto sibling = right ? leaves.first(left) : leaves.subspan(left);
    leaves = right ? leaves.subspan(left) : leaves.first(left);
    ++bit;
    siblings.push_back(bucket_root(sibling, bit).hash);
  }
  if (!leaves.empty()) end = leaves.data();
}

void TreePage::hash_bucket(std::size_t depth) {
  root = bucket_root(leaves, depth * kBitsPerPage);
}

void TreePage::hash_inner(std::uint32_t changed_children) {
  std::uint32_t dirty = 0;  // bit i: binary node i
  for (std::size_t c = 0; c < kFanout; ++c)
    if ((changed_children >> c & 1) != 0) dirty |= 1u << ((kFanout + c) / 2);
  for (std::size_t i = kFanout - 1; i >= 1; --i) {
    if ((dirty >> i & 1) == 0) continue;
    const auto below = [this](std::size_t n) -> const NodeHash& {
      return n >= kFanout ? children[n - kFanout].node : inside[n];
    };
    inside[i] = combine(below(2 * i), below(2 * i + 1));
    dirty |= 1u << (i / 2);
  }
  root = inside[1];
}

std::size_t TreePage::footprint() const {
  return sizeof *this + leaves.capacity() * sizeof(BucketLeaf) +
         children.capacity() * sizeof(Child);
}

Bytes encode_page(TreeKind kind, const TreePage& page) {
  Encoder e;
  e.reserve(4 + page.leaves.size() * 76 + page.children.size() * 45);
  e(kPageVersion);
  e(page.bucket ? kBucketPage : kInnerPage);
  if (page.bucket) {
    e(static_cast<std::uint16_t>(page.leaves.size()));
    for (const BucketLeaf& leaf : page.leaves) {
      e(leaf.path);
      e(leaf.content);
      if (kind == TreeKind::kScopes) address_fields(e, leaf.record);
    }
  } else {
    std::uint16_t present = 0;
    for (std::size_t c = 0; c < kFanout; ++c)
      if (page.children[c].node.kind != NodeHash::Kind::kEmpty)
        present = static_cast<std::uint16_t>(present | 1u << c);
    e(present);
    for (const TreePage::Child& child : page.children) {
      if (child.node.kind == NodeHash::Kind::kEmpty) continue;
      e(child.node.kind);
      e(child.node.hash);
      address_fields(e, child.page);
    }
  }
  return std::move(e).take();
}

Result<TreePage> decode_page(TreeKind kind, std::size_t depth, ByteView bytes) {
  Decoder d(bytes);
  TreePage page;
  std::uint8_t version = 0;
  std::uint8_t form = 0;
  d.within(version, kPageVersion, kPageVersion);
  d.within(form, kBucketPage, kInnerPage);
  page.bucket = form == kBucketPage;
  if (page.bucket) {
    std::uint16_t count = 0;
    d.within(count, std::size_t{1}, kBucketLeaves);
    page.leaves.resize(d.failed() ? 0 : count);
    for (BucketLeaf& leaf : page.leaves) {
      d(leaf.path);
      d(leaf.content);
      if (kind == TreeKind::kScopes) address_fields(d, leaf.record);
    }
    for (std::size_t i = 1; i < page.leaves.size(); ++i)
      d.require(page.leaves[i - 1].path < page.leaves[i].path, "a bucket is out of order");
    // Leaves that part above this page would make its hash meaningless.
    if (!page.leaves.empty() && !d.failed())
      for (std::size_t bit = 0; bit < depth * kBitsPerPage; ++bit)
        d.require(path_bit(page.leaves.front().path, bit) == path_bit(page.leaves.back().path, bit),
                  "a bucket's leaves belong to different pages");
  } else {
    std::uint16_t present = 0;
    d(present);
    d.require(present != 0, "an inner page is empty");
    page.children.resize(kFanout);
    for (std::size_t c = 0; c < kFanout; ++c) {
      if ((present >> c & 1) == 0) continue;
      TreePage::Child& child = page.children[c];
      d.within(child.node.kind, NodeHash::Kind::kLeaf, NodeHash::Kind::kNode);
      d(child.node.hash);
      address_fields(d, child.page);
    }
  }
  USANCE_TRY(d.finish());
  for (BucketLeaf& leaf : page.leaves) leaf.hash = leaf_hash(kind, leaf.path, leaf.content);
  if (page.bucket)
    page.hash_bucket(depth);
  else
    page.hash_inner(0xffff);
  return page;
}

}  // namespace usance::storage
