#include "tools/usance-sim/ledger.h"

#include "base/hash.h"

namespace usance::sim {

using consensus::Recovery;

Ledger::Ledger(const ChainId& chain, TimeMs genesis_time, const ValidatorSet& set)
    : chain_(chain), set_(set), genesis_header_(genesis_block_header(chain, genesis_time)) {
  genesis_result_.chain = chain;
  genesis_result_.block = block_hash(genesis_header_);
  genesis_result_.time = genesis_time;
  genesis_result_.set_hash = validator_set_hash(chain, set);
}

ResultHeader Ledger::next_result(const consensus::CheckedBlock& block) {
  const std::uint64_t now = block.header.time.value;
  // Due timers run first, as in the real executor; one in four sets another.
  while (!timers_.empty() && timers_.begin()->first <= now) {
    const auto [due, id] = *timers_.begin();
    timers_.erase(timers_.begin());
    state_ = sha256({state_.view(), id.view()});
    if (id.bytes[1] % 4 == 0) timers_.emplace(now + 1'000, sha256(id.view()));
  }
  ResultHeader result;
  result.chain = chain_;
  result.height = block.header.height;
  result.block = block.hash;
  result.time = block.header.time;
  result.epoch = set_.epoch;
  result.set_hash = genesis_result_.set_hash;
  return result;
}

const LedgerEntry& Ledger::apply(const consensus::Execute& execution, bool wrong) {
  const consensus::CheckedBlock& block = *execution.block;
  USANCE_INVARIANT(block.header.height == height().next());
  LedgerEntry entry{execution.block, execution.commit,       {}, {}, {},
                    std::nullopt,    execution.vote_sequence};
  entry.result = next_result(block);
  std::size_t at = 0;
  for (const auto& bundle : block.bundles) {
    for (const TxId& id : bundle->ids()) {
      if (is_void(execution.marks.at(at++))) continue;
      entry.executed_ids.push_back(id);
      state_ = sha256({state_.view(), id.view()});
      if (id.bytes[0] % 8 == 0)
        timers_.emplace(block.header.time.value + 50 + 10 * id.bytes[2], id);
    }
  }
  entry.result.actions = static_cast<std::uint32_t>(at);
  entry.result.state_root = state_;
  if (wrong) entry.result.gas_used = 1;
  if (!timers_.empty()) entry.result.next_timer_due = TimeMs(timers_.begin()->first);
  entry.result_hash = result_hash(entry.result);
  entries_.push_back(std::move(entry));
  return entries_.back();
}

void Ledger::certify(Height height, const Certificate& certificate) {
  if (height != certified_.next() || height > this->height()) return;
  entries_[height.value - 1].certificate = certificate;
  certified_ = height;
}

void Ledger::recover(Recovery& recovery) const {
  if (entries_.empty()) {
    recovery.head = genesis_header_;
    recovery.head_result = genesis_result_;
    recovery.head_result_hash = result_hash(genesis_result_);
    return;
  }
  const LedgerEntry& head = entries_.back();
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
}

void Disk::forget_executed() {
  std::erase_if(blocks, [&](const auto& item) {
    return item.second.block->header.height <= ledger.height();
  });
}

void Disk::recover(Recovery& recovery) const {
  ledger.recover(recovery);
  recovery.vote_record = record;
  std::map<Height, const consensus::Persist::StoredBlock*> decided;
  for (const auto& [hash, stored] : blocks)
    if (stored.commit) decided[stored.block->header.height] = &stored;
  Height next = ledger.height().next();
  for (const auto& [height, stored] : decided) {
    if (height != next) break;
    recovery.ordered.push_back({stored->block, *stored->commit});
    next = next.next();
  }
  for (const auto& [hash, stored] : blocks)
    if (!stored.commit) recovery.undecided.push_back(stored.block);
}

}  // namespace usance::sim
