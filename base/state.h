// The ledger's state as contracts and proofs see it: (contract, scope, item) -> value. A scope is
// one business object (a letter of credit, an account); docs/spec/state.md has the hashes.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "base/limits.h"

namespace usance {

struct StateKey {
  static constexpr std::uint16_t kTag = 0x0160;
  static constexpr std::uint8_t kVersion = 1;

  std::string contract;  // registered name, or a system contract's
  Bytes scope;           // 0 to 256 bytes
  Bytes item;            // 0 to 256 bytes

  friend auto operator<=>(const StateKey&, const StateKey&) = default;
  friend bool operator==(const StateKey&, const StateKey&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.text(s.contract, limits::kMaxNameBytes);
    a.bytes(s.scope, limits::kMaxScopeBytes);
    a.bytes(s.item, limits::kMaxItemBytes);
  }
};

// One change by one action: at most one per (action, item), what is left after rollbacks; equal
// values included, deletions of absent items excluded.
struct StateChange {
  StateKey key;
  std::optional<Bytes> value;  // empty = deleted
  std::uint32_t action = 0;    // index in the block's receipts

  friend bool operator==(const StateChange&, const StateChange&) = default;
};

// Scopes of these contracts keep no history and leave no leaf when they become empty (timers).
[[nodiscard]] inline bool is_ephemeral(std::string_view contract) {
  return contract == "system.timers";
}

struct StateItem {
  Bytes item;
  Bytes value;
};

// Thrown by a StateView whose stored bytes are damaged or cannot be read: the one error that is no
// value, because nothing between the disk and unless_unreadable() may go on with a guess, and
// contracts are in between. The view stays good for other reads, and so does an executor, but not
// for another block if it was executing one.
struct StateUnreadable {
  Error error;
};

// Read access to one version of the state. Implementations: the store's tree at a height (throws
// StateUnreadable), the executor's overlay, a map in tests. Used by one thread at a time unless
// the implementation says more.
class StateView {
 public:
  virtual ~StateView() = default;
  [[nodiscard]] virtual std::optional<Bytes> get(const StateKey& key) const = 0;
  // Items of one scope in ascending order, from <= item < to (an empty `to` means no bound), at
  // most `limit` of them.
  [[nodiscard]] virtual std::vector<StateItem> list(const std::string& contract, const Bytes& scope,
                                                    const Bytes& from, const Bytes& to,
                                                    std::size_t limit) const = 0;
};

// `work() -> Result<T>`, or another expected that an Error converts to, that reads states: a
// refused read is its error.
template <class Work>
[[nodiscard]] std::invoke_result_t<Work&> unless_unreadable(Work&& work) {
  try {
    return work();
  } catch (const StateUnreadable& unreadable) {
    return tl::unexpected<Error>(unreadable.error);
  }
}

}  // namespace usance
