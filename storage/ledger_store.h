// The ledger on disk: blocks, certificates, results, the state at every height, and the proofs
// about them. One RocksDB database in one directory; docs/spec/storage.md has the layout.
//
// Threads. One writer thread (the executor's) calls stage(), commit() and latest_view() and uses
// the view's answers; these share caches without locks. Everything else may be called from any
// thread at any time: what is written for a height never changes after its commit, and readers
// see a height only once its batch is durable.
//
// Errors. kResourceExhausted: the disk is full; nothing of the failed write is visible, reads go
// on, and the same call succeeds once there is room. kIo: the disk refused
// otherwise. kCorrupt: stored data contradicts itself; the message names the first key that
// differs. kNotFound: never existed, or above what is executed here. kPruned: existed, not held
// here: no longer, or because the store began with a snapshot above it.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/block.h"
#include "base/certificate.h"
#include "base/evidence.h"
#include "base/merkle.h"
#include "base/receipt.h"
#include "base/result_header.h"
#include "base/state.h"
#include "base/state_proof.h"

namespace rocksdb {
class Env;
}

namespace usance::storage {

struct StoreOptions {
  std::size_t cache_bytes = 96u << 20;     // of decoded tree pages and objects, writer thread
  std::size_t memtable_bytes = 64u << 20;  // RocksDB's write buffers together
  std::size_t block_cache_bytes = 64u << 20;
  bool sync = true;             // false only in benchmarks and tests: a crash loses blocks
  bool verify_state = false;    // on open, rehash the whole latest state instead of its root only
  rocksdb::Env* env = nullptr;  // another file system, for tests that break it
};

// What open() found and did, for the log and for the decision whether the node may vote.
struct RecoveryReport {
  std::optional<Height> executed;   // nothing: a new store, to be initialised with height 0
  Height ordered;                   // highest height reachable with commit certificates
  std::uint64_t vote_sequence = 0;  // DecidedBlock::vote_sequence of the newest executed block
  std::vector<std::string> notes;   // in words, one per fact
};

// The outcome of the changes of one block, not yet written. Refers to the store that made it and
// is void after another commit.
class StagedState {
 public:
  StagedState(StagedState&&) noexcept;
  StagedState& operator=(StagedState&&) noexcept;
  ~StagedState();
  [[nodiscard]] Height height() const;
  [[nodiscard]] const Hash32& state_root() const;

 private:
  friend class LedgerStore;
  struct Impl;
  explicit StagedState(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A decided block as commit() takes it. At height 0: genesis_block_header(), an empty body, no
// certificate.
struct DecidedBlock {
  const BlockHeader& header;
  const BlockBody* body = nullptr;           // may be null if store_blocks() has it already
  const Certificate* certificate = nullptr;  // likewise
  // The vote log's sequence when the block was decided: a log that is older, or gone, after a
  // restart shows that votes may be forgotten.
  std::uint64_t vote_sequence = 0;
};

enum class Durability {
  kSynced,   // durable on return
  kRelaxed,  // durable with the next synced write of this store
};

struct ActionRef {
  Height height;
  std::uint32_t action = 0;  // index in the block's receipts

  friend auto operator<=>(const ActionRef&, const ActionRef&) = default;
};

struct EventCursor {
  Height height;
  std::uint32_t action = 0;
  std::uint32_t index = 0;

  friend auto operator<=>(const EventCursor&, const EventCursor&) = default;
};

struct StoredEvent {
  Height height;
  std::uint32_t position = 0;  // in the block's list of events: the leaf of event_path()
  Event event;
};

class SnapshotExport;

struct OrderedBlock {
  Block block;
  Certificate certificate;
};

struct BlockIds {
  Height height;
  std::vector<TxId> ids;  // not void, in order
};

class LedgerStore {
 public:
  // Opens or creates the database in `directory`. kFailedPrecondition: it belongs to another
  // network, another program's format, or another process has it open.
  static Result<std::unique_ptr<LedgerStore>> open(const std::filesystem::path& directory,
                                                   const ChainId& chain,
                                                   const StoreOptions& options = {});
  ~LedgerStore();
  LedgerStore(const LedgerStore&) = delete;
  LedgerStore& operator=(const LedgerStore&) = delete;

  [[nodiscard]] const RecoveryReport& recovery() const;
  [[nodiscard]] const ChainId& chain() const;
  // The highest height whose result is durable here; nothing before height 0 is committed.
  [[nodiscard]] std::optional<Height> executed() const;
  // Where this store begins: 0, or the height of the snapshot that it was made of. State and result
  // header are held from there on, blocks, receipts and events above it; what is asked for below is
  // kPruned.
  [[nodiscard]] Height base() const;
  // The result of height 0, also of a store that begins above it.
  [[nodiscard]] Result<ResultHeader> genesis_result() const;
  // How validators were handed over up to the base: none in a store that begins at the genesis.
  [[nodiscard]] Result<std::vector<HandOver>> hand_overs_to_base() const;

  // True after the disk was found full, also by work in the background, until writing resumed.
  [[nodiscard]] bool disk_full() const;
  // Resumes writing after that, as every write does first; any thread. kResourceExhausted: there
  // is still no room. At once if the disk was not full; otherwise reads may wait for seconds.
  [[nodiscard]] Result<void> resume();

  // -- Writing results (writer thread). Heights follow each other from 0.

  // The state root after these changes; reads only. The changes may come in any order; of one
  // (action, item) there must be one at most. kInvalidArgument: that rule, or a size, is broken,
  // or an item that does not exist is deleted.
  [[nodiscard]] Result<StagedState> stage(Height height, std::span<const StateChange> changes);
  // Everything of one height in one synced write batch. kInvalidArgument: the parts do not fit
  // each other or what is stored (the message says which).
  [[nodiscard]] Result<void> commit(const StagedState& staged, const DecidedBlock& block,
                                    std::span<const Receipt> receipts,
                                    std::span<const Event> events, const ResultHeader& result);
  // ResultHeader::ledger_root of the next height to execute.
  [[nodiscard]] Hash32 next_ledger_root() const;
  // The state after executed(), with the writer's caches. Follows later commits. Throws
  // StateUnreadable.
  [[nodiscard]] const StateView& latest_view() const;
  // Holds the state after executed() for other nodes. Must not outlive the store.
  [[nodiscard]] Result<std::unique_ptr<SnapshotExport>> take_snapshot() const;

  // -- Writing what is ordered (any thread): bodies before votes, certificates as they form.

  // Blocks that may be voted on or are decided, with the certificates known so far (commit and
  // result certificates, of these or other heights), in one batch. Several blocks may compete for
  // one height until one of them is executed.
  [[nodiscard]] Result<void> store_blocks(std::span<const Block> blocks,
                                          std::span<const Certificate> certificates,
                                          Durability durability);
  // A block stored by its hash, decided or not.
  [[nodiscard]] Result<std::optional<Block>> find_block(Height height, const Hash32& hash) const;
  // Decided blocks above executed(), ascending without a gap: what a restart executes again.
  [[nodiscard]] Result<std::vector<OrderedBlock>> ordered_blocks() const;
  // The ids of the last `depth` executed heights, ascending.
  [[nodiscard]] Result<std::vector<BlockIds>> recent_ids(std::uint64_t depth) const;

  // -- Reading by height. Blocks also above executed(), if decided.

  [[nodiscard]] Result<BlockHeader> header(Height height) const;
  [[nodiscard]] Result<Block> block(Height height) const;
  [[nodiscard]] Result<Certificate> commit_certificate(Height height) const;
  [[nodiscard]] Result<Certificate> result_certificate(Height height) const;
  [[nodiscard]] Result<ResultHeader> result_header(Height height) const;
  [[nodiscard]] Result<std::vector<Receipt>> receipts(Height height) const;
  [[nodiscard]] Result<Receipt> receipt(ActionRef ref) const;
  [[nodiscard]] Result<std::vector<Event>> events(Height height) const;

  // -- Reading by key.

  // Where a transaction (or timer_action_id) took effect; void ones are not indexed.
  [[nodiscard]] Result<std::optional<ActionRef>> find_action(const TxId& id) const;
  // Events of one contract with this key, ascending, strictly after the cursor (nothing: from the
  // first), up to and including height `to`.
  [[nodiscard]] Result<std::vector<StoredEvent>> events_of(const std::string& contract,
                                                           const Bytes& key,
                                                           std::optional<EventCursor> after,
                                                           Height to, std::size_t limit) const;
  // The state after a height; for any thread, one thread at a time per view. Throws
  // StateUnreadable. Must not outlive the store.
  [[nodiscard]] Result<std::unique_ptr<StateView>> view(Height height) const;
  // Scopes of a contract that begin with `prefix`, ascending, after `after` (nothing: from the
  // first), that existed at `height`. Ephemeral ones are listed as of executed().
  [[nodiscard]] Result<std::vector<Bytes>> scopes(const std::string& contract, const Bytes& prefix,
                                                  const std::optional<Bytes>& after, Height height,
                                                  std::size_t limit) const;
  // The changes of a scope made in heights from <= h <= to, in order; at most kMaxProofChanges
  // (else kResourceExhausted).
  [[nodiscard]] Result<std::vector<ScopeChange>> history(const std::string& contract,
                                                         const Bytes& scope, Height from,
                                                         Height to) const;

  // -- Proofs. State proofs lead to result_header(height).state_root; a proof that would pass the
  // limits of base/state_proof.h is kResourceExhausted.

  [[nodiscard]] Result<StateProof> state_proof(Height height, const StateKey& key) const;
  [[nodiscard]] Result<ScopeProof> scope_proof(Height height, const std::string& contract,
                                               const Bytes& scope) const;
  [[nodiscard]] Result<CompletenessProof> completeness_proof(Height height,
                                                             const std::string& contract,
                                                             const Bytes& scope) const;
  // Leaves transaction_leaf, receipt_leaf and event_leaf; the path's root, counted, is in the
  // result header. `position` counts the block's events.
  [[nodiscard]] Result<MerklePath> transaction_path(ActionRef ref) const;
  [[nodiscard]] Result<MerklePath> receipt_path(ActionRef ref) const;
  [[nodiscard]] Result<MerklePath> event_path(Height height, std::uint32_t position) const;
  // From ledger_leaf(older) to result_header(newer).ledger_root; older < newer.
  [[nodiscard]] Result<MerklePath> ledger_path(Height older, Height newer) const;
  // That result_header(older).ledger_root is a prefix of result_header(newer).ledger_root.
  [[nodiscard]] Result<std::vector<Hash32>> ledger_consistency(Height older, Height newer) const;

  // Rehashes the whole latest state from its values: kCorrupt names the first key that differs.
  // Not while heights are committed.
  [[nodiscard]] Result<void> verify_state() const;

 private:
  struct Impl;
  explicit LedgerStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace usance::storage
