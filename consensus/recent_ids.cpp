#include "consensus/recent_ids.h"

#include <algorithm>

#include "consensus/mutation.h"

namespace usance::consensus {

void RecentIds::add(Height height, std::vector<TxId> ids) {
  for (const TxId& id : ids) heights_[id] = height;
  blocks_.push_back(Block{height, std::move(ids)});
  while (!blocks_.empty() &&
         blocks_.front().height.value + limits::kReplayHorizon <= height.value) {
    for (const TxId& id : blocks_.front().ids) {
      const auto found = heights_.find(id);
      if (found != heights_.end() && found->second == blocks_.front().height) heights_.erase(found);
    }
    blocks_.pop_front();
  }
}

ReceiptStatus validity_at(const Transaction& tx, Height height, TimeMs time) {
  if (mutated(Mutation::kExpiredExecuted)) return ReceiptStatus::kOk;
  if (tx.valid_until_height < height) return ReceiptStatus::kVoidExpired;
  if (tx.valid_until_time.value != 0 && tx.valid_until_time < time)
    return ReceiptStatus::kVoidExpired;
  if (tx.valid_until_height.value - height.value > limits::kReplayHorizon)
    return ReceiptStatus::kVoidHorizon;
  return ReceiptStatus::kOk;
}

std::vector<ReceiptStatus> void_marks(Height height, TimeMs time,
                                      const std::vector<BundlePtr>& bundles,
                                      const RecentIds& recent) {
  std::vector<ReceiptStatus> marks;
  std::unordered_set<TxId, FixedBytesHash> here;
  for (const BundlePtr& bundle : bundles) {
    for (std::size_t i = 0; i < bundle->transactions().size(); ++i) {
      ReceiptStatus mark = validity_at(bundle->transactions()[i], height, time);
      const TxId& id = bundle->ids()[i];
      if (mark == ReceiptStatus::kOk && !mutated(Mutation::kDuplicateExecuted) &&
          (recent.contains(id) || !here.insert(id).second))
        mark = ReceiptStatus::kVoidDuplicate;
      marks.push_back(mark);
    }
  }
  return marks;
}

std::vector<TxId> ordered_ids(const std::vector<BundlePtr>& bundles,
                              const std::vector<ReceiptStatus>& marks) {
  std::vector<TxId> ids;
  std::size_t at = 0;
  for (const BundlePtr& bundle : bundles)
    for (const TxId& id : bundle->ids())
      if (!is_void(marks[at++])) ids.push_back(id);
  return ids;
}

bool has_wholly_void_bundle(const std::vector<BundlePtr>& bundles,
                            const std::vector<ReceiptStatus>& marks) {
  std::size_t at = 0;
  for (const BundlePtr& bundle : bundles) {
    const std::size_t end = at + bundle->ids().size();
    if (std::all_of(marks.begin() + static_cast<std::ptrdiff_t>(at),
                    marks.begin() + static_cast<std::ptrdiff_t>(end), is_void))
      return true;
    at = end;
  }
  return false;
}

}  // namespace usance::consensus
