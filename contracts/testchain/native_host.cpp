#include "contracts/testchain/native_host.h"

#include <algorithm>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

#include "base/hash.h"

namespace usance::testchain {
namespace {

using contract::ContextField;
using contract::Invocation;
using contract::OutBuffer;

std::int32_t give(ByteView value, OutBuffer out) {
  if (value.size() <= out.size()) std::copy(value.begin(), value.end(), out.begin());
  return static_cast<std::int32_t>(value.size());
}

void append_u32(Bytes& out, std::size_t value) {
  for (unsigned i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void append(Bytes& out, ByteView tail) {
  out.insert(out.end(), tail.begin(), tail.end());
}

Bytes lines(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += word + '\n';
  return to_bytes(out);
}

void require_size(ByteView bytes, std::size_t limit) {
  if (bytes.size() > limit) throw Trapped{TrapCode::kHostLimit};
}

// DER of an ECDSA signature: two positive integers in their shortest form.
void append_der_integer(Bytes& out, ByteView number) {
  while (number.size() > 1 && number.front() == 0) number = number.subspan(1);
  const bool pad = (number.front() & 0x80U) != 0;
  out.push_back(0x02);
  out.push_back(static_cast<std::uint8_t>(number.size() + (pad ? 1 : 0)));
  if (pad) out.push_back(0);
  append(out, number);
}

}  // namespace

NativeHost::NativeHost(NativeChain& chain, NativeAction& action, std::string method,
                       Bytes arguments)
    : chain_(chain),
      action_(action),
      method_(std::move(method)),
      arguments_(std::move(arguments)) {}

StateKey NativeHost::key(ByteView scope, ByteView item) const {
  require_size(scope, limits::kMaxScopeBytes);
  require_size(item, limits::kMaxItemBytes);
  return {self(), contract::copy(scope), contract::copy(item)};
}

void NativeHost::require_writable() const {
  if (action_.invocation == Invocation::kView) throw Trapped{TrapCode::kReadOnly};
}

std::int32_t NativeHost::method(OutBuffer out) {
  return give(as_bytes(method_), out);
}
std::int32_t NativeHost::arguments(OutBuffer out) {
  return give(arguments_, out);
}
void NativeHost::finish(ByteView response) {
  require_size(response, limits::kMaxReturnBytes);
  response_ = contract::copy(response);
}

std::int32_t NativeHost::get(ByteView scope, ByteView item, OutBuffer out) {
  const auto found = chain_.world().state.find(key(scope, item));
  return found == chain_.world().state.end() ? -1 : give(found->second, out);
}

bool NativeHost::has(ByteView scope, ByteView item) {
  return chain_.world().state.contains(key(scope, item));
}

void NativeHost::put(ByteView scope, ByteView item, ByteView value) {
  require_writable();
  require_size(value, limits::kMaxValueBytes);
  chain_.world().state[key(scope, item)] = contract::copy(value);
}

bool NativeHost::del(ByteView scope, ByteView item) {
  require_writable();
  return chain_.world().state.erase(key(scope, item)) != 0;
}

std::int32_t NativeHost::next(ByteView scope, ByteView from, ByteView to, OutBuffer out) {
  const StateKey first = key(scope, from);
  const auto found = chain_.world().state.lower_bound(first);
  if (found == chain_.world().state.end() || found->first.contract != first.contract ||
      found->first.scope != first.scope)
    return -1;
  const Bytes& item = found->first.item;
  if (!to.empty() && !std::lexicographical_compare(item.begin(), item.end(), to.begin(), to.end()))
    return -1;
  Bytes entry;
  append_u32(entry, item.size());
  append(entry, item);
  append(entry, found->second);
  return give(entry, out);
}

Bytes NativeHost::field(ContextField which) const {
  const bool user = !action_.caller.organisation.empty();
  switch (which) {
    case ContextField::kOrganisation: return to_bytes(action_.caller.organisation);
    case ContextField::kUser: return to_bytes(action_.caller.user);
    case ContextField::kPublicKey:
      if (!user) return {};
      return contract::copy(
          usance::sha256(as_bytes(action_.caller.organisation + '/' + action_.caller.user)).view());
    case ContextField::kRoles: return user ? lines(chain_.member(action_.caller).roles) : Bytes{};
    case ContextField::kPermissions:
      return user ? lines(chain_.member(action_.caller).permissions) : Bytes{};
    case ContextField::kSelf: return to_bytes(self());
    case ContextField::kCallingContract:
      return action_.stack.size() < 2 ? Bytes{} : to_bytes(action_.stack[action_.stack.size() - 2]);
    case ContextField::kTransactionId: return contract::copy(action_.id.view());
    case ContextField::kInvocation: return {static_cast<std::uint8_t>(action_.invocation)};
  }
  throw Trapped{TrapCode::kHostArgument};
}

std::int32_t NativeHost::context(ContextField which, OutBuffer out) {
  return give(field(which), out);
}

std::int64_t NativeHost::block_height() {
  return static_cast<std::int64_t>(chain_.height());
}
std::int64_t NativeHost::block_time() {
  return chain_.now_ms();
}

void NativeHost::emit(ByteView name, ByteView key, ByteView data) {
  require_writable();
  require_size(name, limits::kMaxNameBytes);
  require_size(key, limits::kMaxScopeBytes);
  require_size(data, limits::kMaxEventBytes);
  std::vector<Event>& events = chain_.world().events;
  if (events.size() == limits::kMaxEventsPerTransaction) throw Trapped{TrapCode::kHostLimit};
  Event event;
  event.index = static_cast<std::uint32_t>(events.size());
  event.contract = self();
  event.name = as_text(name);
  event.key = contract::copy(key);
  event.data = contract::copy(data);
  events.push_back(std::move(event));
}

std::int32_t NativeHost::call(ByteView contract, ByteView method, ByteView arguments) {
  const std::string name(as_text(contract));
  call_result_.clear();
  const std::vector<std::string>& stack = action_.stack;
  if (stack.size() == limits::kMaxContractDepth ||
      std::find(stack.begin(), stack.end(), name) != stack.end())
    return static_cast<std::int32_t>(ReceiptStatus::kTrap);
  const Receipt receipt =
      chain_.invoke(action_, name, std::string(as_text(method)), contract::copy(arguments));
  if (receipt.status == ReceiptStatus::kOk) call_result_ = receipt.result;
  if (receipt.status == ReceiptStatus::kContractError) {
    append_u32(call_result_, receipt.code);
    append_u32(call_result_, receipt.contract.size());
    append(call_result_, as_bytes(receipt.contract));
    append(call_result_, as_bytes(receipt.detail));
  }
  return static_cast<std::int32_t>(receipt.status);
}

std::int32_t NativeHost::call_result(OutBuffer out) {
  return give(call_result_, out);
}

std::int64_t NativeHost::schedule(std::int64_t at, ByteView method, ByteView arguments,
                                  std::int64_t gas) {
  require_writable();
  if (at < 0 || gas <= 0) throw Trapped{TrapCode::kHostArgument};
  require_size(method, limits::kMaxNameBytes);
  require_size(arguments, limits::kMaxArgumentBytes);
  const std::int64_t id = chain_.world().next_timer++;
  chain_.world().timers[id] = {at, self(), std::string(as_text(method)), contract::copy(arguments),
                               0};
  return id;
}

bool NativeHost::cancel(std::int64_t timer) {
  require_writable();
  const auto found = chain_.world().timers.find(timer);
  if (found == chain_.world().timers.end() || found->second.contract != self()) return false;
  chain_.world().timers.erase(found);
  return true;
}

void NativeHost::sha256(ByteView data, std::uint8_t* out32) {
  const Hash32 hash = usance::sha256(data);
  std::copy(hash.bytes.begin(), hash.bytes.end(), out32);
}

void NativeHost::sha3_256(ByteView data, std::uint8_t* out32) {
  USANCE_INVARIANT(EVP_Digest(data.data(), data.size(), out32, nullptr, EVP_sha3_256(), nullptr) ==
                   1);
}

bool NativeHost::ed25519_verify(ByteView key32, ByteView message, ByteView signature64) {
  return crypto_sign_verify_detached(signature64.data(), message.data(), message.size(),
                                     key32.data()) == 0;
}

bool NativeHost::p256_verify(ByteView key65, ByteView message, ByteView signature64) {
  Bytes integers;
  append_der_integer(integers, signature64.first(32));
  append_der_integer(integers, signature64.last(32));
  Bytes der{0x30, static_cast<std::uint8_t>(integers.size())};
  append(der, integers);

  Bytes point = contract::copy(key65);
  std::string group = "prime256v1";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> make(
      EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr), EVP_PKEY_CTX_free);
  EVP_PKEY* raw = nullptr;
  if (make == nullptr || EVP_PKEY_fromdata_init(make.get()) != 1 ||
      EVP_PKEY_fromdata(make.get(), &raw, EVP_PKEY_PUBLIC_KEY,
                        const_cast<OSSL_PARAM*>(parameters)) != 1)
    return false;
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(raw, EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> verify(EVP_MD_CTX_new(),
                                                                       EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(verify.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(verify.get(), der.data(), der.size(), message.data(), message.size()) ==
             1;
}

void NativeHost::log(ByteView) {}

}  // namespace usance::testchain
