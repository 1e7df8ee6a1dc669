// Verified bundles that wait for a block: first in, first out, bounded as a whole and for each
// organisation (C-10.1).
#pragma once

#include <map>
#include <unordered_map>

#include "consensus/recent_ids.h"
#include "consensus/replica.h"

namespace usance::consensus {

// What decides whether a bundle may stand in the block that is proposed next.
struct Inclusion {
  Height height;  // of that block
  TimeMs time;
  Height reference;              // the height whose state decides: A(height)
  const Parameters& parameters;  // of A(height)
  const KeyDirectory& keys;
  const RecentIds& recent;
};

// C-10.2: why the bundle cannot stand in any block from now on, if so: expired, its key not active,
// larger than a block, ordered already. Errors: kExpired, kPermissionDenied, kInvalidArgument,
// kAlreadyExists.
[[nodiscard]] std::optional<Error> refusal(const CheckedBundle& bundle, const Inclusion& at);

class Mempool {
 public:
  explicit Mempool(const MempoolLimits& limits) : limits_(limits) {}

  struct Entry {
    BundlePtr bundle;
    std::uint64_t admitted_ms = 0;  // monotonic
    std::uint64_t relayed_ms = 0;   // when it was last sent on
  };

  // C-10.2. Errors: those of refusal(), kAlreadyExists if the bundle or all of its transactions
  // wait already, kResourceExhausted if the pool or the organisation's share is full.
  [[nodiscard]] Result<void> admit(BundlePtr bundle, std::uint64_t now_ms, const Inclusion& at);
  [[nodiscard]] BundlePtr find(const Hash32& bundle_hash) const;
  // What the next block may contain, oldest first, within the parameters' bounds.
  [[nodiscard]] std::vector<BundlePtr> pick(const Inclusion& at) const;
  // Whether pick() would fill the body to its bound.
  [[nodiscard]] bool fills_block(const Parameters& parameters) const {
    return bytes_ >= parameters.max_body_bytes ||
           transactions_ >= parameters.max_block_transactions;
  }
  // Removes the block's bundles. Returns when the newest of them was admitted here (monotonic ms),
  // none if none of them was here.
  std::optional<std::uint64_t> remove(const std::vector<BundlePtr>& ordered);
  // Removes what can no longer be included, and says why.
  std::vector<Evicted> sweep(const Inclusion& at);
  // The oldest bundle that could stand in the next block; null if there is none.
  [[nodiscard]] const Entry* oldest(const Inclusion& at) const;
  // Up to `count` bundles that were admitted and last sent on before the given times; marks them
  // as sent on now.
  std::vector<BundlePtr> to_relay(std::uint64_t admitted_before, std::uint64_t relayed_before,
                                  std::uint64_t now_ms, std::size_t count);

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Share {
    std::size_t bundles = 0;
    std::size_t bytes = 0;
  };
  using Entries = std::map<std::uint64_t, Entry>;  // by order of admission
  Entries::iterator erase(Entries::iterator entry);

  MempoolLimits limits_;
  Entries entries_;
  std::uint64_t next_ = 1;
  std::size_t bytes_ = 0;
  std::size_t transactions_ = 0;
  std::unordered_map<Hash32, std::uint64_t, FixedBytesHash> by_hash_;  // looked up only
  std::unordered_map<TxId, std::uint32_t, FixedBytesHash> ids_;        // bundles that hold the id
  std::map<OrgId, Share> shares_;
};

}  // namespace usance::consensus
