// Which transactions were ordered in the last D blocks, and from that which transactions of a
// block are void (C-5). A function of ordered data alone, so every node marks the same.
#pragma once

#include <deque>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/receipt.h"
#include "consensus/io.h"

namespace usance::consensus {

using TxIds = std::unordered_set<TxId, FixedBytesHash>;  // looked up, never iterated

class RecentIds {
 public:
  // C-5.4: ids (not void) of the block at this height; heights ascend. Forgets what lies below
  // height - D + 1, which the next block no longer looks at.
  void add(Height height, std::vector<TxId> ids);
  [[nodiscard]] bool contains(const TxId& id) const { return heights_.contains(id); }
  [[nodiscard]] std::size_t size() const { return heights_.size(); }

 private:
  struct Block {
    Height height;
    std::vector<TxId> ids;
  };
  std::deque<Block> blocks_;
  std::unordered_map<TxId, Height, FixedBytesHash> heights_;  // looked up, never iterated
};

// The mark of a transaction: kOk or why it is void at (height, time), by C-5.1 to C-5.3. `above`
// holds the ids that are not void above it in the block; its own joins them if it is not void
// either.
[[nodiscard]] ReceiptStatus mark_of(const Transaction& tx, const TxId& id, Height height,
                                    TimeMs time, const RecentIds& recent, TxIds& above);
// One mark per transaction, in block order, as mark_of gives them.
[[nodiscard]] std::vector<ReceiptStatus> void_marks(Height height, TimeMs time,
                                                    const std::vector<BundlePtr>& bundles,
                                                    const RecentIds& recent);
// The ids that are not void.
[[nodiscard]] std::vector<TxId> ordered_ids(const std::vector<BundlePtr>& bundles,
                                            const std::vector<ReceiptStatus>& marks);
// Whether some bundle is void in all of its transactions, which makes a block invalid.
[[nodiscard]] bool has_wholly_void_bundle(const std::vector<BundlePtr>& bundles,
                                          const std::vector<ReceiptStatus>& marks);
// Validity alone, without duplicates: kOk, kVoidExpired (C-5.1) or kVoidHorizon (C-5.2).
[[nodiscard]] ReceiptStatus validity_at(const Transaction& tx, Height height, TimeMs time);

}  // namespace usance::consensus
