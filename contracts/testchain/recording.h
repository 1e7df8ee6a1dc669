// A history that runs again without the sources of its contracts: the genesis state, then every
// block's time and bundles as they were signed. A deployment's bundle carries its module, so a
// recording pins code, calls and order to the byte.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "contracts/executor/executor.h"

namespace usance::testchain {

struct Recording {
  struct Block {
    TimeMs time;
    std::vector<Bytes> bundles;
  };
  ChainId chain;
  std::vector<StateChange> genesis;
  std::vector<Block> blocks;  // of the heights 1, 2, ...
};
[[nodiscard]] Bytes encode_recording(const Recording& recording);
[[nodiscard]] Result<Recording> decode_recording(ByteView bytes);

// What is seen before a block is executed: the state it meets.
using BlockObserver = std::function<void(const StateView& state, const BlockInput& input,
                                         const BlockOutcome& outcome)>;

// Executes the blocks in order. The executor comes from `executor_at(height)`, so that a test can
// give one for all or a new one for each. The observer sees the state before the block.
[[nodiscard]] Result<void> replay(const Recording& recording,
                                  const std::function<Executor&(Height)>& executor_at,
                                  const BlockObserver& observer);

// A block's outcome in text: its roots, the hash of its writes, and a line for every receipt.
[[nodiscard]] std::string describe(const BlockInput& input, const BlockOutcome& outcome);

}  // namespace usance::testchain
