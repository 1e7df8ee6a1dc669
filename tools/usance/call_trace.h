// What a call did, as a tree: its host functions, the calls to other contracts, gas by function.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/receipt.h"
#include "contracts/host/tracer.h"

namespace usance::cli {

struct TracedCall;

// One thing that a call asked of its host.
struct TracedStep {
  std::string function;  // as docs/spec/host.md names it
  std::uint64_t gas = 0;
  TrapCode trap = TrapCode::kNone;
  // By function: get, has, put, del, next: scope, item (of next: what it found), value; emit: name,
  // key, data; schedule: method, instant; log, abort: text in `value`, of abort the code in
  // `number`; context: the field in `number`.
  Bytes first;
  Bytes second;
  std::optional<Bytes> value;
  std::int64_t number = 0;
  std::unique_ptr<TracedCall> inner;  // of `call`
};

struct FunctionGas {
  std::uint32_t function = 0;
  std::uint64_t calls = 0;
  std::uint64_t gas = 0;
};

struct TracedCall {
  std::string contract;
  std::string method;
  Bytes arguments;
  std::uint8_t kind = 0;  // InvocationKind
  ReceiptStatus status = ReceiptStatus::kOk;
  std::uint32_t code = 0;
  std::string detail;
  Bytes result;
  std::uint64_t gas = 0;
  std::vector<TracedStep> steps;
  // Of a module; empty for the system's contracts.
  Bytes interface;                     // its section usance.interface
  std::vector<FunctionGas> functions;  // the dearest first
  TrapCode trap = TrapCode::kNone;
  std::vector<std::uint32_t> trap_stack;  // after a trap: the functions that ran, outermost first
  std::uint32_t trap_code = 0;            // and where in the translated code
};

class TraceRecorder final : public Tracer {
 public:
  void call_begins(const Invocation& invocation, std::uint64_t gas) override;
  void call_ends(const CallEnd& end, std::uint64_t gas) override;
  void host_called(const HostCall& call) override;
  void module_ran(const vm::Module& module, const vm::CallProfile& profile, TrapCode trap) override;

  // The outermost call; null when the action was refused before any contract ran.
  [[nodiscard]] std::unique_ptr<TracedCall> take() { return std::move(root_); }

 private:
  struct Open {
    std::unique_ptr<TracedCall> call;
    std::uint64_t gas = 0;  // when it began
  };
  std::vector<Open> open_;
  std::unique_ptr<TracedCall> ended_;  // waits for the `call` that it belongs to
  std::unique_ptr<TracedCall> root_;
};

}  // namespace usance::cli
