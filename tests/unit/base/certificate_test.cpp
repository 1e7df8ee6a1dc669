// docs/spec/consensus.md, certificates; docs/spec/encoding.md, "Votes and certificates".
#include "base/certificate.h"

#include <set>

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

TEST(Quorum, C1_2_TwoQuorumsMeetInAnHonestMember) {
  for (std::size_t n = 4; n <= 100; ++n) {
    EXPECT_GT(2 * quorum(n), n + faults_tolerated(n)) << n;
    EXPECT_LE(quorum(n), n - faults_tolerated(n)) << n;
  }
}

TEST(Certificate, C1_1_ABitIsAPositionInTheSet) {
  const Members members(10);
  std::vector<SignedVote> votes;
  for (const std::uint32_t i : {0u, 2u, 3u, 4u, 6u, 7u, 9u})
    votes.push_back(members.vote(i, content()));
  const Certificate certificate = make_certificate(members.set, content(), std::move(votes));
  EXPECT_EQ(certificate.bitmap, (Bytes{0b11011101, 0b10}));
  EXPECT_EQ(signers(certificate), (std::vector<std::uint32_t>{0, 2, 3, 4, 6, 7, 9}));
  EXPECT_TRUE(verify_certificate(kChain, members.set, certificate, ed25519_verifier()));
  Certificate moved = certificate;
  moved.bitmap[1] = 0b01;  // the last signature is said to be the ninth validator's
  EXPECT_FALSE(verify_certificate(kChain, members.set, moved, ed25519_verifier()));
  moved = certificate;
  moved.bitmap.push_back(0);
  EXPECT_FALSE(verify_certificate(kChain, members.set, moved, ed25519_verifier()));
}

TEST(Leader, C1_3_ATermIs128HeightsAndAViewOnePlace) {
  const ValidatorSet set = Members(5).set;
  for (const auto& [view, height, leader] : {std::tuple{0u, 1u, 0u},
                                             {0u, 127u, 0u},
                                             {0u, 128u, 1u},
                                             {0u, 639u, 4u},
                                             {0u, 640u, 0u},
                                             {1u, 127u, 1u},
                                             {4u, 128u, 0u},
                                             {7u, 300u, 4u}})
    EXPECT_EQ(set.leader(View(view), Height(height)), leader) << view << " " << height;
}

TEST(Vote, C2_2_ADigestBindsChainKindEpochViewHeightAndHash) {
  const VoteContent one = content();
  std::set<Hash32> digests{vote_digest(kChain, one), vote_digest(sha256(as_bytes("another")), one)};
  const auto changed = [&](auto change) {
    VoteContent other = one;
    change(other);
    digests.insert(vote_digest(kChain, other));
  };
  changed([](VoteContent& c) { c.kind = VoteKind::kPrepare; });
  changed([](VoteContent& c) { c.epoch = Epoch(1); });
  changed([](VoteContent& c) { c.view = View(4); });
  changed([](VoteContent& c) { c.height = Height(8); });
  changed([](VoteContent& c) { c.hash = sha256(as_bytes("another block")); });
  EXPECT_EQ(digests.size(), 7u);
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

TEST(Certificate, C2_3_FewerOrMoreThanAQuorumIsMalformed) {
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
