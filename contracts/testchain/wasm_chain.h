// The chain that runs modules as a node does: genesis, signed bundles, the executor and the VM over
// a state in memory. Consensus and storage are left out: each call is a block.
#pragma once

#include <map>

#include "contracts/executor/executor.h"
#include "contracts/testchain/chain.h"
#include "contracts/testchain/recording.h"

namespace usance::testchain {

class MemoryState final : public StateView {
 public:
  [[nodiscard]] std::optional<Bytes> get(const StateKey& key) const override;
  [[nodiscard]] std::vector<StateItem> list(const std::string& contract, const Bytes& scope,
                                            const Bytes& from, const Bytes& to,
                                            std::size_t limit) const override;
  void apply(const std::vector<StateChange>& changes);

 private:
  std::map<StateKey, Bytes> items_;
};

class WasmChain final : public Chain {
 public:
  // Deploys every contract of the setup. Ends the process when a module is missing or refused.
  // `modules`: the folder of those that name no path.
  WasmChain(const Setup& setup, const std::string& modules);
  // With USANCE_RECORD_HISTORY=PREFIX in the environment: writes what happened to PREFIX-N.blocks,
  // N counting the chains of the process from 1, for tests/golden to run again.
  ~WasmChain() override;
  WasmChain(const WasmChain&) = delete;
  WasmChain& operator=(const WasmChain&) = delete;

  Outcome submit(const Caller& caller, const std::string& contract, const std::string& method,
                 const Bytes& arguments) override;
  Outcome query(const Caller& caller, const std::string& contract, const std::string& method,
                const Bytes& arguments) override;
  std::vector<Outcome> advance_to(std::int64_t time_ms) override;
  [[nodiscard]] std::optional<Bytes> state(const StateKey& key) const override;
  [[nodiscard]] std::int64_t now_ms() const override { return now_ms_; }
  [[nodiscard]] std::uint64_t height() const override { return height_; }

 private:
  [[nodiscard]] std::unique_ptr<Signer> signer(const Caller& caller) const;
  void deploy(const Deployment& deployment, const std::string& modules);
  // Makes a block; the outcomes are those of its timers and then its transactions.
  std::vector<Outcome> make_block(std::vector<std::shared_ptr<const CheckedBundle>> bundles);

  ChainId chain_;
  MemoryState state_;
  Executor executor_;
  std::int64_t now_ms_;
  std::uint64_t height_ = 0;
  std::uint64_t nonce_ = 0;
  Recording recording_;
};

}  // namespace usance::testchain
