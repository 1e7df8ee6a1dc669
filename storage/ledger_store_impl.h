// What the parts of LedgerStore share. Internal to storage/.
#pragma once

#include <atomic>

#include "storage/database.h"
#include "storage/keys.h"
#include "storage/ledger_store.h"
#include "storage/ledger_tree.h"
#include "storage/outcome_index.h"
#include "storage/state_reader.h"
#include "storage/state_staging.h"

namespace usance::storage {

inline constexpr std::uint32_t kStoreFormat = 1;
inline constexpr const char* kFormatKey = "format";
inline constexpr const char* kChainKey = "chain";
inline constexpr const char* kExecutedKey = "executed";
inline constexpr const char* kVoteSequenceKey = "vote-sequence";
// Of a store that was made of a snapshot. While kImportKey is there it is not whole.
inline constexpr const char* kImportKey = "import";
inline constexpr const char* kBaseKey = "base";
inline constexpr const char* kGenesisResultKey = "genesis-result";
inline constexpr const char* kHandOversKey = "hand-overs";

// What a height's execution left: its header and where its state tree begins.
struct StoredResult {
  static constexpr std::uint16_t kTag = 0x0190;
  static constexpr std::uint8_t kVersion = 1;

  ResultHeader result;
  NodeHash::Kind root_kind = NodeHash::Kind::kEmpty;
  std::uint64_t page_height = 0;
  std::uint32_t page_index = 0;

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.result);
    a.within(s.root_kind, NodeHash::Kind::kEmpty, NodeHash::Kind::kNode);
    a(s.page_height);
    a(s.page_index);
  }
  [[nodiscard]] StateVersion version() const {
    return {result.height, {{root_kind, result.state_root}, {page_height, page_index}}};
  }
};

struct LedgerStore::Impl {
  Impl(std::unique_ptr<Database> opened, const ChainId& chain_id, const StoreOptions& opts);

  ChainId chain;
  StoreOptions options;
  std::unique_ptr<Database> database;
  LedgerTree ledger;
  RecoveryReport report;
  std::atomic<std::uint64_t> executed_count{0};  // executed height + 1; 0: none
  Height base;

  // The writer thread's.
  StateSource source;
  StateVersion state;
  StoredStateView latest;
  MerkleFrontier frontier;
  Hash32 last_block;  // hash of the block at the executed height

  [[nodiscard]] std::optional<Height> executed() const;

  // Recovery (ledger_recovery.cpp).
  Result<void> check_identity();
  Result<void> load_base();
  Result<void> recover();
  Result<void> check_newest(Height newest);
  Result<void> check_block(Height height, const StoredResult& stored, bool with_body);
  Result<void> find_ordered();
  Result<void> drop_overtaken_blocks();

  // Blocks and certificates (ledger_blocks.cpp).
  [[nodiscard]] Result<std::optional<Certificate>> find_certificate(Height height,
                                                                    VoteKind kind) const;
  // The hash of the decided block.
  [[nodiscard]] Result<Hash32> decided_hash(Height height) const;
  [[nodiscard]] Result<std::optional<BlockHeader>> find_header(Height height,
                                                               const Hash32& hash) const;
  // The body that the header names; whatever else is there, or nothing, is kCorrupt.
  [[nodiscard]] Result<BlockBody> body_of(const BlockHeader& header, const Hash32& hash) const;
  void put_block(Batch& batch, const BlockHeader& header, const Hash32& hash,
                 const BlockBody& body) const;
  // kFailedPrecondition if another decision is stored.
  Result<void> put_certificate(Batch& batch, const Certificate& certificate) const;
  Result<void> delete_competitors(Batch& batch, Height height, const Hash32& decided) const;

  // kPruned for a height whose result, or whose block and outcome, are not held here.
  [[nodiscard]] Result<void> check_result_held(Height height) const;
  [[nodiscard]] Result<void> check_block_held(Height height) const;

  // Results (ledger_results.cpp).
  [[nodiscard]] Result<StoredResult> stored_result(Height height) const;
  [[nodiscard]] Result<rocksdb::PinnableSlice> outcome(Height height, keys::OutcomePart part) const;
};

struct StagedState::Impl {
  Staging staging;
};

// Decodes what this store encoded: whatever does not decode is kCorrupt, and `what` names it.
template <CanonicalStruct T>
[[nodiscard]] Result<T> decode_stored(ByteView bytes, const std::string& what) {
  auto decoded = decode<T>(bytes);
  if (!decoded) return fail(ErrorCode::kCorrupt, what + ": " + decoded.error().message);
  return decoded;
}

[[nodiscard]] inline std::string at_height(const char* what, Height height) {
  return std::string(what) + " of height " + std::to_string(height.value);
}

}  // namespace usance::storage
