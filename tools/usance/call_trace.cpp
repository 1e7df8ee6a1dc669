#include "tools/usance/call_trace.h"

#include <algorithm>

#include "contracts/host/invocation.h"
#include "contracts/system/contract_view.h"

namespace usance::cli {

namespace {

constexpr std::size_t kMostKept = 64 * 1024;  // bytes of one buffer

Bytes buffer(const HostCall& call, std::size_t pointer) {
  const auto length = static_cast<std::uint32_t>(call.arguments.at(pointer + 1));
  const auto bytes =
      call.memory->read(static_cast<std::uint32_t>(call.arguments.at(pointer)), length);
  return bytes && bytes->size() <= kMostKept ? Bytes(bytes->begin(), bytes->end()) : Bytes();
}

// What a function wrote to its out buffer (pointer, capacity); nothing when absent or too small.
std::optional<Bytes> written(const HostCall& call, std::size_t pointer) {
  const auto length = static_cast<std::int32_t>(call.result);
  if (length < 0 || static_cast<std::uint64_t>(length) > call.arguments.at(pointer + 1))
    return std::nullopt;
  const auto bytes = call.memory->read(static_cast<std::uint32_t>(call.arguments.at(pointer)),
                                       static_cast<std::uint32_t>(length));
  if (!bytes) return std::nullopt;
  return Bytes(bytes->begin(), bytes->end());
}

// `next` gives u32 length of the item, item, value.
void take_found(TracedStep& step, const std::optional<Bytes>& found) {
  if (!found || found->size() < 4) return;
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size |= std::size_t{(*found)[i]} << (8 * i);
  if (size > found->size() - 4) return;
  const auto middle = found->begin() + 4 + static_cast<std::ptrdiff_t>(size);
  step.second = Bytes(found->begin() + 4, middle);
  step.value.emplace(middle, found->end());
}

}  // namespace

void TraceRecorder::call_begins(const Invocation& invocation, std::uint64_t gas) {
  auto call = std::make_unique<TracedCall>();
  call->contract = invocation.contract();
  call->method = invocation.method_name();
  const ByteView arguments = invocation.argument_bytes();
  call->arguments = Bytes(arguments.begin(), arguments.end());
  call->kind = static_cast<std::uint8_t>(invocation.kind());
  open_.push_back({std::move(call), gas});
}

void TraceRecorder::call_ends(const CallEnd& end, std::uint64_t gas) {
  Open open = std::move(open_.back());
  open_.pop_back();
  TracedCall& call = *open.call;
  call.status = end.status;
  call.code = end.code;
  call.detail = end.detail;
  call.result = end.result;
  call.gas = open.gas - gas;
  if (open_.empty()) {
    root_ = std::move(open.call);
  } else if (registry::is_system_contract(open_.back().call->contract)) {
    // The system's contracts call without a host function that could be seen.
    TracedStep step;
    step.function = "call";
    step.gas = call.gas;
    step.inner = std::move(open.call);
    open_.back().call->steps.push_back(std::move(step));
  } else {
    ended_ = std::move(open.call);
  }
}

void TraceRecorder::host_called(const HostCall& call) {
  TracedStep step;
  step.function = call.function;
  step.gas = call.gas;
  step.trap = call.trap;
  const std::string_view f = call.function;
  const bool ok = call.trap == TrapCode::kNone;
  if (f == "get" || f == "has" || f == "put" || f == "del" || f == "next") {
    step.first = buffer(call, 0);
    step.second = buffer(call, 2);
    step.number = static_cast<std::int32_t>(call.result);
    if (f == "put") step.value = buffer(call, 4);
    if (f == "get" && ok) step.value = written(call, 4);
    if (f == "next" && ok) take_found(step, written(call, 6));
  } else if (f == "emit") {
    step.first = buffer(call, 0);
    step.second = buffer(call, 2);
    step.value = buffer(call, 4);
  } else if (f == "schedule") {
    step.number = static_cast<std::int64_t>(call.arguments[0]);
    step.first = buffer(call, 1);
  } else if (f == "context") {
    step.number = static_cast<std::int64_t>(call.arguments[0]);
    if (ok) step.value = written(call, 1);
  } else if (f == "log") {
    step.value = buffer(call, 0);
  } else if (f == "abort") {
    step.number = static_cast<std::int64_t>(call.arguments[0]);
    step.value = buffer(call, 1);
  } else if (f == "call") {
    step.first = buffer(call, 0);
    step.second = buffer(call, 2);
    step.number = static_cast<std::int32_t>(call.result);
    step.inner = std::move(ended_);
  }
  open_.back().call->steps.push_back(std::move(step));
}

void TraceRecorder::module_ran(const vm::Module& module, const vm::CallProfile& profile,
                               TrapCode trap) {
  TracedCall& call = *open_.back().call;
  if (const auto section = module.custom_section("usance.interface"))
    call.interface = Bytes(section->begin(), section->end());
  for (std::size_t i = 0; i < profile.functions().size(); ++i) {
    const vm::CallProfile::Function& one = profile.functions()[i];
    if (one.calls > 0)
      call.functions.push_back({static_cast<std::uint32_t>(i), one.calls, one.gas});
  }
  std::stable_sort(call.functions.begin(), call.functions.end(),
                   [](const FunctionGas& a, const FunctionGas& b) { return a.gas > b.gas; });
  call.trap = trap;
  if (trap != TrapCode::kNone) {
    call.trap_stack = profile.stack();
    call.trap_code = profile.code();
  }
}

}  // namespace usance::cli
