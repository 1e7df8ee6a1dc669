#include "consensus/block_rules.h"

#include <algorithm>

#include "consensus/mutation.h"

namespace usance::consensus {

BlockJudgement judge_time(TimeMs time, const BlockContext& context) {
  if (mutated(Mutation::kTimeUnchecked)) return {};
  const std::uint64_t parent = context.parent.time.value;
  if (time.value <= parent) return {Verdict::kInvalid, "the time does not pass the parent's"};
  const std::uint64_t latest =
      std::max(context.now.value + context.at.parameters.clock_ahead_ms, parent + 1);
  if (time.value > latest) return {Verdict::kWait, "the time is ahead of this node's clock"};
  if (time.value > parent + 1 && time.value + context.delay_ms < context.now.value)
    return {Verdict::kInvalid, "the time is too far behind this node's clock"};
  return {};
}

bool empty_block_allowed(TimeMs time, const BlockHeader& parent, Height named,
                         const ResultHeader& named_result, const Parameters& parameters) {
  if (mutated(Mutation::kEmptyBlocks)) return true;
  if (parameters.anchor_interval_ms != 0 &&
      time.value >= parent.time.value + parameters.anchor_interval_ms)
    return true;
  if (named != parent.height || named_result.height != named) return false;
  if (named_result.next && parent.height.next() < named_result.next->height) return true;
  return named_result.next_timer_due.value != 0 && time >= named_result.next_timer_due;
}

BlockJudgement judge_body(const CheckedBlock& block, const BlockContext& context) {
  const Inclusion& at = context.at;
  const Parameters& p = at.parameters;
  if (block.bundles.empty()) {
    const ResultRef& named = block.header.certified;
    const bool anchor = p.anchor_interval_ms != 0 &&
                        block.header.time.value >= context.parent.time.value + p.anchor_interval_ms;
    if (!anchor && named.height == context.parent.height && context.executed < named.height)
      return {Verdict::kWait, "the named result is not executed here yet"};
    if (!empty_block_allowed(block.header.time, context.parent, named.height, context.result, p))
      return {Verdict::kInvalid,
              "an empty block without a due timer, a pending set or a passed anchor interval"};
    return {};
  }
  std::size_t bytes = 16, transactions = 0;
  std::uint64_t gas = 0;
  for (const BundlePtr& bundle : block.bundles) {
    bytes += bundle->raw().size() + 4;
    transactions += bundle->ids().size();
    if (!at.keys.active(bundle->org(), bundle->key(), at.reference))
      return {Verdict::kInvalid, "a bundle's key is not active in the reference state"};
    for (const Transaction& tx : bundle->transactions()) {
      if (tx.gas_limit > p.max_transaction_gas || tx.gas_limit > p.max_block_gas - gas)
        return {Verdict::kInvalid, "the gas limits are above the block's bounds"};
      gas += tx.gas_limit;
    }
  }
  if (bytes > p.max_body_bytes) return {Verdict::kInvalid, "the body is above max_body_bytes"};
  if (transactions > p.max_block_transactions)
    return {Verdict::kInvalid, "more than max_block_transactions"};
  const auto marks = void_marks(at.height, at.time, block.bundles, at.recent);
  if (has_wholly_void_bundle(block.bundles, marks))
    return {Verdict::kInvalid, "a bundle is void in all of its transactions"};
  return {};
}

}  // namespace usance::consensus
