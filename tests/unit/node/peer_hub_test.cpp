// Streams of peers as the hub tells them to the core. The wire is a fake; the handshake is real.
#include "node/peer_hub.h"

#include <gtest/gtest.h>

#include "tests/unit/node/samples.h"

namespace usance::node {
namespace {

class FakeWire final : public PeerWire {
 public:
  void start_read(v1::PeerFrames* into) override { reading = into; }
  void start_write(const v1::PeerFrames* frames) override { written = *frames; }
  void finish(const grpc::Status&) override { finished = true; }
  void cancel() override { finished = true; }

  v1::PeerFrames* reading = nullptr;
  v1::PeerFrames written;
  bool finished = false;
};

class PeerHubTest : public testing::Test {
 protected:
  struct Peer {
    FakeWire wire;
    std::shared_ptr<PeerStream> stream;
    std::unique_ptr<Signer> signer = ed25519_signer(generate_seed());
    [[nodiscard]] PublicKey key() const { return signer->public_key(); }
  };

  PeerHubTest() {
    keys_.current = ed25519_signer(generate_seed());
    Directory directory;
    directory.nodes.push_back(
        {1, "self", OrgId("bank-a"), true, keys_.current->public_key(), hash_of(1)});
    directory.nodes.push_back(
        {2, "peer", OrgId("bank-b"), true, validator_->public_key(), hash_of(2)});
    directory_ = std::make_unique<SharedDirectory>(directory);
    settings_ = {hash_of(9), &keys_, &ed25519_verifier(), directory_.get(), hash_of(1), 1'000'000};
    hub_ = std::make_unique<PeerHub>(
        PeerHub::Options{settings_, {}, [this](const PublicKey& peer) { gone_.push_back(peer); }},
        nullptr, [this](const KnownNode&, v1::PeerFrames& frames) {
          received_.push_back(frames);
          return Result<void>();
        });
  }

  // A stream that node 2's certificate opened, signed with the peer's key.
  void connect(Peer& peer) {
    peer.stream = std::make_shared<PeerStream>(settings_, *hub_, PeerSide::kAcceptor, "somewhere");
    x509::CertificateInfo certificate;
    certificate.key_hash = hash_of(2);
    peer.stream->begin(&peer.wire, certificate);
    const PeerSession session{
        settings_.chain, hash_of(2), hash_of(1), fresh_nonce(),
        check_challenge(settings_.chain, peer.wire.written.challenge()).value()};
    peer.stream->write_done(true);
    *peer.wire.reading->mutable_hello() = make_hello(session, PeerSide::kDialler, *peer.signer);
    peer.stream->read_done(true);
    ASSERT_FALSE(peer.wire.finished);
    ASSERT_EQ(hub_->connected(), 1u);
  }

  NodeKeys keys_;
  std::unique_ptr<Signer> validator_ = ed25519_signer(generate_seed());
  std::unique_ptr<SharedDirectory> directory_;
  PeerSettings settings_;
  std::vector<PublicKey> gone_;
  std::vector<v1::PeerFrames> received_;
  std::unique_ptr<PeerHub> hub_;
};

// Whoever has a node's certificate may show one made-up key after the other.
TEST_F(PeerHubTest, AKeyIsGoneWithItsLastStream) {
  std::vector<PublicKey> shown;
  for (int i = 0; i < 3; ++i) {
    Peer peer;
    connect(peer);
    shown.push_back(peer.key());
    EXPECT_EQ(gone_.size(), static_cast<std::size_t>(i));
    peer.stream->done("closed");
    EXPECT_EQ(gone_, shown);
  }
}

TEST_F(PeerHubTest, AStreamThatReplacesAnotherOfTheSameKeyIsTheSamePeer) {
  Peer first, second, other;
  connect(first);
  std::swap(second.signer, first.signer);
  const PublicKey key = second.key();
  connect(second);
  EXPECT_TRUE(gone_.empty());
  first.stream->done("replaced");
  EXPECT_TRUE(gone_.empty());
  // Another key over the same certificate takes the first one's place.
  connect(other);
  EXPECT_EQ(gone_, std::vector<PublicKey>{key});
  second.stream->done("replaced");
  other.stream->done("closed");
  EXPECT_EQ(gone_, (std::vector<PublicKey>{key, other.key()}));
}

std::shared_ptr<const Bytes> bytes_of(std::size_t size, std::uint8_t fill) {
  return std::make_shared<const Bytes>(size, fill);
}

TEST_F(PeerHubTest, AnAsideGoesInPartsInTurnWithMessages) {
  Peer peer;
  connect(peer);
  peer.stream->write_done(true);  // the hello
  ASSERT_TRUE(hub_->send_aside(2, bytes_of(150'000, 1)));
  EXPECT_FALSE(hub_->send_aside(7, bytes_of(1, 1)));  // nobody is connected as that
  hub_->send(peer.key(), bytes_of(10, 2));
  std::string aside;
  std::vector<bool> messages;
  for (int write = 0; write < 4; ++write) {
    messages.push_back(peer.wire.written.messages_size() != 0);
    aside += peer.wire.written.aside();
    EXPECT_EQ(peer.wire.written.aside_ends(), write == 3);
    peer.stream->write_done(true);
  }
  EXPECT_EQ(messages, (std::vector<bool>{false, true, false, false}));
  EXPECT_EQ(aside, std::string(150'000, '\x01'));
  peer.stream->done("closed");
}

TEST_F(PeerHubTest, ThePartsOfAnAsideArriveAsOne) {
  Peer peer;
  connect(peer);
  const auto part = [&](const std::string& text, bool ends) {
    peer.wire.reading->Clear();
    peer.wire.reading->set_aside(text);
    peer.wire.reading->set_aside_ends(ends);
    peer.stream->read_done(true);
  };
  part("an env", false);
  EXPECT_EQ(received_.back().aside(), "");
  part("elope", true);
  EXPECT_EQ(received_.back().aside(), "an envelope");
  part("", true);
  EXPECT_EQ(received_.back().aside(), "");
  const std::string half(PeerStream::kMaxAsideBytes / 2 + 1, 'x');
  part(half, false);
  EXPECT_FALSE(peer.wire.finished);
  part(half, false);
  EXPECT_TRUE(peer.wire.finished);
  peer.stream->done("closed");
}

}  // namespace
}  // namespace usance::node
