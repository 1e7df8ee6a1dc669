// Execution in the simulator: the production executor with governance, over the production state
// tree, whose pages lie in memory. Shared by the nodes of one simulation: what two nodes execute
// alike is executed once, and now and then once more by a second executor that must agree.
#pragma once

#include <map>

#include "contracts/executor/executor.h"
#include "storage/state_staging.h"
#include "tools/usance-sim/engine.h"

namespace usance::sim {

// Every version of every item of the state, by the heights that wrote them.
class StateHistory {
 public:
  void apply(Height height, const std::vector<StateChange>& changes);
  [[nodiscard]] std::optional<Bytes> get(const StateKey& key, Height at) const;
  [[nodiscard]] std::vector<StateItem> list(const std::string& contract, const Bytes& scope,
                                            const Bytes& from, const Bytes& to, std::size_t limit,
                                            Height at) const;

 private:
  struct Version {
    Height height;
    std::optional<Bytes> value;
  };
  std::map<StateKey, std::vector<Version>> items_;
};

class HistoryView final : public StateView {
 public:
  HistoryView(const StateHistory& history, Height at) : history_(history), at_(at) {}
  [[nodiscard]] std::optional<Bytes> get(const StateKey& key) const override {
    return history_.get(key, at_);
  }
  [[nodiscard]] std::vector<StateItem> list(const std::string& contract, const Bytes& scope,
                                            const Bytes& from, const Bytes& to,
                                            std::size_t limit) const override {
    return history_.list(contract, scope, from, to, limit, at_);
  }

 private:
  const StateHistory& history_;
  Height at_;
};

// The tree's pages and objects.
class MemorySource final : public storage::ObjectSource {
 public:
  Result<std::shared_ptr<const storage::TreePage>> page(storage::TreeKind kind,
                                                        storage::Address address,
                                                        std::size_t depth) override;
  Result<std::shared_ptr<const storage::Object>> object(const storage::BucketLeaf& leaf) override;
  void remember(const storage::Staging& staging);

 private:
  std::map<storage::Address, std::shared_ptr<const storage::TreePage>> pages_;
  std::map<storage::Address, std::shared_ptr<const storage::Object>> objects_;
};

class Chain final : public Engine {
 public:
  // timers: when ledger timers are due that stand in the genesis state. They call a contract that
  // does not exist, so each fails, is tried again and is given up in the end.
  // verifier: of what nodes sign for governance; outlives the chain.
  Chain(const Genesis& genesis, const std::vector<TimeMs>& timers, const Verifier& verifier);

  [[nodiscard]] const BlockHeader& genesis_header() const override { return genesis_header_; }
  [[nodiscard]] const Executed& genesis() const override { return *genesis_; }
  ExecutedPtr execute(const Executed& parent, const consensus::CheckedBlock& block,
                      const std::vector<ReceiptStatus>& marks) override;
  void recover(Height certified, const Executed& head,
               consensus::Recovery& recovery) const override;

  // The state after a height that was executed.
  [[nodiscard]] HistoryView state(Height at) const { return {history_, at}; }
  [[nodiscard]] Height newest() const { return newest_; }
  [[nodiscard]] std::uint64_t count(ReceiptStatus status) const;
  // Two executors that disagree; empty if none did.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  struct Step : Executed {
    storage::StateVersion state;
    MerkleFrontier frontier;
    Parameters in_force;
    bool fork = false;  // another block than the first at its height
  };
  [[nodiscard]] Height first_of_epoch(Height height) const;
  std::shared_ptr<const Step> fork(const Step& parent, const consensus::CheckedBlock& block) const;
  std::shared_ptr<Step> finish(const BlockHeader& header, const BlockOutcome& outcome,
                               const Step* parent);

  BlockHeader genesis_header_;
  Executor executor_;
  Executor second_;
  StateHistory history_;
  MemorySource source_;
  std::shared_ptr<const Step> genesis_;
  Height newest_;
  std::map<Hash32, std::shared_ptr<const Step>> done_;  // by parent's result, block and marks
  std::map<ReceiptStatus, std::uint64_t> receipts_;
  std::string failure_;
};

}  // namespace usance::sim
