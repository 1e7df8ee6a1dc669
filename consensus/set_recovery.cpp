// Recovery of the validator set by the members' record (C-9.5, docs/spec/recovery.md): the record
// stands for the certificates that nobody could make any more.
#include <algorithm>

#include "consensus/core.h"

namespace usance::consensus {

void Core::recover_sets(const std::vector<Recovery::SetRecovery>& recoveries) {
  recoveries_ = recoveries;
  for (const Recovery::SetRecovery& recovery : recoveries_)
    sets_.recover(recovery.last, recovery.next);
}

const Recovery::SetRecovery* Core::recovered_behind(Height last) const {
  const auto found = std::ranges::find(recoveries_, last, &Recovery::SetRecovery::last);
  return found == recoveries_.end() ? nullptr : &*found;
}

// the record certifies its last height, and with it all below.
void Core::certify_recovered() {
  for (const Recovery::SetRecovery& recovery : recoveries_) {
    if (recovery.last <= certified_ || recovery.last > executed_) continue;
    certified_ = recovery.last;
    certified_hash_ = recovery.result_hash;
    certified_proof_.reset();
    results_.erase(results_.begin(), results_.upper_bound(certified_));
    announce_due_ = true;
  }
}

bool Core::needs_certificate(const ResultRef& result) const {
  const Recovery::SetRecovery* recovery = recovered_behind(result.height);
  return recovery == nullptr || recovery->result_hash != result.result_hash;
}

// a set that was pending when the members recovered the network never takes over.
bool Core::is_cancelled(const NextSet& next, Height named_at) const {
  return std::ranges::any_of(recoveries_, [&](const Recovery::SetRecovery& recovery) {
    return named_at <= recovery.last && next.height > recovery.last;
  });
}

// the open height is the first that this node's key can have voted on.
bool Core::is_first_with_key() const {
  if (!self_ || committed_.value == 0 || recovered_behind(committed_) == nullptr) return false;
  const ValidatorSet* before = sets_.at(committed_);
  return before != nullptr && !before->index_of(set_->validators[*self_].key);
}

// what the open height's block must hold; null if that is free.
BlockPtr Core::carried() const {
  const Recovery::SetRecovery* recovery = recovered_behind(committed_);
  return recovery == nullptr ? nullptr : recovery->carried;
}

}  // namespace usance::consensus
