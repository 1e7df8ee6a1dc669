#include "node/tls.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

namespace usance::node {

namespace {

constexpr unsigned kReloadSeconds = 10;

std::shared_ptr<grpc::experimental::CertificateProviderInterface> watch(const TlsFiles& files) {
  return std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      files.key.string(), files.certificate.string(), files.authorities.string(), kReloadSeconds);
}

std::shared_ptr<grpc::ServerCredentials> accepting(
    const TlsFiles& files, grpc_ssl_client_certificate_request_type request) {
  grpc::experimental::TlsServerCredentialsOptions options(watch(files));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(request);
  return grpc::experimental::TlsServerCredentials(options);
}

}  // namespace

std::shared_ptr<grpc::ServerCredentials> server_credentials(const TlsFiles& files) {
  return accepting(files, GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
}

std::shared_ptr<grpc::ServerCredentials> peer_server_credentials(const TlsFiles& files) {
  return accepting(files, GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_BUT_DONT_VERIFY);
}

std::shared_ptr<grpc::ChannelCredentials> peer_channel_credentials(const TlsFiles& files) {
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(watch(files));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_verify_server_certs(false);
  options.set_check_call_host(false);
  options.set_certificate_verifier(std::make_shared<grpc::experimental::NoOpCertificateVerifier>());
  return grpc::experimental::TlsCredentials(options);
}

std::string peer_certificate(const grpc::AuthContext& context) {
  const auto values = context.FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  return values.empty() ? std::string() : std::string(values[0].data(), values[0].size());
}

}  // namespace usance::node
