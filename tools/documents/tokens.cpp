#include "tools/documents/tokens.h"

#include <algorithm>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "base/codec.h"

namespace usance::documents {

namespace {

constexpr std::size_t kMaxField = 4'096;

// HKDF-SHA-256 (RFC 5869) with the epoch and kind as info.
Hash32 derive_key(const TokenKey& key, TokenKind kind) {
  std::string info =
      "usance/token/1/" + std::to_string(key.epoch) + "/" + std::to_string(static_cast<int>(kind));
  Hash32 secret = key.secret;
  Hash32 out;
  EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  EVP_KDF_CTX* ctx = EVP_KDF_CTX_new(kdf);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.bytes.data(),
                                        secret.bytes.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  USANCE_INVARIANT(EVP_KDF_derive(ctx, out.bytes.data(), out.bytes.size(), parameters) == 1);
  EVP_KDF_CTX_free(ctx);
  EVP_KDF_free(kdf);
  return out;
}

// What a document refers to is found by the other's number: both have one value.
TokenKind value_kind(TokenKind kind) {
  if (kind == TokenKind::kReference) return TokenKind::kNumber;
  if (kind == TokenKind::kReferenceName) return TokenKind::kNumberName;
  return kind;
}

}  // namespace

Hash32 make_token(const TokenKey& key, TokenKind kind, const std::vector<std::string>& tuple) {
  const Hash32 derived = derive_key(key, kind);
  Encoder encoder;
  encoder.texts(tuple, 16, kMaxField);
  Hash32 out;
  unsigned length = 0;
  USANCE_INVARIANT(HMAC(EVP_sha256(), derived.bytes.data(), static_cast<int>(derived.bytes.size()),
                        encoder.data().data(), encoder.data().size(), out.bytes.data(),
                        &length) != nullptr);
  return out;
}

std::vector<Token> make_tokens(const TokenKey& key, const std::vector<TokenInput>& inputs) {
  std::vector<Token> tokens;
  tokens.reserve(inputs.size());
  for (const TokenInput& input : inputs)
    tokens.push_back({input.kind, make_token(key, value_kind(input.kind), input.tuple)});
  std::sort(tokens.begin(), tokens.end());
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  return tokens;
}

std::vector<Token> invoice_tokens(const TokenKey& key, const NormalisedInvoice& invoice) {
  return make_tokens(key, invoice_inputs(invoice));
}

}  // namespace usance::documents
