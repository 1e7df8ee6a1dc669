#include "node/epochs.h"

#include <algorithm>

#include "contracts/system/governance_recovery.h"
#include "contracts/system/governance_view.h"
#include "node/hand_overs.h"

namespace usance::node {

namespace {

using SetFrom = consensus::Recovery::SetFrom;

void add(std::vector<SetFrom>& sets, Height first, const ValidatorSet& set) {
  const auto known = [&](const SetFrom& other) { return other.set.epoch == set.epoch; };
  if (std::ranges::none_of(sets, known)) sets.push_back({first, set});
}

// All that began up to `height`, as far as the store can say: not a set that a recovery brought and
// another followed, both below the snapshot that the store began with.
Result<std::vector<SetFrom>> sets_up_to(const storage::LedgerStore& store,
                                        const ValidatorSet& genesis, Height height) {
  std::vector<SetFrom> sets = {{Height(0), genesis}};
  USANCE_ASSIGN(const std::vector<HandOver> hand_overs, hand_overs_up_to(store, height));
  for (const HandOver& one : hand_overs) add(sets, one.header.height.next(), one.next);
  USANCE_ASSIGN(const auto state, store.view(height));
  for (const governance::RecoveryInfo& recovery : governance::recoveries(*state)) {
    const Height first = recovery.last.next();
    if (first > height) continue;
    const Height readable = std::max(first, store.base());
    USANCE_ASSIGN(const auto begun, store.view(readable));
    const ValidatorSet set = governance::validators(*begun).at(readable);
    if (set.epoch == recovery.epoch) add(sets, first, set);
  }
  std::ranges::sort(sets, {}, &SetFrom::first);
  return sets;
}

}  // namespace

Result<std::vector<SetFrom>> sets_in_force(const storage::LedgerStore& store,
                                           const ValidatorSet& genesis, Height certified,
                                           Height head) {
  const std::uint64_t behind = certified.value - std::min(certified.value, limits::kExecutionLag);
  const Height lowest(std::max(behind, store.base().value));
  USANCE_ASSIGN(const ResultHeader at_lowest, store.result_header(lowest));
  USANCE_ASSIGN(std::vector<SetFrom> sets, sets_up_to(store, genesis, lowest));
  std::erase_if(
      sets, [&](const SetFrom& one) { return one.set.epoch.value + 1 < at_lowest.epoch.value; });
  for (Height at = lowest; at <= head; at = at.next()) {
    USANCE_ASSIGN(const auto view, store.view(at));
    const governance::ValidatorSchedule schedule = governance::validators(*view);
    // One that nobody named before: a recovery's.
    add(sets, at, schedule.at(at));
    if (schedule.pending) add(sets, schedule.pending->height, schedule.pending->set);
  }
  std::ranges::sort(sets, {}, &SetFrom::first);
  return sets;
}

}  // namespace usance::node
