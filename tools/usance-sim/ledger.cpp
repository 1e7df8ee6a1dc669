#include "tools/usance-sim/ledger.h"

#include "base/merkle.h"

namespace usance::sim {

using consensus::Recovery;

consensus::ResultParts LedgerEntry::parts() const {
  consensus::ResultParts parts{result, executed->actions, executed->receipts};
  if (wrong_receipt) parts.receipts.at(*wrong_receipt).bytes[0] ^= 1;
  return parts;
}

const LedgerEntry& Ledger::apply(const consensus::Execute& execution, bool wrong) {
  const consensus::CheckedBlock& block = *execution.block;
  USANCE_INVARIANT(block.header.height == height().next());
  const Executed& parent = entries_.empty() ? engine_->genesis() : *entries_.back().executed;
  LedgerEntry entry;
  entry.block = execution.block;
  entry.commit = execution.commit;
  entry.vote_sequence = execution.vote_sequence;
  entry.executed = engine_->execute(parent, block, execution.marks);
  std::size_t at = 0;
  for (const auto& bundle : block.bundles)
    for (const TxId& id : bundle->ids())
      if (!is_void(execution.marks.at(at++))) entry.executed_ids.push_back(id);
  entry.result = entry.executed->result;
  entry.result_hash = entry.executed->result_hash;
  if (wrong) {
    if (entry.executed->receipts.empty()) {
      entry.result.gas_used += 1;
    } else {
      entry.wrong_receipt = entry.executed->receipts.size() / 2;
      const std::vector<Hash32> receipts = entry.parts().receipts;
      entry.result.receipt_root = counted_root(receipts.size(), merkle_root(receipts));
    }
    entry.result_hash = result_hash(entry.result);
  }
  entries_.push_back(std::move(entry));
  return entries_.back();
}

void Ledger::certify(Height height, const Certificate& certificate) {
  if (height != certified_.next() || height > this->height()) return;
  entries_[height.value - 1].certificate = certificate;
  certified_ = height;
}

Ledger Ledger::snapshot(Height at) const {
  USANCE_INVARIANT(at.value != 0 && at <= certified_);
  Ledger out(engine_);
  out.entries_.assign(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(at.value));
  out.entries_.back().vote_sequence = 0;  // nobody voted here
  out.certified_ = at;
  out.base_ = at;
  return out;
}

void Ledger::recover(Recovery& recovery) const {
  recovery.base = base_;
  if (entries_.empty()) {
    recovery.head = engine_->genesis_header();
    recovery.head_result = engine_->genesis().result;
    recovery.head_result_hash = engine_->genesis().result_hash;
    engine_->recover(Height{}, engine_->genesis(), recovery);
    return;
  }
  const LedgerEntry& head = entries_.back();
  engine_->recover(certified_, *head.executed, recovery);
  recovery.ledger_vote_sequence = head.vote_sequence;
  recovery.head = head.block->header;
  recovery.head_commit = head.commit;
  recovery.head_result = head.result;
  recovery.head_result_hash = head.result_hash;
  recovery.certified = certified_;
  if (certified_.value != 0) recovery.certified_proof = at(certified_).certificate;
  for (Height h = certified_.next(); h <= height(); h = h.next())
    recovery.uncertified.push_back(ResultRef{h, at(h).result_hash});
  for (const LedgerEntry& entry : entries_)
    if (entry.result.height.value + limits::kReplayHorizon > height().value)
      recovery.recent_ids.push_back({entry.result.height, entry.executed_ids});
}

void Disk::apply(const consensus::Persist& persist, bool with_record) {
  for (const auto& stored : persist.blocks) {
    auto& mine = blocks[stored.block->hash];
    if (!mine.block) mine.block = stored.block;
    if (stored.commit) mine.commit = stored.commit;
  }
  if (!with_record) return;
  record = persist.record;
  sequence = persist.token;
  validator = persist.validator;
}

void Disk::forget_executed() {
  std::erase_if(blocks, [&](const auto& item) {
    return item.second.block->header.height <= ledger.height();
  });
}

void Disk::recover(Recovery& recovery) const {
  ledger.recover(recovery);
  recovery.vote_record = record;
  recovery.vote_log_sequence = sequence;
  std::map<Height, const consensus::Persist::StoredBlock*> decided;
  for (const auto& [hash, stored] : blocks)
    if (stored.commit) decided[stored.block->header.height] = &stored;
  Height next = ledger.height().next();
  for (const auto& [height, stored] : decided) {
    if (height < next) continue;  // stored again after it was executed
    if (height != next) break;
    recovery.ordered.push_back({stored->block, *stored->commit});
    next = next.next();
  }
  for (const auto& [hash, stored] : blocks)
    if (!stored.commit) recovery.undecided.push_back(stored.block);
}

}  // namespace usance::sim
