// Execution of decided heights, votes on their results, and result certificates (C-8).
#include <algorithm>

#include "consensus/core.h"

namespace usance::consensus {

namespace {

// Result votes are kept this far above the certified height.
constexpr std::uint64_t kResultWindow = 4 * limits::kExecutionLag;
// Own result votes are cast this far above it. Ordering needs W; a node that catches up from blocks
// alone, far above what it knows to be certified, would outgrow its vote record. A restart may find
// fewer heights certified than were, hence half of what the record holds.
constexpr std::uint64_t kOwnResultWindow = 2 * limits::kExecutionLag;

}  // namespace

// C-8.1: in order, at most W at a time.
void Core::run_execution() {
  while (executing_ < committed_ && executing_.value - executed_.value < kMaxUnexecuted) {
    executing_ = executing_.next();
    const Decided& d = tail_.at(executing_);
    emit(Execute{d.block, d.marks, d.commit, durable_});
  }
}

ResultSlot& Core::result_slot(Height height) {
  ResultSlot& slot = results_[height];
  if (const ValidatorSet* set = sets_.at(height)) slot.votes.resize(set->size());
  return slot;
}

void Core::on(const Executed& event) {
  const Height height = event.result.height;
  if (height != executed_.next() || height > executing_) return;
  const Decided& d = tail_.at(height);
  if (event.result.block != d.block->hash)
    return halt(height, "the executor reports a result for another block", event.result_hash);
  executed_ = height;
  executed_result_ = event.result;
  if (event.parameters) parameters_[height] = *event.parameters;
  while (parameters_.size() > 1 && std::next(parameters_.begin())->first <= reference_of(open()))
    parameters_.erase(parameters_.begin());
  for (const KeyGrant& grant : event.keys) keys_.put(grant);
  if (const auto* recovery = recovered_behind(height);
      recovery != nullptr && recovery->result_hash != event.result_hash)
    return halt(height, "the members' recovery record names another result of this height",
                event.result_hash, recovery->result_hash);
  if (event.result.next && event.next_set && !is_cancelled(*event.result.next, height) &&
      event.next_set->epoch == event.result.next->epoch && event.result.next->height > committed_ &&
      !sets_.begins_at(event.result.next->height)) {
    sets_.add(event.result.next->height, *event.next_set);
    if (event.result.next->height == open() && !mutated(Mutation::kEpochLate)) begin_epoch_late();
  }

  ResultSlot& slot = result_slot(height);
  slot.own = event.result_hash;
  if (slot.certificate && slot.certificate->content.hash != event.result_hash)
    return diverge(event.result_hash, *slot.certificate);
  // Peers that are a little behind are served from memory.
  while (!tail_.empty() && tail_.begin()->first.value + 2 * limits::kExecutionLag < executed_.value)
    tail_.erase(tail_.begin());
  if (undecided_commit_)
    learn_commit(Certificate(*undecided_commit_));  // C-8.5: there is room again
}

// C-8.2: one result vote per height, once execution is durable; never two different ones, across
// restarts. A certified height needs no vote.
void Core::vote_results() {
  if (!can_vote()) return;
  for (auto& [height, slot] : results_) {
    if (height > executed_) break;
    if (height.value > certified_.value + kOwnResultWindow && !mutated(Mutation::kResultsUnbounded))
      break;
    if (!slot.own || slot.voted || slot.certificate) continue;
    if (!may_sign(height)) continue;
    const auto signed_before =
        std::find_if(record_.results.begin(), record_.results.end(),
                     [&, h = height](const ResultRef& ref) { return ref.height == h; });
    if (signed_before != record_.results.end()) {
      if (signed_before->result_hash != *slot.own)
        return halt(height, "executing again gave another result than this node signed", slot.own,
                    signed_before->result_hash);
    } else {
      if (record_.results.size() >= kMaxRecordedResults && !mutated(Mutation::kResultsUnbounded))
        break;
      record_.results.push_back(ResultRef{height, *slot.own});
    }
    slot.voted = true;
    cast(VoteKind::kExec, height, *slot.own);
  }
}

void Core::on_exec_vote(const PeerId& from, const Vote& vote) {
  const Height height = vote.content.height;
  if (height <= certified_) {
    // C-8.4: the sender repeats it because it lacks the certificate.
    PeerInfo* info = peer(from);
    const auto known = certificates_.find(height);
    if (info == nullptr || known == certificates_.end() || info->answered_ms + 50 > mono_) return;
    info->answered_ms = mono_;
    Results results;
    for (auto it = known;
         it != certificates_.end() && results.certificates.size() < kMaxResultsPerMessage; ++it)
      results.certificates.push_back(it->second);
    return send(Audience::kPeer, results, from);
  }
  const ValidatorSet* set = sets_.at(height);
  // Above executed + 2W a change of the set may lie that is not known here yet (C-9.1).
  if (set == nullptr || height.value > certified_.value + kResultWindow ||
      height.value > executed_.value + 2 * limits::kExecutionLag)
    return;
  if (vote.content.view.value != 0 || vote.content.epoch != set->epoch ||
      vote.signer >= set->size())
    return drop(from, "a result vote of another epoch, or of nobody");
  const auto& slot = result_slot(height).votes[vote.signer];
  if (slot && slot->content == vote.content) return;
  if (!mutated(Mutation::kResultVoteUnverified) && !check_.vote(*set, vote))
    return drop(from, "a result vote's signature does not verify");
  count_exec_vote(vote);
}

void Core::count_exec_vote(const Vote& vote) {
  const Height height = vote.content.height;
  if (height <= certified_) return;
  const ValidatorSet& set = *sets_.at(height);
  ResultSlot& slot = result_slot(height);
  auto& mine = slot.votes[vote.signer];
  if (mine) {
    // The first one counts; a second, different one is evidence.
    if (mine->content.hash != vote.content.hash) found(Evidence{{*mine, vote}, {}});
    return;
  }
  mine = vote;
  if (&set == set_) last_signed_[vote.signer] = std::max(last_signed_[vote.signer], height);
  auto equal = equal_votes(slot.votes, vote.content, quorum_of(set));
  if (!equal.empty()) learn_result(certificate_from(set, vote.content, std::move(equal)));
}

// A verified result certificate. False if it contradicts what this node executed, which halts this
// node alone (C-8.3).
bool Core::learn_result(const Certificate& certificate) {
  const Height height = certificate.content.height;
  if (height <= certified_ || height.value > certified_.value + kResultWindow) return true;
  ResultSlot& slot = result_slot(height);
  if (slot.own && *slot.own != certificate.content.hash) {
    diverge(*slot.own, certificate);
    return false;
  }
  if (!slot.certificate) slot.certificate = certificate;
  return true;
}

// Moves the certified height on, without gaps, and only over what this node executed itself.
void Core::certify() {
  certify_recovered();
  while (!results_.empty()) {
    auto first = results_.begin();
    ResultSlot& slot = first->second;
    if (first->first != certified_.next() || !slot.own || !slot.certificate) break;
    certified_ = first->first;
    certified_hash_ = *slot.own;
    certified_proof_ = slot.certificate;
    emit(ResultCertified{certified_, *slot.certificate});
    certificates_[certified_] = std::move(*slot.certificate);
    results_.erase(first);
    announce_due_ = true;
  }
  while (certificates_.size() > kResultWindow) certificates_.erase(certificates_.begin());
  std::erase_if(record_.results, [&](const ResultRef& ref) { return ref.height <= certified_; });
  sets_.forget_below(Height(std::min(certified_.value, executed_.value)));
}

}  // namespace usance::consensus
