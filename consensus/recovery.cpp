// From what lies on the disk to where the replica stood (C-7.3, C-7.4).
#include <algorithm>

#include "consensus/core.h"

namespace usance::consensus {

Core::Core(const Config& config, const Recovery& recovery)
    : config_(config), check_(config.chain, *config.verifier), pool_(config.mempool) {
  recover(recovery);
  recover_votes(recovery);
}

void Core::recover(const Recovery& recovery) {
  USANCE_INVARIANT(!recovery.sets.empty() && !recovery.parameters.empty());
  for (const auto& [first, set] : recovery.sets) sets_.add(first, set);
  recover_sets(recovery.recoveries);
  for (const auto& [height, parameters] : recovery.parameters) parameters_[height] = parameters;
  for (const KeyGrant& grant : recovery.keys) keys_.put(grant);
  if (!mutated(Mutation::kIdsForgotten))
    for (const auto& [height, ids] : recovery.recent_ids) recent_.add(height, ids);

  base_ = recovery.base;
  executed_ = recovery.head.height;
  executing_ = executed_;
  executed_result_ = recovery.head_result;
  committed_ = executed_;
  head_ = recovery.head;
  head_hash_ = block_hash(recovery.head);
  head_commit_ = recovery.head_commit;
  certified_ = recovery.certified;
  certified_hash_ = config_.genesis_result;
  certified_proof_ = recovery.certified_proof;
  if (certified_proof_) {
    certified_hash_ = certified_proof_->content.hash;
    certificates_[certified_] = *certified_proof_;
  }
  for (const ResultRef& own : recovery.uncertified)
    if (own.height > certified_ && own.height <= executed_)
      result_slot(own.height).own = own.result_hash;
  certify_recovered();

  for (const auto& [block, commit] : recovery.ordered) {
    if (block->header.height != open() || block->header.parent != head_hash_) break;
    auto marks = void_marks(open(), block->header.time, block->bundles, recent_);
    if (!mutated(Mutation::kOrderedIdsForgotten))
      recent_.add(open(), ordered_ids(block->bundles, marks));
    committed_ = block->header.height;
    head_ = block->header;
    head_hash_ = block->hash;
    head_commit_ = commit;
    tail_[committed_] = Decided{block, commit, std::move(marks)};
  }
  stored_ = committed_;
  set_ = sets_.at(open());
  USANCE_INVARIANT(set_ != nullptr);
  self_ = index_at(open());
  view_changes_.assign(set_->size(), std::nullopt);
  last_signed_.assign(set_->size(), Height{});
  for (const BlockPtr& block : recovery.undecided) {
    if (block->header.height != open() || block->header.parent != head_hash_) continue;
    bodies_[block->hash] = block;
    stored_bodies_.insert(block->hash);
    stored_ahead_.insert(block->hash);
  }
}

void Core::recover_votes(const Recovery& recovery) {
  boot_nonce_ = recovery.boot_nonce;
  bool forgotten = recovery.amnesiac;
  record_.epoch = set_->epoch;
  record_.height = open();
  record_.seen.assign(set_->size(), 0);
  Token found = 0;
  record_.sequence = std::max(recovery.vote_log_sequence, recovery.ledger_vote_sequence);
  if (recovery.vote_record) {
    auto record = decode<VoteRecord>(*recovery.vote_record);
    if (!record) {
      forgotten = !mutated(Mutation::kLogLossIgnored);
    } else {
      found = record->sequence;
      if (mutated(Mutation::kVoteForgotten)) {
        record_.sequence = record->sequence;
      } else {
        // The sequence goes on above all that is known of it, so that what was lost stays noticed.
        record->sequence = std::max(record->sequence, record_.sequence);
        record_ = std::move(*record);
      }
    }
  }
  if (found < recovery.ledger_vote_sequence && !mutated(Mutation::kLogLossIgnored))
    forgotten = true;
  durable_ = record_.sequence;
  found_ = record_.sequence;
  vote_floor_ = record_.height;
  if (record_.epoch > set_->epoch) ahead_ = record_;
  // what was signed on the open height in an epoch that ended below it is void.
  if (record_.epoch < set_->epoch && record_.height == open()) forget_votes();
  if (record_.epoch != set_->epoch) {
    // The record is of another epoch: nothing in it binds the open height.
    carry_seen(sets_.of(record_.epoch));
    record_.epoch = set_->epoch;
    record_.view = View{};
    record_.view_change.reset();
  }
  record_.seen.resize(set_->size(), 0);
  if (record_.height < open()) {
    record_.height = open();
    forget_votes();
  }
  if (forgotten && !is_first_with_key()) forget_key();
  resume_view();
  if (!self_) return;
  if (record_.height != open() || amnesiac()) return;
  // What was signed in this view is signed again, the same bytes, and repeated.
  HeightVotes& votes = votes_[open()];
  votes.prepare.resize(set_->size());
  votes.commit.resize(set_->size());
  const auto again = [&](VoteKind kind, const std::optional<CastVote>& cast,
                         std::optional<Vote>& slot) {
    if (!cast || cast->view != view_) return;
    Vote vote;
    vote.content = VoteContent{kind, set_->epoch, cast->view, open(), cast->block};
    vote.signer = *self_;
    vote.signature = signer_at(open())->sign(vote_digest(config_.chain, vote.content));
    slot = vote;
  };
  again(VoteKind::kPrepare, record_.prepared, votes.prepare[*self_]);
  again(VoteKind::kCommit, record_.committed, votes.commit[*self_]);
  if (record_.prepared && record_.prepared->view == view_) {
    const auto body = bodies_.find(record_.prepared->block);
    if (body != bodies_.end())
      candidate_ = Candidate{nullptr, view_, body->second->header, body->first, body->second, true,
                             false,   ""};
  }
}

void Core::forget_votes() {
  record_.proposed.reset();
  record_.prepared.reset();
  record_.committed.reset();
  record_.lock.reset();
}

// S-5: in the view that the record names, and out of it for good if another was asked for.
void Core::resume_view() {
  view_ = record_.view;
  asked_ = view_;
  if (!self_ || !record_.view_change || record_.view_change->change.content.view <= view_) return;
  asked_ = record_.view_change->change.content.view;
  changing_ = true;
  view_changes_[*self_] = record_.view_change;
}

}  // namespace usance::consensus
