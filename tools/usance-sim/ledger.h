// What one simulated node has stored: executed blocks with their results, and what waits for
// execution. What was not synced is gone in a crash.
#pragma once

#include <map>
#include <optional>

#include "tools/usance-sim/engine.h"

namespace usance::sim {

struct LedgerEntry {
  consensus::BlockPtr block;
  Certificate commit;
  std::vector<TxId> executed_ids;
  ExecutedPtr executed;
  ResultHeader result;  // of `executed`, unless the node lies
  Hash32 result_hash;
  std::optional<Certificate> certificate;
  consensus::Token vote_sequence = 0;
  std::optional<std::size_t> wrong_receipt;  // index, if the node lies

  [[nodiscard]] consensus::ResultParts parts() const;
};

class Ledger {
 public:
  explicit Ledger(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}

  // Executes and stores the next height. `execution` must be of height() + 1. wrong: another
  // receipt than honest nodes get, or other gas if there is none, for a liar.
  const LedgerEntry& apply(const consensus::Execute& execution, bool wrong);
  void certify(Height height, const Certificate& certificate);

  [[nodiscard]] Height height() const { return Height(entries_.size()); }
  [[nodiscard]] const LedgerEntry& at(Height height) const { return entries_.at(height.value - 1); }
  [[nodiscard]] Height certified() const { return certified_; }
  // Where it begins: at a snapshot, or at the genesis (0). Nothing up to it is served.
  [[nodiscard]] Height base() const { return base_; }
  // What a node has that begins with a snapshot of this ledger: of a certified height, not 0.
  [[nodiscard]] Ledger snapshot(Height at) const;
  [[nodiscard]] const ResultHeader& genesis_result() const { return engine_->genesis().result; }
  [[nodiscard]] const BlockHeader& genesis_header() const { return engine_->genesis_header(); }
  // Fills what a restart finds of executed blocks.
  void recover(consensus::Recovery& recovery) const;

 private:
  std::shared_ptr<Engine> engine_;
  std::vector<LedgerEntry> entries_;
  Height certified_;
  Height base_;  // what entries_ has below it is for the checker
};

// What a node finds again after a crash.
struct Disk {
  explicit Disk(Ledger ledger_in) : ledger(std::move(ledger_in)) {}
  Ledger ledger;
  std::optional<Bytes> record;
  consensus::Token sequence = 0;
  PublicKey validator;  // of the newest record
  // Blocks of Persist that are not executed yet, by hash.
  std::map<Hash32, consensus::Persist::StoredBlock> blocks;

  void apply(const consensus::Persist& persist, bool with_record);
  void forget_executed();
  void recover(consensus::Recovery& recovery) const;
};

}  // namespace usance::sim
