// Makes a ledger store of the verified pieces of a snapshot (base/snapshot_verify.h), in a
// directory of its own that opens as a LedgerStore only once all of it is there. For one thread.
//
// Errors: kInvalidArgument (a piece that does not belong here), kResourceExhausted (the disk is
// full: the same call succeeds once there is room), kCorrupt, kIo.
#pragma once

#include <filesystem>
#include <map>
#include <memory>

#include "base/snapshot.h"
#include "storage/database.h"
#include "storage/ledger_store.h"
#include "storage/outcome_index.h"
#include "storage/state_reader.h"

namespace usance::storage {

class SnapshotImport {
 public:
  // Begins anew: what an earlier import left in the directory goes. `genesis`: the result of
  // height 0. The offer is verified.
  static Result<std::unique_ptr<SnapshotImport>> begin(const std::filesystem::path& directory,
                                                       const SnapshotOffer& offer,
                                                       const ResultHeader& genesis,
                                                       const StoreOptions& options = {});

  // Pieces of the state in any order, those of outcomes in that of the walk; each is verified.
  [[nodiscard]] Result<void> add(const StatePiece& piece);
  [[nodiscard]] Result<void> add(const OutcomePiece& piece);
  // Whether all of the state, and all outcomes, are here.
  [[nodiscard]] bool whole() const;
  // Makes it a store; no calls after it. Durable on return.
  [[nodiscard]] Result<void> finish();

 private:
  // A scope whose items come in several pieces.
  struct OpenScope {
    Object object;
    std::uint64_t items = 0;
  };
  SnapshotImport(std::unique_ptr<Database> database, SnapshotOffer offer,
                 const StoreOptions& options);
  Result<void> mark(const ResultHeader& genesis);
  Result<void> add_scopes(const std::vector<SnapshotScope>& scopes);
  Result<void> add_items(const Hash32& scope, const std::vector<ProvenItem>& items);
  Result<void> put_items(Batch& batch, PageSink& sink, OpenScope& scope,
                         const std::vector<ProvenItem>& items);
  BucketLeaf put_object(Batch& batch, const Hash32& path, const Object& object);
  // With these leaves in the tree of scopes. Nothing here moves unless all of it is written.
  Result<void> write(Batch& batch, PageSink& sink, std::vector<LeafChange> leaves);

  const std::unique_ptr<Database> database_;
  const SnapshotOffer offer_;
  const StoreOptions options_;
  StateSource source_;
  TreeVersion tree_;
  std::map<Hash32, OpenScope> open_;  // by path; bounded by what a piece may hold
  std::uint32_t next_page_ = 0;
  std::uint32_t next_object_ = 0;
  std::vector<StoredAction> actions_;  // of a height whose receipts come in several pieces
  Height next_outcome_;                // not here yet
};

}  // namespace usance::storage
