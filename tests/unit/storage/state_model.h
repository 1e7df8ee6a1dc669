// The state as docs/spec/state.md defines it, kept in plain maps and hashed from scratch: what the
// store's trees, views and proofs are compared with.
#pragma once

#include <algorithm>
#include <map>

#include "base/state_proof.h"

namespace usance::storage {

class StateModel {
 public:
  struct Scope {
    std::map<Bytes, Bytes> items;
    std::vector<ScopeChange> changes;
  };
  using Name = std::pair<std::string, Bytes>;

  // In the order of the history: by action, then item.
  void apply(Height height, std::vector<StateChange> changes) {
    std::stable_sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) {
      return std::pair(a.action, a.key.item) < std::pair(b.action, b.key.item);
    });
    for (const StateChange& change : changes) {
      Scope& scope = scopes_[{change.key.contract, change.key.scope}];
      if (change.value)
        scope.items[change.key.item] = *change.value;
      else
        scope.items.erase(change.key.item);
      if (is_ephemeral(change.key.contract)) continue;
      ScopeChange& entry = scope.changes.emplace_back();
      entry.height = height;
      entry.action = change.action;
      entry.item = change.key.item;
      entry.kind = change.value ? ScopeChange::Kind::kPut : ScopeChange::Kind::kDeleted;
      if (change.value) entry.value = *change.value;
    }
    std::erase_if(scopes_, [](const auto& scope) {
      return is_ephemeral(scope.first.first) && scope.second.items.empty();
    });
  }

  [[nodiscard]] static ScopeSummary summary(const Scope& scope) {
    ScopeSummary out;
    std::vector<StateItem> items;
    for (const auto& [item, value] : scope.items) items.push_back({item, value});
    out.object_root = object_root(items);
    out.item_count = items.size();
    for (const ScopeChange& change : scope.changes)
      out.history_head =
          next_history_head(out.history_head, ++out.change_count, change.height, change.action,
                            item_path(change.item), changed_value_hash(change));
    return out;
  }
  [[nodiscard]] Hash32 root() const {
    std::vector<TreeLeaf> leaves;
    for (const auto& [name, scope] : scopes_) {
      const Hash32 path = scope_path(name.first, name.second);
      leaves.push_back({path, scope_leaf_hash(path, summary(scope))});
    }
    std::sort(leaves.begin(), leaves.end(),
              [](const TreeLeaf& a, const TreeLeaf& b) { return a.path < b.path; });
    return sparse_root(leaves);
  }
  [[nodiscard]] const Scope* find(const std::string& contract, const Bytes& scope) const {
    const auto it = scopes_.find({contract, scope});
    return it == scopes_.end() ? nullptr : &it->second;
  }
  [[nodiscard]] const std::map<Name, Scope>& scopes() const { return scopes_; }

 private:
  std::map<Name, Scope> scopes_;
};

}  // namespace usance::storage
