#include "contracts/host/crypto.h"

#include <memory>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <sodium.h>

#include "base/hash.h"
#include "base/result.h"
#include "base/signature.h"

namespace usance::host {

namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Group = std::unique_ptr<EC_GROUP, Freer<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Freer<EC_POINT_free>>;
using Number = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using Scratch = std::unique_ptr<BN_CTX, Freer<BN_CTX_free>>;

// u1*G + u2*Q on the curve: ECDSA verification as in FIPS 186-5, 6.4.2. Done on numbers and points
// because OpenSSL 3 has no current interface that takes r and s without a DER round trip.
bool verify_p256_digest(const EC_GROUP* group, const EC_POINT* key, const Hash32& digest,
                        ByteView signature, BN_CTX* scratch) {
  const Number r(BN_bin2bn(signature.data(), 32, nullptr));
  const Number s(BN_bin2bn(signature.data() + 32, 32, nullptr));
  const Number e(BN_bin2bn(digest.bytes.data(), 32, nullptr));
  const Number u1(BN_new());
  const Number u2(BN_new());
  const Number x(BN_new());
  const Point sum(EC_POINT_new(group));
  const BIGNUM* order = EC_GROUP_get0_order(group);
  USANCE_INVARIANT(r && s && e && u1 && u2 && x && sum);
  if (BN_is_zero(r.get()) || BN_is_zero(s.get()) || BN_cmp(r.get(), order) >= 0 ||
      BN_cmp(s.get(), order) >= 0)
    return false;
  const Number inverse(BN_mod_inverse(nullptr, s.get(), order, scratch));
  USANCE_INVARIANT(inverse != nullptr);
  USANCE_INVARIANT(BN_mod_mul(u1.get(), e.get(), inverse.get(), order, scratch) == 1);
  USANCE_INVARIANT(BN_mod_mul(u2.get(), r.get(), inverse.get(), order, scratch) == 1);
  USANCE_INVARIANT(EC_POINT_mul(group, sum.get(), u1.get(), key, u2.get(), scratch) == 1);
  if (EC_POINT_is_at_infinity(group, sum.get()) == 1) return false;
  USANCE_INVARIANT(EC_POINT_get_affine_coordinates(group, sum.get(), x.get(), nullptr, scratch) ==
                   1);
  USANCE_INVARIANT(BN_nnmod(x.get(), x.get(), order, scratch) == 1);
  return BN_cmp(x.get(), r.get()) == 0;
}

}  // namespace

Hash32 sha3_256(ByteView data) {
  static const EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA3-256", nullptr);
  Hash32 out;
  unsigned int length = 0;
  USANCE_INVARIANT(digest != nullptr);
  USANCE_INVARIANT(
      EVP_Digest(data.data(), data.size(), out.bytes.data(), &length, digest, nullptr) == 1);
  USANCE_INVARIANT(length == Hash32::kSize);
  return out;
}

bool ed25519_verify(const PublicKey& key, ByteView message, ByteView signature64) {
  if (signature64.size() != crypto_sign_ed25519_BYTES || !is_acceptable_key(key)) return false;
  return crypto_sign_ed25519_verify_detached(signature64.data(), message.data(), message.size(),
                                             key.bytes.data()) == 0;
}

bool p256_verify(ByteView key65, ByteView message, ByteView signature64) {
  static const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  USANCE_INVARIANT(group != nullptr);
  if (key65.size() != 65 || key65[0] != 0x04 || signature64.size() != 64) return false;
  const Scratch scratch(BN_CTX_new());
  const Point key(EC_POINT_new(group.get()));
  USANCE_INVARIANT(scratch && key);
  // Refuses points that are not on the curve; the uncompressed form cannot name infinity.
  if (EC_POINT_oct2point(group.get(), key.get(), key65.data(), key65.size(), scratch.get()) != 1)
    return false;
  return verify_p256_digest(group.get(), key.get(), sha256(message), signature64, scratch.get());
}

std::optional<std::int64_t> muldiv(std::int64_t a, std::int64_t b, std::int64_t c,
                                   Rounding rounding) {
  __extension__ using Wide = __int128;
  if (c == 0) return std::nullopt;
  const Wide product = static_cast<Wide>(a) * b;
  Wide quotient = product / c;
  const Wide remainder = product % c;
  if (remainder != 0) {
    const bool negative = (remainder < 0) != (c < 0);  // of the exact quotient
    const Wide away = negative ? -1 : 1;
    switch (rounding) {
      case Rounding::kTowardZero: break;
      case Rounding::kFloor:
        if (negative) quotient -= 1;
        break;
      case Rounding::kCeiling:
        if (!negative) quotient += 1;
        break;
      case Rounding::kHalfEven: {
        const Wide twice = (remainder < 0 ? -remainder : remainder) * 2;
        const Wide divisor = c < 0 ? -static_cast<Wide>(c) : static_cast<Wide>(c);
        if (twice > divisor || (twice == divisor && quotient % 2 != 0)) quotient += away;
        break;
      }
    }
  }
  if (quotient < INT64_MIN || quotient > INT64_MAX) return std::nullopt;
  return static_cast<std::int64_t>(quotient);
}

}  // namespace usance::host
