// The ledger after one height, held for other nodes and given away in pieces (base/snapshot.h,
// docs/spec/snapshot.md): the store goes on meanwhile. Thread-safe; one caller at a time works.
//
// Errors: kPruned (no longer held: the database was opened again after the disk was full),
// kNotFound (there is no such subtree, or the height is not certified yet), kInvalidArgument
// (outcomes that do not belong to the snapshot), kCorrupt, kIo.
#pragma once

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/snapshot.h"
#include "storage/database.h"
#include "storage/ledger_store.h"
#include "storage/state_reader.h"

namespace usance::storage {

class SnapshotExport {
 public:
  // The store's newest version, by its writer thread. Must not outlive the store.
  SnapshotExport(const LedgerStore& store, const Database& database, const StateVersion& version);

  [[nodiscard]] Height height() const { return version_.height; }
  // The offer without its hand-overs.
  [[nodiscard]] Result<SnapshotOffer> offer() const;
  [[nodiscard]] Result<StatePiece> piece(const Subtree& subtree) const;
  // Outcomes from `newest` downwards, at least one and none below `lowest`; of `newest` the
  // receipts from `first` on.
  [[nodiscard]] Result<OutcomePiece> outcomes(Height newest, std::uint32_t first,
                                              Height lowest) const;

 private:
  // A scope's items in the order of its tree, which does not know them.
  struct ItemIndex {
    std::shared_ptr<const Object> object;
    std::vector<std::pair<Hash32, Bytes>> items;  // ascending by path
  };
  Result<StatePiece> scopes(const Subtree& subtree) const;
  Result<StatePiece> items(const Subtree& subtree) const;
  Result<SnapshotScope> scope_of(const Object& object) const;
  Result<StatePiece> split(const Subtree& subtree, TreeKind kind, const TreeVersion& tree) const;
  Result<void> index(const Hash32& scope) const;

  const LedgerStore& store_;
  const Database& database_;
  const StateVersion version_;
  const Moment moment_;
  mutable std::mutex mutex_;
  mutable StateSource source_;
  // Of the large scope asked for last: its subtrees are asked for one after the other.
  mutable std::optional<std::pair<Hash32, ItemIndex>> indexed_;
};

}  // namespace usance::storage
