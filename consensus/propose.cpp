// The leader's part: when a block is due, what it contains, and re-proposing a proven lock.
#include <algorithm>

#include "base/hash.h"
#include "consensus/core.h"

namespace usance::consensus {

TimeMs Core::next_time() const {
  return TimeMs(std::max(wall_.value, head_.time.value + 1));
}

// C-6.6: the parent's certificate proves that the view began, if it was decided in it.
bool Core::needs_proof() const {
  if (view_.value == 0) return false;
  return !head_commit_ || head_commit_->content.epoch != set_->epoch ||
         head_commit_->content.view != view_;
}

bool Core::holds_up_to(const NewViewProof& proof, Height base) {
  return std::all_of(proof.changes.begin(), proof.changes.end(),
                     [&](const auto& change) { return change.content.last <= base; });
}

// C-4.8: when there is something to include and its time has come, or when C-4.7 lets a block be
// empty.
void Core::try_propose() {
  if (!can_vote() || changing_ || !is_leader() || undecided_commit_) return;
  if (candidate_ && candidate_->view == view_ && candidate_->message) return;
  if (record_.proposed && record_.proposed->view >= view_ && !mutated(Mutation::kProposeAgain))
    return resume_proposal();
  if (certified_ < required_result(open()) || !knows_reference()) return;
  if (needs_proof()) {
    // A view may have begun above what this node has decided; which heights it leads depends on
    // them (C-1.3). It catches up first: the proof is none for the height that is open here.
    if (!begun_ || !holds_up_to(begun_->proof, committed_)) return;
    const auto lock = highest_lock(begun_->proof, committed_);
    if (lock && !mutated(Mutation::kLockIgnored)) {
      const auto body = bodies_.find(lock->block);
      if (body != bodies_.end()) {
        const BlockPtr locked = body->second;  // keeping a body may move or drop others
        propose_block(locked, true);
      }
      return;  // fetch_missing_bodies() asks for it
    }
  }
  const TimeMs time = next_time();
  const Inclusion at = inclusion(open(), time);
  const BlockPtr demanded = carried();
  std::vector<BundlePtr> bundles = demanded ? demanded->bundles : std::vector<BundlePtr>();
  const bool interval_passed = mono_ >= parent_seen_ms_ + at.parameters.block_interval_ms;
  if (!demanded && !pool_.empty() && picked_ms_ != mono_ &&
      (interval_passed || pool_.fills_block(at.parameters))) {
    bundles = pool_.pick(at);
    if (bundles.empty()) picked_ms_ = mono_;  // not again before time has passed
  }
  if (bundles.empty() && !demanded &&
      !(executed_ == committed_ &&
        empty_block_allowed(time, head_, certified_, executed_result_, at.parameters)))
    return;

  auto block = std::make_shared<CheckedBlock>();
  std::vector<Hash32> hashes;
  hashes.reserve(bundles.size());
  for (const BundlePtr& bundle : bundles) hashes.push_back(bundle->hash());
  block->header = BlockHeader{config_.chain,
                              set_->epoch,
                              open(),
                              view_,
                              *self_,
                              head_hash_,
                              body_root(hashes),
                              time,
                              ResultRef{certified_, certified_hash_}};
  block->hash = block_hash(block->header);
  block->bundles = std::move(bundles);
  propose_block(block, false);
}

void Core::propose_block(const BlockPtr& block, bool locked) {
  USANCE_INVARIANT(!record_.proposed || record_.proposed->view < view_ ||
                   mutated(Mutation::kProposeAgain));
  record_.proposed = CastVote{view_, block->hash};
  keep_body(block);
  store_for_vote(block);
  dirty_ = true;
  auto message = make_proposal(block);
  candidate_ = Candidate{message, view_, block->header, block->hash, block, true, false, ""};
  candidate_ms_ = mono_;
  if (!locked) parent_seen_ms_ = mono_;
  send(Audience::kValidators, *message, {}, true);
}

std::shared_ptr<const Message> Core::make_proposal(const BlockPtr& block) {
  Proposal proposal;
  proposal.view = view_;
  proposal.signer = *self_;
  proposal.header = block->header;
  proposal.body = block->body();
  proposal.parent = head_commit_;
  // A lock's proof vouches for the whole header; a free proposal proves the result it names.
  if (block->header.certified.height.value != 0 && block->header.certified.height == certified_)
    proposal.certified = certified_proof_;
  if (needs_proof()) proposal.new_view = begun_->proof;
  proposal.signature = signer_at(open())->sign(
      proposal_digest(config_.chain, ProposalContent{set_->epoch, view_, open(), block->hash}));
  return std::make_shared<const Message>(std::move(proposal));
}

// After a restart: the stored proposal stands for this view, another is never made.
void Core::resume_proposal() {
  if (record_.proposed->view != view_) return;
  if (needs_proof() && !begun_) return;
  const auto body = bodies_.find(record_.proposed->block);
  if (body == bodies_.end()) return;
  const BlockPtr block = body->second;
  const Height named = block->header.certified.height;
  if (block->header.view == view_ && named.value != 0 && named != certified_ &&
      needs_certificate(block->header.certified)) {
    // The certificate that proves the named result must go along.
    const auto known = certificates_.find(named);
    if (known == certificates_.end()) return;
  }
  candidate_ = Candidate{nullptr, view_, block->header, block->hash, block, true, false, ""};
  candidate_ms_ = mono_;
  Proposal proposal = std::get<Proposal>(*make_proposal(block));
  if (!proposal.certified && named.value != 0) {
    const auto known = certificates_.find(named);
    if (known != certificates_.end()) proposal.certified = known->second;
  }
  candidate_->message = std::make_shared<const Message>(std::move(proposal));
  // Already durable: it was stored before it was first sent.
  send(Audience::kValidators, *candidate_->message);
}

}  // namespace usance::consensus
