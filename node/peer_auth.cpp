#include "node/peer_auth.h"

#include "proto/bytes.h"

namespace usance::node {

Hash32 peer_digest(const PeerSession& session, PeerSide side) {
  Encoder encoder;
  encoder(side);
  encoder(session.dialler_tls_key);
  encoder(session.acceptor_tls_key);
  encoder(session.dialler_nonce);
  encoder(session.acceptor_nonce);
  return tagged_hash("usance/peer", session.chain, ByteView(encoder.data()));
}

Hash32 fresh_nonce() {
  Hash32 nonce;
  nonce.bytes = generate_seed().bytes;  // 32 bytes of the operating system's generator
  return nonce;
}

v1::PeerChallenge make_challenge(const ChainId& chain, const Hash32& nonce) {
  v1::PeerChallenge challenge;
  challenge.set_chain_id(proto::to_string(chain));
  challenge.set_nonce(proto::to_string(nonce));
  return challenge;
}

v1::PeerHello make_hello(const PeerSession& session, PeerSide side, const Signer& signer) {
  v1::PeerHello hello;
  hello.set_version(kPeerProtocolVersion);
  hello.set_consensus_key(proto::to_string(signer.public_key()));
  hello.set_nonce(proto::to_string(side == PeerSide::kDialler ? session.dialler_nonce
                                                              : session.acceptor_nonce));
  hello.set_signature(proto::to_string(signer.sign(peer_digest(session, side))));
  return hello;
}

Result<Hash32> check_challenge(const ChainId& chain, const v1::PeerChallenge& challenge) {
  Hash32 other_chain, nonce;
  if (!fixed_from(as_bytes(challenge.chain_id()), other_chain) ||
      !fixed_from(as_bytes(challenge.nonce()), nonce))
    return fail(ErrorCode::kMalformed, "the first frame is no challenge");
  if (other_chain != chain)
    return fail(ErrorCode::kFailedPrecondition,
                "the peer is of another network (chain " + to_hex(other_chain).substr(0, 16) + ")");
  return nonce;
}

Result<Hash32> hello_nonce(const v1::PeerHello& hello) {
  if (hello.version() != kPeerProtocolVersion)
    return fail(ErrorCode::kUnsupported, "the peer speaks version " +
                                             std::to_string(hello.version()) +
                                             " of the peer protocol, this node version " +
                                             std::to_string(kPeerProtocolVersion));
  Hash32 nonce;
  if (!fixed_from(as_bytes(hello.nonce()), nonce))
    return fail(ErrorCode::kMalformed, "a hello without nonce");
  return nonce;
}

Result<PeerIdentity> check_hello(const PeerSession& session, PeerSide side,
                                 const v1::PeerHello& hello, const Directory& directory,
                                 const Verifier& verifier) {
  const Hash32& tls_key =
      side == PeerSide::kDialler ? session.dialler_tls_key : session.acceptor_tls_key;
  const KnownNode* node = directory.by_tls_key(tls_key);
  if (node == nullptr)
    return fail(ErrorCode::kPermissionDenied,
                "no node of this network has the certificate key " + to_hex(tls_key));
  PublicKey key;
  Signature signature;
  if (!fixed_from(as_bytes(hello.consensus_key()), key) ||
      !fixed_from(as_bytes(hello.signature()), signature))
    return fail(ErrorCode::kMalformed, "a hello without key or signature");
  if (!verifier.verify(key, peer_digest(session, side), signature))
    return fail(ErrorCode::kBadSignature, node->name + " did not sign this stream");
  return PeerIdentity{*node, key, key == node->key || key == node->next_key};
}

}  // namespace usance::node
