// Who calls, and what the certificate's organisation and role allow (docs/spec/api.md, "Roles").
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include <grpcpp/server_context.h>

#include "node/directory.h"
#include "node/x509.h"
#include "proto/status.h"

namespace usance::node {

struct Caller {
  OrgId org;
  std::string role;
  std::string name;
};

// Thread-safe. A certificate is examined once and then known by its bytes.
class Access {
 public:
  Access(const SharedDirectory& directory, OrgId own_org)
      : directory_(directory), own_org_(std::move(own_org)) {}

  // Any member's client, auditor or admin. REASON_NOT_PERMITTED otherwise: TLS shows only that
  // some member issued the certificate; here it must be the organisation that it names.
  [[nodiscard]] proto::Api<Caller> reader(const grpc::ServerContextBase& context) const;
  // As reader(), but no auditors.
  [[nodiscard]] proto::Api<Caller> submitter(const grpc::ServerContextBase& context) const;
  // The operator of this node.
  [[nodiscard]] proto::Api<Caller> operator_of_node(const grpc::ServerContextBase& context) const;

 private:
  proto::Api<Caller> authenticate(const grpc::ServerContextBase& context) const;

  const SharedDirectory& directory_;
  const OrgId own_org_;
  struct Known {
    std::shared_ptr<const Directory> directory;  // as of which it was examined
    x509::CertificateInfo info;
  };
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, Known> known_;  // by certificate, PEM
};

}  // namespace usance::node
