// What a method sees of the world: who calls, when, the contract's own storage, events, timers,
// other contracts. A Context lives for one invocation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/sdk/bytes.h"
#include "contracts/sdk/date.h"
#include "contracts/sdk/failure.h"
#include "contracts/sdk/host_api.h"
#include "contracts/sdk/wire.h"
#include "usance/contract/types.usance.h"

namespace usance::contract {

enum class Invocation : std::uint8_t { kMethod = 0, kView = 1, kTimer = 2, kMigrate = 3 };

// Names a pending timer of this contract.
struct TimerId {
  std::int64_t value = 0;
  friend bool operator==(const TimerId&, const TimerId&) = default;
};

// What a call to another contract came to. A failed one has no effects.
template <class Response>
struct CallResult {
  std::int32_t status = 0;  // 0 ok, 1 contract error, else a ReceiptStatus of docs/spec/host.md
  Response response;        // when ok
  std::string method;       // that was called
  std::int32_t code = 0;    // after a contract error: its number ...
  std::string contract;     // ... the contract that raised it ...
  std::string detail;       // ... and its text

  explicit operator bool() const { return status == 0; }
};

class Context {
 public:
#ifdef __wasm__
  Context() = default;
#else
  // The host must outlive the context.
  explicit Context(HostApi& host) : host_(host) {}
#endif
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // The transaction's organisation and user; empty in a timer. In a nested call they are the
  // outermost caller's: a method that trusts another contract asks calling_contract().
  [[nodiscard]] const std::string& organisation();
  [[nodiscard]] std::string user();
  [[nodiscard]] Bytes public_key();  // of the user, Ed25519, 32 bytes
  [[nodiscard]] bool has_role(std::string_view role);
  [[nodiscard]] bool has_permission(std::string_view permission);
  [[nodiscard]] Actor actor();       // organisation and user, for events and records
  [[nodiscard]] std::string self();  // this contract's registered name
  // The contract that calls, empty when the user or a timer does.
  [[nodiscard]] const std::string& calling_contract();
  [[nodiscard]] Bytes transaction_id();  // 32 bytes
  [[nodiscard]] Invocation invocation();

  [[nodiscard]] std::int64_t height();
  [[nodiscard]] std::int64_t now_ms();  // the block's time: UTC milliseconds
  [[nodiscard]] Date today() { return Date::from_ms(now_ms()); }  // the block's date in UTC

  // Storage in its raw form; contracts/sdk/storage.h has the typed one.
  [[nodiscard]] std::optional<Bytes> get(Key scope, Key item);
  [[nodiscard]] bool has(Key scope, Key item);
  void put(Key scope, Key item, ByteView value);
  bool erase(Key scope, Key item);  // true if it existed
  struct Item {
    Bytes item;
    Bytes value;
  };
  // The first item with from <= item < to; an empty `to` is no bound.
  [[nodiscard]] std::optional<Item> next(Key scope, Key from, Key to);

  // At most 64 a transaction.
  template <class Event>
  void emit(const Event& event) {
    emit_raw(Event::kEvent, event_key(event), to_wire(event));
  }

  // Invokes `Method` of this contract at the head of the first block at or after the instant.
  template <class Method>
  TimerId schedule(std::int64_t at_ms, const typename Method::Request& request,
                   std::int64_t gas = kTimerGas) {
    static_assert(Method::kRules.timer, "the interface does not mark this method as a timer's");
    return TimerId{host_.schedule(at_ms, view(Method::kRules.name), to_wire(request), gas)};
  }
  bool cancel(TimerId timer) { return host_.cancel(timer.value); }  // false: not pending
  static constexpr std::int64_t kTimerGas = 10'000'000;

  // Calls a method of another contract; generated stubs wrap it.
  template <class Method>
  CallResult<typename Method::Response> call(std::string_view contract,
                                             const typename Method::Request& request) {
    CallResult<Bytes> raw = call_bytes(contract, Method::kRules.name, to_wire(request));
    CallResult<typename Method::Response> out{
        raw.status,           {}, std::move(raw.method), raw.code, std::move(raw.contract),
        std::move(raw.detail)};
    if (raw) {
      Reader in(raw.response);
      read(in, out.response);
      if (!in.ok()) bad_response(out.contract, out.method, in.error());
    }
    return out;
  }
  // The same for a method that is known at run time only.
  CallResult<Bytes> call_bytes(std::string_view contract, std::string_view method,
                               ByteView arguments);

  [[nodiscard]] Bytes sha256(ByteView data);
  [[nodiscard]] Bytes sha3_256(ByteView data);
  // False also for keys and signatures of the wrong length.
  [[nodiscard]] bool ed25519_verify(ByteView key, ByteView message, ByteView signature);
  [[nodiscard]] bool p256_verify(ByteView key, ByteView message, ByteView signature);
  void log(std::string_view text) { host_.log(view(text)); }

  // For the dispatcher.
  [[nodiscard]] std::string method();
  [[nodiscard]] Bytes arguments();
  void finish(ByteView response) { host_.finish(response); }

 private:
  [[nodiscard]] Bytes field(ContextField field);
  [[nodiscard]] std::string text_field(ContextField field);
  void emit_raw(std::string_view name, ByteView key, ByteView data);
  [[noreturn]] static void bad_response(std::string_view contract, std::string_view method,
                                        WireError error);

#ifdef __wasm__
  HostApi host_;
#else
  HostApi& host_;
#endif
  std::optional<std::string> organisation_;  // asked for often, so kept
  std::optional<std::string> calling_contract_;
};

[[noreturn]] void call_failed(std::string_view contract, std::string_view method,
                              std::int32_t status, std::int32_t code, std::string_view detail);

// Why a nested call failed, for people: its text, or its status when it has none.
template <class Response>
[[nodiscard]] std::string reason_of(const CallResult<Response>& result) {
  return result.detail.empty() ? "status " + decimal(std::int64_t{result.status}) : result.detail;
}

// The response of a nested call, or the end of this one with CALL_FAILED.
template <class Response>
Response require(CallResult<Response> result) {
  if (!result) {
    call_failed(result.contract, result.method, result.status, result.code, result.detail);
  }
  return std::move(result.response);
}

}  // namespace usance::contract
