// The host functions of docs/spec/host.md, version 1. In wasm each is an import; natively they are
// an interface that a host implements: the mock host in tests, the executor for system contracts.
// Contracts use Context instead.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "contracts/sdk/bytes.h"

namespace usance::contract {

using OutBuffer = std::span<std::uint8_t>;

enum class ContextField : std::int32_t {
  kOrganisation = 0,
  kUser = 1,
  kPublicKey = 2,
  kRoles = 3,
  kPermissions = 4,
  kSelf = 5,
  kCallingContract = 6,
  kTransactionId = 7,
  kInvocation = 8,
};

enum class Rounding : std::int32_t { kTowardZero = 0, kFloor = 1, kCeiling = 2, kHalfEven = 3 };

#ifdef __wasm__
namespace imports {
#define USANCE_IMPORT(name) __attribute__((import_module("usance1"), import_name(#name)))
using Pointer = const void*;
using Size = std::uint32_t;
extern "C" {
USANCE_IMPORT(method) std::int32_t usance1_method(void* out, Size capacity);
USANCE_IMPORT(arguments) std::int32_t usance1_arguments(void* out, Size capacity);
USANCE_IMPORT(finish) void usance1_finish(Pointer data, Size size);
USANCE_IMPORT(abort)
__attribute__((noreturn)) void usance1_abort(std::int32_t code, Pointer detail, Size detail_size);
USANCE_IMPORT(get)
std::int32_t usance1_get(Pointer scope, Size scope_size, Pointer item, Size item_size, void* out,
                         Size capacity);
USANCE_IMPORT(has)
std::int32_t usance1_has(Pointer scope, Size scope_size, Pointer item, Size item_size);
USANCE_IMPORT(put)
void usance1_put(Pointer scope, Size scope_size, Pointer item, Size item_size, Pointer value,
                 Size value_size);
USANCE_IMPORT(del)
std::int32_t usance1_del(Pointer scope, Size scope_size, Pointer item, Size item_size);
USANCE_IMPORT(next)
std::int32_t usance1_next(Pointer scope, Size scope_size, Pointer from, Size from_size, Pointer to,
                          Size to_size, void* out, Size capacity);
USANCE_IMPORT(context) std::int32_t usance1_context(std::int32_t field, void* out, Size capacity);
USANCE_IMPORT(block_height) std::int64_t usance1_block_height();
USANCE_IMPORT(block_time) std::int64_t usance1_block_time();
USANCE_IMPORT(emit)
void usance1_emit(Pointer name, Size name_size, Pointer key, Size key_size, Pointer data,
                  Size data_size);
USANCE_IMPORT(call)
std::int32_t usance1_call(Pointer contract, Size contract_size, Pointer method, Size method_size,
                          Pointer arguments, Size arguments_size);
USANCE_IMPORT(call_result) std::int32_t usance1_call_result(void* out, Size capacity);
USANCE_IMPORT(schedule)
std::int64_t usance1_schedule(std::int64_t at, Pointer method, Size method_size, Pointer arguments,
                              Size arguments_size, std::int64_t gas);
USANCE_IMPORT(cancel) std::int32_t usance1_cancel(std::int64_t timer);
USANCE_IMPORT(sha256) void usance1_sha256(Pointer data, Size size, void* out32);
USANCE_IMPORT(sha3_256) void usance1_sha3_256(Pointer data, Size size, void* out32);
USANCE_IMPORT(ed25519_verify)
std::int32_t usance1_ed25519_verify(Pointer key32, Pointer message, Size message_size,
                                    Pointer signature64);
USANCE_IMPORT(p256_verify)
std::int32_t usance1_p256_verify(Pointer key65, Pointer message, Size message_size,
                                 Pointer signature64);
USANCE_IMPORT(muldiv)
std::int32_t usance1_muldiv(std::int64_t a, std::int64_t b, std::int64_t c, std::int32_t rounding,
                            void* out8);
USANCE_IMPORT(log) void usance1_log(Pointer text, Size size);
}
#undef USANCE_IMPORT
}  // namespace imports

class HostApi {
 public:
  std::int32_t method(OutBuffer out) { return imports::usance1_method(out.data(), out.size()); }
  std::int32_t arguments(OutBuffer out) {
    return imports::usance1_arguments(out.data(), out.size());
  }
  void finish(ByteView response) { imports::usance1_finish(response.data(), response.size()); }
  std::int32_t get(ByteView scope, ByteView item, OutBuffer out) {
    return imports::usance1_get(scope.data(), scope.size(), item.data(), item.size(), out.data(),
                                out.size());
  }
  bool has(ByteView scope, ByteView item) {
    return imports::usance1_has(scope.data(), scope.size(), item.data(), item.size()) != 0;
  }
  void put(ByteView scope, ByteView item, ByteView value) {
    imports::usance1_put(scope.data(), scope.size(), item.data(), item.size(), value.data(),
                         value.size());
  }
  bool del(ByteView scope, ByteView item) {
    return imports::usance1_del(scope.data(), scope.size(), item.data(), item.size()) != 0;
  }
  std::int32_t next(ByteView scope, ByteView from, ByteView to, OutBuffer out) {
    return imports::usance1_next(scope.data(), scope.size(), from.data(), from.size(), to.data(),
                                 to.size(), out.data(), out.size());
  }
  std::int32_t context(ContextField field, OutBuffer out) {
    return imports::usance1_context(static_cast<std::int32_t>(field), out.data(), out.size());
  }
  std::int64_t block_height() { return imports::usance1_block_height(); }
  std::int64_t block_time() { return imports::usance1_block_time(); }
  void emit(ByteView name, ByteView key, ByteView data) {
    imports::usance1_emit(name.data(), name.size(), key.data(), key.size(), data.data(),
                          data.size());
  }
  std::int32_t call(ByteView contract, ByteView method, ByteView arguments) {
    return imports::usance1_call(contract.data(), contract.size(), method.data(), method.size(),
                                 arguments.data(), arguments.size());
  }
  std::int32_t call_result(OutBuffer out) {
    return imports::usance1_call_result(out.data(), out.size());
  }
  std::int64_t schedule(std::int64_t at, ByteView method, ByteView arguments, std::int64_t gas) {
    return imports::usance1_schedule(at, method.data(), method.size(), arguments.data(),
                                     arguments.size(), gas);
  }
  bool cancel(std::int64_t timer) { return imports::usance1_cancel(timer) != 0; }
  void sha256(ByteView data, std::uint8_t* out32) {
    imports::usance1_sha256(data.data(), data.size(), out32);
  }
  void sha3_256(ByteView data, std::uint8_t* out32) {
    imports::usance1_sha3_256(data.data(), data.size(), out32);
  }
  bool ed25519_verify(ByteView key32, ByteView message, ByteView signature64) {
    return imports::usance1_ed25519_verify(key32.data(), message.data(), message.size(),
                                           signature64.data()) != 0;
  }
  bool p256_verify(ByteView key65, ByteView message, ByteView signature64) {
    return imports::usance1_p256_verify(key65.data(), message.data(), message.size(),
                                        signature64.data()) != 0;
  }
  void log(ByteView text) { imports::usance1_log(text.data(), text.size()); }
};
#else

// Results of variable size go to `out`: the full length is returned, and written if it fits; -1
// means absent. finish() keeps the response; a contract error arrives as the exception Aborted.
class HostApi {
 public:
  virtual ~HostApi() = default;
  virtual std::int32_t method(OutBuffer out) = 0;
  virtual std::int32_t arguments(OutBuffer out) = 0;
  virtual void finish(ByteView response) = 0;
  virtual std::int32_t get(ByteView scope, ByteView item, OutBuffer out) = 0;
  virtual bool has(ByteView scope, ByteView item) = 0;
  virtual void put(ByteView scope, ByteView item, ByteView value) = 0;
  virtual bool del(ByteView scope, ByteView item) = 0;
  virtual std::int32_t next(ByteView scope, ByteView from, ByteView to, OutBuffer out) = 0;
  virtual std::int32_t context(ContextField field, OutBuffer out) = 0;
  virtual std::int64_t block_height() = 0;
  virtual std::int64_t block_time() = 0;
  virtual void emit(ByteView name, ByteView key, ByteView data) = 0;
  virtual std::int32_t call(ByteView contract, ByteView method, ByteView arguments) = 0;
  virtual std::int32_t call_result(OutBuffer out) = 0;
  virtual std::int64_t schedule(std::int64_t at, ByteView method, ByteView arguments,
                                std::int64_t gas) = 0;
  virtual bool cancel(std::int64_t timer) = 0;
  virtual void sha256(ByteView data, std::uint8_t* out32) = 0;
  virtual void sha3_256(ByteView data, std::uint8_t* out32) = 0;
  virtual bool ed25519_verify(ByteView key32, ByteView message, ByteView signature64) = 0;
  virtual bool p256_verify(ByteView key65, ByteView message, ByteView signature64) = 0;
  virtual void log(ByteView text) = 0;
};
#endif

}  // namespace usance::contract
