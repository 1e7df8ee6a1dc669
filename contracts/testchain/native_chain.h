// The chain of natively compiled contracts. It follows docs/spec/host.md without a VM: there is no
// gas, and a contract's memory is the process's.
#pragma once

#include <map>

#include "contracts/testchain/chain.h"

namespace usance::testchain {

struct NativeTimer {
  std::int64_t at_ms = 0;
  std::string contract;
  std::string method;
  Bytes arguments;
  std::uint32_t failures = 0;
};

// All that a call can change; copied to roll one back.
struct NativeWorld {
  std::map<StateKey, Bytes> state;
  std::map<std::int64_t, NativeTimer> timers;  // by id
  std::int64_t next_timer = 1;
  std::vector<Event> events;  // of the action that runs
};

// What runs now, outermost first.
struct NativeAction {
  Caller caller;  // empty organisation in a timer
  contract::Invocation invocation = contract::Invocation::kMethod;
  Hash32 id;
  std::vector<std::string> stack;  // contracts that are being called
};

class NativeChain final : public Chain {
 public:
  explicit NativeChain(const Setup& setup);

  Outcome submit(const Caller& caller, const std::string& contract, const std::string& method,
                 const Bytes& arguments) override;
  Outcome query(const Caller& caller, const std::string& contract, const std::string& method,
                const Bytes& arguments) override;
  std::vector<Outcome> advance_to(std::int64_t time_ms) override;
  [[nodiscard]] std::optional<Bytes> state(const StateKey& key) const override;
  [[nodiscard]] std::int64_t now_ms() const override { return now_ms_; }
  [[nodiscard]] std::uint64_t height() const override { return height_; }

  // For the host of one invocation: runs a contract, rolls back what failed, and says in the
  // receipt's words what it came to.
  Receipt invoke(NativeAction& action, const std::string& contract, const std::string& method,
                 const Bytes& arguments);
  [[nodiscard]] NativeWorld& world() { return world_; }
  [[nodiscard]] const Member& member(const Caller& caller) const;

 private:
  Outcome run(NativeAction action, const std::string& contract, const std::string& method,
              const Bytes& arguments);
  // Due timers run at the head of every block.
  std::vector<Outcome> fire_due();
  Outcome fire(std::int64_t id);

  std::map<Caller, Member> members_;
  std::map<std::string, void (*)(contract::Context&)> contracts_;
  NativeWorld world_;
  std::int64_t now_ms_;
  std::uint64_t height_ = 0;
  std::uint64_t actions_ = 0;
};

}  // namespace usance::testchain
