// The gRPC ends of a PeerStream: the service that accepts and the call that dials.
#pragma once

#include <memory>
#include <string>

#include <grpcpp/security/credentials.h>

#include "node/peer_stream.h"
#include "usance/v1/peer.grpc.pb.h"

namespace usance::node {

class PeerService final : public v1::PeerService::CallbackService {
 public:
  PeerService(const PeerSettings& settings, PeerOwner& owner)
      : settings_(settings), owner_(owner) {}
  grpc::ServerBidiReactor<v1::PeerFrames, v1::PeerFrames>* Connect(
      grpc::CallbackServerContext* context) override;

 private:
  const PeerSettings& settings_;
  PeerOwner& owner_;
};

// Opens a stream to an address; the owner hears of its end by closed(), also when the address
// cannot be reached.
[[nodiscard]] std::shared_ptr<PeerStream> dial(
    const PeerSettings& settings, PeerOwner& owner, const std::string& address,
    const std::shared_ptr<grpc::ChannelCredentials>& credentials);

}  // namespace usance::node
