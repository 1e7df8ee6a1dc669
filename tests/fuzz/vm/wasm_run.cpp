// Whatever compiles is run: every exported function, on both interpreters, on new and on reset
// instances. Result, gas, trap, host calls and memory are the same, and gas ends everything.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "contracts/vm/instance.h"

namespace {

using namespace usance;
using namespace usance::vm;

constexpr std::uint64_t kGas = 300'000;

// Offers every function the module asks for and answers with a digest of the arguments.
class EchoHost : public HostInterface {
 public:
  explicit EchoHost(const Module& module) {
    for (const ImportInfo& import : module.imports()) {
      if (import.kind != ExternKind::kFunction) continue;
      definitions.push_back(HostDefinition{import.module, import.name, import.function.params,
                                           import.function.results,
                                           static_cast<std::uint32_t>(definitions.size()), 3});
    }
  }
  HostResult call(std::uint32_t function, HostFrame& frame) override {
    const HostDefinition& d = definitions[function];
    std::uint64_t digest = function + 1;
    for (std::size_t i = 0; i < d.params.size(); ++i) digest = digest * 31 + frame.u64(i);
    trace = trace * 131 + digest;
    for (std::size_t i = 0; i < d.results.size(); ++i) {
      const bool reference = is_reference(d.results[i]);
      const bool wide = d.results[i] == ValueType::kI64 || d.results[i] == ValueType::kF64;
      if (wide) {
        frame.set_i64(static_cast<std::int64_t>(digest), i);
      } else {
        frame.set_u32(reference ? 0 : static_cast<std::uint32_t>(digest), i);
      }
    }
    if (digest % 64 == 0) return HostResult::end();
    return frame.charge(digest % 16) ? HostResult::proceed()
                                     : HostResult::fail(TrapCode::kOutOfGas);
  }
  std::vector<HostDefinition> definitions;
  std::uint64_t trace = 0;
};

struct Seen {
  Outcome outcome;
  std::uint64_t trace = 0;
  Bytes memory;
};

Seen run(Instance& instance, EchoHost& host, std::uint32_t function, Dispatch dispatch) {
  const FunctionType& type = instance.module().function_type(function);
  std::vector<Slot> args;
  for (std::size_t i = 0; i < type.params.size(); ++i) {
    args.push_back(is_reference(type.params[i]) ? 0 : 7 * i + 3);
  }
  host.trace = 0;
  Seen seen;
  seen.outcome = instance.call(function, args, kGas, host, dispatch);
  seen.trace = host.trace;
  const ByteView memory = instance.memory();
  seen.memory.assign(memory.begin(),
                     memory.begin() + static_cast<std::ptrdiff_t>(
                                          std::min<std::size_t>(memory.size(), 4 * kPageBytes)));
  return seen;
}

bool holds_references(const FunctionType& type) {
  return std::any_of(type.results.begin(), type.results.end(), is_reference);
}

void compare(const Seen& a, const Seen& b, const FunctionType& type) {
  if (a.outcome.trap != b.outcome.trap || a.outcome.gas_used != b.outcome.gas_used ||
      a.outcome.ended_by_host != b.outcome.ended_by_host || a.trace != b.trace ||
      a.memory != b.memory || a.outcome.gas_used > kGas) {
    std::abort();
  }
  // References are addresses of this process.
  if (!holds_references(type) && a.outcome.results != b.outcome.results) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto module = compile(ByteView(data, size), Profile::kFull);
  if (!module) return 0;
  const bool contract = compile(ByteView(data, size), Profile::kContract).has_value();
  EchoHost host(**module);
  auto first = Instance::create(*module, host.definitions);
  auto second = Instance::create(*module, host.definitions);
  if (first.has_value() != second.has_value()) std::abort();
  if (!first) return 0;
  int functions = 0;
  for (const ExportInfo& e : (*module)->exports()) {
    if (e.kind != ExternKind::kFunction || ++functions > 4) continue;
    const FunctionType& type = (*module)->function_type(e.index);
    const Seen with_goto = run(**first, host, e.index, Dispatch::kGoto);
    const Seen with_switch = run(**second, host, e.index, Dispatch::kSwitch);
    compare(with_goto, with_switch, type);
    (*first)->reset();
    (*second)->reset();
    if (contract) compare(with_goto, run(**first, host, e.index, Dispatch::kGoto), type);
    (*first)->reset();
  }
  return 0;
}
