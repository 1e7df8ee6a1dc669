// What a person or a metric wants to know.
#include <algorithm>
#include <utility>

#include "consensus/claims.h"
#include "consensus/core.h"

namespace usance::consensus {

namespace {

std::vector<std::uint32_t> absent(const std::vector<std::optional<Vote>>& slots, std::size_t n,
                                  const Hash32& hash) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < n; ++i)
    if (i >= slots.size() || !slots[i] || slots[i]->content.hash != hash) out.push_back(i);
  return out;
}

// By the validators that this node hears; by others if it hears none.
Height claimed(const ValidatorSet& set, const std::map<PeerId, PeerInfo>& peers) {
  std::vector<Height> claims;
  for (const Validator& validator : set.validators)
    if (const auto known = peers.find(validator.key);
        known != peers.end() && known->second.heard_ms != 0)
      claims.push_back(known->second.status.committed);
  if (claims.empty())
    for (const auto& [id, info] : peers) claims.push_back(info.status.committed);
  return claimed_by_enough(std::move(claims), set.faults());
}

}  // namespace

const char* to_string(StatusReport::Phase phase) {
  using Phase = StatusReport::Phase;
  switch (phase) {
    case Phase::kIdle: return "idle";
    case Phase::kProposing: return "proposing";
    case Phase::kWaitProposal: return "wait_proposal";
    case Phase::kPreparing: return "preparing";
    case Phase::kCommitting: return "committing";
    case Phase::kWaitResult: return "wait_result";
    case Phase::kViewChange: return "view_change";
    case Phase::kSyncing: return "syncing";
    case Phase::kWaitPeers: return "wait_peers";
    case Phase::kHalted: return "halted";
  }
  return "unknown";
}

StatusReport Core::status(std::uint64_t mono) const {
  StatusReport report;
  report.epoch = set_->epoch;
  for (const Validator& validator : set_->validators) report.validators.push_back(validator.id);
  report.view = view_;
  report.height = open();
  report.executed = executed_;
  report.certified = certified_;
  report.best_peer = claimed(*set_, peers_);
  for (const auto& [id, info] : peers_)
    if (info.heard_ms != 0) report.peers[id] = info.status.committed;
  report.leader = set_->leader(changing_ ? asked_ : view_, open());
  report.self = self_;
  report.voting = can_vote() && self_.has_value();
  report.amnesiac = amnesiac();
  report.halted = halted_;
  for (std::uint32_t i = 0; i < set_->size(); ++i) {
    if (self_ == i) continue;
    const auto known = peers_.find(set_->validators[i].key);
    if (known == peers_.end() || known->second.heard_ms == 0 ||
        known->second.heard_ms + kSilentAfterMs < mono)
      report.silent.push_back(i);
  }
  report.quorum_possible = set_->size() - report.silent.size() >= set_->quorum();
  if (withheld_.height.next() >= open()) report.withheld = withheld_.why;
  report.view_changes = view_changes_entered_;
  report.timeout_ms = timeout_ms();
  report.mempool_bundles = pool_.size();
  report.mempool_bytes = pool_.bytes();
  report.vote_sequence = durable_;
  report.last_signed = last_signed_;
  fill_phase(report);
  fill_missing(report);
  return report;
}

void Core::fill_phase(StatusReport& report) const {
  using Phase = StatusReport::Phase;
  report.phase = [&] {
    if (!halted_.empty()) return Phase::kHalted;
    if (others_are_ahead() && (behind_since_ms_ || syncing_job_)) return Phase::kSyncing;
    if (is_validator() && !started_ && !amnesiac()) return Phase::kWaitPeers;
    if (changing_) return Phase::kViewChange;
    if (candidate_ && record_.committed && record_.committed->view == view_)
      return Phase::kCommitting;
    if (candidate_) return Phase::kPreparing;
    const bool waiting = !pool_.empty();
    if (certified_ < required_result(open())) return Phase::kWaitResult;
    if (!waiting && certified_ < committed_) return Phase::kWaitResult;
    if (!waiting && !has_work()) return Phase::kIdle;
    return is_leader() ? Phase::kProposing : Phase::kWaitProposal;
  }();
}

void Core::fill_missing(StatusReport& report) const {
  using Phase = StatusReport::Phase;
  const std::size_t n = set_->size();
  const auto votes = votes_.find(open());
  static const HeightVotes kNone;
  const HeightVotes& here = votes == votes_.end() ? kNone : votes->second;
  switch (report.phase) {
    case Phase::kPreparing: report.missing = absent(here.prepare, n, candidate_->hash); break;
    case Phase::kCommitting: report.missing = absent(here.commit, n, candidate_->hash); break;
    case Phase::kWaitProposal: report.missing = {report.leader}; break;
    case Phase::kViewChange:
      for (std::uint32_t i = 0; i < n; ++i)
        if (!view_changes_[i] || view_changes_[i]->change.content.view < asked_)
          report.missing.push_back(i);
      break;
    case Phase::kWaitPeers:
      for (std::uint32_t i = 0; i < n; ++i)
        if (self_ != i && !answered_.contains(i)) report.missing.push_back(i);
      break;
    case Phase::kWaitResult: {
      const auto slot = results_.find(certified_.next());
      if (slot == results_.end()) break;
      for (std::uint32_t i = 0; i < n && i < slot->second.votes.size(); ++i)
        if (!slot->second.votes[i]) report.missing.push_back(i);
      break;
    }
    default: break;
  }
}

}  // namespace usance::consensus
