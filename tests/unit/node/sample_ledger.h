// A store of the genesis four_banks() to which tests add empty blocks, each decided and certified
// by the set that its state has in force.
#pragma once

#include <optional>

#include <gtest/gtest.h>

#include "base/certificate.h"
#include "contracts/executor/executor.h"
#include "contracts/executor/result.h"
#include "contracts/system/governance_records.h"
#include "storage/ledger_store.h"
#include "tests/unit/node/samples.h"

namespace usance::node {

// Of three of the set's validators, whose keys are those of signer(1) to signer(4), or of
// signer(101) to signer(104) where they were replaced.
inline Certificate sample_certificate(const ChainId& chain, const ValidatorSet& set, VoteKind kind,
                                      Height height, const Hash32& hash) {
  const VoteContent content{kind, set.epoch, View{}, height, hash};
  std::vector<SignedVote> votes;
  for (std::uint32_t i = 0; i < 3; ++i)
    for (const std::uint32_t number : {1 + i, 101 + i})
      if (const auto by = signer(static_cast<std::uint8_t>(number));
          by->public_key() == set.validators[i].key)
        votes.push_back({i, by->sign(vote_digest(chain, content))});
  return make_certificate(set, content, votes);
}

struct SampleBlock {
  bool certified = true;
  const RecoveryRecord* recovery = nullptr;  // that the block begins with
  std::optional<PendingSet> named = {};      // what its result names as the next set
};

// The height after the store's last one.
inline void add_sample_block(storage::LedgerStore& store, const Genesis& genesis,
                             const SampleBlock& block = {}) {
  const ChainId& chain = genesis.chain_id;
  const Height height = store.executed()->next();
  BlockInput input;
  input.header.chain = chain;
  input.header.height = height;
  input.header.parent = store.result_header(*store.executed())->block;
  input.header.body_root = body_root(BlockBody{});
  input.header.time = TimeMs(genesis.time.value + height.value * 1'000);
  input.recovery = block.recovery;
  Executor executor{ChainId{}};
  BlockOutcome outcome = executor.execute_block(store.latest_view(), input);
  if (block.named) {
    outcome.pending = block.named;
    const governance::ValidatorSchedule schedule{outcome.validators, block.named};
    outcome.changes.push_back(
        {{std::string(governance::kContract), to_bytes(governance::kValidators),
          to_bytes(governance::v1::Validators::kItem)},
         contract::to_wire(governance::record_of(schedule))});
  }
  const auto staged = store.stage(height, outcome.changes).value();
  const ResultHeader result =
      make_result_header(input.header, outcome, staged.state_root(), store.next_ledger_root());
  const ValidatorSet& set = outcome.validators;
  const Certificate commit =
      sample_certificate(chain, set, VoteKind::kCommit, height, block_hash(input.header));
  const BlockBody body;
  ASSERT_TRUE(store.commit(staged, {input.header, &body, &commit}, outcome.receipts, outcome.events,
                           result));
  if (!block.certified) return;
  const Certificate exec =
      sample_certificate(chain, set, VoteKind::kExec, height, result_hash(result));
  ASSERT_TRUE(store.store_blocks({}, std::span(&exec, 1), storage::Durability::kRelaxed));
}

}  // namespace usance::node
