#include "node/peer_auth.h"

#include <gtest/gtest.h>

#include "proto/bytes.h"

namespace usance::node {
namespace {

Hash32 hash_of(std::uint8_t byte) {
  Hash32 hash;
  hash.bytes.fill(byte);
  return hash;
}

class PeerAuth : public testing::Test {
 protected:
  PeerAuth() : signer_(ed25519_signer(generate_seed())) {
    KnownNode node{1, "node-1", OrgId("bank-a"), true, signer_->public_key(), hash_of(1)};
    directory_.nodes.push_back(node);
    session_ = {hash_of(9), hash_of(1), hash_of(2), fresh_nonce(), fresh_nonce()};
  }
  Result<KnownNode> check(const v1::PeerHello& hello) {
    return check_hello(session_, PeerSide::kDialler, hello, directory_, ed25519_verifier());
  }
  std::unique_ptr<Signer> signer_;
  Directory directory_;
  PeerSession session_;
};

TEST_F(PeerAuth, AnHonestHelloNamesItsNode) {
  const auto node = check(make_hello(session_, PeerSide::kDialler, *signer_));
  ASSERT_TRUE(node);
  EXPECT_EQ(node->name, "node-1");
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

TEST_F(PeerAuth, BothKeysMustBelongToOneNode) {
  const auto other = ed25519_signer(generate_seed());
  EXPECT_EQ(check(make_hello(session_, PeerSide::kDialler, *other)).error().code,
            ErrorCode::kPermissionDenied);
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
