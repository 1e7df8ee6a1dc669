// When a freely proposed block is valid (C-4): the header against its parent and the clock, the
// body against the reference state A(h). Pure functions.
#pragma once

#include "consensus/mempool.h"

namespace usance::consensus {

enum class Verdict : std::uint8_t {
  kValid,
  kWait,     // not yet: its time is ahead of this node's clock, or a result is not executed here
  kInvalid,  // not as things stand; a later clock may not make it valid either
};

struct BlockJudgement {
  Verdict verdict = Verdict::kValid;
  const char* why = "";
};

struct BlockContext {
  const BlockHeader& parent;
  const Inclusion& at;         // time = the header's
  TimeMs now;                  // this node's clock
  std::uint64_t delay_ms = 0;  // how far behind the clock a time may lie; grows with failed views
  Height executed;             // executed here up to
  const ResultHeader& result;  // of `executed`
};

// C-4.6, the time rule: greater than the parent's, at most max(now + clock_ahead, parent + 1), at
// least now - delay (but never required to be above parent + 1).
[[nodiscard]] BlockJudgement judge_time(TimeMs time, const BlockContext& context);
// Keys (C-4.3), sizes and gas (C-4.4), void bundles (C-4.5), and the condition for an empty block.
[[nodiscard]] BlockJudgement judge_body(const CheckedBlock& block, const BlockContext& context);
// C-4.7: whether an empty block may follow the parent at this time: in the result of the parent
// itself, which the header must name, a ledger timer is due or a validator set is pending; or the
// anchor interval has passed.
[[nodiscard]] bool empty_block_allowed(TimeMs time, const BlockHeader& parent, Height named,
                                       const ResultHeader& named_result,
                                       const Parameters& parameters);

}  // namespace usance::consensus
