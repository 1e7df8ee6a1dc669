// When patience ends (C-6.2, C-6.3): the timer runs only while there is work that the leader could
// do, so that an idle or overloaded network does not change views.
#include <algorithm>

#include "consensus/core.h"

namespace usance::consensus {

// T_k = min(base * 1.5^k, max), k = views failed since the last decision.
std::uint64_t Core::timeout_ms() const {
  const Parameters& p = parameters_at(reference_of(open()));
  std::uint64_t t = p.base_timeout_ms;
  for (std::uint32_t k = 0;
       k < failures_ && (t < p.max_timeout_ms || mutated(Mutation::kTimerUncapped)); ++k)
    t += t / 2;
  return mutated(Mutation::kTimerUncapped) ? t : std::min<std::uint64_t>(t, p.max_timeout_ms);
}

bool Core::has_work() const {
  // Waiting for execution is no reason to blame the leader.
  if (certified_ < required_result(open())) return false;
  // Others have decided already: what is missing here is theirs to serve, not the leader's.
  if (undecided_commit_ || others_are_ahead()) return false;
  if (candidate_ || carried()) return true;
  const Inclusion at = inclusion(open(), next_time());
  if (executed_ == committed_ &&
      empty_block_allowed(wall_, head_, committed_, executed_result_, at.parameters))
    return true;
  if (mutated(Mutation::kPatienceForEver)) return false;
  const Mempool::Entry* oldest = pool_.oldest(at);
  if (oldest == nullptr) return false;
  // A leader that is there may be busy; one that is gone proposes nothing.
  return gone_.contains(set_->validators[set_->leader(view_, open())].key) ||
         mono_ >= oldest->admitted_ms + at.parameters.request_timeout_ms;
}

// f + 1 validators say so, hence an honest one.
bool Core::others_are_ahead() const {
  std::size_t ahead = 0;
  for (const Validator& validator : set_->validators) {
    const auto known = peers_.find(validator.key);
    if (known != peers_.end() && known->second.status.committed > committed_) ++ahead;
  }
  return ahead > set_->faults();
}

void Core::check_timers() {
  if (!can_vote() || !self_) return;
  if (changing_) {
    // C-6.3: asks for the next view only after q members asked for at least this one.
    if (!deadline_) {
      if (asking_for(asked_) >= quorum_of(*set_) || mutated(Mutation::kAskAhead))
        deadline_ = mono_ + timeout_ms();
      return;
    }
  } else {
    check_starvation();
    if (changing_) return;
    if (!has_work()) {
      deadline_.reset();
      return;
    }
    if (!deadline_) {
      deadline_ = mono_ + timeout_ms();
      return;
    }
  }
  if (mono_ < *deadline_) return;
  failures_ += 1;
  request_view(std::max(view_, asked_).next());
}

// After a decision: did the leader pass over this node's oldest bundle, for bundles that came here
// at least T_req later? (Less could be a difference in arrival.)
void Core::note_passed_over(std::optional<std::uint64_t> newest_included_ms) {
  if (!newest_included_ms) return;
  const Inclusion at = inclusion(open().next(), next_time());
  const Mempool::Entry* oldest = pool_.oldest(at);
  if (oldest == nullptr ||
      *newest_included_ms < oldest->admitted_ms + at.parameters.request_timeout_ms) {
    if (oldest == nullptr || oldest->bundle->hash() != starved_) {
      passed_over_ = 0;
      starved_ms_.reset();
    }
    return;
  }
  if (oldest->bundle->hash() != starved_) {
    starved_ = oldest->bundle->hash();
    passed_over_ = 0;
    starved_ms_.reset();
  }
  passed_over_ += 1;
}

// A leader that commits blocks but withholds a bundle does not get away with it.
void Core::check_starvation() {
  if (passed_over_ < 2) return;
  if (!pool_.find(starved_)) {
    passed_over_ = 0;
    starved_ms_.reset();
    return;
  }
  if (!starved_ms_) starved_ms_ = mono_;
  if (mono_ >= *starved_ms_ + timeout_ms()) request_view(std::max(view_, asked_).next());
}

// The leader's own prepare shares its proposal's record, and is counted once that is durable.
bool Core::own_proposal_is_durable() const {
  if (!candidate_ || !candidate_->message) return false;
  const auto votes = votes_.find(open());
  if (votes == votes_.end() || *self_ >= votes->second.prepare.size()) return false;
  const auto& own = votes->second.prepare[*self_];
  return own && own->content.view == view_ && own->content.hash == candidate_->hash;
}

// C-3.7: messages may be lost. What was signed is repeated, the same bytes, while it may still be
// needed.
void Core::repeat_what_was_sent() {
  if (mutated(Mutation::kNeverRepeated)) return;
  if (!can_vote() || !is_validator()) return;
  const std::uint64_t jitter = (self_.value_or(0) * 37) % 100;
  if (mono_ < repeated_ms_ + 500 + jitter) return;
  repeated_ms_ = mono_;
  if (changing_ && record_.view_change && !own_change_)
    send(Audience::kValidators, *record_.view_change);
  const auto repeat = [&](const std::vector<std::optional<Vote>>& slots, std::uint32_t index) {
    if (index < slots.size() && slots[index]) send(Audience::kValidators, *slots[index]);
  };
  // Votes stand in the slots only once they are durable.
  const auto votes = votes_.find(open());
  if (votes != votes_.end() && self_ && !changing_) {
    // Those of this view: C-6.1 forbids the ones below, even if they never left before.
    for (const auto* slots : {&votes->second.prepare, &votes->second.commit})
      if (*self_ < slots->size() && (*slots)[*self_] && (*slots)[*self_]->content.view == view_)
        repeat(*slots, *self_);
    if (is_leader() && mono_ >= candidate_ms_ + 500 && own_proposal_is_durable())
      send(Audience::kValidators, *candidate_->message);
  }
  std::size_t count = 0;
  for (const auto& [height, slot] : results_) {
    if (height > executed_ || count == limits::kExecutionLag) break;
    const auto index = index_at(height);
    if (!index || slot.certificate) continue;
    repeat(slot.votes, *index);
    ++count;
  }
}

}  // namespace usance::consensus
