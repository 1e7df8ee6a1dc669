#include "tools/usance-sim/checker.h"

#include <algorithm>

#include "base/limits.h"
#include "consensus/vote_record.h"
#include "tools/usance-sim/options.h"

namespace usance::sim {

using consensus::CastVote;
using consensus::VoteRecord;

namespace {

std::string at(Height height, View view) {
  return " at height " + std::to_string(height.value) + ", view " + std::to_string(view.value);
}

std::optional<VoteRecord> durable_record(const Disk& disk) {
  if (!disk.record) return std::nullopt;
  auto record = decode<VoteRecord>(*disk.record);
  if (!record) return std::nullopt;  // damaged by a fault: it remembers nothing
  return *std::move(record);
}

// Whether the record remembers this vote, or one that came after it.
bool remembers(const std::optional<VoteRecord>& record,
               const std::optional<CastVote> VoteRecord::* cast, Height height, View view,
               const Hash32& hash) {
  if (!record) return false;
  if (record->height > height) return true;
  if (record->height < height || !((*record).*cast)) return false;
  const CastVote& vote = *((*record).*cast);
  return vote.view > view || (vote.view == view && vote.block == hash);
}

}  // namespace

void Checker::add_set(Height first, const ValidatorSet& set) {
  sets_.add(first, set);
  trace_.begin(set, static_cast<std::size_t>(
                        std::count_if(set.validators.begin(), set.validators.end(),
                                      [&](const Validator& v) { return liars_.contains(v.key); })));
}

const PublicKey& Checker::node_of(const PublicKey& key) const {
  const auto replaced = replaced_.find(key);
  return replaced == replaced_.end() ? key : replaced->second;
}

bool Checker::signs(const PublicKey& node, Epoch epoch, std::uint32_t signer) {
  const ValidatorSet* set = sets_.of(epoch);
  if (set == nullptr || signer >= set->size()) return false;
  const PublicKey& key = set->validators[signer].key;
  if (node_of(key) != node) return false;
  rekeyed_ = rekeyed_ || key != node;
  return true;
}

// S-15: who lost its votes signs nothing that it may have signed otherwise before.
void Checker::forbid_amnesiac(const PublicKey& node, Epoch epoch) {
  const auto lost = forgetful_.find(node);
  if (lost != forgetful_.end() && epoch <= lost->second)
    broke("a validator votes that lost its memory, in epoch " + std::to_string(epoch.value));
}

void Checker::sent(const PublicKey& node, const consensus::Message& message, const Disk& disk,
                   TimeMs wall) {
  if (const auto* vote = std::get_if<consensus::Vote>(&message)) {
    if (signs(node, vote->content.epoch, vote->signer)) {
      forbid_amnesiac(node, vote->content.epoch);
      return sent_vote(*vote, disk, wall);
    }
    broke("an honest node sent a vote of epoch " + std::to_string(vote->content.epoch.value) +
          " in which it has no seat");
  } else if (const auto* proposal = std::get_if<consensus::Proposal>(&message)) {
    if (signs(node, proposal->header.epoch, proposal->signer)) {
      forbid_amnesiac(node, proposal->header.epoch);
      sent_proposal(*proposal, disk);
    }
  } else if (const auto* change = std::get_if<consensus::ViewChange>(&message)) {
    if (signs(node, change->change.content.epoch, change->change.signer)) {
      forbid_amnesiac(node, change->change.content.epoch);
      sent_view_change(change->change, disk);
    }
  } else if (const auto* begun = std::get_if<consensus::NewView>(&message)) {
    // After a restart the own view change counts from the record; it may leave in the proof first.
    for (const consensus::SignedViewChange& proven : begun->proof.changes)
      if (signs(node, proven.content.epoch, proven.signer)) sent_view_change(proven, disk);
  }
}

// S-4: body and parent's certificate are durable before a vote on a block leaves.
void Checker::need_stored(const char* what, Height height, const Hash32& block, const Disk& disk) {
  if (disk.ledger.height() >= height) return;
  if (!disk.blocks.contains(block))
    return broke(std::string(what) + " left before the block's body was durable" +
                 at(height, View{}));
  const Height parent(height.value - 1);
  if (parent.value == 0 || disk.ledger.height() >= parent) return;
  const Hash32& hash = disk.blocks.at(block).block->header.parent;
  const auto stored = disk.blocks.find(hash);
  if (stored == disk.blocks.end() || !stored->second.commit)
    broke(std::string(what) + " left before its parent's certificate was durable" +
          at(height, View{}));
}

// S-16: a block is judged, and made, by a state that the node had.
void Checker::need_reference(const char* what, Height height, const Disk& disk) {
  const Height reference(height.value - std::min(height.value, limits::kExecutionLag));
  if (reference < disk.ledger.base())
    broke(std::string(what) + " whose reference state is below the node's snapshot" +
          at(height, View{}));
}

void Checker::sent_vote(const consensus::Vote& vote, const Disk& disk, TimeMs wall) {
  const VoteContent& c = vote.content;
  const auto [known, first] = signed_.try_emplace(
      {c.epoch, vote.signer, static_cast<int>(c.kind), c.view, c.height}, c.hash);
  if (!first) {
    // S-3: never two different signatures for one question, across restarts.
    if (known->second != c.hash)
      broke("validator " + std::to_string(vote.signer) + " signed two different " +
            std::string(to_string(c.kind)) + "s" + at(c.height, c.view));
    return;
  }
  if (c.kind == VoteKind::kExec) {
    if (disk.ledger.height() < c.height || disk.ledger.at(c.height).result_hash != c.hash)
      broke("a result vote left before its execution was durable" + at(c.height, c.view));
    const auto record = durable_record(disk);
    const bool remembered = record && [&] {
      for (const ResultRef& ref : record->results)
        if (ref.height == c.height) return ref.result_hash == c.hash;
      return disk.ledger.certified() >= c.height || record->height > c.height;
    }();
    if (!remembered) broke("a result vote left before its record" + at(c.height, c.view));
    // S-13: bounded, whoever serves blocks without certificates, or does not answer.
    if (c.height.value > certified_[node_of(sets_.of(c.epoch)->validators[vote.signer].key)].value +
                             2 * limits::kExecutionLag)
      broke("a result vote more than 2W above the last certificate" + at(c.height, c.view));
    return;
  }
  const auto which = c.kind == VoteKind::kPrepare ? &VoteRecord::prepared : &VoteRecord::committed;
  const auto record = durable_record(disk);
  if (!remembers(record, which, c.height, c.view, c.hash))
    broke("a " + std::string(to_string(c.kind)) + " left before its record was durable" +
          at(c.height, c.view));
  // S-5: after asking for a view nothing is signed below it.
  const auto above = view_changes_.lower_bound({c.epoch, vote.signer, c.view.next()});
  if (above != view_changes_.end() && std::get<0>(above->first) == c.epoch &&
      std::get<1>(above->first) == vote.signer)
    return broke("validator " + std::to_string(vote.signer) + " voted below the view it asked for" +
                 at(c.height, c.view));
  need_stored("a vote", c.height, c.hash, disk);
  if (c.kind == VoteKind::kPrepare) judge_block(c, disk, wall);
  // After a restart the own prepare counts from the record, although it may never have left.
  if (c.kind == VoteKind::kCommit &&
      remembers(record, &VoteRecord::prepared, c.height, c.view, c.hash))
    trace_.recorded_prepare(c, vote.signer);
  follow(c.kind == VoteKind::kPrepare ? trace_.prepared(c, vote.signer)
                                      : trace_.committed(c, vote.signer));
}

void Checker::sent_proposal(const consensus::Proposal& proposal, const Disk& disk) {
  const Height height = proposal.header.height;
  const Hash32 hash = block_hash(proposal.header);
  const auto [known, first] =
      signed_.try_emplace({proposal.header.epoch, proposal.signer, 0, proposal.view, height}, hash);
  if (!first) {
    if (known->second != hash)
      broke("validator " + std::to_string(proposal.signer) + " made two different proposals" +
            at(height, proposal.view));
    return;
  }
  if (!remembers(durable_record(disk), &VoteRecord::proposed, height, proposal.view, hash))
    broke("a proposal left before its record was durable" + at(height, proposal.view));
  need_stored("a proposal", height, hash, disk);
  need_reference("a proposal", height, disk);
}

void Checker::sent_view_change(const consensus::SignedViewChange& change, const Disk& disk) {
  const consensus::ViewChangeContent& c = change.content;
  const auto [known, first] = view_changes_.try_emplace({c.epoch, change.signer, c.view}, c);
  if (!first) {
    if (known->second != c)
      broke("validator " + std::to_string(change.signer) +
            " signed two different view changes for view " + std::to_string(c.view.value));
    return;
  }
  const auto record = durable_record(disk);
  if (!record || (record->view < c.view &&
                  (!record->view_change || record->view_change->change.content.view < c.view)))
    broke("a view change left before its record, for view " + std::to_string(c.view.value));
  follow(trace_.asked(c, change.signer, record ? record->view : View{}));
  if (!c.lock) return;
  // S-6: locks only move forward.
  View& newest = locks_[{c.epoch, change.signer, c.last.next()}];
  if (c.lock->view < newest)
    broke("the lock of validator " + std::to_string(change.signer) + " moved back" +
          at(c.last.next(), c.lock->view));
  newest = c.lock->view;
}

// A validator that comes back counts the commit that its record holds, although it never left.
void Checker::count_stored_commit(const PublicKey& key, const VoteContent& commit,
                                  const Disk& disk) {
  const auto record = durable_record(disk);
  const ValidatorSet* set = sets_.of(commit.epoch);
  const auto found = std::ranges::find_if(
      set->validators, [&](const Validator& validator) { return node_of(validator.key) == key; });
  const auto seat = static_cast<std::uint32_t>(found - set->validators.begin());
  if (record && found != set->validators.end() && record->height == commit.height &&
      record->committed && record->committed->view == commit.view &&
      record->committed->block == commit.hash)
    follow(trace_.recorded(commit, seat));
}

void Checker::decided(std::size_t node, const PublicKey& key, const consensus::Execute& execution,
                      const Disk& disk) {
  const Height height = execution.block->header.height;
  const auto [known, first] = blocks_.try_emplace(height, execution.block->hash);
  // S-1: one block per height.
  if (known->second != execution.block->hash)
    return broke("node " + std::to_string(node) + " decided another block" + at(height, View{}));
  const auto verified = verify_certificate(chain_, set_at(height), execution.commit, verifier_);
  if (!verified)
    broke("node " + std::to_string(node) + " decided" + at(height, View{}) +
          " with a bad certificate: " + verified.error().message);
  if (!first) return;
  judge_transactions(execution);
  count_stored_commit(key, execution.commit.content, disk);
  follow(trace_.decided(execution.commit.content));
  // S-7: a transaction is executed at most once.
  std::size_t index = 0;
  for (const auto& bundle : execution.block->bundles)
    for (const TxId& id : bundle->ids())
      if (!is_void(execution.marks.at(index++)) && !executed_ids_.insert(id).second)
        broke("a transaction is executed twice" + at(height, View{}));
}

void Checker::learn(const Executed& executed) {
  const Height height = executed.result.height;
  headers_[height] = executed.result;
  times_[height] = executed.result.time;
  if (executed.parameters || height.value == 0)
    parameters_[height] = executed.parameters.value_or(Parameters{});
  for (const consensus::KeyGrant& grant : executed.keys) keys_[{grant.org, grant.key}] = grant;
}

// S-9: an honest validator's prepare of a block that nobody locked is of the right leader's block,
// whose time fits its clock.
void Checker::judge_block(const VoteContent& vote, const Disk& disk, TimeMs wall) {
  const auto stored = disk.blocks.find(vote.hash);
  if (stored == disk.blocks.end()) return;  // executed since
  const BlockHeader& header = stored->second.block->header;
  const ValidatorSet* set = sets_.of(vote.epoch);
  if (header.proposer != set->leader(header.view, vote.height))
    broke("a prepare of a block that its leader did not propose" + at(vote.height, vote.view));
  if (header.view != vote.view) return;
  need_reference("a prepare", vote.height, disk);
  const auto parent = times_.find(Height(vote.height.value - 1));
  const std::uint64_t before = parent == times_.end() ? 0 : parent->second.value;
  // The clock may have stepped back since the block was judged.
  const std::uint64_t latest = wall.value + Parameters{}.clock_ahead_ms + kMostClockStepMs;
  if (header.time.value <= before ||
      (header.time.value > latest && before != 0 && header.time.value > before + 1))
    broke("a prepare of a block whose time does not fit" + at(vote.height, vote.view));
}

// S-10: what is not marked void is within its validity, and signed by a key that was active W
// blocks before.
void Checker::judge_transactions(const consensus::Execute& execution) {
  const BlockHeader& header = execution.block->header;
  const Height height = header.height;
  if (execution.block->bundles.empty()) return judge_empty(header, height);
  const Height reference(height.value - std::min(height.value, limits::kExecutionLag));
  std::size_t index = 0;
  for (const auto& bundle : execution.block->bundles) {
    const auto grant = keys_.find({bundle->org(), bundle->key()});
    if (grant == keys_.end() || grant->second.added > reference ||
        (grant->second.revoked && *grant->second.revoked <= reference))
      broke("a block with a bundle whose key is not active" + at(height, header.view));
    for (const Transaction& tx : bundle->transactions())
      if (!is_void(execution.marks.at(index++)) &&
          (tx.valid_until_height < height ||
           tx.valid_until_height.value > height.value + limits::kReplayHorizon))
        broke("an expired transaction is executed" + at(height, header.view));
  }
}

// S-11: an empty block has a reason: a timer is due, a set is pending, or the anchor interval
// passed.
void Checker::judge_empty(const BlockHeader& header, const Height& height) {
  const auto named = headers_.find(header.certified.height);
  const auto parent = times_.find(Height(height.value - 1));
  if (named == headers_.end() || parent == times_.end()) return;
  const Height reference(height.value - std::min(height.value, limits::kExecutionLag));
  auto in_force = parameters_.upper_bound(reference);
  const Parameters& p = std::prev(in_force)->second;
  const bool anchor =
      p.anchor_interval_ms != 0 && header.time.value >= parent->second.value + p.anchor_interval_ms;
  const bool timer = header.certified.height.next() == height &&
                     named->second.next_timer_due.value != 0 &&
                     header.time >= named->second.next_timer_due;
  const bool pending = header.certified.height.next() == height && named->second.next &&
                       height < named->second.next->height;
  if (!anchor && !timer && !pending)
    broke("an empty block without a reason" + at(height, header.view));
}

void Checker::executed(std::size_t node, const LedgerEntry& entry) {
  // S-8: equal results, hence equal marks, order and state.
  const auto [known, first] = roots_.try_emplace(entry.result.height, entry.result_hash);
  if (known->second != entry.result_hash)
    return broke("node " + std::to_string(node) + " has another result" +
                 at(entry.result.height, View{}));
  if (!first) return;
  learn(*entry.executed);
  const auto& next = entry.result.next;
  if (next && entry.executed->next_set && !sets_.begins_at(next->height))
    add_set(next->height, *entry.executed->next_set);
}

void Checker::certified(std::size_t node, const PublicKey& key,
                        const consensus::ResultCertified& result) {
  Height& highest = certified_[key];
  highest = std::max(highest, result.height);
  const Hash32& hash = result.certificate.content.hash;
  const auto [known, first] = results_.try_emplace(result.height, hash);
  // S-2: one result per height.
  if (known->second != hash) return broke("two results are certified" + at(result.height, View{}));
  const auto verified =
      verify_certificate(chain_, set_at(result.height), result.certificate, verifier_);
  if (!verified)
    broke("node " + std::to_string(node) + " holds a bad result certificate" +
          at(result.height, View{}) + ": " + verified.error().message);
}

void Checker::halted(std::size_t node, const consensus::Halted& halt) {
  broke("honest node " + std::to_string(node) + " halted at height " +
        std::to_string(halt.height.value) + ": " + halt.reason);
}

// S-14: the report names the first receipt that differs.
void Checker::diverged(std::size_t node, const LedgerEntry& entry, const std::string& what) {
  const std::string expected = entry.wrong_receipt
                                   ? "the first receipt that differs is " +
                                         std::to_string(*entry.wrong_receipt) + ", transaction " +
                                         to_hex(entry.executed->actions.at(*entry.wrong_receipt))
                                   : "all receipts are equal, but the gas used is ";
  if (!what.starts_with(expected))
    broke("node " + std::to_string(node) + " reports of its divergence" +
          at(entry.result.height, View{}) + ": " + what);
}

void Checker::accused(std::size_t node, const consensus::Evidence& evidence) {
  const Epoch epoch = evidence.votes.empty() ? evidence.proposals.front().content.epoch
                                             : evidence.votes.front().content.epoch;
  const std::uint32_t who =
      evidence.votes.empty() ? evidence.proposals.front().signer : evidence.votes.front().signer;
  const ValidatorSet* set = sets_.of(epoch);
  if (set == nullptr || who >= set->size())
    return broke("node " + std::to_string(node) + " keeps evidence of an unknown epoch or signer");
  const auto verified = verify_evidence(chain_, *set, evidence, verifier_);
  if (!verified)
    broke("node " + std::to_string(node) +
          " keeps evidence that does not verify: " + verified.error().message);
  if (!liars_.contains(set->validators[who].key))
    broke("node " + std::to_string(node) + " accuses the honest validator " + std::to_string(who));
}

void Checker::dropped(std::size_t node, const std::string& peer, bool peer_is_honest,
                      const std::string& reason) {
  if (peer_is_honest)
    broke("node " + std::to_string(node) + " dropped the honest peer " + peer + ": " + reason);
}

}  // namespace usance::sim
