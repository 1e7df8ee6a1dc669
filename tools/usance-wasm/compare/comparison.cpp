#include "tools/usance-wasm/compare/comparison.h"

#include <algorithm>

#include "base/hash.h"
#include "contracts/vm/module_cache.h"

namespace usance::tools {

namespace {

using vm::Dispatch;
using vm::Instance;

constexpr std::uint64_t kPlenty = std::uint64_t{1} << 40;
constexpr std::size_t kCacheBytes = std::size_t{64} << 20;

std::string value(vm::ValueType type, vm::Slot slot) {
  return std::string(vm::to_string(type)) + ":" + std::to_string(slot);
}

// Gives zeros and writes down that it was called.
class ZeroHost : public vm::HostInterface {
 public:
  explicit ZeroHost(const vm::Module& module) {
    for (const vm::ImportInfo& import : module.imports()) {
      definitions.push_back({import.module, import.name, import.function.params,
                             import.function.results,
                             static_cast<std::uint32_t>(definitions.size()), 10});
    }
  }
  vm::HostResult call(std::uint32_t function, vm::HostFrame& frame) override {
    const vm::HostDefinition& d = definitions[function];
    std::string line = "called host env." + std::string(d.name) + "(";
    for (std::size_t i = 0; i < d.params.size(); ++i) {
      line += (i > 0 ? ", " : "") + value(d.params[i], frame.u64(i));
    }
    line += ") =>";
    for (std::size_t i = 0; i < d.results.size(); ++i) {
      frame.set_i64(0, i);
      line += " " + value(d.results[i], 0);
    }
    lines.push_back(line);
    return vm::HostResult::proceed();
  }
  std::vector<vm::HostDefinition> definitions;
  std::vector<std::string> lines;
};

std::string trap_text(TrapCode trap) {
  switch (trap) {
    case TrapCode::kUnreachable: return "unreachable";
    case TrapCode::kMemoryOutOfBounds: return "out of bounds memory access";
    case TrapCode::kTableOutOfBounds: return "out of bounds table access";
    case TrapCode::kIndirectCallType: return "indirect call type mismatch";
    case TrapCode::kUninitializedElement: return "uninitialized element";
    case TrapCode::kIntegerDivideByZero: return "integer divide by zero";
    case TrapCode::kIntegerOverflow: return "integer overflow";
    default: return std::string(to_string(trap));
  }
}

vm::Outcome call(Instance& instance, const vm::ExportInfo& function, std::uint64_t gas,
                 Dispatch dispatch, ZeroHost& host, std::vector<std::string>& lines) {
  host.lines.clear();
  vm::Outcome outcome = instance.call(function.index, {}, gas, host, dispatch);
  lines.insert(lines.end(), host.lines.begin(), host.lines.end());
  std::string line = function.name + "() =>";
  if (outcome.trap != TrapCode::kNone) line += " error: " + trap_text(outcome.trap);
  const vm::FunctionType& type = instance.module().function_type(function.index);
  for (std::size_t i = 0; i < outcome.results.size(); ++i) {
    line += (i > 0 ? ", " : " ") + value(type.results[i], outcome.results[i]);
  }
  lines.push_back(line);
  return outcome;
}

Transcript run_all(Instance& instance, Dispatch dispatch, ZeroHost& host) {
  Transcript t;
  for (const vm::ExportInfo& e : instance.module().exports()) {
    t.gas.push_back(call(instance, e, kPlenty, dispatch, host, t.lines).gas_used);
  }
  return t;
}

// Empty when both are the same.
std::string difference(const Transcript& a, const Transcript& b) {
  for (std::size_t i = 0; i < std::max(a.lines.size(), b.lines.size()); ++i) {
    const std::string one = i < a.lines.size() ? a.lines[i] : "(nothing)";
    const std::string other = i < b.lines.size() ? b.lines[i] : "(nothing)";
    if (one != other) return "'" + one + "' became '" + other + "'";
  }
  for (std::size_t i = 0; i < a.gas.size(); ++i) {
    if (a.gas[i] != b.gas[i]) {
      return "export " + std::to_string(i) + " used " + std::to_string(a.gas[i]) + " gas, then " +
             std::to_string(b.gas[i]);
    }
  }
  return "";
}

struct Limited {
  vm::Outcome outcome;
  std::vector<std::string> lines;
  Bytes memory;
};

Limited run_limited(Instance& instance, std::uint64_t gas, Dispatch dispatch, ZeroHost& host) {
  Limited l;
  instance.reset();
  l.outcome = call(instance, instance.module().exports().front(), gas, dispatch, host, l.lines);
  const ByteView memory = instance.memory();
  l.memory.assign(memory.begin(), memory.end());
  return l;
}

// The first export on a new instance with less gas, and with just enough.
std::string compare_limits(Instance& instance, std::uint64_t used, ZeroHost& host,
                           const Transcript& whole) {
  for (const std::uint64_t limit : {used, used - 1, used / 2, used / 3}) {
    const Limited a = run_limited(instance, limit, Dispatch::kGoto, host);
    const Limited b = run_limited(instance, limit, Dispatch::kSwitch, host);
    const std::string with =
        " with " + std::to_string(limit) + " of " + std::to_string(used) + " gas";
    if (a.lines != b.lines || a.memory != b.memory || a.outcome.gas_used != b.outcome.gas_used) {
      return "computed goto and switch differ" + with;
    }
    if (limit == used) {
      const bool same = std::equal(a.lines.begin(), a.lines.end(), whole.lines.begin());
      if (!same || a.outcome.gas_used != used) return "another outcome" + with;
    } else if (a.outcome.trap != TrapCode::kOutOfGas || a.outcome.gas_used != limit) {
      return "no end of gas" + with;
    }
  }
  return "";
}

Error differs(const std::string& where, const std::string& what) {
  return Error{ErrorCode::kInternal, where + ": " + what};
}

}  // namespace

std::string Transcript::digest() const {
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  for (const std::uint64_t g : gas) all += std::to_string(g) + "\n";
  return to_hex(sha256(to_bytes(all))).substr(0, 16);
}

Result<Transcript> compare_module(const GeneratedModule& generated) {
  USANCE_ASSIGN(const auto module, vm::compile(generated.bytes, vm::Profile::kContract));
  USANCE_ASSIGN(const auto full, vm::compile(generated.bytes, vm::Profile::kFull));
  ZeroHost host(*module);
  USANCE_ASSIGN(const auto first, Instance::create(module, host.definitions));
  USANCE_ASSIGN(const auto second, Instance::create(module, host.definitions));
  USANCE_ASSIGN(const auto unlimited, Instance::create(full, host.definitions));
  const Transcript t = run_all(*first, Dispatch::kGoto, host);

  std::string found = difference(t, run_all(*second, Dispatch::kSwitch, host));
  if (!found.empty()) return tl::unexpected(differs("computed goto, then switch", found));
  found = difference(t, run_all(*unlimited, Dispatch::kGoto, host));
  if (!found.empty()) return tl::unexpected(differs("profile contract, then full", found));
  first->reset();
  found = difference(t, run_all(*first, Dispatch::kSwitch, host));
  if (!found.empty()) return tl::unexpected(differs("new, then reset", found));

  vm::ModuleCache cache(host.definitions, kCacheBytes);
  const Hash32 hash = sha256(generated.bytes);
  USANCE_ASSIGN(const auto kept, cache.insert(hash, generated.bytes));
  for (int use = 0; use < 2; ++use) {
    USANCE_ASSIGN(const auto lease, cache.instance(hash, kept));
    found = difference(t, run_all(*lease, Dispatch::kGoto, host));
    if (!found.empty()) return tl::unexpected(differs("new, then from the cache", found));
  }
  found = compare_limits(*first, t.gas.front(), host, t);
  if (!found.empty()) return tl::unexpected(differs("gas", found));
  return t;
}

}  // namespace usance::tools
