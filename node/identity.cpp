#include "node/identity.h"

#include "base/file.h"
#include "base/key_file.h"

namespace usance::node {

Result<Identity> load_identity(const Config& config) {
  Identity identity;
  USANCE_ASSIGN(const std::string genesis, read_file(config.genesis));
  auto parsed = parse_genesis(genesis);
  if (!parsed) return fail_with(config.genesis.string(), parsed.error());
  identity.genesis = *std::move(parsed);

  USANCE_ASSIGN(const SecretSeed seed, read_key_file(config.consensus_key.string()));
  identity.keys.current = ed25519_signer(seed);
  std::error_code ignored;
  if (std::filesystem::exists(config.next_consensus_key, ignored)) {
    USANCE_ASSIGN(const SecretSeed next, read_key_file(config.next_consensus_key.string()));
    identity.keys.next = ed25519_signer(next);
  }

  if (std::filesystem::exists(config.reporter_key, ignored)) {
    USANCE_ASSIGN(const SecretSeed reporter, read_key_file(config.reporter_key.string()));
    identity.reporter = ed25519_signer(reporter);
  }

  USANCE_ASSIGN(identity.tls_key_pem, read_secret_file(config.tls_key));
  USANCE_ASSIGN(identity.tls_certificate_pem, read_file(config.tls_certificate));
  auto info = x509::inspect(identity.tls_certificate_pem);
  if (!info) return fail_with(config.tls_certificate.string(), info.error());
  identity.certificate = *std::move(info);
  if (auto matches = x509::verify_key_matches(identity.tls_key_pem, identity.tls_certificate_pem);
      !matches)
    return fail_with(config.tls_key.string(), matches.error());
  return identity;
}

Result<KnownNode> find_self(const Identity& identity, const Directory& directory) {
  const KnownNode* self = identity.keys.entry(directory);
  if (self == nullptr) {
    const x509::Subject& subject = identity.certificate.subject;
    return KnownNode{0,
                     subject.name,
                     subject.org,
                     false,
                     identity.keys.current->public_key(),
                     identity.certificate.key_hash};
  }
  if (self->tls_key != identity.certificate.key_hash)
    return fail(ErrorCode::kFailedPrecondition,
                "the network knows " + self->name + " by another certificate key (" +
                    to_hex(self->tls_key) + ", not " + to_hex(identity.certificate.key_hash) + ")");
  if (self->org != identity.certificate.subject.org)
    return fail(ErrorCode::kFailedPrecondition, "the certificate names the organisation '" +
                                                    identity.certificate.subject.org.value +
                                                    "', but " + self->name + " belongs to '" +
                                                    self->org.value + "'");
  return *self;
}

}  // namespace usance::node
