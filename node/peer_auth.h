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
// The node that `side` has shown to be. kPermissionDenied: no node has this certificate key, or
// not with this consensus key; kBadSignature.
[[nodiscard]] Result<KnownNode> check_hello(const PeerSession& session, PeerSide side,
                                            const v1::PeerHello& hello, const Directory& directory,
                                            const Verifier& verifier);

}  // namespace usance::node
