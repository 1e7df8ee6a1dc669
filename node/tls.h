// Mutual TLS for every port. Certificates, the key and the members' authorities are read from
// files that gRPC watches, so that a renewed certificate or a new member needs no restart.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include "base/result.h"
#include "node/x509.h"

namespace grpc {
class AuthContext;
}

namespace usance::node {

struct TlsFiles {
  std::filesystem::path key;
  std::filesystem::path certificate;
  std::filesystem::path authorities;  // of all members, PEM; kept up to date by the node
};

// Client and admin ports: callers must show a valid certificate that one of the authorities issued.
[[nodiscard]] std::shared_ptr<grpc::ServerCredentials> server_credentials(const TlsFiles& files);

// The peer port, accepting and dialling: the other side must hold the key of the certificate that
// it shows. Neither issuer nor dates are checked here, because the ledger pins the key and the
// stream is refused unless it is pinned (peer_reactors.cpp, peer_auth.h); so two certificates that
// expire in the same night do not halt a network of four.
[[nodiscard]] std::shared_ptr<grpc::ServerCredentials> peer_server_credentials(
    const TlsFiles& files);
[[nodiscard]] std::shared_ptr<grpc::ChannelCredentials> peer_channel_credentials(
    const TlsFiles& files);

// The other side's certificate, PEM; empty without TLS.
[[nodiscard]] std::string peer_certificate(const grpc::AuthContext& context);

}  // namespace usance::node
