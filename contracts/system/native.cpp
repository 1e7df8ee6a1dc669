#include "contracts/system/native.h"

#include <algorithm>
#include <array>

#include "contracts/system/governance.h"
#include "contracts/system/registry.h"
#include "contracts/system/timers.h"

namespace usance {

namespace {

// The SDK's host interface over an invocation. A trap leaves the contract as a NativeTrap.
class NativeHost final : public contract::HostApi {
 public:
  explicit NativeHost(Invocation& invocation) : invocation_(invocation) {}

  std::int32_t method(contract::OutBuffer out) override {
    return give(out, ok(invocation_.method()));
  }
  std::int32_t arguments(contract::OutBuffer out) override {
    return give(out, ok(invocation_.arguments()));
  }
  void finish(ByteView response) override { ok(invocation_.finish(response)); }
  std::int32_t get(ByteView scope, ByteView item, contract::OutBuffer out) override {
    return give(out, ok(invocation_.get(scope, item)));
  }
  bool has(ByteView scope, ByteView item) override { return ok(invocation_.has(scope, item)); }
  void put(ByteView scope, ByteView item, ByteView value) override {
    ok(invocation_.put(scope, item, value));
  }
  bool del(ByteView scope, ByteView item) override { return ok(invocation_.del(scope, item)); }
  std::int32_t next(ByteView scope, ByteView from, ByteView to, contract::OutBuffer out) override {
    const auto found = ok(invocation_.next(scope, from, to));
    if (!found) return -1;
    Encoder joined;
    joined(static_cast<std::uint32_t>(found->item.size()));
    joined.raw(found->item);
    joined.raw(found->value);
    return give(out, ByteView(joined.data()));
  }
  std::int32_t context(contract::ContextField field, contract::OutBuffer out) override {
    return give(out, ok(invocation_.context(static_cast<std::uint32_t>(field))));
  }
  std::int64_t block_height() override {
    return static_cast<std::int64_t>(ok(invocation_.block_height()));
  }
  std::int64_t block_time() override {
    return static_cast<std::int64_t>(ok(invocation_.block_time()));
  }
  void emit(ByteView name, ByteView key, ByteView data) override {
    ok(invocation_.emit(name, key, data));
  }
  std::int32_t call(ByteView contract, ByteView method, ByteView arguments) override {
    return static_cast<std::int32_t>(ok(invocation_.call(contract, method, arguments)));
  }
  std::int32_t call_result(contract::OutBuffer out) override {
    return give(out, ok(invocation_.call_result()));
  }
  std::int64_t schedule(std::int64_t at, ByteView method, ByteView arguments,
                        std::int64_t gas) override {
    return static_cast<std::int64_t>(ok(invocation_.schedule(at, method, arguments, gas)));
  }
  bool cancel(std::int64_t timer) override {
    return ok(invocation_.cancel(static_cast<std::uint64_t>(timer)));
  }
  void sha256(ByteView data, std::uint8_t* out32) override {
    std::ranges::copy(ok(invocation_.sha256(data)).bytes, out32);
  }
  void sha3_256(ByteView data, std::uint8_t* out32) override {
    std::ranges::copy(ok(invocation_.sha3_256(data)).bytes, out32);
  }
  bool ed25519_verify(ByteView key32, ByteView message, ByteView signature64) override {
    return ok(invocation_.ed25519_verify(key32, message, signature64));
  }
  bool p256_verify(ByteView key65, ByteView message, ByteView signature64) override {
    return ok(invocation_.p256_verify(key65, message, signature64));
  }
  void log(ByteView text) override { ok(invocation_.log(text)); }

 private:
  template <class T>
  static T ok(HostResult<T> result) {
    if (!result) throw NativeTrap{result.error()};
    if constexpr (!std::is_void_v<T>) return *std::move(result);
  }
  static std::int32_t give(contract::OutBuffer out, ByteView bytes) {
    if (bytes.size() <= out.size()) std::ranges::copy(bytes, out.begin());
    return static_cast<std::int32_t>(bytes.size());
  }
  static std::int32_t give(contract::OutBuffer out, const std::optional<ByteView>& bytes) {
    return bytes ? give(out, *bytes) : -1;
  }

  Invocation& invocation_;
};

}  // namespace

std::span<const SystemContract> system_contracts() {
  static const std::array<SystemContract, 3> all = {
      registry::system_contract(), governance::system_contract(), timers::system_contract()};
  return all;
}

const SystemContract* find_system_contract(std::string_view name) {
  const auto all = system_contracts();
  const auto found = std::ranges::find(all, name, &SystemContract::name);
  return found == all.end() ? nullptr : &*found;
}

CallEnd run_native(Invocation& invocation, const SystemContract& contract) {
  NativeHost host(invocation);
  contract::Context context(host);
  try {
    contract.dispatch(context, invocation);
  } catch (const contract::Aborted& aborted) {
    return CallEnd::aborted(static_cast<std::uint32_t>(aborted.failure.code),
                            aborted.failure.detail);
  } catch (const NativeTrap& trap) {
    return CallEnd::trapped(trap.code);
  }
  return {ReceiptStatus::kOk, 0, {}, invocation.take_result()};
}

}  // namespace usance
