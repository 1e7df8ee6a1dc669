#include "contracts/sdk/context.h"

#include <array>

#include "contracts/sdk/storage.h"

namespace usance::contract {
namespace {

// Most values fit; a longer one is asked for a second time.
constexpr std::size_t kFirstTry = 1'024;
constexpr std::int32_t kContractErrorStatus = 1;

// The value of a host function that writes to a buffer; nothing when it answers -1. The buffer is
// on the stack and not cleared: clearing would cost more than most calls.
template <class Ask>
std::optional<Bytes> read_all(Ask ask) {
  std::uint8_t buffer[kFirstTry];
  const std::int32_t answer = ask(OutBuffer(buffer));
  if (answer < 0) return std::nullopt;
  const auto size = static_cast<std::size_t>(answer);
  if (size <= kFirstTry) return Bytes(buffer, buffer + size);
  Bytes out(size);
  ask(OutBuffer(out));
  return out;
}

// The same for texts, which the host always has.
template <class Ask>
std::string read_text(Ask ask) {
  char buffer[kFirstTry];
  const auto size =
      static_cast<std::size_t>(ask(OutBuffer(reinterpret_cast<std::uint8_t*>(buffer), kFirstTry)));
  if (size <= kFirstTry) return std::string(buffer, size);
  std::string out(size, ' ');
  ask(OutBuffer(reinterpret_cast<std::uint8_t*>(out.data()), size));
  return out;
}

bool has_line(std::string_view lines, std::string_view wanted) {
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    if (lines.substr(0, end) == wanted) return true;
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
  return false;
}

std::uint32_t take_u32(ByteView& from) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out |= static_cast<std::uint32_t>(from[i]) << (8 * i);
  from = from.subspan(4);
  return out;
}

}  // namespace

Bytes Context::field(ContextField field) {
  return read_all([&](OutBuffer out) { return host_.context(field, out); }).value_or(Bytes{});
}

std::string Context::text_field(ContextField which) {
  return read_text([&](OutBuffer out) { return host_.context(which, out); });
}

const std::string& Context::organisation() {
  if (!organisation_) organisation_ = text_field(ContextField::kOrganisation);
  return *organisation_;
}

std::string Context::user() {
  return text_field(ContextField::kUser);
}
Bytes Context::public_key() {
  return field(ContextField::kPublicKey);
}

bool Context::has_role(std::string_view role) {
  return has_line(text_field(ContextField::kRoles), role);
}

bool Context::has_permission(std::string_view permission) {
  return has_line(text_field(ContextField::kPermissions), permission);
}

Actor Context::actor() {
  return Actor{organisation(), user()};
}
std::string Context::self() {
  return text_field(ContextField::kSelf);
}

const std::string& Context::calling_contract() {
  if (!calling_contract_) calling_contract_ = text_field(ContextField::kCallingContract);
  return *calling_contract_;
}

Bytes Context::transaction_id() {
  return field(ContextField::kTransactionId);
}

Invocation Context::invocation() {
  std::uint8_t kind = 0;
  host_.context(ContextField::kInvocation, OutBuffer(&kind, 1));
  return static_cast<Invocation>(kind);
}

std::int64_t Context::height() {
  return host_.block_height();
}
std::int64_t Context::now_ms() {
  return host_.block_time();
}

std::optional<Bytes> Context::get(Key scope, Key item) {
  return read_all([&](OutBuffer out) { return host_.get(scope, item, out); });
}
bool Context::has(Key scope, Key item) {
  return host_.has(scope, item);
}
void Context::put(Key scope, Key item, ByteView value) {
  host_.put(scope, item, value);
}
bool Context::erase(Key scope, Key item) {
  return host_.del(scope, item);
}

std::optional<Context::Item> Context::next(Key scope, Key from, Key to) {
  const std::optional<Bytes> raw =
      read_all([&](OutBuffer out) { return host_.next(scope, from, to, out); });
  if (!raw) return std::nullopt;
  ByteView rest = *raw;
  const std::uint32_t size = take_u32(rest);
  return Item{copy(rest.first(size)), copy(rest.subspan(size))};
}

void Context::emit_raw(std::string_view name, ByteView key, ByteView data) {
  host_.emit(view(name), key, data);
}

CallResult<Bytes> Context::call_bytes(std::string_view contract, std::string_view method,
                                      ByteView arguments) {
  CallResult<Bytes> out;
  out.status = host_.call(view(contract), view(method), arguments);
  out.method = method;
  out.contract = contract;
  if (out.status != 0 && out.status != kContractErrorStatus) return out;
  out.response = read_all([&](OutBuffer to) { return host_.call_result(to); }).value_or(Bytes{});
  if (out.status == 0) return out;
  ByteView rest = out.response;  // the host's own words: u32 code, u32 length, contract, detail
  out.code = static_cast<std::int32_t>(take_u32(rest));
  const std::uint32_t size = take_u32(rest);
  out.contract = text_of(rest.first(size));
  out.detail = text_of(rest.subspan(size));
  out.response.clear();
  return out;
}

void Context::bad_response(std::string_view contract, std::string_view method, WireError error) {
  fail(errors::call_failed(contract, method, to_text(error)));
}

Bytes Context::sha256(ByteView data) {
  Bytes out(kHashBytes);
  host_.sha256(data, out.data());
  return out;
}

Bytes Context::sha3_256(ByteView data) {
  Bytes out(kHashBytes);
  host_.sha3_256(data, out.data());
  return out;
}

bool Context::ed25519_verify(ByteView key, ByteView message, ByteView signature) {
  return key.size() == 32 && signature.size() == 64 &&
         host_.ed25519_verify(key, message, signature);
}

bool Context::p256_verify(ByteView key, ByteView message, ByteView signature) {
  return key.size() == 65 && signature.size() == 64 && host_.p256_verify(key, message, signature);
}

std::string Context::method() {
  return read_text([&](OutBuffer out) { return host_.method(out); });
}

Bytes Context::arguments() {
  return read_all([&](OutBuffer out) { return host_.arguments(out); }).value_or(Bytes{});
}

void call_failed(std::string_view contract, std::string_view method, std::int32_t status,
                 std::int32_t code, std::string_view detail) {
  if (status == kContractErrorStatus)
    fail(errors::call_failed(contract, method,
                             decimal(std::int64_t{code}) + " " + std::string(detail)));
  fail(errors::call_failed(contract, method,
                           "stopped with status " + decimal(std::int64_t{status})));
}

void corrupt_state(std::string_view item) {
  fail(errors::corrupt_state(item));
}

}  // namespace usance::contract
