#include "node/peer_auth.h"

#include <gtest/gtest.h>

#include "node/node_keys.h"
#include "proto/bytes.h"
#include "tests/unit/node/samples.h"

namespace usance::node {
namespace {

class PeerAuth : public testing::Test {
 protected:
  PeerAuth() : signer_(ed25519_signer(generate_seed())) {
    KnownNode node{1, "node-1", OrgId("bank-a"), true, signer_->public_key(), hash_of(1)};
    directory_.nodes.push_back(node);
    session_ = {hash_of(9), hash_of(1), hash_of(2), fresh_nonce(), fresh_nonce()};
  }
  Result<PeerIdentity> check(const v1::PeerHello& hello) {
    return check_hello(session_, PeerSide::kDialler, hello, directory_, ed25519_verifier());
  }
  std::unique_ptr<Signer> signer_;
  Directory directory_;
  PeerSession session_;
};

TEST_F(PeerAuth, AnHonestHelloNamesItsNode) {
  const auto node = check(make_hello(session_, PeerSide::kDialler, *signer_));
  ASSERT_TRUE(node);
  EXPECT_EQ(node->node.name, "node-1");
  EXPECT_TRUE(node->confirmed);
}

// A key that is replaced: the ledger of one side may be ahead of the other's.
TEST_F(PeerAuth, AnotherKeyThanTheLedgersIsNotTakenForTheValidator) {
  const auto next = ed25519_signer(generate_seed());
  const auto shown = check(make_hello(session_, PeerSide::kDialler, *next));
  ASSERT_TRUE(shown);
  EXPECT_FALSE(shown->confirmed);
  EXPECT_EQ(shown->key, next->public_key());
  directory_.nodes[0].next_key = next->public_key();
  EXPECT_TRUE(check(make_hello(session_, PeerSide::kDialler, *next))->confirmed);
}

TEST_F(PeerAuth, ANodeSignsWithTheKeyThatTheLedgerHas) {
  NodeKeys keys{ed25519_signer(generate_seed()), ed25519_signer(generate_seed())};
  EXPECT_EQ(keys.entry(directory_), nullptr);
  EXPECT_EQ(&keys.in_force(directory_), keys.current.get());
  directory_.nodes[0].key = keys.current->public_key();
  directory_.nodes[0].next_key = keys.next->public_key();
  EXPECT_EQ(&keys.in_force(directory_), keys.current.get());
  directory_.nodes[0].key = keys.next->public_key();
  directory_.nodes[0].next_key.reset();
  EXPECT_EQ(&keys.in_force(directory_), keys.next.get());
}

TEST_F(PeerAuth, ASignatureCountsForOneStreamAndOneSideOnly) {
  const v1::PeerHello hello = make_hello(session_, PeerSide::kDialler, *signer_);
  const PeerSession original = session_;
  const auto refused_with = [&](auto change) {
    session_ = original;
    change(session_);
    const auto node = check(hello);
    return !node && node.error().code == ErrorCode::kBadSignature;
  };
  EXPECT_TRUE(refused_with([](PeerSession& s) { s.chain = hash_of(8); }));
  EXPECT_TRUE(refused_with([](PeerSession& s) { s.acceptor_tls_key = hash_of(3); }));
  EXPECT_TRUE(refused_with([](PeerSession& s) { s.dialler_nonce = fresh_nonce(); }));
  EXPECT_TRUE(refused_with([](PeerSession& s) { s.acceptor_nonce = fresh_nonce(); }));
  session_ = original;
  const auto reflected = check(make_hello(session_, PeerSide::kAcceptor, *signer_));
  ASSERT_FALSE(reflected);
  EXPECT_EQ(reflected.error().code, ErrorCode::kBadSignature);
}

TEST_F(PeerAuth, TheCertificateMustBeANodes) {
  session_.dialler_tls_key = hash_of(7);
  EXPECT_EQ(check(make_hello(session_, PeerSide::kDialler, *signer_)).error().code,
            ErrorCode::kPermissionDenied);
}

TEST_F(PeerAuth, MalformedFramesAreTypedErrors) {
  EXPECT_EQ(check_challenge(session_.chain, {}).error().code, ErrorCode::kMalformed);
  EXPECT_EQ(check_challenge(session_.chain, make_challenge(hash_of(5), fresh_nonce())).error().code,
            ErrorCode::kFailedPrecondition);
  v1::PeerHello hello = make_hello(session_, PeerSide::kDialler, *signer_);
  hello.set_version(2);
  EXPECT_EQ(hello_nonce(hello).error().code, ErrorCode::kUnsupported);
  hello.set_version(1);
  hello.set_nonce("short");
  EXPECT_EQ(hello_nonce(hello).error().code, ErrorCode::kMalformed);
  hello = make_hello(session_, PeerSide::kDialler, *signer_);
  hello.mutable_signature()->pop_back();
  EXPECT_EQ(check(hello).error().code, ErrorCode::kMalformed);
}

}  // namespace
}  // namespace usance::node
