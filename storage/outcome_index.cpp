#include "storage/outcome_index.h"

#include <algorithm>

#include "storage/keys.h"
#include "storage/packed_list.h"

namespace usance::storage {

std::vector<StoredAction> actions_of(std::span<const Receipt> receipts) {
  std::vector<StoredAction> out;
  out.reserve(receipts.size());
  for (const Receipt& receipt : receipts)
    out.push_back({receipt.tx, is_void(receipt.status), receipt.timer});
  return out;
}

void put_actions(Batch& batch, Height height, std::span<const StoredAction> actions) {
  batch.put(Family::kOutcomes, keys::outcome(height, keys::OutcomePart::kActions),
            slice(pack(actions)));
  // Ascending, so that neighbours in the memtable are inserted one after the other.
  std::vector<std::uint32_t> order;
  order.reserve(actions.size());
  for (std::uint32_t i = 0; i < actions.size(); ++i)
    if (!actions[i].is_void) order.push_back(i);
  std::sort(order.begin(), order.end(),
            [&actions](std::uint32_t a, std::uint32_t b) { return actions[a].id < actions[b].id; });
  for (const std::uint32_t i : order) {
    std::string value = keys::height(height);
    keys::append_number(value, i);
    batch.put(Family::kActions, slice(actions[i].id.view()), value);
  }
}

}  // namespace usance::storage
