// Votes on the open height, locks, and decisions.
#include <algorithm>

#include "consensus/core.h"

namespace usance::consensus {

void Core::on_message(const PeerId& from, const Vote& vote) {
  if (vote.content.kind == VoteKind::kExec) return on_exec_vote(from, vote);
  const Height height = vote.content.height;
  if (height < open()) return answer_stale(from);
  // C-3.5: votes only for the open height and the next, so memory is bounded.
  const ValidatorSet* set = sets_.at(height);
  if (height > open().next() || set == nullptr || set->epoch != vote.content.epoch) return;
  if (vote.signer >= set->size()) return drop(from, "a vote of nobody");
  if (!mutated(Mutation::kVoteUnverified) && !check_.vote(*set, vote))
    return drop(from, "a vote's signature does not verify");
  count_vote(vote);
}

void Core::count_vote(const Vote& vote) {
  const Height height = vote.content.height;
  if (height != open() && height != open().next()) return;
  const ValidatorSet& set = *sets_.at(height);
  if (vote.content.epoch != set.epoch) return;
  HeightVotes& votes = votes_[height];
  auto& slots = vote.content.kind == VoteKind::kPrepare ? votes.prepare : votes.commit;
  slots.resize(set.size());
  std::optional<Vote>& slot = slots[vote.signer];
  if (slot) {
    if (slot->content.view == vote.content.view && slot->content.hash != vote.content.hash)
      found(Evidence{{*slot, vote}, {}});
    if (slot->content.view >= vote.content.view) return;
  }
  slot = vote;
  if (&set == set_) last_signed_[vote.signer] = std::max(last_signed_[vote.signer], height);
  if (height == open() && vote.content.kind == VoteKind::kCommit) find_decision();
}

// C-3.3: q prepares of the current view make a lock; with the body here, commit.
void Core::try_commit() {
  if (!can_vote() || !self_ || !candidate_ || candidate_->view != view_ || !candidate_->block)
    return;
  if (changing_ && !mutated(Mutation::kVoteBelowViewChange)) return;
  if (record_.committed && record_.committed->view >= view_) return;
  const auto votes = votes_.find(open());
  if (votes == votes_.end()) return;
  const VoteContent content{VoteKind::kPrepare, set_->epoch, view_, open(), candidate_->hash};
  auto prepares = equal_votes(votes->second.prepare, content, quorum_of(*set_));
  if (prepares.empty()) {
    if (!mutated(Mutation::kCommitUnlocked) ||
        equal_votes(votes->second.prepare, content, set_->faults() + 1).empty())
      return;
    record_.committed = CastVote{view_, candidate_->hash};
    store_for_vote(candidate_->block);
    return cast(VoteKind::kCommit, open(), candidate_->hash);
  }
  USANCE_INVARIANT(!record_.lock || record_.lock->content.view <= view_);
  record_.lock = certificate_from(*set_, content, std::move(prepares));
  record_.committed = CastVote{view_, candidate_->hash};
  store_for_vote(candidate_->block);
  cast(VoteKind::kCommit, open(), candidate_->hash);
}

// C-3.4: q commits decide, whatever view this node is in.
void Core::find_decision() {
  const auto votes = votes_.find(open());
  if (votes == votes_.end()) return;
  for (const auto& slot : votes->second.commit) {
    if (!slot) continue;
    auto commits = equal_votes(votes->second.commit, slot->content, quorum_of(*set_));
    if (commits.empty()) continue;
    const Certificate certificate = certificate_from(*set_, slot->content, std::move(commits));
    learn_commit(certificate);
    return;
  }
}

// A verified commit certificate. False if it contradicts what is decided here.
bool Core::learn_commit(const Certificate& certificate) {
  const Height height = certificate.content.height;
  if (height <= committed_) {
    const auto known = tail_.find(height);
    const Hash32* hash = height == committed_   ? &head_hash_
                         : known != tail_.end() ? &known->second.block->hash
                                                : nullptr;
    if (hash != nullptr && *hash != certificate.content.hash) {
      halt(height, "two commit certificates for one height: more than f validators are faulty");
      return false;
    }
    return true;
  }
  if (height > open()) return true;
  const auto body = bodies_.find(certificate.content.hash);
  if (body == bodies_.end() || !execution_keeps_up()) {
    if (!undecided_commit_) undecided_commit_ = certificate;
    return true;
  }
  decide(body->second, certificate);
  return true;
}

// C-8.5: decided blocks stay in memory until they are executed; a node that executes slower than
// the others order, or not at all, waits here and fetches what it missed.
bool Core::execution_keeps_up() const {
  return committed_.value - executed_.value <= 2 * limits::kExecutionLag;
}

void Core::decide(BlockPtr block, Certificate certificate) {
  const Height height = block->header.height;
  USANCE_INVARIANT(height == open() && block->header.parent == head_hash_);
  auto marks = void_marks(height, block->header.time, block->bundles, recent_);
  recent_.add(height, ordered_ids(block->bundles, marks));
  note_passed_over(pool_.remove(block->bundles));
  committed_ = height;
  head_ = block->header;
  head_hash_ = block->hash;
  head_commit_ = certificate;
  tail_[height] = Decided{std::move(block), std::move(certificate), std::move(marks)};
  open_next();
}

// Forgets the decided height and takes up what arrived early for the next.
void Core::open_next() {
  const View decided_in = head_commit_->content.view;
  if (candidate_ == std::nullopt || candidate_->hash != head_hash_) parent_seen_ms_ = mono_;
  candidate_.reset();
  bodies_.clear();
  for (const Hash32& body : stored_bodies_)
    if (body != head_hash_) stored_ahead_.erase(body);
  stored_bodies_.clear();
  undecided_commit_.reset();
  leader_said_.reset();
  votes_.erase(votes_.begin(), votes_.lower_bound(open()));
  std::erase_if(own_votes_,
                [](const OwnVote& own) { return own.vote.content.kind != VoteKind::kExec; });
  if (open() > record_.height) {  // else recovered votes of a height that is still ahead
    record_.height = open();
    forget_votes();
  }
  failures_ = 0;
  if (!changing_) deadline_.reset();

  if (sets_.begins_at(open())) {
    begin_epoch();
  } else if (head_commit_->content.epoch == set_->epoch && decided_in >= asked_ &&
             (decided_in > view_ || changing_)) {
    enter_view(decided_in, std::nullopt);  // C-6.7: q members voted in it
  }
  announce_due_ = true;

  const auto early = std::move(early_);
  early_.reset();
  if (early && std::get<Proposal>(*early).header.height == open())
    on_message(early_from_, early, std::get<Proposal>(*early));
  else
    find_decision();
}

// C-7.2: before a vote on h leaves, its body is durable.
void Core::store_for_vote(const BlockPtr& block) {
  dirty_ = true;
  if (mutated(Mutation::kBodyNotDurable)) return;
  if (!stored_bodies_.insert(block->hash).second) return;
  stored_ahead_.insert(block->hash);
  to_store_.push_back({block, false, std::nullopt});
}

// C-7.2: a record of height h has forgotten the votes of h - 1, so with any record goes body and
// commit certificate of every decided height that neither execution nor a record stored yet.
void Core::store_decided() {
  if (mutated(Mutation::kParentNotDurable)) return;
  for (auto decided = tail_.upper_bound(std::max(stored_, executed_)); decided != tail_.end();
       ++decided) {
    const Decided& d = decided->second;
    to_store_.push_back({d.block, stored_ahead_.erase(d.block->hash) != 0, d.commit});
  }
  stored_ = committed_;
}

}  // namespace usance::consensus
