#include "node/services/access.h"

#include <chrono>

#include "node/tls.h"

namespace usance::node {

namespace {

constexpr std::size_t kKnownCertificates = 1'000;

std::uint64_t now_ms() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

}  // namespace

proto::Api<Caller> Access::authenticate(const grpc::ServerContextBase& context) const {
  const std::string pem = peer_certificate(*context.auth_context());
  const auto directory = directory_.get();
  x509::CertificateInfo info;
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(pem);
    if (found != known_.end() && found->second.directory == directory &&
        found->second.info.not_after.value > now_ms())
      return Caller{found->second.info.subject.org, found->second.info.subject.role,
                    found->second.info.subject.name};
  }
  USANCE_ASSIGN(info, x509::inspect(pem));
  const auto authority = directory->authorities.find(info.subject.org);
  if (authority == directory->authorities.end())
    return proto::refuse(v1::REASON_NOT_PERMITTED,
                         "'" + info.subject.org.value + "' is no member of this network");
  if (auto issued = x509::verify_issued_by(pem, authority->second); !issued)
    return proto::refuse(v1::REASON_NOT_PERMITTED, "the certificate was not issued by '" +
                                                       info.subject.org.value +
                                                       "': " + issued.error().message);
  const auto revoked = directory->revoked_users.find(info.subject.org);
  if (revoked != directory->revoked_users.end() && revoked->second.contains(info.subject.name))
    return proto::refuse(
        v1::REASON_NOT_PERMITTED,
        "'" + info.subject.org.value + "' has revoked '" + info.subject.name + "' on the ledger");
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kKnownCertificates) known_.clear();
  known_[pem] = {directory, info};
  return Caller{info.subject.org, info.subject.role, info.subject.name};
}

proto::Api<Caller> Access::reader(const grpc::ServerContextBase& context) const {
  auto caller = authenticate(context);
  if (!caller) return caller;
  if (caller->role != x509::kRoleClient && caller->role != x509::kRoleAuditor &&
      caller->role != x509::kRoleAdmin)
    return proto::refuse(v1::REASON_NOT_PERMITTED,
                         "a certificate of the role '" + caller->role +
                             "' is not for this port; use one of client, auditor or admin");
  return caller;
}

proto::Api<Caller> Access::submitter(const grpc::ServerContextBase& context) const {
  auto caller = reader(context);
  if (caller && caller->role == x509::kRoleAuditor)
    return proto::refuse(v1::REASON_NOT_PERMITTED, "an auditor's certificate reads only");
  return caller;
}

proto::Api<Caller> Access::operator_of_node(const grpc::ServerContextBase& context) const {
  auto caller = authenticate(context);
  if (!caller) return caller;
  if (caller->role != x509::kRoleAdmin || caller->org != own_org_)
    return proto::refuse(
        v1::REASON_NOT_PERMITTED,
        "this port takes certificates of '" + own_org_.value + "' with the role 'admin' only");
  return caller;
}

}  // namespace usance::node
