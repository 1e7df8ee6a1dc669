#include "contracts/host/crypto.h"

#include <limits>

#include <gtest/gtest.h>

#include "base/signature.h"
#include "test_chain.h"

namespace usance::host {
namespace {

Bytes hex(std::string_view text) {
  Bytes out;
  EXPECT_TRUE(from_hex(text, out));
  return out;
}

// FIPS 202, examples of SHA3-256.
TEST(Crypto, Sha3) {
  EXPECT_EQ(to_hex(sha3_256({})),
            "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
  EXPECT_EQ(to_hex(sha3_256(as_bytes("abc"))),
            "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
}

// RFC 6979, A.2.5: P-256 with SHA-256, message "sample".
struct P256 : testing::Test {
  Bytes key =
      hex("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
          "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
  Bytes signature =
      hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
          "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
};

TEST_F(P256, AcceptsTheSignature) {
  EXPECT_TRUE(p256_verify(key, as_bytes("sample"), signature));
}

TEST_F(P256, RefusesEveryFlippedByte) {
  EXPECT_FALSE(p256_verify(key, as_bytes("Sample"), signature));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    Bytes bad = signature;
    bad[i] ^= 1;
    EXPECT_FALSE(p256_verify(key, as_bytes("sample"), bad)) << i;
  }
  for (std::size_t i = 0; i < key.size(); ++i) {  // no point of the curve any more
    Bytes bad = key;
    bad[i] ^= 1;
    EXPECT_FALSE(p256_verify(bad, as_bytes("sample"), signature)) << i;
  }
}

TEST_F(P256, RefusesNumbersOutOfRange) {
  const Bytes order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  for (const std::size_t at : {0U, 32U}) {
    Bytes zero = signature;
    std::fill_n(zero.begin() + at, 32, std::uint8_t{0});
    EXPECT_FALSE(p256_verify(key, as_bytes("sample"), zero));
    Bytes big = signature;
    std::copy(order.begin(), order.end(), big.begin() + at);
    EXPECT_FALSE(p256_verify(key, as_bytes("sample"), big));
  }
  EXPECT_FALSE(p256_verify(key, as_bytes("sample"), {}));
  EXPECT_FALSE(p256_verify({}, as_bytes("sample"), signature));
}

TEST(Crypto, Ed25519VerifiesMessagesAndRefusesWeakKeys) {
  const auto signer = test::signer_of("somebody");
  Hash32 message;
  message.bytes.fill(7);
  const Signature signature = signer->sign(message);
  const PublicKey key = signer->public_key();
  EXPECT_TRUE(ed25519_verify(key, message.view(), signature.view()));
  message.bytes[0] = 8;
  EXPECT_FALSE(ed25519_verify(key, message.view(), signature.view()));
  EXPECT_FALSE(ed25519_verify(PublicKey{}, message.view(), Signature{}.view()));
  EXPECT_FALSE(ed25519_verify(key, message.view(), {}));
}

TEST(Crypto, MulDivRounds) {
  struct Case {
    std::int64_t a, b, c;
    std::int64_t zero, floor, ceiling, even;
  };
  const std::vector<Case> cases = {
      {7, 1, 2, 3, 3, 4, 4},      {5, 1, 2, 2, 2, 3, 2},      {-7, 1, 2, -3, -4, -3, -4},
      {-5, 1, 2, -2, -3, -2, -2}, {7, 1, -2, -3, -4, -3, -4}, {-7, -1, 3, 2, 2, 3, 2},
      {6, 2, 3, 4, 4, 4, 4},      {1, 2, 3, 0, 0, 1, 1},      {-1, 1, 3, 0, -1, 0, 0},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(muldiv(c.a, c.b, c.c, Rounding::kTowardZero), c.zero) << c.a << '*' << c.b;
    EXPECT_EQ(muldiv(c.a, c.b, c.c, Rounding::kFloor), c.floor) << c.a << '*' << c.b;
    EXPECT_EQ(muldiv(c.a, c.b, c.c, Rounding::kCeiling), c.ceiling) << c.a << '*' << c.b;
    EXPECT_EQ(muldiv(c.a, c.b, c.c, Rounding::kHalfEven), c.even) << c.a << '*' << c.b;
  }
}

TEST(Crypto, MulDivWorksIn128BitsAndFitsOrFails) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(muldiv(kMax, kMax, kMax, Rounding::kFloor), kMax);
  EXPECT_EQ(muldiv(kMin, kMin, kMin, Rounding::kFloor), kMin);
  EXPECT_EQ(muldiv(kMin, 1, -1, Rounding::kFloor), std::nullopt);
  EXPECT_EQ(muldiv(kMin, kMin, 1, Rounding::kFloor), std::nullopt);
  EXPECT_EQ(muldiv(1, 1, 0, Rounding::kFloor), std::nullopt);
  EXPECT_EQ(muldiv(1, 1, kMin, Rounding::kFloor), -1);
}

}  // namespace
}  // namespace usance::host
