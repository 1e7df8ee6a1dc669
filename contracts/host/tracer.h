// Who watches an action while it runs: tools that show what a call does. A tracer has no say in any
// outcome; without one nothing is recorded. Views are valid during the notification only.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/receipt.h"
#include "contracts/vm/call_profile.h"
#include "contracts/vm/host.h"
#include "contracts/vm/module.h"

namespace usance {

class Invocation;
struct CallEnd;

// One host function that a module called (docs/spec/host.md).
struct HostCall {
  std::string_view function;
  std::array<vm::Slot, 8> arguments{};  // as many as the function has; the rest are 0
  vm::Slot result = 0;                  // where it has one
  std::uint64_t gas = 0;
  TrapCode trap = TrapCode::kNone;
  const vm::HostFrame* memory = nullptr;  // to read the buffers that the arguments name
};

class Tracer {
 public:
  Tracer() = default;
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;
  virtual ~Tracer() = default;

  // Calls nest. `gas` is what is left.
  virtual void call_begins(const Invocation& invocation, std::uint64_t gas) = 0;
  virtual void call_ends(const CallEnd& end, std::uint64_t gas) = 0;
  // Of the innermost call.
  virtual void host_called(const HostCall& call) = 0;
  // Before call_ends(), when the call ran a module.
  virtual void module_ran(const vm::Module& module, const vm::CallProfile& profile,
                          TrapCode trap) = 0;
};

}  // namespace usance
