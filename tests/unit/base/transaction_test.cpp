// docs/spec/encoding.md, "Transactions and bundles".
#include "base/transaction.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace usance {
namespace {

const ChainId kLedger = sha256(as_bytes("a chain"));

std::unique_ptr<Signer> signer(std::uint8_t n) {
  SecretSeed seed;
  seed.bytes.fill(n);
  return ed25519_signer(seed);
}

Transaction transaction(const Signer& who, std::uint8_t n) {
  Transaction tx;
  tx.org = OrgId("bank-a");
  tx.user_key = who.public_key();
  tx.nonce.bytes[0] = n;
  tx.valid_until_height = Height(100);
  tx.gas_limit = 1'000'000;
  tx.contract = "deposit";
  tx.method = "Transfer";
  tx.arguments = {1, 2, 3};
  return tx;
}

Bytes signed_bundle(std::size_t n, const ChainId& chain = kLedger) {
  const auto who = signer(1);
  std::vector<Transaction> txs;
  for (std::size_t i = 0; i < n; ++i)
    txs.push_back(transaction(*who, static_cast<std::uint8_t>(i)));
  return encode(sign_bundle(chain, std::move(txs), *who));
}

TEST(Bundle, AcceptsWhatItsSignerSigned) {
  for (const std::size_t n : {1u, 2u, 100u}) {
    const Bytes raw = signed_bundle(n);
    const auto checked = CheckedBundle::check(kLedger, raw, ed25519_verifier());
    ASSERT_TRUE(checked.has_value()) << checked.error().message;
    EXPECT_EQ(checked->transactions().size(), n);
    EXPECT_EQ(checked->hash(), sha256(raw));
    for (std::size_t i = 0; i < n; ++i)
      EXPECT_EQ(checked->ids()[i], transaction_id(kLedger, checked->transactions()[i]));
  }
}

TEST(Bundle, NoBitOfItCanChange) {
  const Bytes raw = signed_bundle(2);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    Bytes changed = raw;
    changed[i] = static_cast<std::uint8_t>(changed[i] ^ 0x10);
    EXPECT_FALSE(CheckedBundle::check(kLedger, changed, ed25519_verifier()).has_value()) << i;
  }
}

TEST(Bundle, MeansNothingOnAnotherChain) {
  const auto other =
      CheckedBundle::check(sha256(as_bytes("another")), signed_bundle(1), ed25519_verifier());
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, ErrorCode::kBadSignature);
}

TEST(Bundle, HasOneSigner) {
  const auto a = signer(1);
  const auto b = signer(2);
  Bundle bundle = sign_bundle(kLedger, {transaction(*a, 1), transaction(*a, 2)}, *a);
  bundle.transactions[1].user_key = b->public_key();
  const auto checked = CheckedBundle::check(kLedger, encode(bundle), ed25519_verifier());
  ASSERT_FALSE(checked.has_value());
  EXPECT_EQ(checked.error().message, "a bundle's transactions have one signer");
}

TEST(Bundle, EmptyOversizedAndIllNamedAreRefused) {
  EXPECT_FALSE(CheckedBundle::check(kLedger, encode(Bundle{}), ed25519_verifier()).has_value());
  const auto big =
      CheckedBundle::check(kLedger, Bytes(limits::kMaxBundleBytes + 1), ed25519_verifier());
  ASSERT_FALSE(big.has_value());
  EXPECT_EQ(big.error().code, ErrorCode::kInvalidArgument);
  const auto who = signer(1);
  Transaction tx = transaction(*who, 1);
  tx.contract = "../etc";
  EXPECT_FALSE(
      CheckedBundle::check(kLedger, encode(sign_bundle(kLedger, {tx}, *who)), ed25519_verifier())
          .has_value());
}

TEST(Names, AreShortAndPlain) {
  EXPECT_TRUE(is_wellformed_name("bank-a.eu_1"));
  EXPECT_FALSE(is_wellformed_name(""));
  EXPECT_FALSE(is_wellformed_name("Bank"));
  EXPECT_TRUE(is_wellformed_name("Transfer", true));
  EXPECT_FALSE(is_wellformed_name(std::string(65, 'a')));
  EXPECT_FALSE(is_wellformed_name("a b"));
}

}  // namespace
}  // namespace usance
