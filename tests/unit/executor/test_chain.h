// A chain of blocks for the executor's tests: a state in a map, members with keys, one block per
// call. Nothing is replaced: transactions are signed, and run by the real executor and VM.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "contracts/executor/executor.h"
#include "contracts/sdk/wire.h"

namespace usance::test {

class MapState final : public StateView {
 public:
  [[nodiscard]] std::optional<Bytes> get(const StateKey& key) const override;
  [[nodiscard]] std::vector<StateItem> list(const std::string& contract, const Bytes& scope,
                                            const Bytes& from, const Bytes& to,
                                            std::size_t limit) const override;
  void apply(const std::vector<StateChange>& changes);
  [[nodiscard]] const std::map<StateKey, Bytes>& items() const { return items_; }

 private:
  std::map<StateKey, Bytes> items_;
};

// A key made from a name, the same in every run.
[[nodiscard]] std::unique_ptr<Signer> signer_of(const std::string& name);
[[nodiscard]] Bytes key_bytes(const std::string& name);

// Four banks of one validator each, bank-a to bank-d, each with the users maker, checker, viewer
// and admin; their keys are signer_of("bank-a/maker") and so on.
[[nodiscard]] Genesis test_genesis(bool development);

struct Call {
  std::string org = "bank-a";
  std::string user = "maker";
  std::string contract;
  std::string method;
  Bytes arguments;
  std::uint64_t gas = 100'000'000;
};

class TestChain {
 public:
  explicit TestChain(bool development = true);

  // One block with these calls, each in a bundle of its own; its changes become the state.
  BlockOutcome block(const std::vector<Call>& calls, std::vector<ReceiptStatus> marks = {});
  // One block with one call: its receipt, which comes after those of timers.
  Receipt run(const Call& call);
  Receipt run(const std::string& contract, const std::string& method, Bytes arguments = {});
  template <class Message>
  Receipt run_as(const std::string& org, const std::string& user, const std::string& contract,
                 const std::string& method, const Message& request) {
    return run({org, user, contract, method, contract::to_wire(request)});
  }
  // Deploys a module of the build's contracts folder as bank-a; fails the test if that fails.
  void deploy(const std::string& name, const std::string& module);

  [[nodiscard]] BlockInput input(const std::vector<Call>& calls,
                                 std::vector<ReceiptStatus> marks = {});
  BlockOutcome execute(const BlockInput& input);
  [[nodiscard]] Transaction transaction(const Call& call);

  [[nodiscard]] std::optional<Bytes> value(const std::string& contract, const std::string& scope,
                                           const std::string& item) const;

  Genesis genesis;
  MapState state;
  Executor executor;
  TimeMs time{1'700'000'000'000};
  Height height;
  Hash32 parent;

 private:
  std::uint64_t nonce_ = 0;
};

[[nodiscard]] Bytes read_module(const std::string& name);
// The response of a receipt, which must be kOk and decode.
template <class Message>
[[nodiscard]] Message response(const Receipt& receipt) {
  auto decoded = contract::from_wire<Message>(receipt.result);
  return decoded.value.value_or(Message{});
}

}  // namespace usance::test
