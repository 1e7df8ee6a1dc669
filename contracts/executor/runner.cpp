#include "contracts/executor/runner.h"

#include <algorithm>

#include "contracts/host/wasm_host.h"

namespace usance {

CallEnd Runner::run(Invocation& invocation) {
  const auto target = names_.find(overlay_, invocation.contract());
  if (!target) return CallEnd::rejected(RejectCode::kUnknownContract);
  return run_target(invocation, *target);
}

CallEnd Runner::run_code(Invocation& invocation, const Hash32& code_hash) {
  return run_target(invocation, {nullptr, code_hash});
}

CallEnd Runner::run_target(Invocation& invocation, const ContractNames::Target& target) {
  Action& action = invocation.action();
  auto& stack = action.stack;
  // The outermost call is not counted: it has no contract as its caller.
  if (stack.size() > limits::kMaxContractDepth) return CallEnd::trapped(TrapCode::kContractDepth);
  if (std::ranges::any_of(stack, [&](const Invocation* outer) {
        return outer->contract() == invocation.contract();
      }))
    return CallEnd::trapped(TrapCode::kReentrancy);

  const Overlay::Mark mark = overlay_.mark();
  const std::size_t events = action.events.size();
  stack.push_back(&invocation);
  if (action.tracer != nullptr) action.tracer->call_begins(invocation, action.gas.remaining());
  CallEnd end;
  if (target.native != nullptr) {
    end = run_system(invocation, *target.native);
  } else {
    const auto instance = code_.instance(overlay_, target.code_hash);
    end = run_wasm(invocation, *instance);
  }
  if (action.tracer != nullptr) action.tracer->call_ends(end, action.gas.remaining());
  stack.pop_back();
  if (end.status != ReceiptStatus::kOk) {
    overlay_.roll_back(mark);
    action.events.resize(events);
  }
  return end;
}

// Other contracts may read system contracts and no more: else whatever a user calls could vote or
// revoke keys in the user's name.
CallEnd Runner::run_system(Invocation& invocation, const SystemContract& contract) {
  Action& action = invocation.action();
  const bool read_only = action.read_only;
  action.read_only = read_only || action.stack.size() > 1;
  CallEnd end = run_native(invocation, contract);
  action.read_only = read_only;
  return end;
}

}  // namespace usance
