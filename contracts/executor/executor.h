// Execution of blocks: docs/spec/execution.md. Pure: the outcome is a function of the parent state
// and the input alone, the same on every node and at every repetition.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/block.h"
#include "base/genesis.h"
#include "base/parameters.h"
#include "base/receipt.h"
#include "base/state.h"
#include "base/transaction.h"
#include "base/validator_set.h"
#include "contracts/system/governance_view.h"

namespace usance {

struct RecoveryRecord;  // base/recovery_record.h

// A decided block with what consensus knows of its transactions from ordered data alone.
struct BlockInput {
  BlockHeader header;
  std::vector<std::shared_ptr<const CheckedBundle>> bundles;  // in block order
  // One per transaction, counted through the bundles in block order: kOk = execute it, or one of
  // the kVoid... statuses = it gets that receipt and nothing else. Empty: none is void.
  std::vector<ReceiptStatus> marks;
  // The members' record that this block is the first behind, if any; outlives the call.
  const RecoveryRecord* recovery = nullptr;
};

struct BlockOutcome {
  std::vector<Receipt> receipts;     // recovery, timers, then transactions in block order
  std::vector<Event> events;         // ascending by (action, index)
  std::vector<StateChange> changes;  // ascending by (action, key); at most one per (action, key)
  TimeMs next_timer_due;             // 0 = none; may lie in the past when the gas bound deferred it
  std::uint64_t gas_used = 0;        // of all receipts
  Parameters parameters;             // in force after the block
  ValidatorSet validators;           // the set that signs this height
  std::optional<PendingSet> pending;  // takes over at a later height than this block's
  std::vector<KeyLife> key_changes;   // signer keys added or revoked by this block
};

// One transaction or view tried on a state, outside any block. Nothing is kept.
struct Simulation {
  Receipt receipt;
  std::vector<Event> events;
  std::vector<StateChange> changes;
  std::vector<std::string> log;  // what the contracts passed to `log`
};

// Where a simulation or view pretends to stand.
struct SimulationPoint {
  Height height;  // of the block it would be in
  TimeMs time;
};

// Who asks, as a contract sees it; the node has authenticated it.
struct ViewCaller {
  OrgId org;
  PublicKey key;
};

struct ViewRequest {
  std::string contract;
  std::string method;
  Bytes arguments;
  std::optional<ViewCaller> caller;  // without one, context fields 0 to 4 are empty
  std::uint64_t gas_limit = 50'000'000;
};

class Tracer;  // contracts/host/tracer.h

// Holds what may be kept between calls: compiled contracts, their instances, decoded keys. None of
// it can change an outcome. Used by one thread at a time; make one per thread. The StateView of a
// call must outlive it, and may be of any height.
class Executor {
 public:
  // `verifier`, which outlives it, judges what nodes sign for governance.
  explicit Executor(const ChainId& chain, const Verifier& verifier = ed25519_verifier());
  ~Executor();
  Executor(Executor&&) noexcept;
  Executor& operator=(Executor&&) noexcept;

  // The state is that after header.height - 1. Never fails: everything in a block, however
  // malformed, has a receipt.
  [[nodiscard]] BlockOutcome execute_block(const StateView& parent, const BlockInput& input);
  // The same while a tracer watches one action, by its index among the block's receipts.
  [[nodiscard]] BlockOutcome execute_block(const StateView& parent, const BlockInput& input,
                                           std::uint32_t action, Tracer& tracer);

  // The transaction as it would run alone in a block at that point, with authorisation and gas.
  [[nodiscard]] Simulation simulate(const StateView& state, const SimulationPoint& at,
                                    const Transaction& tx, Tracer* tracer = nullptr);

  // Read-only: a write traps READ_ONLY. The receipt's result is the view's response message.
  [[nodiscard]] Simulation call_view(const StateView& state, const SimulationPoint& at,
                                     const ViewRequest& request, Tracer* tracer = nullptr);

 private:
  BlockOutcome run_block(const StateView& parent, const BlockInput& input, std::uint32_t action,
                         Tracer* tracer);

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The state of height 0, as changes of action 0, ascending by key. Errors: kInvalidArgument names
// the member of the genesis that cannot be registered.
[[nodiscard]] Result<std::vector<StateChange>> genesis_changes(const Genesis& genesis);
// The same as the outcome of the block that stands for the genesis.
[[nodiscard]] Result<BlockOutcome> genesis_outcome(const Genesis& genesis);

}  // namespace usance
