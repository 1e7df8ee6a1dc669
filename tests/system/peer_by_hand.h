// A peer stream to a node, opened and spoken by a test (docs/spec/peer.md).
#pragma once

#include <fstream>
#include <memory>
#include <string>

#include "base/codec.h"
#include "base/key_file.h"
#include "node/peer_auth.h"
#include "test_network.h"
#include "usance/v1/peer.grpc.pb.h"

namespace usance::test {

class PeerByHand {
 public:
  PeerByHand(TestNetwork& network, const x509::KeyPair& certificate, std::size_t to = 0)
      : network_(network), to_(to) {
    channel_ = network.channel(network.node(to).peers_port, certificate);
    stub_ = v1::PeerService::NewStub(channel_);
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    stream_ = stub_->Connect(&context_);
  }
  // What the node shows that it is.
  static x509::KeyPair certificate_of(TestNetwork& network, std::size_t node) {
    const auto& home = network.node(node).folder;
    return {text_of(home / "tls" / "node.key"), text_of(home / "tls" / "node.crt")};
  }
  static std::unique_ptr<Signer> signer_of(TestNetwork& network, std::size_t node) {
    const auto file = network.node(node).folder / "keys" / "consensus.key";
    return ed25519_signer(read_key_file(file.string()).value());
  }

  // Says to be that node, with this key. False: the stream ended before.
  bool introduce(std::size_t as, const Signer& signer) {
    v1::PeerFrames frames;
    if (!read(frames)) return false;
    node::PeerSession session;
    session.chain = network_.genesis().chain_id;
    session.dialler_tls_key = network_.node(as).entry.tls_key;
    session.acceptor_tls_key = network_.node(to_).entry.tls_key;
    session.dialler_nonce = node::fresh_nonce();
    if (!fixed_from(as_bytes(frames.challenge().nonce()), session.acceptor_nonce)) return false;
    v1::PeerFrames hello;
    *hello.mutable_hello() = node::make_hello(session, node::PeerSide::kDialler, signer);
    write(hello);
    return true;
  }
  bool read(v1::PeerFrames& frames) { return stream_->Read(&frames); }
  void write(const v1::PeerFrames& frames) { stream_->Write(frames); }
  grpc::Status finish() {
    v1::PeerFrames rest;
    while (stream_->Read(&rest)) {
    }
    return stream_->Finish();
  }
  void cancel() { context_.TryCancel(); }  // from any thread

 private:
  static std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }

  TestNetwork& network_;
  const std::size_t to_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::PeerService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::PeerFrames, v1::PeerFrames>> stream_;
};

}  // namespace usance::test
