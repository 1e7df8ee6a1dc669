#include "contracts/host/wasm_host.h"

#include <array>
#include <cstring>

namespace usance {

namespace {

using vm::HostFrame;
using Step = vm::HostResult;

// A buffer or output position of the caller, in argument order: pointer, then length.
struct Arguments {
  HostFrame& frame;
  std::size_t at = 0;
  bool outside = false;  // a range was outside the memory

  ByteView buffer() {
    const auto bytes = frame.read(frame.u32(at), frame.u32(at + 1));
    at += 2;
    return checked(bytes);
  }
  ByteView fixed(std::uint32_t size) { return checked(frame.read(frame.u32(at++), size)); }
  ByteView checked(const std::optional<ByteView>& bytes) {
    if (!bytes) outside = true;
    return bytes.value_or(ByteView());
  }
};

// What the host functions share while one instance runs.
class WasmHost final : public vm::HostInterface {
 public:
  explicit WasmHost(Invocation& invocation) : invocation_(invocation) {}

  Step call(std::uint32_t function, HostFrame& frame) override;

  [[nodiscard]] bool aborted() const { return aborted_; }
  [[nodiscard]] CallEnd take_abort() { return std::move(abort_); }

 private:
  // The engine counts gas while it runs and the invocation while a host function does: the
  // difference is handed over at the borders.
  using Function = Step (WasmHost::*)(HostFrame&);

  Step method(HostFrame& f) { return give(f, 0, invocation_.method()); }
  Step arguments(HostFrame& f) { return give(f, 0, invocation_.arguments()); }
  Step finish(HostFrame& f);
  Step abort(HostFrame& f);
  Step get(HostFrame& f);
  Step has(HostFrame& f);
  Step put(HostFrame& f);
  Step del(HostFrame& f);
  Step next(HostFrame& f);
  Step context(HostFrame& f) { return give(f, 1, invocation_.context(f.u32(0))); }
  Step block_height(HostFrame& f) { return number(f, invocation_.block_height()); }
  Step block_time(HostFrame& f) { return number(f, invocation_.block_time()); }
  Step emit(HostFrame& f);
  Step call_contract(HostFrame& f);
  Step call_result(HostFrame& f);
  Step schedule(HostFrame& f);
  Step cancel(HostFrame& f) { return flag(f, invocation_.cancel(f.u64(0))); }
  Step sha256(HostFrame& f);
  Step sha3_256(HostFrame& f);
  Step ed25519_verify(HostFrame& f);
  Step p256_verify(HostFrame& f);
  Step muldiv(HostFrame& f);
  Step log(HostFrame& f);

  static Step outside() { return Step::fail(TrapCode::kMemoryOutOfBounds); }
  static Step done(const HostResult<void>& result) {
    return result ? Step::proceed() : Step::fail(result.error());
  }
  static Step flag(HostFrame& f, const HostResult<bool>& result) {
    if (!result) return Step::fail(result.error());
    f.set_i32(*result ? 1 : 0);
    return Step::proceed();
  }
  static Step number(HostFrame& f, const HostResult<std::uint64_t>& result) {
    if (!result) return Step::fail(result.error());
    f.set_i64(static_cast<std::int64_t>(*result));
    return Step::proceed();
  }
  // Writes to the out buffer whose pointer is argument `at`, if it fits; returns the length.
  static Step give(HostFrame& f, std::size_t at, ByteView bytes);
  static Step give(HostFrame& f, std::size_t at, const HostResult<ByteView>& bytes) {
    return bytes ? give(f, at, *bytes) : Step::fail(bytes.error());
  }
  static Step give(HostFrame& f, std::size_t at, const HostResult<std::optional<ByteView>>& bytes) {
    if (!bytes) return Step::fail(bytes.error());
    if (*bytes) return give(f, at, **bytes);
    f.set_i32(-1);
    return Step::proceed();
  }
  static Step give_hash(HostFrame& f, std::size_t at, const HostResult<Hash32>& hash) {
    if (!hash) return Step::fail(hash.error());
    return f.write(f.u32(at), hash->view()) ? Step::proceed() : outside();
  }

  friend std::span<const vm::HostDefinition> usance::host_definitions();
  struct Entry {
    const char* name;
    const char* params;  // i = i32, l = i64
    const char* result;
    Function function;
  };
  static const std::array<Entry, 23> kEntries;
  static HostCall arguments_of(const Entry& entry, const HostFrame& frame);

  Invocation& invocation_;
  bool aborted_ = false;
  CallEnd abort_;
};

const std::array<WasmHost::Entry, 23> WasmHost::kEntries = {{
    {"method", "ii", "i", &WasmHost::method},
    {"arguments", "ii", "i", &WasmHost::arguments},
    {"finish", "ii", "", &WasmHost::finish},
    {"abort", "iii", "", &WasmHost::abort},
    {"get", "iiiiii", "i", &WasmHost::get},
    {"has", "iiii", "i", &WasmHost::has},
    {"put", "iiiiii", "", &WasmHost::put},
    {"del", "iiii", "i", &WasmHost::del},
    {"next", "iiiiiiii", "i", &WasmHost::next},
    {"context", "iii", "i", &WasmHost::context},
    {"block_height", "", "l", &WasmHost::block_height},
    {"block_time", "", "l", &WasmHost::block_time},
    {"emit", "iiiiii", "", &WasmHost::emit},
    {"call", "iiiiii", "i", &WasmHost::call_contract},
    {"call_result", "ii", "i", &WasmHost::call_result},
    {"schedule", "liiiil", "l", &WasmHost::schedule},
    {"cancel", "l", "i", &WasmHost::cancel},
    {"sha256", "iii", "", &WasmHost::sha256},
    {"sha3_256", "iii", "", &WasmHost::sha3_256},
    {"ed25519_verify", "iiii", "i", &WasmHost::ed25519_verify},
    {"p256_verify", "iiii", "i", &WasmHost::p256_verify},
    {"muldiv", "lllii", "i", &WasmHost::muldiv},
    {"log", "ii", "", &WasmHost::log},
}};

Step WasmHost::call(std::uint32_t function, HostFrame& frame) {
  GasMeter& gas = invocation_.action().gas;
  const std::uint64_t before = frame.gas_left();
  gas.set_remaining(before);
  const Entry& entry = kEntries.at(function);
  Tracer* const tracer = invocation_.action().tracer;
  std::optional<HostCall> traced;
  if (tracer != nullptr) traced = arguments_of(entry, frame);
  Step step = (this->*entry.function)(frame);
  if (traced) {
    traced->result = frame.u64(0);
    traced->gas = before - gas.remaining();
    traced->trap = step.trap;
    tracer->host_called(*traced);
  }
  if (!frame.charge(before - gas.remaining())) return Step::fail(TrapCode::kOutOfGas);
  return step;
}

// The result takes the first argument's place: what a tracer is told is copied before.
HostCall WasmHost::arguments_of(const Entry& entry, const HostFrame& frame) {
  HostCall out;
  out.function = entry.name;
  out.memory = &frame;
  for (std::size_t i = 0; i < std::strlen(entry.params); ++i) out.arguments.at(i) = frame.u64(i);
  return out;
}

Step WasmHost::give(HostFrame& f, std::size_t at, ByteView bytes) {
  const std::uint32_t pointer = f.u32(at);
  const std::uint32_t capacity = f.u32(at + 1);
  if (bytes.size() <= capacity && !f.write(pointer, bytes)) return outside();
  f.set_i32(static_cast<std::int32_t>(bytes.size()));
  return Step::proceed();
}

Step WasmHost::finish(HostFrame& f) {
  Arguments in{f};
  const ByteView response = in.buffer();
  return in.outside ? outside() : done(invocation_.finish(response));
}

Step WasmHost::abort(HostFrame& f) {
  const std::uint32_t code = f.u32(0);
  Arguments in{f, 1};
  const ByteView detail = in.buffer();
  if (in.outside) return outside();
  aborted_ = true;
  abort_ = CallEnd::aborted(code, as_text(detail));
  return Step::end();
}

Step WasmHost::get(HostFrame& f) {
  Arguments in{f};
  const ByteView scope = in.buffer();
  const ByteView item = in.buffer();
  return in.outside ? outside() : give(f, 4, invocation_.get(scope, item));
}

Step WasmHost::has(HostFrame& f) {
  Arguments in{f};
  const ByteView scope = in.buffer();
  const ByteView item = in.buffer();
  return in.outside ? outside() : flag(f, invocation_.has(scope, item));
}

Step WasmHost::put(HostFrame& f) {
  Arguments in{f};
  const ByteView scope = in.buffer();
  const ByteView item = in.buffer();
  const ByteView value = in.buffer();
  return in.outside ? outside() : done(invocation_.put(scope, item, value));
}

Step WasmHost::del(HostFrame& f) {
  Arguments in{f};
  const ByteView scope = in.buffer();
  const ByteView item = in.buffer();
  return in.outside ? outside() : flag(f, invocation_.del(scope, item));
}

Step WasmHost::next(HostFrame& f) {
  Arguments in{f};
  const ByteView scope = in.buffer();
  const ByteView from = in.buffer();
  const ByteView to = in.buffer();
  if (in.outside) return outside();
  const auto found = invocation_.next(scope, from, to);
  if (!found) return Step::fail(found.error());
  if (!*found) {
    f.set_i32(-1);
    return Step::proceed();
  }
  const auto& [item, value] = **found;
  const auto item_size = static_cast<std::uint32_t>(item.size());
  const std::array<std::uint8_t, 4> prefix = {
      static_cast<std::uint8_t>(item_size), static_cast<std::uint8_t>(item_size >> 8),
      static_cast<std::uint8_t>(item_size >> 16), static_cast<std::uint8_t>(item_size >> 24)};
  const std::uint32_t pointer = f.u32(6);
  const std::size_t total = prefix.size() + item.size() + value.size();
  if (total <= f.u32(7)) {
    // The whole range first, so that the pieces' positions cannot wrap.
    if (!f.read(pointer, static_cast<std::uint32_t>(total))) return outside();
    const bool written = f.write(pointer, prefix) && f.write(pointer + 4, item) &&
                         f.write(pointer + 4 + item_size, value);
    if (!written) return outside();
  }
  f.set_i32(static_cast<std::int32_t>(total));
  return Step::proceed();
}

Step WasmHost::emit(HostFrame& f) {
  Arguments in{f};
  const ByteView name = in.buffer();
  const ByteView key = in.buffer();
  const ByteView data = in.buffer();
  return in.outside ? outside() : done(invocation_.emit(name, key, data));
}

Step WasmHost::call_contract(HostFrame& f) {
  Arguments in{f};
  const ByteView contract = in.buffer();
  const ByteView method = in.buffer();
  const ByteView arguments = in.buffer();
  if (in.outside) return outside();
  const auto status = invocation_.call(contract, method, arguments);
  if (!status) return Step::fail(status.error());
  f.set_i32(static_cast<std::int32_t>(*status));
  return Step::proceed();
}

Step WasmHost::call_result(HostFrame& f) {
  return give(f, 0, invocation_.call_result());
}

Step WasmHost::schedule(HostFrame& f) {
  const std::int64_t at = f.i64(0);
  const std::int64_t gas = f.i64(5);
  Arguments in{f, 1};
  const ByteView method = in.buffer();
  const ByteView arguments = in.buffer();
  return in.outside ? outside() : number(f, invocation_.schedule(at, method, arguments, gas));
}

Step WasmHost::sha256(HostFrame& f) {
  Arguments in{f};
  const ByteView data = in.buffer();
  return in.outside ? outside() : give_hash(f, 2, invocation_.sha256(data));
}

Step WasmHost::sha3_256(HostFrame& f) {
  Arguments in{f};
  const ByteView data = in.buffer();
  return in.outside ? outside() : give_hash(f, 2, invocation_.sha3_256(data));
}

Step WasmHost::ed25519_verify(HostFrame& f) {
  Arguments in{f};
  const ByteView key = in.fixed(32);
  const ByteView message = in.buffer();
  const ByteView signature = in.fixed(64);
  return in.outside ? outside() : flag(f, invocation_.ed25519_verify(key, message, signature));
}

Step WasmHost::p256_verify(HostFrame& f) {
  Arguments in{f};
  const ByteView key = in.fixed(65);
  const ByteView message = in.buffer();
  const ByteView signature = in.fixed(64);
  return in.outside ? outside() : flag(f, invocation_.p256_verify(key, message, signature));
}

Step WasmHost::muldiv(HostFrame& f) {
  const auto quotient = invocation_.muldiv(f.i64(0), f.i64(1), f.i64(2), f.u32(3));
  if (!quotient) return Step::fail(quotient.error());
  if (*quotient) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes.at(i) = static_cast<std::uint8_t>(static_cast<std::uint64_t>(**quotient) >> (8 * i));
    if (!f.write(f.u32(4), bytes)) return outside();
  }
  f.set_i32(*quotient ? 1 : 0);
  return Step::proceed();
}

Step WasmHost::log(HostFrame& f) {
  Arguments in{f};
  const ByteView text = in.buffer();
  return in.outside ? outside() : done(invocation_.log(text));
}

}  // namespace

std::span<const vm::HostDefinition> host_definitions() {
  static const std::vector<vm::HostDefinition> definitions = [] {
    const auto types = [](std::string_view letters) {
      std::vector<vm::ValueType> out;
      for (const char letter : letters)
        out.push_back(letter == 'l' ? vm::ValueType::kI64 : vm::ValueType::kI32);
      return out;
    };
    std::vector<vm::HostDefinition> all;
    for (const auto& entry : WasmHost::kEntries) {
      all.push_back({"usance1", entry.name, types(entry.params), types(entry.result),
                     static_cast<std::uint32_t>(all.size()), 0});
    }
    return all;
  }();
  return definitions;
}

CallEnd run_wasm(Invocation& invocation, vm::Instance& instance) {
  GasMeter& gas = invocation.action().gas;
  const std::uint64_t before = gas.remaining();
  WasmHost host(invocation);
  Tracer* const tracer = invocation.action().tracer;
  vm::CallProfile profile;
  const vm::Outcome outcome = tracer == nullptr
                                  ? instance.call("invoke", {}, before, host)
                                  : instance.call_observed("invoke", {}, before, host, profile);
  if (tracer != nullptr) tracer->module_ran(instance.module(), profile, outcome.trap);
  gas.set_remaining(before - std::min(before, outcome.gas_used));
  if (outcome.trap != TrapCode::kNone) return CallEnd::trapped(outcome.trap);
  if (host.aborted()) return host.take_abort();
  return {ReceiptStatus::kOk, 0, {}, invocation.take_result()};
}

}  // namespace usance
