#include "consensus/mempool.h"

#include <algorithm>

namespace usance::consensus {

namespace {

std::uint64_t total_gas(const CheckedBundle& bundle, std::uint64_t cap) {
  std::uint64_t gas = 0;
  for (const Transaction& tx : bundle.transactions()) {
    if (tx.gas_limit > cap - std::min(gas, cap)) return cap + 1;  // saturate: no overflow
    gas += tx.gas_limit;
  }
  return gas;
}

// C-4.3 in words: validators that have not executed the newest blocks yet must agree on who may
// sign.
std::string inactive_key(const CheckedBundle& bundle, const Inclusion& at) {
  const KeyGrant* grant = at.keys.find(bundle.org(), bundle.key());
  if (grant == nullptr) return "the key is not registered for the organisation";
  if (grant->added <= at.reference)
    return "the key was revoked at height " + std::to_string(grant->revoked->value);
  const std::uint64_t first = grant->added.value + limits::kExecutionLag;
  return "the key was added at height " + std::to_string(grant->added.value) +
         " and signs what stands in blocks from height " + std::to_string(first) +
         " on; the next is " + std::to_string(at.height.value) +
         "; sign with another key meanwhile, or submit again then";
}

}  // namespace

std::optional<Error> refusal(const CheckedBundle& bundle, const Inclusion& at) {
  const Parameters& p = at.parameters;
  const auto no = [](ErrorCode code, const char* why) { return Error{code, why}; };
  if (bundle.raw().size() + 16 > p.max_body_bytes ||
      bundle.transactions().size() > p.max_block_transactions ||
      total_gas(bundle, p.max_block_gas) > p.max_block_gas)
    return no(ErrorCode::kInvalidArgument,
              "the bundle is larger than a block: bytes, transactions or gas limits");
  for (const Transaction& tx : bundle.transactions())
    if (tx.gas_limit > p.max_transaction_gas)
      return no(ErrorCode::kInvalidArgument, "a gas limit is above max_transaction_gas");
  if (!at.keys.active(bundle.org(), bundle.key(), at.reference))
    return Error{ErrorCode::kPermissionDenied, inactive_key(bundle, at)};
  bool expired = false, horizon = false;
  for (std::size_t i = 0; i < bundle.ids().size(); ++i) {
    switch (validity_at(bundle.transactions()[i], at.height, at.time)) {
      case ReceiptStatus::kVoidExpired: expired = true; break;
      case ReceiptStatus::kVoidHorizon: horizon = true; break;
      default:
        if (!at.recent.contains(bundle.ids()[i])) return std::nullopt;
    }
  }
  if (expired) return no(ErrorCode::kExpired, "every transaction has expired or was ordered");
  if (horizon)
    return no(ErrorCode::kInvalidArgument, "valid_until_height is more than 3,600 blocks ahead");
  return no(ErrorCode::kAlreadyExists, "every transaction was ordered before");
}

Result<void> Mempool::admit(BundlePtr bundle, std::uint64_t now_ms, const Inclusion& at) {
  if (by_hash_.contains(bundle->hash()))
    return fail(ErrorCode::kAlreadyExists, "the bundle waits in the mempool already");
  if (auto why = refusal(*bundle, at)) return tl::unexpected<Error>(std::move(*why));
  if (std::all_of(bundle->ids().begin(), bundle->ids().end(),
                  [&](const TxId& id) { return ids_.contains(id); }))
    return fail(ErrorCode::kAlreadyExists, "all transactions wait in the mempool already");
  const std::size_t size = bundle->raw().size();
  if (entries_.size() >= limits_.bundles || bytes_ + size > limits_.bytes)
    return fail(ErrorCode::kResourceExhausted, "the mempool is full; retry later");
  Share& share = shares_[bundle->org()];
  if (share.bundles >= limits_.bundles_per_org || share.bytes + size > limits_.bytes_per_org)
    return fail(ErrorCode::kResourceExhausted,
                "the organisation's share of the mempool is full; retry later");
  share.bundles += 1;
  share.bytes += size;
  bytes_ += size;
  transactions_ += bundle->ids().size();
  for (const TxId& id : bundle->ids()) ++ids_[id];
  by_hash_.emplace(bundle->hash(), next_);
  entries_.emplace(next_++, Entry{std::move(bundle), now_ms, now_ms});
  return {};
}

BundlePtr Mempool::find(const Hash32& bundle_hash) const {
  const auto found = by_hash_.find(bundle_hash);
  return found == by_hash_.end() ? nullptr : entries_.at(found->second).bundle;
}

std::vector<BundlePtr> Mempool::pick(const Inclusion& at) const {
  std::vector<BundlePtr> picked;
  std::size_t bytes = 16, transactions = 0;  // the body's own framing
  std::uint64_t gas = 0;
  TxIds counting;
  const Parameters& p = at.parameters;
  for (const auto& [order, entry] : entries_) {
    const CheckedBundle& bundle = *entry.bundle;
    if (refusal(bundle, at)) continue;
    const std::uint64_t bundle_gas = total_gas(bundle, p.max_block_gas);
    if (picked.size() >= limits::kMaxBlockBundles ||
        bytes + bundle.raw().size() + 4 > p.max_body_bytes ||
        transactions + bundle.ids().size() > p.max_block_transactions ||
        bundle_gas > p.max_block_gas - gas)
      break;  // keeps the order of arrival: nothing overtakes a bundle that has to wait
    // As the block's own rule counts (C-4.5): a bundle of which nothing is left would spoil it.
    bool counts = false;
    for (std::size_t i = 0; i < bundle.ids().size(); ++i)
      if (!is_void(mark_of(bundle.transactions()[i], bundle.ids()[i], at.height, at.time, at.recent,
                           counting)))
        counts = true;
    if (!counts) continue;
    bytes += bundle.raw().size() + 4;
    transactions += bundle.ids().size();
    gas += bundle_gas;
    picked.push_back(entry.bundle);
  }
  return picked;
}

Mempool::Entries::iterator Mempool::erase(Entries::iterator entry) {
  const CheckedBundle& bundle = *entry->second.bundle;
  Share& share = shares_[bundle.org()];
  share.bundles -= 1;
  share.bytes -= bundle.raw().size();
  if (share.bundles == 0) shares_.erase(bundle.org());
  bytes_ -= bundle.raw().size();
  transactions_ -= bundle.ids().size();
  for (const TxId& id : bundle.ids())
    if (--ids_[id] == 0) ids_.erase(id);
  by_hash_.erase(bundle.hash());
  return entries_.erase(entry);
}

std::optional<std::uint64_t> Mempool::remove(const std::vector<BundlePtr>& ordered) {
  std::optional<std::uint64_t> newest;
  for (const BundlePtr& bundle : ordered) {
    const auto found = by_hash_.find(bundle->hash());
    if (found == by_hash_.end()) continue;
    const auto entry = entries_.find(found->second);
    newest = std::max(newest.value_or(0), entry->second.admitted_ms);
    erase(entry);
  }
  return newest;
}

std::vector<Evicted> Mempool::sweep(const Inclusion& at) {
  std::vector<Evicted> out;
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    if (auto why = refusal(*entry->second.bundle, at)) {
      out.push_back(Evicted{entry->second.bundle, std::move(*why)});
      entry = erase(entry);
    } else {
      ++entry;
    }
  }
  return out;
}

const Mempool::Entry* Mempool::oldest(const Inclusion& at) const {
  for (const auto& [order, entry] : entries_)
    if (!refusal(*entry.bundle, at)) return &entry;
  return nullptr;
}

std::vector<BundlePtr> Mempool::to_relay(std::uint64_t admitted_before,
                                         std::uint64_t relayed_before, std::uint64_t now_ms,
                                         std::size_t count) {
  std::vector<BundlePtr> out;
  for (auto& [order, entry] : entries_) {
    if (out.size() >= count || entry.admitted_ms >= admitted_before) break;
    if (entry.relayed_ms >= relayed_before) continue;
    entry.relayed_ms = now_ms;
    out.push_back(entry.bundle);
  }
  return out;
}

}  // namespace usance::consensus
