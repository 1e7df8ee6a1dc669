#include "storage/paged_tree.h"

#include <algorithm>
#include <bit>

namespace usance::storage {

namespace {

using Kind = NodeHash::Kind;

std::string describe(TreeKind kind, Address address) {
  return std::string(kind == TreeKind::kScopes ? "tree of scopes" : "tree of items") + ", page " +
         std::to_string(address.index) + " of height " + std::to_string(address.height);
}

// The subtree below a page's child.
TreeVersion subtree(const TreePage::Child& child) {
  return {child.node, child.page};
}

class Updater {
 public:
  Updater(PageSource& source, PageSink& sink, TreeKind kind)
      : source_(source), sink_(sink), kind_(kind) {}

  Result<TreeVersion> update(const TreeVersion& tree, std::size_t depth,
                             std::span<const LeafChange> changes) {
    if (changes.empty()) return tree;
    if (tree.root.kind == Kind::kEmpty) return merge({}, depth, changes);
    USANCE_ASSIGN(const auto page, checked_page(source_, kind_, tree, depth));
    sink_.replaced.push_back(tree.page);
    if (page->bucket) return merge(page->leaves, depth, changes);

    TreePage next = *page;
    std::uint32_t changed = 0;
    std::size_t begin = 0;
    while (begin < changes.size()) {
      const std::size_t child = child_index(changes[begin].leaf.path, depth);
      std::size_t end = begin + 1;
      while (end < changes.size() && child_index(changes[end].leaf.path, depth) == child) ++end;
      TreePage::Child& slot = next.children[child];
      USANCE_ASSIGN(const TreeVersion below,
                    update(subtree(slot), depth + 1, changes.subspan(begin, end - begin)));
      slot = {below.root, below.page};
      changed |= 1u << child;
      begin = end;
    }
    next.hash_inner(changed);
    return write_inner(std::move(next));
  }

 private:
  // A bucket's leaves after the changes, as one bucket or, when they are too many, as a subtree.
  Result<TreeVersion> merge(std::span<const BucketLeaf> old, std::size_t depth,
                            std::span<const LeafChange> changes) {
    std::vector<BucketLeaf> leaves;
    leaves.reserve(old.size() + changes.size());
    std::size_t i = 0;
    for (const LeafChange& change : changes) {
      while (i < old.size() && old[i].path < change.leaf.path) leaves.push_back(old[i++]);
      if (i < old.size() && old[i].path == change.leaf.path) ++i;
      if (!change.remove) leaves.push_back(change.leaf);
    }
    leaves.insert(leaves.end(), old.begin() + static_cast<std::ptrdiff_t>(i), old.end());
    return build(leaves, depth);
  }

  TreeVersion build(std::span<const BucketLeaf> leaves, std::size_t depth) {
    if (leaves.empty()) return {};
    TreePage page;
    if (leaves.size() <= kBucketLeaves) {
      page.leaves.assign(leaves.begin(), leaves.end());
      page.hash_bucket(depth);
      const NodeHash root = page.root;
      return {root, sink_.add(kind_, std::move(page))};
    }
    page.bucket = false;
    page.children.resize(kFanout);
    for (std::size_t begin = 0; begin < leaves.size();) {
      const std::size_t child = child_index(leaves[begin].path, depth);
      std::size_t end = begin + 1;
      while (end < leaves.size() && child_index(leaves[end].path, depth) == child) ++end;
      const TreeVersion below = build(leaves.subspan(begin, end - begin), depth + 1);
      page.children[child] = {below.root, below.page};
      begin = end;
    }
    page.hash_inner(0xffff);
    return write_inner(std::move(page));
  }

  TreeVersion write_inner(TreePage page) {
    const NodeHash root = page.root;
    if (root.kind == Kind::kEmpty) return {};
    return {root, sink_.add(kind_, std::move(page))};
  }

  PageSource& source_;
  PageSink& sink_;
  TreeKind kind_;
};

std::optional<BucketLeaf> leaf_of(const TreePage& bucket, const Hash32& path) {
  const auto it = std::lower_bound(
      bucket.leaves.begin(), bucket.leaves.end(), path,
      [](const BucketLeaf& leaf, const Hash32& wanted) { return leaf.path < wanted; });
  if (it == bucket.leaves.end() || it->path != path) return std::nullopt;
  return *it;
}

// `found` has a place for each path.
Result<void> find_below(PageSource& source, TreeKind kind, const TreeVersion& tree,
                        std::size_t depth, std::span<const Hash32> paths,
                        std::span<std::optional<BucketLeaf>> found) {
  if (tree.root.kind == Kind::kEmpty) return {};
  USANCE_ASSIGN(const auto page, checked_page(source, kind, tree, depth));
  if (page->bucket) {
    for (std::size_t i = 0; i < paths.size(); ++i) found[i] = leaf_of(*page, paths[i]);
    return {};
  }
  for (std::size_t begin = 0; begin < paths.size();) {
    const std::size_t child = child_index(paths[begin], depth);
    std::size_t end = begin + 1;
    while (end < paths.size() && child_index(paths[end], depth) == child) ++end;
    USANCE_TRY(find_below(source, kind, subtree(page->children[child]), depth + 1,
                          paths.subspan(begin, end - begin), found.subspan(begin, end - begin)));
    begin = end;
  }
  return {};
}

Result<void> visit(PageSource& source, TreeKind kind, const TreeVersion& tree, std::size_t depth,
                   const LeafVisitor& visitor) {
  if (tree.root.kind == Kind::kEmpty) return {};
  USANCE_ASSIGN(const auto page, checked_page(source, kind, tree, depth));
  if (page->bucket) {
    for (const BucketLeaf& leaf : page->leaves) USANCE_TRY(visitor(leaf));
    return {};
  }
  for (const TreePage::Child& child : page->children)
    USANCE_TRY(visit(source, kind, subtree(child), depth + 1, visitor));
  return {};
}

}  // namespace

Result<std::shared_ptr<const TreePage>> checked_page(PageSource& source, TreeKind kind,
                                                     const TreeVersion& tree, std::size_t depth) {
  if (depth >= kMaxPageDepth)
    return fail(ErrorCode::kCorrupt, describe(kind, tree.page) + " is deeper than a path");
  auto page = source.page(kind, tree.page, depth);
  if (!page) return fail_with(describe(kind, tree.page), page.error());
  if ((*page)->root != tree.root)
    return fail(ErrorCode::kCorrupt,
                describe(kind, tree.page) + " has another hash than the page above it says");
  return page;
}

Result<std::optional<BucketLeaf>> find_leaf(PageSource& source, TreeKind kind,
                                            const TreeVersion& tree, const Hash32& path) {
  TreeVersion at = tree;
  for (std::size_t depth = 0; at.root.kind != Kind::kEmpty; ++depth) {
    USANCE_ASSIGN(const auto page, checked_page(source, kind, at, depth));
    if (page->bucket) return leaf_of(*page, path);
    at = subtree(page->children[child_index(path, depth)]);
  }
  return std::optional<BucketLeaf>();
}

Result<std::vector<std::optional<BucketLeaf>>> find_leaves(PageSource& source, TreeKind kind,
                                                           const TreeVersion& tree,
                                                           std::span<const Hash32> paths) {
  std::vector<std::optional<BucketLeaf>> found(paths.size());
  USANCE_TRY(find_below(source, kind, tree, 0, paths, found));
  return found;
}

Result<TreeWay> find_way(PageSource& source, TreeKind kind, const TreeVersion& tree,
                         const Hash32& path) {
  TreeWay way;
  TreeVersion at = tree;
  for (std::size_t depth = 0; at.root.kind != Kind::kEmpty; ++depth) {
    USANCE_ASSIGN(const auto page, checked_page(source, kind, at, depth));
    if (page->bucket) {
      const BucketLeaf* end = nullptr;
      bucket_way(page->leaves, depth * kBitsPerPage, path, way.siblings, end);
      if (end != nullptr) way.end = *end;
      break;
    }
    // Down the binary nodes of the page, as long as there is more than one leaf below.
    const auto node = [&page](std::size_t n) -> const NodeHash& {
      return n >= kFanout ? page->children[n - kFanout].node : page->inside[n];
    };
    std::size_t n = 1;
    while (n < kFanout && node(n).kind == Kind::kNode) {
      const std::size_t bit =
          depth * kBitsPerPage + static_cast<std::size_t>(std::bit_width(n)) - 1;
      const std::size_t next = 2 * n + (path_bit(path, bit) ? 1 : 0);
      way.siblings.push_back(node(next ^ 1).hash);
      n = next;
    }
    if (node(n).kind == Kind::kEmpty) break;
    if (node(n).kind == Kind::kLeaf) {
      // The way ends at the only leaf below this node, in whichever child it lies.
      std::size_t child = n;
      while (child < kFanout)
        child = node(2 * child).kind == Kind::kEmpty ? 2 * child + 1 : 2 * child;
      const TreePage::Child& slot = page->children[child - kFanout];
      USANCE_TRY(visit(source, kind, subtree(slot), depth + 1,
                       [&way](const BucketLeaf& leaf) -> Result<void> {
                         way.end = leaf;
                         return {};
                       }));
      break;
    }
    at = subtree(page->children[n - kFanout]);
  }
  return way;
}

Result<void> visit_leaves(PageSource& source, TreeKind kind, const TreeVersion& tree,
                          const LeafVisitor& visitor) {
  return visit(source, kind, tree, 0, visitor);
}

Result<void> visit_subtree(PageSource& source, TreeKind kind, const TreeVersion& tree,
                           const Hash32& prefix, std::size_t depth, const LeafVisitor& visitor) {
  TreeVersion at = tree;
  for (std::size_t d = 0; d < depth && at.root.kind != Kind::kEmpty; ++d) {
    USANCE_ASSIGN(const auto page, checked_page(source, kind, at, d));
    if (page->bucket) {
      const auto below = [&](const BucketLeaf& leaf) {
        for (std::size_t i = d; i < depth; ++i)
          if (child_index(leaf.path, i) != child_index(prefix, i)) return false;
        return true;
      };
      for (const BucketLeaf& leaf : page->leaves)
        if (below(leaf)) USANCE_TRY(visitor(leaf));
      return {};
    }
    at = subtree(page->children[child_index(prefix, d)]);
  }
  return visit(source, kind, at, depth, visitor);
}

Result<std::vector<SubtreeNode>> split_subtree(PageSource& source, TreeKind kind,
                                               const TreeVersion& tree, const Hash32& prefix,
                                               std::size_t depth) {
  std::vector<SubtreeNode> parts;
  TreeVersion at = tree;
  for (std::size_t d = 0; at.root.kind != Kind::kEmpty; ++d) {
    USANCE_ASSIGN(const auto page, checked_page(source, kind, at, d));
    if (page->bucket) break;
    if (d < depth) {
      at = subtree(page->children[child_index(prefix, d)]);
      continue;
    }
    for (const TreePage::Child& child : page->children) {
      SubtreeNode& part = parts.emplace_back(SubtreeNode{child.node, std::nullopt});
      if (child.node.kind != Kind::kLeaf) continue;
      USANCE_TRY(visit(source, kind, subtree(child), depth + 1,
                       [&part](const BucketLeaf& leaf) -> Result<void> {
                         part.leaf = leaf;
                         return {};
                       }));
    }
    break;
  }
  return parts;
}

Result<TreeVersion> update_tree(PageSource& source, PageSink& sink, TreeKind kind,
                                const TreeVersion& tree, std::span<const LeafChange> changes) {
  return Updater(source, sink, kind).update(tree, 0, changes);
}

}  // namespace usance::storage
