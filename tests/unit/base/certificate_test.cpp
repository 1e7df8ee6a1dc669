// docs/spec/consensus.md, certificates; docs/spec/encoding.md, "Votes and certificates".
#include "base/certificate.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace usance {
namespace {

const ChainId kChain = sha256(as_bytes("a chain"));

struct Members {
  std::vector<std::unique_ptr<Signer>> signers;
  ValidatorSet set;

  explicit Members(std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      SecretSeed seed;
      seed.bytes.fill(static_cast<std::uint8_t>(i + 1));
      signers.push_back(ed25519_signer(seed));
      set.validators.push_back(Validator{static_cast<std::uint32_t>(i + 1),
                                         OrgId("org-" + std::to_string(i)),
                                         signers.back()->public_key()});
    }
  }
  SignedVote vote(std::uint32_t i, const VoteContent& content) const {
    return SignedVote{i, signers[i]->sign(vote_digest(kChain, content))};
  }
  Certificate certificate(const VoteContent& content) const {
    std::vector<SignedVote> votes;
    for (std::uint32_t i = 0; i < signers.size(); ++i) votes.push_back(vote(i, content));
    return make_certificate(set, content, std::move(votes));
  }
};

VoteContent content() {
  return VoteContent{VoteKind::kCommit, Epoch(0), View(3), Height(7), sha256(as_bytes("block"))};
}

TEST(Quorum, TwoQuorumsMeetInAnHonestMember) {
  for (std::size_t n = 4; n <= 100; ++n) {
    EXPECT_GT(2 * quorum(n), n + faults_tolerated(n)) << n;
    EXPECT_LE(quorum(n), n - faults_tolerated(n)) << n;
  }
}

TEST(Certificate, VerifiesAndCarriesExactlyAQuorum) {
  for (const std::size_t n : {4u, 5u, 6u, 7u, 10u, 31u}) {
    const Members members(n);
    const Certificate certificate = members.certificate(content());
    EXPECT_EQ(certificate.signatures.size(), quorum(n));
    EXPECT_TRUE(verify_certificate(kChain, members.set, certificate, ed25519_verifier())) << n;
    EXPECT_EQ(decode<Certificate>(encode(certificate)), certificate);
  }
}

TEST(Certificate, NoBitOfItCanChange) {
  const Members members(4);
  const Bytes raw = encode(members.certificate(content()));
  for (std::size_t i = 0; i < raw.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes changed = raw;
      changed[i] = static_cast<std::uint8_t>(changed[i] ^ (1 << bit));
      const auto certificate = decode<Certificate>(changed);
      if (certificate) {
        EXPECT_FALSE(verify_certificate(kChain, members.set, *certificate, ed25519_verifier()))
            << "byte " << i << " bit " << bit;
      }
    }
  }
}

TEST(Certificate, FewerOrMoreThanAQuorumIsMalformed) {
  const Members members(4);
  Certificate fewer = members.certificate(content());
  fewer.bitmap[0] = 0b0011;
  fewer.signatures.pop_back();
  const auto refused = verify_certificate(kChain, members.set, fewer, ed25519_verifier());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kMalformed);

  Certificate more = members.certificate(content());
  more.bitmap[0] = 0b1111;
  more.signatures.push_back(members.vote(3, content()).signature);
  EXPECT_FALSE(verify_certificate(kChain, members.set, more, ed25519_verifier()));
}

TEST(Certificate, ASpareBitIsMalformed) {
  const Members members(4);
  Certificate certificate = members.certificate(content());
  certificate.bitmap[0] = 0b10000011;
  EXPECT_FALSE(verify_certificate(kChain, members.set, certificate, ed25519_verifier()));
}

TEST(Certificate, AnotherEpochsSetIsRefused) {
  Members members(4);
  const Certificate certificate = members.certificate(content());
  members.set.epoch = Epoch(1);
  EXPECT_FALSE(verify_certificate(kChain, members.set, certificate, ed25519_verifier()));
}

TEST(Signatures, SmallOrderAndNonCanonicalKeysAreRefused) {
  EXPECT_FALSE(is_acceptable_key(PublicKey{}));
  PublicKey identity;
  identity.bytes[0] = 1;
  EXPECT_FALSE(is_acceptable_key(identity));
  PublicKey beyond;  // 2^255 - 1: not a canonical field element
  beyond.bytes.fill(0xff);
  EXPECT_FALSE(is_acceptable_key(beyond));
  EXPECT_FALSE(ed25519_verifier().verify(identity, Hash32{}, Signature{}));
  SecretSeed seed;
  EXPECT_TRUE(is_acceptable_key(ed25519_signer(seed)->public_key()));
}

}  // namespace
}  // namespace usance
