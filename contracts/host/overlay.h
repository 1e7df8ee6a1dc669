// The state as one block's actions see it: the parent state below, what the block wrote above, with
// nested frames that can be rolled back. docs/spec/execution.md, "Changes".
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/state.h"

namespace usance {

// Used by one thread. The parent must outlive it and not change.
class Overlay {
 public:
  // `salt` keys the hash table of scopes, so that a member cannot prepare colliding scope names:
  // any value that is not known when transactions are signed. It never changes an outcome.
  Overlay(const StateView& parent, const Hash32& salt);
  ~Overlay();
  Overlay(const Overlay&) = delete;
  Overlay& operator=(const Overlay&) = delete;

  // The view is valid until the next call that writes or rolls back.
  [[nodiscard]] std::optional<ByteView> get(std::string_view contract, ByteView scope,
                                            ByteView item);
  void put(std::string_view contract, ByteView scope, ByteView item, ByteView value);
  // Whether the item existed; deleting an absent one records nothing.
  bool del(std::string_view contract, ByteView scope, ByteView item);

  struct Found {
    ByteView item;
    ByteView value;
  };
  // The first item with from <= item < to (empty `to`: no bound), valid as get()'s result is.
  // `skipped` counts the items in that range which this block deleted and the search passed over.
  [[nodiscard]] std::optional<Found> next(std::string_view contract, ByteView scope, ByteView from,
                                          ByteView to, std::size_t& skipped);

  // A mark to roll back to. Marks nest; rolling back to one drops those made after it.
  using Mark = std::size_t;
  [[nodiscard]] Mark mark() const { return journal_.size(); }
  void roll_back(Mark mark);

  // Ends an action: appends its changes (ascending by key, each item once, an item that was absent
  // before and after left out) and makes everything written so far permanent.
  void commit(std::uint32_t action, std::vector<StateChange>& changes);

 private:
  struct Entry {
    Bytes value;
    bool present = false;
    std::uint64_t listed_in = 0;  // the last commit that has looked at it
  };
  struct ItemLess {
    using is_transparent = void;
    bool operator()(ByteView a, ByteView b) const;
  };
  using Items = std::map<Bytes, Entry, ItemLess>;
  // Every entry of `items` is known: present with its value, or deleted by this block. An item
  // without an entry is as in the parent; inside [known_from, known_to) the parent has no others.
  struct Scope {
    std::string contract;
    Bytes scope;
    Items items;
    bool has_window = false;
    bool to_end = false;
    Bytes known_from;
    Bytes known_to;
    std::size_t batch = 0;  // items that the last load asked for
  };
  struct Undo {
    Scope* scope;
    Items::iterator entry;
    bool created = false;  // the entry did not exist before
    bool was_present = false;
    Bytes value;
  };
  struct Salted {
    using is_transparent = void;
    explicit Salted(const Hash32& salt);
    std::array<std::uint8_t, 16> key{};
    std::size_t operator()(std::string_view name) const noexcept;
  };

  Scope& scope_of(std::string_view contract, ByteView scope);
  Items::iterator find_or_load(Scope& scope, ByteView item);
  [[nodiscard]] static bool in_window(const Scope& scope, ByteView item);
  void load_window(Scope& scope, ByteView from);
  [[nodiscard]] bool exists_in_parent(const Scope& scope, const Bytes& item) const;

  const StateView& parent_;
  std::unordered_map<std::string, std::unique_ptr<Scope>, Salted, std::equal_to<>> scopes_;
  std::vector<Undo> journal_;
  std::uint64_t commits_ = 0;
  Scope* last_scope_ = nullptr;
  std::string name_scratch_;
  StateKey key_scratch_;
};

// An overlay read as a StateView, so that readers of records work within a block too.
class OverlayView final : public StateView {
 public:
  explicit OverlayView(Overlay& overlay) : overlay_(overlay) {}
  [[nodiscard]] std::optional<Bytes> get(const StateKey& key) const override;
  [[nodiscard]] std::vector<StateItem> list(const std::string& contract, const Bytes& scope,
                                            const Bytes& from, const Bytes& to,
                                            std::size_t limit) const override;

 private:
  Overlay& overlay_;
};

}  // namespace usance
