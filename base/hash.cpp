#include "base/hash.h"

#include <openssl/evp.h>

namespace usance {

namespace {
const EVP_MD* sha256_md() {
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return md;
}
}  // namespace

struct Sha256::Context {
  EVP_MD_CTX* ctx = EVP_MD_CTX_new();
  Context() { USANCE_INVARIANT(ctx != nullptr && sha256_md() != nullptr); }
  ~Context() { EVP_MD_CTX_free(ctx); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  reset();
}
Sha256::~Sha256() = default;

void Sha256::reset() {
  USANCE_INVARIANT(EVP_DigestInit_ex2(context_->ctx, sha256_md(), nullptr) == 1);
}

void Sha256::update(ByteView bytes) {
  USANCE_INVARIANT(EVP_DigestUpdate(context_->ctx, bytes.data(), bytes.size()) == 1);
}

Hash32 Sha256::finish() {
  Hash32 out;
  unsigned length = 0;
  USANCE_INVARIANT(EVP_DigestFinal_ex(context_->ctx, out.bytes.data(), &length) == 1);
  USANCE_INVARIANT(length == Hash32::kSize);
  return out;
}

Hash32 sha256(std::initializer_list<ByteView> parts) {
  thread_local Sha256 hasher;
  hasher.reset();
  for (const ByteView part : parts) hasher.update(part);
  return hasher.finish();
}

Hash32 tagged_hash(std::string_view tag, const ChainId& chain, ByteView bytes) {
  USANCE_INVARIANT(!tag.empty() && tag.size() < 256);
  static constexpr std::uint8_t kFormatVersion = 1;
  const std::uint8_t length = static_cast<std::uint8_t>(tag.size());
  return sha256(
      {ByteView(&length, 1), as_bytes(tag), ByteView(&kFormatVersion, 1), chain.view(), bytes});
}

}  // namespace usance
