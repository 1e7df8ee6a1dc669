// What peers say to each other, and how often a signature is verified (C-2).
#include "consensus/messages.h"

#include <set>

#include "consensus/signature_check.h"
#include "consensus/tagged_message.h"
#include "tests/unit/consensus/cluster.h"

namespace usance::consensus {
namespace {

template <std::size_t I = 0>
void every_message(const auto& check) {
  if constexpr (I < std::variant_size_v<Message>) {
    using T = std::variant_alternative_t<I, Message>;
    T message;
    if constexpr (requires { message.count; }) message.count = 1;
    check(Message(std::move(message)), T::kTag);
    every_message<I + 1>(check);
  }
}

TEST(Messages, C2_1_EachIsOneStructureUnderATagOfItsOwn) {
  std::set<std::uint16_t> tags;
  every_message([&](const Message& message, std::uint16_t tag) {
    EXPECT_TRUE(tags.insert(tag).second) << tag;
    EXPECT_EQ(tag & 0xff00, 0x0200);
    const Bytes bytes = encode_message(message);
    EXPECT_EQ(tag_of_message(bytes), tag);
    Bytes longer = bytes;
    longer.push_back(0);
    EXPECT_FALSE(decode_message(longer)) << tag;
  });
  EXPECT_EQ(tags.size(), std::variant_size_v<Message>);
}

TEST(Messages, C2_1_WhatIsTooLongTooShortOrUnknownIsRefused) {
  const auto code = [](const Bytes& bytes) {
    const auto message = decode_message(bytes);
    return message ? ErrorCode::kInternal : message.error().code;
  };
  EXPECT_EQ(code(Bytes(kMaxMessageBytes + 1)), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code({0x01, 0x02}), ErrorCode::kMalformed);
  EXPECT_EQ(code({0xff, 0x02, 1}), ErrorCode::kUnsupported);
  EXPECT_EQ(code({0x01, 0x02, 1}), ErrorCode::kMalformed);
}

TEST(Messages, C2_2_AViewChangeSignsItsChainEpochViewHeightAndLock) {
  const ChainId chain = sha256(as_bytes("one"));
  const ViewChangeContent content{Epoch(1), View(2), Height(3), {}};
  std::set<Hash32> digests{view_change_digest(chain, content),
                           view_change_digest(sha256(as_bytes("another")), content)};
  const auto changed = [&](auto change) {
    ViewChangeContent other = content;
    change(other);
    digests.insert(view_change_digest(chain, other));
  };
  changed([](ViewChangeContent& c) { c.epoch = Epoch(2); });
  changed([](ViewChangeContent& c) { c.view = View(3); });
  changed([](ViewChangeContent& c) { c.last = Height(4); });
  changed([](ViewChangeContent& c) { c.lock = LockRef{View(1), Hash32{}}; });
  EXPECT_EQ(digests.size(), 6u);
}

struct CountingVerifier final : Verifier {
  mutable std::size_t asked = 0;
  bool verify(const PublicKey& key, const Hash32& digest,
              const Signature& signature) const override {
    ++asked;
    return sim::keyed_hash_verifier().verify(key, digest, signature);
  }
};

TEST(Signatures, C2_3_OneThatVerifiedIsNotVerifiedAgainAndABadOneIs) {
  Cluster c;
  CountingVerifier verifier;
  SignatureCheck check(c.chain, verifier);
  const Hash32 block = sha256(as_bytes("block"));
  Vote vote = c.vote(0, VoteKind::kPrepare, View{}, Height(1), block);
  EXPECT_TRUE(check.vote(c.set, vote));
  EXPECT_TRUE(check.vote(c.set, vote));
  EXPECT_EQ(verifier.asked, 1u);
  // The certificate's other two signatures are new.
  EXPECT_TRUE(
      check.certificate(c.set, c.certificate(VoteKind::kPrepare, View{}, Height(1), block)));
  EXPECT_EQ(verifier.asked, 3u);
  // The same signature under another content, or another validator's name, was never verified.
  vote.content.height = Height(2);
  EXPECT_FALSE(check.vote(c.set, vote));
  EXPECT_FALSE(check.vote(c.set, vote));
  EXPECT_EQ(verifier.asked, 5u);
  vote.content.height = Height(1);
  vote.signer = 1;
  EXPECT_FALSE(check.vote(c.set, vote));
}

TEST(Signatures, C2_3_TheOldestIsForgottenWhenTooManyAreRemembered) {
  Cluster c;
  CountingVerifier verifier;
  SignatureCheck check(c.chain, verifier);
  const auto vote = [&](std::uint64_t height) {
    return c.vote(0, VoteKind::kExec, View{}, Height(height), Hash32{});
  };
  for (std::uint64_t height = 0; height <= SignatureCheck::kRemembered; ++height)
    ASSERT_TRUE(check.vote(c.set, vote(height)));
  const std::size_t before = verifier.asked;
  EXPECT_TRUE(check.vote(c.set, vote(1)));
  EXPECT_EQ(verifier.asked, before);
  EXPECT_TRUE(check.vote(c.set, vote(0)));
  EXPECT_EQ(verifier.asked, before + 1);
}

class EvidenceOf : public testing::Test {
 protected:
  [[nodiscard]] ErrorCode judged(const Evidence& evidence) const {
    const auto judged = verify_evidence(c.chain, c.set, evidence, sim::keyed_hash_verifier());
    return judged ? ErrorCode::kInternal : judged.error().code;
  }
  [[nodiscard]] Vote vote(std::size_t by, const char* block,
                          VoteKind kind = VoteKind::kCommit) const {
    return c.vote(by, kind, View(1), Height(2), sha256(as_bytes(block)));
  }
  [[nodiscard]] SignedProposal proposal(const char* block, View view = View(1)) const {
    SignedProposal out{ProposalContent{Epoch{}, view, Height(2), sha256(as_bytes(block))}, 0, {}};
    out.signature = c.nodes[0].signer->sign(proposal_digest(c.chain, out.content));
    return out;
  }
  Cluster c;
  const ErrorCode proven = ErrorCode::kInternal;
};

TEST_F(EvidenceOf, C12_1_TwoVotesOfOneQuestionContradictEachOther) {
  EXPECT_EQ(judged({{vote(0, "a"), vote(0, "b")}, {}}), proven);
  EXPECT_EQ(judged({{vote(0, "a"), vote(0, "a")}, {}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(judged({{vote(0, "a"), vote(1, "b")}, {}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(judged({{vote(0, "a"), vote(0, "b", VoteKind::kPrepare)}, {}}),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(judged({{vote(0, "a")}, {}}), ErrorCode::kInvalidArgument);
}

TEST_F(EvidenceOf, C12_1_TwoProposalsOfOneViewContradictEachOther) {
  EXPECT_EQ(judged({{}, {proposal("a"), proposal("b")}}), proven);
  EXPECT_EQ(judged({{}, {proposal("a"), proposal("a")}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(judged({{}, {proposal("a"), proposal("b", View(2))}}), ErrorCode::kInvalidArgument);
}

TEST_F(EvidenceOf, C12_1_NobodyIsAccusedWithoutItsSignature) {
  Evidence forged{{vote(0, "a"), vote(0, "b")}, {}};
  forged.votes[1].signature.bytes[3] ^= 1;
  EXPECT_EQ(judged(forged), ErrorCode::kBadSignature);
  Evidence another{{vote(0, "a"), vote(0, "b")}, {}};
  for (Vote& one : another.votes) one.signer = 1;
  EXPECT_EQ(judged(another), ErrorCode::kBadSignature);
  for (Vote& one : another.votes) one.signer = 4;
  EXPECT_EQ(judged(another), ErrorCode::kInvalidArgument);
  c.set.epoch = Epoch(1);
  EXPECT_EQ(judged({{vote(0, "a"), vote(0, "b")}, {}}), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace usance::consensus
