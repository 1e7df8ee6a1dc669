#include "node/hand_overs.h"

#include <algorithm>

#include "contracts/system/governance_recovery.h"
#include "contracts/system/governance_view.h"

namespace usance::node {

// The last header of each epoch names the set that follows; behind the last one before a recovery
// the members' record does, which the verifier is given beside the evidence. Epochs ascend with
// height, so their first heights are found by bisection. A store that began with a snapshot got the
// hand-overs below with it.
Result<std::vector<HandOver>> hand_overs_up_to(const storage::LedgerStore& store,
                                               Height tip_height) {
  USANCE_ASSIGN(std::vector<HandOver> out, store.hand_overs_to_base());
  USANCE_ASSIGN(const ResultHeader tip, store.result_header(tip_height));
  USANCE_ASSIGN(const auto state, store.view(tip_height));
  const auto recovered = governance::recoveries(*state);
  Height known = store.base();
  USANCE_ASSIGN(const ResultHeader begin, store.result_header(known));
  for (Epoch epoch = begin.epoch; epoch < tip.epoch;) {
    Height low = known, high = tip_height;  // epoch(low) <= epoch < epoch(high)
    while (high.value - low.value > 1) {
      const Height middle(low.value + (high.value - low.value) / 2);
      USANCE_ASSIGN(const ResultHeader header, store.result_header(middle));
      (header.epoch <= epoch ? low : high) = middle;
    }
    known = high;
    USANCE_ASSIGN(const ResultHeader next, store.result_header(high));
    epoch = next.epoch;
    if (std::ranges::find(recovered, low, &governance::RecoveryInfo::last) != recovered.end())
      continue;
    HandOver hand_over;
    USANCE_ASSIGN(hand_over.header, store.result_header(low));
    USANCE_ASSIGN(hand_over.certificate, store.result_certificate(low));
    USANCE_ASSIGN(const auto view, store.view(low));
    hand_over.next = governance::validators(*view).at(high);
    out.push_back(std::move(hand_over));
  }
  return out;
}

}  // namespace usance::node
