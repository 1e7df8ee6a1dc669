// Looking up, proving and updating a Merkle tree that is kept in pages. Trees are immutable: an
// update writes new pages along the changed ways and leaves the old version as it was.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "storage/tree_page.h"

namespace usance::storage {

// A version of a tree. Empty if root.kind is kEmpty; then `page` means nothing.
struct TreeVersion {
  NodeHash root;
  Address page;

  friend bool operator==(const TreeVersion&, const TreeVersion&) = default;
};

// Where pages come from: the disk, behind whatever cache.
class PageSource {
 public:
  virtual ~PageSource() = default;
  // Errors: kCorrupt (absent or undecodable), kIo.
  [[nodiscard]] virtual Result<std::shared_ptr<const TreePage>> page(TreeKind kind, Address address,
                                                                     std::size_t depth) = 0;
};

// Loads a page and compares it with the hash that its parent has for it. kCorrupt names the page.
// (Where a scope's leaf lies is bound by its object, which check_object() compares with it.)
[[nodiscard]] Result<std::shared_ptr<const TreePage>> checked_page(PageSource& source,
                                                                   TreeKind kind,
                                                                   const TreeVersion& subtree,
                                                                   std::size_t depth);

[[nodiscard]] Result<std::optional<BucketLeaf>> find_leaf(PageSource& source, TreeKind kind,
                                                          const TreeVersion& tree,
                                                          const Hash32& path);

// The same for many paths, strictly ascending, in one walk: visits every page once.
[[nodiscard]] Result<std::vector<std::optional<BucketLeaf>>> find_leaves(
    PageSource& source, TreeKind kind, const TreeVersion& tree, std::span<const Hash32> paths);

// The way to a path: siblings from the root downwards, and the leaf where it ends, if any.
struct TreeWay {
  std::vector<Hash32> siblings;
  std::optional<BucketLeaf> end;
};
[[nodiscard]] Result<TreeWay> find_way(PageSource& source, TreeKind kind, const TreeVersion& tree,
                                       const Hash32& path);

// Every leaf, ascending by path; checks every page. Stops at the visitor's first error.
using LeafVisitor = std::function<Result<void>(const BucketLeaf&)>;
[[nodiscard]] Result<void> visit_leaves(PageSource& source, TreeKind kind, const TreeVersion& tree,
                                        const LeafVisitor& visit);
// The same for the leaves whose path begins with the first `depth` half bytes of `prefix`.
[[nodiscard]] Result<void> visit_subtree(PageSource& source, TreeKind kind, const TreeVersion& tree,
                                         const Hash32& prefix, std::size_t depth,
                                         const LeafVisitor& visit);
// The sixteen parts of that subtree: none if the store keeps it in a bucket or it is empty.
struct SubtreeNode {
  NodeHash node;
  std::optional<BucketLeaf> leaf;  // exactly if node.kind is kLeaf
};
[[nodiscard]] Result<std::vector<SubtreeNode>> split_subtree(PageSource& source, TreeKind kind,
                                                             const TreeVersion& tree,
                                                             const Hash32& prefix,
                                                             std::size_t depth);

struct LeafChange {
  BucketLeaf leaf;  // only the path counts if `remove`
  bool remove = false;
};

struct NewPage {
  Address address;
  TreeKind kind;
  std::shared_ptr<const TreePage> page;
};

// Collects what one block writes.
struct PageSink {
  std::uint64_t height = 0;
  std::uint32_t first = 0;        // index of the first new page
  std::vector<NewPage> pages;     // ascending by address
  std::vector<Address> replaced;  // pages of older heights that the new versions do without

  Address add(TreeKind kind, TreePage page) {
    const Address address{height, first + static_cast<std::uint32_t>(pages.size())};
    pages.push_back({address, kind, std::make_shared<const TreePage>(std::move(page))});
    return address;
  }
};

// The tree after the changes, strictly ascending by path; removing an absent leaf changes nothing.
[[nodiscard]] Result<TreeVersion> update_tree(PageSource& source, PageSink& sink, TreeKind kind,
                                              const TreeVersion& tree,
                                              std::span<const LeafChange> changes);

}  // namespace usance::storage
