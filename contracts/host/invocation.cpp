#include "contracts/host/invocation.h"

#include "base/hash.h"
#include "contracts/host/crypto.h"
#include "contracts/system/timers.h"

// Charges, or returns the trap from the enclosing host function.
#define USANCE_CHARGE_GAS(amount)                                      \
  do {                                                                 \
    if (!action_.gas.charge(amount)) return trap(TrapCode::kOutOfGas); \
  } while (false)
#define USANCE_CHARGE(price, bytes) USANCE_CHARGE_GAS((price).of(bytes))

namespace usance {

namespace {

tl::unexpected<TrapCode> trap(TrapCode code) {
  return tl::unexpected<TrapCode>(code);
}

bool key_fits(ByteView scope, ByteView item) {
  return scope.size() <= limits::kMaxScopeBytes && item.size() <= limits::kMaxItemBytes;
}

Bytes failed_call_result(std::string_view contract, const CallEnd& end) {
  Encoder out;
  out(end.code);
  out(static_cast<std::uint32_t>(contract.size()));
  out.raw(as_bytes(contract));
  out.raw(as_bytes(end.detail));
  return std::move(out).take();
}

}  // namespace

CallEnd CallEnd::aborted(std::uint32_t code, std::string_view detail) {
  constexpr std::uint32_t kUnknownMethod = 900;  // StandardError in usance/contract/types.proto
  constexpr std::uint32_t kMalformedArguments = 901;
  std::string text(detail.substr(0, limits::kMaxErrorBytes));
  if (code == kUnknownMethod) return rejected(RejectCode::kUnknownMethod, std::move(text));
  if (code == kMalformedArguments) return rejected(RejectCode::kBadArguments, std::move(text));
  return {ReceiptStatus::kContractError, code, std::move(text), {}};
}

HostResult<void> Invocation::charge(std::uint64_t amount) {
  if (!action_.gas.charge(amount)) return trap(TrapCode::kOutOfGas);
  return {};
}

HostResult<void> Invocation::begin_write() const {
  if (action_.read_only) return trap(TrapCode::kReadOnly);
  return {};
}

HostResult<ByteView> Invocation::method() {
  USANCE_CHARGE(gas::kInput, method_.size());
  return as_bytes(method_);
}

HostResult<ByteView> Invocation::arguments() {
  USANCE_CHARGE(gas::kInput, arguments_.size());
  return arguments_;
}

HostResult<void> Invocation::finish(ByteView response) {
  USANCE_CHARGE(gas::kFinish, response.size());
  if (response.size() > limits::kMaxReturnBytes) return trap(TrapCode::kHostLimit);
  result_.assign(response.begin(), response.end());
  return {};
}

HostResult<std::optional<ByteView>> Invocation::get(ByteView scope, ByteView item) {
  USANCE_CHARGE(gas::kGet, scope.size() + item.size());
  if (!key_fits(scope, item)) return trap(TrapCode::kHostLimit);
  const auto value = action_.overlay.get(contract_, scope, item);
  if (value) USANCE_CHARGE_GAS(gas::kGet.per_byte * value->size());
  return value;
}

HostResult<bool> Invocation::has(ByteView scope, ByteView item) {
  USANCE_CHARGE(gas::kHas, scope.size() + item.size());
  if (!key_fits(scope, item)) return trap(TrapCode::kHostLimit);
  const auto value = action_.overlay.get(contract_, scope, item);
  if (value) USANCE_CHARGE_GAS(gas::kHas.per_byte * value->size());
  return value.has_value();
}

HostResult<void> Invocation::put(ByteView scope, ByteView item, ByteView value) {
  USANCE_CHARGE(gas::kPut, scope.size() + item.size() + value.size());
  if (auto writable = begin_write(); !writable) return writable;
  if (!key_fits(scope, item) || value.size() > limits::kMaxValueBytes)
    return trap(TrapCode::kHostLimit);
  action_.overlay.put(contract_, scope, item, value);
  return {};
}

HostResult<bool> Invocation::del(ByteView scope, ByteView item) {
  USANCE_CHARGE(gas::kDel, scope.size() + item.size());
  if (auto writable = begin_write(); !writable) return trap(writable.error());
  if (!key_fits(scope, item)) return trap(TrapCode::kHostLimit);
  const auto value = action_.overlay.get(contract_, scope, item);
  if (!value) return false;
  USANCE_CHARGE_GAS(gas::kDel.per_byte * value->size());
  return action_.overlay.del(contract_, scope, item);
}

HostResult<std::optional<Overlay::Found>> Invocation::next(ByteView scope, ByteView from,
                                                           ByteView to) {
  USANCE_CHARGE(gas::kNext, scope.size() + from.size() + to.size());
  // A bound may be one byte longer than an item: "after this item" is the item and a zero byte.
  if (scope.size() > limits::kMaxScopeBytes || from.size() > limits::kMaxItemBytes + 1 ||
      to.size() > limits::kMaxItemBytes + 1)
    return trap(TrapCode::kHostLimit);
  std::size_t skipped = 0;
  const auto found = action_.overlay.next(contract_, scope, from, to, skipped);
  const std::size_t bytes = found ? found->item.size() + found->value.size() : 0;
  USANCE_CHARGE_GAS(gas::kNextSkipped * skipped + gas::kNext.per_byte * bytes);
  return found;
}

HostResult<ByteView> Invocation::context(std::uint32_t field) {
  const Caller* caller = action_.caller;
  ByteView value;
  switch (field) {
    case 0: value = caller != nullptr ? as_bytes(caller->org.value) : ByteView(); break;
    case 1: value = caller != nullptr ? as_bytes(caller->user) : ByteView(); break;
    case 2: value = caller != nullptr ? caller->key.view() : ByteView(); break;
    case 3: value = caller != nullptr ? as_bytes(caller->roles) : ByteView(); break;
    case 4: value = caller != nullptr ? as_bytes(caller->permissions) : ByteView(); break;
    case 5: value = as_bytes(contract_); break;
    case 6: {
      const auto& stack = action_.stack;  // this call is on top
      // A migration is the ledger's doing, though the registry's call carries it out.
      if (stack.size() >= 2 && kind_ != InvocationKind::kMigrate)
        value = as_bytes(stack[stack.size() - 2]->contract());
      break;
    }
    case 7: value = action_.id.view(); break;
    case 8:
      kind_byte_ = static_cast<std::uint8_t>(kind_);
      value = ByteView(&kind_byte_, 1);
      break;
    default: return trap(TrapCode::kHostArgument);
  }
  USANCE_CHARGE(gas::kInput, value.size());
  return value;
}

HostResult<std::uint64_t> Invocation::block_height() {
  USANCE_CHARGE(gas::kBlock, 0);
  return action_.height.value;
}

HostResult<std::uint64_t> Invocation::block_time() {
  USANCE_CHARGE(gas::kBlock, 0);
  return action_.time.value;
}

HostResult<void> Invocation::emit(ByteView name, ByteView key, ByteView data) {
  USANCE_CHARGE(gas::kEmit, name.size() + key.size() + data.size());
  if (auto writable = begin_write(); !writable) return writable;
  const std::size_t index = action_.events.size() - action_.first_event;
  if (index >= limits::kMaxEventsPerTransaction || key.size() > limits::kMaxScopeBytes ||
      data.size() > limits::kMaxEventBytes)
    return trap(TrapCode::kHostLimit);
  if (!is_wellformed_name(as_text(name), true)) return trap(TrapCode::kHostArgument);
  action_.events.push_back({action_.index, static_cast<std::uint32_t>(index),
                            std::string(contract_), std::string(as_text(name)),
                            Bytes(key.begin(), key.end()), Bytes(data.begin(), data.end())});
  return {};
}

HostResult<ReceiptStatus> Invocation::call(ByteView contract, ByteView method, ByteView arguments) {
  USANCE_CHARGE(gas::kCall, contract.size() + method.size() + arguments.size());
  if (arguments.size() > limits::kMaxArgumentBytes) return trap(TrapCode::kHostLimit);
  // The caller's memory may not move while the inner call runs, but its buffers may be reused by
  // a native caller: the inner call gets its own copies.
  const std::string name(as_text(contract));
  const std::string method_name(as_text(method));
  const Bytes request(arguments.begin(), arguments.end());
  const InvocationKind kind =
      kind_ == InvocationKind::kView ? InvocationKind::kView : InvocationKind::kMethod;
  Invocation inner(action_, name, method_name, request, kind);
  CallEnd end = action_.runner.run(inner);
  call_result_ =
      end.status == ReceiptStatus::kOk ? std::move(end.result) : failed_call_result(name, end);
  return end.status;
}

HostResult<std::optional<ByteView>> Invocation::call_result() {
  USANCE_CHARGE(gas::kInput, call_result_ ? call_result_->size() : 0);
  if (!call_result_) return std::optional<ByteView>();
  return std::optional<ByteView>(*call_result_);
}

HostResult<std::uint64_t> Invocation::schedule(std::int64_t at, ByteView method, ByteView arguments,
                                               std::int64_t gas) {
  USANCE_CHARGE(gas::kSchedule, method.size() + arguments.size());
  if (auto writable = begin_write(); !writable) return trap(writable.error());
  if (arguments.size() > limits::kMaxArgumentBytes / 2) return trap(TrapCode::kHostLimit);
  if (at < 0 || gas <= 0 || !is_wellformed_name(as_text(method), true))
    return trap(TrapCode::kHostArgument);
  if (static_cast<std::uint64_t>(gas) > action_.parameters.max_timer_gas_per_block)
    return trap(TrapCode::kHostLimit);
  timers::Timer timer;
  timer.contract = contract_;
  timer.method = as_text(method);
  timer.arguments.assign(arguments.begin(), arguments.end());
  timer.at = at;
  timer.gas = static_cast<std::uint64_t>(gas);
  timer.created = action_.height.value;
  return timers::add(action_.overlay, std::move(timer));
}

HostResult<bool> Invocation::cancel(std::uint64_t timer) {
  USANCE_CHARGE(gas::kCancel, 0);
  if (auto writable = begin_write(); !writable) return trap(writable.error());
  return timers::cancel(action_.overlay, contract_, timer);
}

HostResult<Hash32> Invocation::sha256(ByteView data) {
  USANCE_CHARGE(gas::kSha256, data.size());
  return usance::sha256(data);
}

HostResult<Hash32> Invocation::sha3_256(ByteView data) {
  USANCE_CHARGE(gas::kSha3, data.size());
  return host::sha3_256(data);
}

HostResult<bool> Invocation::ed25519_verify(ByteView key32, ByteView message,
                                            ByteView signature64) {
  USANCE_CHARGE(gas::kEd25519, message.size());
  PublicKey key;
  return fixed_from(key32, key) && host::ed25519_verify(key, message, signature64);
}

HostResult<bool> Invocation::verify_statement(ByteView key32, const Hash32& digest,
                                              ByteView signature64) {
  USANCE_CHARGE(gas::kEd25519, digest.bytes.size());
  PublicKey key;
  Signature signature;
  return fixed_from(key32, key) && fixed_from(signature64, signature) &&
         action_.verifier.verify(key, digest, signature);
}

HostResult<bool> Invocation::p256_verify(ByteView key65, ByteView message, ByteView signature64) {
  USANCE_CHARGE(gas::kP256, message.size());
  return host::p256_verify(key65, message, signature64);
}

HostResult<std::optional<std::int64_t>> Invocation::muldiv(std::int64_t a, std::int64_t b,
                                                           std::int64_t c, std::uint32_t rounding) {
  USANCE_CHARGE(gas::kMulDiv, 0);
  if (rounding > static_cast<std::uint32_t>(host::Rounding::kHalfEven))
    return trap(TrapCode::kHostArgument);
  return host::muldiv(a, b, c, static_cast<host::Rounding>(rounding));
}

HostResult<void> Invocation::log(ByteView text) {
  USANCE_CHARGE(gas::kLog, text.size());
  if (action_.log != nullptr) action_.log->emplace_back(as_text(text));
  return {};
}

}  // namespace usance
