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

// Callers must show a certificate that one of the authorities issued.
[[nodiscard]] std::shared_ptr<grpc::ServerCredentials> server_credentials(const TlsFiles& files);
// For dialling a node: its certificate is checked against the authorities and kNodeDnsName (see
// dial_arguments); who it is, is for the caller to check by peer_certificate().
[[nodiscard]] std::shared_ptr<grpc::ChannelCredentials> channel_credentials(const TlsFiles& files);

// The other side's certificate, PEM; empty without TLS.
[[nodiscard]] std::string peer_certificate(const grpc::AuthContext& context);

}  // namespace usance::node
