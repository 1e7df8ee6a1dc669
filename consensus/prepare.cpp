// A proposal arrives, and the first vote on it.
#include <algorithm>

#include "base/hash.h"
#include "consensus/core.h"

namespace usance::consensus {

void Core::on_message(const PeerId& from, const std::shared_ptr<const Message>& message,
                      const Proposal& proposal) {
  const BlockHeader& header = proposal.header;
  if (header.chain != config_.chain) return drop(from, "a proposal of another chain");
  if (header.height < open()) return answer_stale(from);
  const ValidatorSet* set = sets_.at(header.height);
  if (header.height > open().next() || set == nullptr || set->epoch != header.epoch) {
    // Too far ahead to judge; its parent tells how far the others are.
    if (PeerInfo* info = peer(from); info != nullptr && header.height > open())
      info->status.committed = std::max(info->status.committed, Height(header.height.value - 1));
    return;
  }
  if (proposal.signer != set->leader(proposal.view, header.height) &&
      !mutated(Mutation::kWrongLeaderAccepted))
    return drop(from, "not the leader");
  const Hash32 hash = block_hash(header);
  const SignedProposal said{ProposalContent{header.epoch, proposal.view, header.height, hash},
                            proposal.signer, proposal.signature};
  if (!check_.proposal(*set, said)) return drop(from, "a proposal's signature does not verify");
  if (set == set_) last_signed_[proposal.signer] = header.height;

  // The parent's certificate may decide the open height before its votes do.
  if (header.height == open().next()) {
    if (!proposal.parent || proposal.parent->content.height != open() ||
        proposal.parent->content.kind != VoteKind::kCommit ||
        !check_.certificate(*set_, *proposal.parent))
      return drop(from, "a proposal without its parent's commit certificate");
    early_ = message;
    early_from_ = from;
    learn_commit(*proposal.parent);  // opening the next height takes early_ up
    return;
  }
  if (proposal.view < std::max(view_, asked_) && proposal.view != view_) return answer_stale(from);
  if (changing_ && proposal.view < asked_) return;
  if (proposal.view == view_) note_leader(said);
  if (candidate_ && candidate_->view == proposal.view &&
      !(mutated(Mutation::kPrepareTwice) && candidate_->hash != hash))
    return;
  bool locked = false;
  std::optional<NewView> begun;
  if (!proposal_fits(from, proposal, hash, locked, begun)) return;
  if (proposal.view > view_ || changing_) {
    enter_view(proposal.view, std::move(begun));
    note_leader(said);
  }
  candidate_ = Candidate{message, proposal.view, header, hash, nullptr, locked, false, ""};
  candidate_ms_ = mono_;
  if (!locked) parent_seen_ms_ = mono_;
  const auto known = bodies_.find(hash);
  if (known != bodies_.end()) {
    candidate_->block = known->second;
    return;
  }
  CheckJob job{CheckJob::Purpose::kCandidate, from, {}, {}, {}};
  std::vector<Bytes> unknown;
  auto block = assemble(header, hash, proposal.body, unknown);
  if (!block) {
    candidate_->refused = true;
    candidate_->reason = "the body does not match the header";
    return drop(from, candidate_->reason);
  }
  job.blocks.push_back(std::move(block));
  check_or_finish(std::move(job), std::move(unknown), !locked);
}

// The header against its parent, the proof that the view may begin, and the proof of the result
// that it names (C-3.2). Sets locked if the block is the one that the proof's lock demands.
bool Core::proposal_fits(const PeerId& from, const Proposal& proposal, const Hash32& hash,
                         bool& locked, std::optional<NewView>& begun) {
  const BlockHeader& header = proposal.header;
  if (header.height.value > 1) {
    const Height parent_height(header.height.value - 1);
    const ValidatorSet* parent_set = sets_.at(parent_height);
    if (!proposal.parent || parent_set == nullptr ||
        proposal.parent->content.kind != VoteKind::kCommit ||
        proposal.parent->content.height != parent_height ||
        proposal.parent->content.hash != header.parent ||
        !check_.certificate(*parent_set, *proposal.parent)) {
      drop(from, "a proposal without its parent's commit certificate");
      return false;
    }
    if (!learn_commit(*proposal.parent)) return false;
  }
  if (header.parent != head_hash_) {
    drop(from, "a proposal on another parent");
    return false;
  }
  const bool begun_by_parent = proposal.parent && proposal.parent->content.epoch == set_->epoch &&
                               proposal.parent->content.view == proposal.view;
  if (proposal.view.value != 0 && !begun_by_parent && !mutated(Mutation::kProofUnchecked)) {
    if (!proposal.new_view || !proof_holds(*proposal.new_view, proposal.view, committed_)) {
      drop(from, "a proposal without the proof that its view began");
      return false;
    }
    begun = NewView{*proposal.new_view, proposal.parent};
    if (const auto lock = highest_lock(*proposal.new_view, committed_)) {
      const std::optional<Certificate>& proof = proposal.new_view->lock;
      const VoteContent expected{VoteKind::kPrepare, set_->epoch, lock->view, open(), lock->block};
      if (!mutated(Mutation::kLockIgnored)) {
        if (!proof || proof->content != expected || !check_.certificate(*set_, *proof) ||
            hash != lock->block) {
          drop(from, "a new view that does not propose the block of its highest lock");
          return false;
        }
        locked = true;
      }
    }
  }
  if (locked) return true;
  if (header.view != proposal.view || header.proposer != proposal.signer) {
    drop(from, "a free proposal that names another view or proposer");
    return false;
  }
  return check_named_result(from, proposal);
}

// C-4.2: a certified result of the window, with its certificate.
bool Core::check_named_result(const PeerId& from, const Proposal& proposal) {
  const ResultRef& named = proposal.header.certified;
  if (named.height < required_result(open()) || named.height >= open()) {
    drop(from, "a proposal that names a result outside its window");
    return false;
  }
  if (named.height.value == 0) {
    if (named.result_hash == config_.genesis_result) return true;
    drop(from, "a proposal that names another genesis result");
    return false;
  }
  if (!needs_certificate(named)) return true;
  const ValidatorSet* set = sets_.at(named.height);
  if (!proposal.certified || set == nullptr ||
      proposal.certified->content !=
          VoteContent{VoteKind::kExec, set->epoch, View{}, named.height, named.result_hash} ||
      !check_.certificate(*set, *proposal.certified)) {
    drop(from, "a proposal without the certificate of the result it names");
    return false;
  }
  return learn_result(*proposal.certified);
}

void Core::note_leader(const SignedProposal& proposal) {
  if (leader_said_ && leader_said_->content.view == proposal.content.view &&
      leader_said_->content.height == proposal.content.height) {
    if (leader_said_->content.block != proposal.content.block)
      found(Evidence{{}, {*leader_said_, proposal}});
    return;
  }
  leader_said_ = proposal;
}

BlockJudgement Core::judge(const Candidate& candidate) const {
  // C-4.1: what decides validity is read from A(h), so A(h) must be here.
  if (!knows_reference()) return {Verdict::kWait, "the reference state is not here"};
  const Inclusion at = inclusion(open(), candidate.header.time);
  const BlockContext context{head_, at, wall_, 4 * timeout_ms(), executed_, executed_result_};
  const BlockJudgement time = judge_time(candidate.header.time, context);
  if (const BlockPtr demanded = carried()) {
    if (candidate.header.body_root != demanded->header.body_root)
      return {Verdict::kInvalid, "not the block that the recovery record carries"};
    return time;
  }
  return time.verdict == Verdict::kValid ? judge_body(*candidate.block, context) : time;
}

void Core::try_prepare() {
  if (!can_vote() || !self_ || !candidate_ || candidate_->view != view_) return;
  if (changing_ && !mutated(Mutation::kVoteBelowViewChange)) return;
  Candidate& c = *candidate_;
  if (!c.block || c.refused || undecided_commit_) return;
  if (record_.prepared && record_.prepared->view >= view_) {
    // C-3.1: at most once per (view, height); the same vote is repeated by repeat_what_was_sent().
    if (!mutated(Mutation::kPrepareTwice) || record_.prepared->block == c.hash) return;
  }
  if (!c.judged) {
    const BlockJudgement judgement = judge(c);
    if (judgement.verdict != Verdict::kValid) withheld_ = {open(), judgement.why};
    if (judgement.verdict == Verdict::kWait) return;
    if (judgement.verdict == Verdict::kInvalid) {
      c.refused = true;
      c.reason = judgement.why;
      return;
    }
    c.judged = true;
  }
  if (withheld_.height == open()) withheld_ = {};
  record_.prepared = CastVote{view_, c.hash};
  store_for_vote(c.block);
  cast(VoteKind::kPrepare, open(), c.hash);
}

}  // namespace usance::consensus
