#include "storage/state_staging.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "storage/keys.h"
#include "storage/state_reader.h"

namespace usance::storage {

namespace {

struct ScopeName {
  std::string_view contract;
  std::string_view scope;
  friend bool operator==(const ScopeName&, const ScopeName&) = default;
};
struct ScopeNameHash {
  std::size_t operator()(const ScopeName& name) const noexcept {
    return std::hash<std::string_view>()(name.contract) * 31 +
           std::hash<std::string_view>()(name.scope);
  }
};

// The changes of one scope, by action and item.
struct Group {
  Hash32 path;
  std::vector<const StateChange*> changes;
};

tl::unexpected<Error> refuse(const StateKey& key, const char* what) {
  return fail(ErrorCode::kInvalidArgument, "a change of " +
                                               describe_scope(key.contract, key.scope) + ", item " +
                                               to_hex(key.item) + ": " + what);
}

Result<void> check_sizes(const StateChange& change) {
  const StateKey& key = change.key;
  if (key.contract.size() > limits::kMaxNameBytes || key.scope.size() > limits::kMaxScopeBytes ||
      key.item.size() > limits::kMaxItemBytes)
    return refuse(key, "the key is over its limit");
  if (change.value && change.value->size() > limits::kMaxValueBytes)
    return refuse(key, "the value is over its limit");
  return {};
}

// Scopes ascending by path, their changes in the order of the history.
Result<std::vector<Group>> group_changes(std::span<const StateChange> changes) {
  std::vector<Group> groups;
  std::unordered_map<ScopeName, std::size_t, ScopeNameHash> known;  // looked up, never iterated
  known.reserve(changes.size());
  for (const StateChange& change : changes) {
    USANCE_TRY(check_sizes(change));
    const StateKey& key = change.key;
    const auto [it, added] = known.try_emplace({key.contract, as_text(key.scope)}, groups.size());
    if (added) groups.push_back({scope_path(key.contract, key.scope), {}});
    groups[it->second].changes.push_back(&change);
  }
  const auto before = [](const StateChange* a, const StateChange* b) {
    return a->action != b->action ? a->action < b->action : a->key.item < b->key.item;
  };
  for (Group& group : groups) {
    if (group.changes.size() > kMaxRecordChanges)
      return fail(ErrorCode::kResourceExhausted, "one object has too many changes in a block");
    if (!std::is_sorted(group.changes.begin(), group.changes.end(), before))
      std::sort(group.changes.begin(), group.changes.end(), before);
    for (std::size_t i = 1; i < group.changes.size(); ++i)
      if (!before(group.changes[i - 1], group.changes[i]))
        return refuse(group.changes[i]->key, "one action has two changes of it");
  }
  std::sort(groups.begin(), groups.end(),
            [](const Group& a, const Group& b) { return a.path < b.path; });
  return groups;
}

class Stager {
 public:
  Stager(ObjectSource& source, const StateVersion& parent, Height height)
      : source_(source), parent_(parent) {
    out_.version.height = height;
    out_.pages.height = height.value;
  }

  Result<Staging> run(std::span<const StateChange> changes) {
    USANCE_ASSIGN(const std::vector<Group> groups, group_changes(changes));
    std::vector<LeafChange> leaves;
    leaves.reserve(groups.size());
    std::vector<Hash32> paths;
    paths.reserve(groups.size());
    for (const Group& group : groups) paths.push_back(group.path);
    USANCE_ASSIGN(const auto old, find_leaves(source_, TreeKind::kScopes, parent_.tree, paths));
    out_.objects.reserve(groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i) {
      USANCE_ASSIGN(auto leaf, stage_group(groups[i], old[i]));
      if (leaf) leaves.push_back(*leaf);
    }
    USANCE_ASSIGN(out_.version.tree,
                  update_tree(source_, out_.pages, TreeKind::kScopes, parent_.tree, leaves));
    return std::move(out_);
  }

 private:
  std::uint64_t height() const { return out_.version.height.value; }

  // The scope's new leaf; nothing if there is none before and after.
  Result<std::optional<LeafChange>> stage_group(const Group& group,
                                                const std::optional<BucketLeaf>& leaf) {
    const StateKey& key = group.changes.front()->key;
    const bool ephemeral = is_ephemeral(key.contract);
    Object next;
    if (leaf) {
      USANCE_ASSIGN(const auto old, source_.object(*leaf));
      next = *old;
      if (!ephemeral) next.previous = leaf->record;
    } else {
      next.contract = key.contract;
      next.scope = key.scope;
      next.created = height();
    }

    USANCE_TRY(next.paged ? apply_paged(group, next) : apply_inline(group, next));
    if (next.paged) next.summary.object_root = next.items_tree.root.hash;

    LeafChange out;
    out.leaf.path = group.path;
    if (ephemeral && next.summary.item_count == 0) {
      if (!leaf) return std::optional<LeafChange>();
      out_.removed_objects.push_back(leaf->record);
      out_.scopes.push_back({keys::scope(key.contract, key.scope), std::nullopt});
      out.remove = true;
      return std::optional<LeafChange>(out);
    }
    if (!leaf) {
      std::string created;
      keys::append_number(created, height());
      out_.scopes.push_back({keys::scope(key.contract, key.scope), created});
    }
    out.leaf.content = scope_leaf_hash(group.path, next.summary);
    out.leaf.hash = out.leaf.content;
    out.leaf.record = {height(), static_cast<std::uint32_t>(out_.objects.size())};
    Bytes record = encode_object(
        next, ephemeral ? std::span<const StateChange* const>() : std::span(group.changes));
    out_.objects.push_back({out.leaf.record, leaf ? std::optional(leaf->record) : std::nullopt,
                            std::make_shared<const Object>(std::move(next)), std::move(record)});
    return std::optional<LeafChange>(out);
  }

  void extend_history(Object& next, const StateChange& change, const Hash32& path,
                      const Hash32& hash) {
    if (is_ephemeral(next.contract)) return;
    ScopeSummary& summary = next.summary;
    ++summary.change_count;
    summary.history_head = next_history_head(summary.history_head, summary.change_count,
                                             out_.version.height, change.action, path, hash);
  }

  Result<void> apply_inline(const Group& group, Object& next) {
    for (const StateChange* change : group.changes) {
      const Bytes& item = change->key.item;
      const auto at = std::lower_bound(
          next.items.begin(), next.items.end(), item,
          [](const ObjectItem& held, const Bytes& wanted) { return held.item < wanted; });
      const bool exists = at != next.items.end() && at->item == item;
      if (change->value) {
        const auto held = exists ? at : next.items.insert(at, ObjectItem(item, {}));
        const Hash32 hash = held->set_value(*change->value);
        extend_history(next, *change, held->path, hash);
      } else {
        if (!exists) return refuse(change->key, "it is deleted but does not exist");
        extend_history(next, *change, at->path, kDeletedValue);
        next.items.erase(at);
      }
    }
    next.summary.item_count = next.items.size();
    std::size_t bytes = 0;
    for (const ObjectItem& held : next.items) bytes += held.item.size() + held.value.size();
    if (next.items.size() > kInlineItems || bytes > kInlineBytes) return move_to_pages(group, next);
    next.summary.object_root = next.inline_root();
    return {};
  }

  // The object has grown too large for its record.
  Result<void> move_to_pages(const Group& group, Object& next) {
    std::vector<LeafChange> leaves;
    leaves.reserve(next.items.size());
    for (const ObjectItem& held : next.items) {
      leaves.push_back({{held.path, value_hash(held.value), {}, held.leaf_hash}, false});
      write_item(next, group.path, held.item, &held.value);
    }
    std::sort(leaves.begin(), leaves.end(),
              [](const LeafChange& a, const LeafChange& b) { return a.leaf.path < b.leaf.path; });
    USANCE_ASSIGN(next.items_tree, update_tree(source_, out_.pages, TreeKind::kItems, {}, leaves));
    next.paged = true;
    next.items.clear();
    return {};
  }

  Result<void> apply_paged(const Group& group, Object& next) {
    struct Fate {
      LeafChange leaf;
      bool existed = false;
      const StateChange* last = nullptr;
    };
    std::map<Hash32, Fate> fates;  // by item path: the order that the tree wants
    for (const StateChange* change : group.changes) {
      const Hash32 path = item_path(change->key.item);
      const auto [it, added] = fates.try_emplace(path);
      Fate& fate = it->second;
      if (added) {
        USANCE_ASSIGN(const auto old, find_leaf(source_, TreeKind::kItems, next.items_tree, path));
        fate.existed = old.has_value();
        fate.leaf.leaf.path = path;
        fate.leaf.remove = !fate.existed;
      }
      if (!change->value && fate.leaf.remove)
        return refuse(change->key, "it is deleted but does not exist");
      fate.leaf.remove = !change->value;
      const Hash32 hash = change->value ? value_hash(*change->value) : kDeletedValue;
      fate.leaf.leaf.content = hash;
      fate.last = change;
      extend_history(next, *change, path, hash);
    }
    std::vector<LeafChange> leaves;
    leaves.reserve(fates.size());
    for (auto& [path, fate] : fates) {
      if (fate.existed && fate.leaf.remove) --next.summary.item_count;
      if (!fate.existed && !fate.leaf.remove) ++next.summary.item_count;
      if (!fate.leaf.remove) fate.leaf.leaf.hash = item_leaf_hash(path, fate.leaf.leaf.content);
      leaves.push_back(fate.leaf);
      write_item(next, group.path, fate.last->key.item,
                 fate.last->value ? &*fate.last->value : nullptr);
    }
    USANCE_ASSIGN(next.items_tree,
                  update_tree(source_, out_.pages, TreeKind::kItems, next.items_tree, leaves));
    return {};
  }

  void write_item(const Object& object, const Hash32& path, const Bytes& item, const Bytes* value) {
    IndexWrite write{keys::item(path, item, item_version(object.contract, out_.version.height)),
                     std::nullopt};
    if (value != nullptr) {
      write.value = std::string(1, kItemPresent);
      write.value->append(as_text(*value));
    } else if (!is_ephemeral(object.contract)) {
      write.value = std::string(1, kItemDeleted);
    }
    out_.items.push_back(std::move(write));
  }

  ObjectSource& source_;
  const StateVersion& parent_;
  Staging out_;
};

}  // namespace

Result<Staging> stage_changes(ObjectSource& source, const StateVersion& parent, Height height,
                              std::span<const StateChange> changes) {
  return Stager(source, parent, height).run(changes);
}

}  // namespace usance::storage
