// What one call did, function by function, as the observing interpreter saw it: for tools that
// explain a call. It changes neither outcome nor gas.
#pragma once

#include <cstdint>
#include <vector>

#include "contracts/vm/types.h"

namespace usance::vm {

struct ModuleData;

class CallProfile {
 public:
  struct Function {
    std::uint64_t calls = 0;
    std::uint64_t gas = 0;  // of its own instructions; callees and host functions are not in it
  };

  // For the interpreter. begin(): the call has this gas left. step(): before the operation at
  // `code` (a position in the translated code) in the frame of this depth. host_used(): a host
  // function took gas. end(): what is left.
  void begin(const ModuleData& module, std::int64_t gas);
  void step(std::uint32_t code, std::size_t depth, std::int64_t gas);
  void host_used(std::int64_t gas) { gas_ -= gas; }
  void end(std::int64_t gas);

  // By function index; imported functions stay at zero.
  [[nodiscard]] const std::vector<Function>& functions() const { return functions_; }
  // The functions that were running when the call ended, outermost first: after a trap, its place.
  [[nodiscard]] const std::vector<std::uint32_t>& stack() const { return stack_; }
  // The last operation's position in the translated code (places.h tells where in the module).
  [[nodiscard]] std::uint32_t code() const { return code_; }

 private:
  [[nodiscard]] std::uint32_t function_at(std::uint32_t code) const;

  std::vector<std::uint32_t> starts_;  // of the bodies, ascending, by index less imported functions
  std::uint32_t imported_ = 0;
  std::vector<Function> functions_;
  std::vector<std::uint32_t> stack_;
  std::uint32_t code_ = 0;
  std::int64_t gas_ = 0;
};

}  // namespace usance::vm
