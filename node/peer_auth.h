// The first frames of a peer stream: who is at the other end (docs/spec/peer.md). TLS shows that
// each side holds a certificate's key; the signature binds both certificates, and fresh numbers of
// both sides, to the consensus key (docs/adr/010-peer-authentication.md).
#pragma once

#include "base/hash.h"
#include "base/signature.h"
#include "node/directory.h"
#include "usance/v1/peer.pb.h"

namespace usance::node {

inline constexpr std::uint32_t kPeerProtocolVersion = 1;

enum class PeerSide : std::uint8_t { kDialler = 1, kAcceptor = 2 };

// What one stream's authentication is about.
struct PeerSession {
  ChainId chain;
  Hash32 dialler_tls_key;
  Hash32 acceptor_tls_key;
  Hash32 dialler_nonce;
  Hash32 acceptor_nonce;
};

// What `side` signs with its consensus key.
[[nodiscard]] Hash32 peer_digest(const PeerSession& session, PeerSide side);

[[nodiscard]] Hash32 fresh_nonce();

[[nodiscard]] v1::PeerChallenge make_challenge(const ChainId& chain, const Hash32& nonce);
[[nodiscard]] v1::PeerHello make_hello(const PeerSession& session, PeerSide side,
                                       const Signer& signer);

// The acceptor's nonce. kMalformed; kFailedPrecondition: another network.
[[nodiscard]] Result<Hash32> check_challenge(const ChainId& chain,
                                             const v1::PeerChallenge& challenge);
// The nonce in a hello, before it can be verified. kMalformed, kUnsupported (version).
[[nodiscard]] Result<Hash32> hello_nonce(const v1::PeerHello& hello);
struct PeerIdentity {
  KnownNode node;
  // The consensus key that signed the stream.
  PublicKey key;
  // Whether that is the node's key as the ledger is here. If not, one of the two sides is behind:
  // the peer may serve and be served, under the key that it showed, but it is not the validator.
  bool confirmed = false;
};
// Who `side` has shown to be. kPermissionDenied: no node has this certificate key; kBadSignature.
[[nodiscard]] Result<PeerIdentity> check_hello(const PeerSession& session, PeerSide side,
                                               const v1::PeerHello& hello,
                                               const Directory& directory,
                                               const Verifier& verifier);

}  // namespace usance::node
