// A module with its own memory, globals and tables, ready to be called. One thread at a time.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/receipt.h"
#include "base/result.h"
#include "contracts/vm/host.h"
#include "contracts/vm/module.h"

namespace usance::vm {

struct InstanceState;  // contracts/vm/instance_state.h, the engine's own view

// How a call ended. Results are there only when it neither trapped nor was ended by the host.
struct Outcome {
  TrapCode trap = TrapCode::kNone;
  bool ended_by_host = false;
  std::uint64_t gas_used = 0;  // out of gas uses the whole limit
  std::vector<Slot> results;

  [[nodiscard]] bool ok() const { return trap == TrapCode::kNone && !ended_by_host; }
};

// Which of the two interpreters runs a call. They are built from the same operation bodies and
// give the same outcome; kDefault is the build's choice (CMake option USANCE_VM_DISPATCH).
enum class Dispatch : std::uint8_t { kDefault, kGoto, kSwitch };

class CallProfile;

class Instance {
 public:
  // Resolves the imports against the host's definitions (kFailedPrecondition when one is missing
  // or of another type) and lays out the initial memory. Does not run anything: modules of the
  // contract profile have no start function.
  [[nodiscard]] static Result<std::unique_ptr<Instance>> create(
      std::shared_ptr<const Module> module, std::span<const HostDefinition> host);

  explicit Instance(std::unique_ptr<InstanceState> state);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  // Runs a function to its end, a trap, the host's end, or the gas limit. `function` comes from
  // Module::find_function and `args` has its parameters' number; anything else traps kHostArgument.
  // The first call after create() or reset() also pays Module::instantiation_gas(). A host function
  // may call other instances, and this one again.
  Outcome call(std::uint32_t function, std::span<const Slot> args, std::uint64_t gas,
               HostInterface& host, Dispatch dispatch = Dispatch::kDefault) {
    return run(function, args, gas, host, dispatch, nullptr);
  }
  // By name; traps kHostArgument when there is no such exported function.
  Outcome call(std::string_view export_name, std::span<const Slot> args, std::uint64_t gas,
               HostInterface& host, Dispatch dispatch = Dispatch::kDefault);

  // The same with a record of what it did, several times slower.
  Outcome call_observed(std::string_view export_name, std::span<const Slot> args, std::uint64_t gas,
                        HostInterface& host, CallProfile& profile);

  // Back to the state after create(): copies only what was written. Not during a call.
  void reset();

  [[nodiscard]] const Module& module() const;
  // The memory's present content; empty when the module has none.
  [[nodiscard]] ByteView memory() const;
  [[nodiscard]] InstanceState& state() { return *state_; }

 private:
  Outcome run(std::uint32_t function, std::span<const Slot> args, std::uint64_t gas,
              HostInterface& host, Dispatch dispatch, CallProfile* profile);

  std::unique_ptr<InstanceState> state_;
};

}  // namespace usance::vm
