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

ReceiptStatus mark_of(const Transaction& tx, const TxId& id, Height height, TimeMs time,
                      const RecentIds& recent, TxIds& above) {
  const ReceiptStatus mark = validity_at(tx, height, time);
  if (mark == ReceiptStatus::kOk && !mutated(Mutation::kDuplicateExecuted) &&
      (recent.contains(id) || !above.insert(id).second))
    return ReceiptStatus::kVoidDuplicate;
  return mark;
}

std::vector<ReceiptStatus> void_marks(Height height, TimeMs time,
                                      const std::vector<BundlePtr>& bundles,
                                      const RecentIds& recent) {
  std::vector<ReceiptStatus> marks;
  TxIds above;
  for (const BundlePtr& bundle : bundles)
    for (std::size_t i = 0; i < bundle->ids().size(); ++i)
      marks.push_back(
          mark_of(bundle->transactions()[i], bundle->ids()[i], height, time, recent, above));
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
