// The simulated node's ledger: a deterministic executor whose state is a hash chain over executed
// ids and a few timers, and the durable store of one node. What was not synced is gone in a crash.
#pragma once

#include <map>
#include <set>

#include "consensus/replica.h"

namespace usance::sim {

struct LedgerEntry {
  consensus::BlockPtr block;
  Certificate commit;
  std::vector<TxId> executed_ids;
  ResultHeader result;
  Hash32 result_hash;
  std::optional<Certificate> certificate;
  consensus::Token vote_sequence = 0;
};

class Ledger {
 public:
  Ledger(const ChainId& chain, TimeMs genesis_time, const ValidatorSet& set);

  // Executes and stores the next height. `execution` must be of height() + 1. wrong: another
  // result than honest nodes get, for a liar.
  const LedgerEntry& apply(const consensus::Execute& execution, bool wrong);
  void certify(Height height, const Certificate& certificate);

  [[nodiscard]] Height height() const { return Height(entries_.size()); }
  [[nodiscard]] const LedgerEntry& at(Height height) const { return entries_.at(height.value - 1); }
  [[nodiscard]] Height certified() const { return certified_; }
  [[nodiscard]] const ResultHeader& genesis_result() const { return genesis_result_; }
  [[nodiscard]] const BlockHeader& genesis_header() const { return genesis_header_; }
  // Fills what a restart finds of executed blocks.
  void recover(consensus::Recovery& recovery) const;

 private:
  ResultHeader next_result(const consensus::CheckedBlock& block);

  ChainId chain_;
  ValidatorSet set_;
  BlockHeader genesis_header_;
  ResultHeader genesis_result_;
  std::vector<LedgerEntry> entries_;
  Height certified_;
  Hash32 state_;
  std::set<std::pair<std::uint64_t, Hash32>> timers_;  // (due, id)
};

// What a node finds again after a crash.
struct Disk {
  explicit Disk(Ledger ledger_in) : ledger(std::move(ledger_in)) {}
  Ledger ledger;
  std::optional<Bytes> record;
  consensus::Token sequence = 0;
  // Blocks of Persist that are not executed yet, by hash.
  std::map<Hash32, consensus::Persist::StoredBlock> blocks;

  void apply(const consensus::Persist& persist, bool with_record);
  void forget_executed();
  void recover(consensus::Recovery& recovery) const;
};

}  // namespace usance::sim
