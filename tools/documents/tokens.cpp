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
// Numbers longer than this have no near-number tokens: each character makes one.
constexpr std::size_t kMaxNearNumber = 24;

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

std::vector<std::string> deletion_neighbours(const std::string& number) {
  std::vector<std::string> out{number};
  for (std::size_t i = 0; i < number.size(); ++i) {
    std::string shorter = number;
    shorter.erase(i, 1);
    out.push_back(std::move(shorter));
  }
  return out;
}

// What a document refers to is found by the other's number: both have one value.
TokenKind value_kind(TokenKind kind) {
  if (kind == TokenKind::kReference) return TokenKind::kNumber;
  if (kind == TokenKind::kReferenceName) return TokenKind::kNumberName;
  return kind;
}

class TokenMaker {
 public:
  explicit TokenMaker(const TokenKey& key) : key_(key) {}
  // A tuple with an empty field identifies nobody and makes no token.
  void add(TokenKind kind, const std::vector<std::string>& tuple) {
    if (std::any_of(tuple.begin(), tuple.end(), [](const auto& f) { return f.empty(); })) return;
    tokens_.push_back(Token{kind, make_token(key_, value_kind(kind), tuple)});
  }
  std::vector<Token> take() {
    std::sort(tokens_.begin(), tokens_.end());
    tokens_.erase(std::unique(tokens_.begin(), tokens_.end()), tokens_.end());
    return std::move(tokens_);
  }

 private:
  TokenKey key_;
  std::vector<Token> tokens_;
};

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

std::vector<Token> invoice_tokens(const TokenKey& key, const NormalisedInvoice& i) {
  const std::string date = std::to_string(i.date);
  const std::string year = std::to_string(i.date / 10'000);
  const std::string amount = std::to_string(i.amount);
  TokenMaker make(key);
  const auto same = [&](TokenKind kind, const std::string& seller, const std::string& buyer) {
    make.add(kind, {i.document_class, seller, buyer, i.number, date, i.currency, amount});
  };
  // A party without an identifier is its name: an invoice whose two copies both lack it is one.
  const std::string& seller = i.seller_id.empty() ? i.seller_name : i.seller_id;
  const std::string& buyer = i.buyer_id.empty() ? i.buyer_name : i.buyer_id;
  same(TokenKind::kSame, seller, buyer);
  same(TokenKind::kSameSellerId, i.seller_id, i.buyer_name);
  same(TokenKind::kSameBuyerId, i.seller_name, i.buyer_id);
  same(TokenKind::kSameNames, i.seller_name, i.buyer_name);
  make.add(TokenKind::kNumberInYear, {i.document_class, i.seller_id, i.number, year});
  make.add(TokenKind::kNumberInYearName, {i.document_class, i.seller_name, i.number, year});
  make.add(TokenKind::kSkeleton, {i.seller_id, i.skeleton});
  make.add(TokenKind::kSkeletonName, {i.seller_name, i.skeleton});
  make.add(TokenKind::kRenumbered, {seller, buyer, i.currency, amount, date});
  make.add(TokenKind::kRenumberedNames, {i.seller_name, i.buyer_name, i.currency, amount, date});
  if (i.number.size() > 2 && i.number.size() <= kMaxNearNumber) {
    for (const std::string& near : deletion_neighbours(i.number)) {
      make.add(TokenKind::kNearNumber, {i.seller_id, near});
      make.add(TokenKind::kNearNumberName, {i.seller_name, near});
    }
  }
  make.add(TokenKind::kNumber, {i.seller_id, i.number});
  make.add(TokenKind::kNumberName, {i.seller_name, i.number});
  for (const std::string& preceding : i.preceding) {
    make.add(TokenKind::kReference, {i.seller_id, preceding});
    make.add(TokenKind::kReferenceName, {i.seller_name, preceding});
  }
  return make.take();
}

}  // namespace usance::documents
