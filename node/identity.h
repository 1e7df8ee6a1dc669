// Who this node is: its genesis, consensus key and certificate, loaded and checked against each
// other before anything is opened.
#pragma once

#include <memory>

#include "base/genesis.h"
#include "base/signature.h"
#include "node/config.h"
#include "node/directory.h"
#include "node/node_keys.h"
#include "node/x509.h"

namespace usance::node {

struct Identity {
  Genesis genesis;
  NodeKeys keys;
  std::unique_ptr<Signer> reporter;  // null: none is configured
  std::string tls_key_pem;
  std::string tls_certificate_pem;
  x509::CertificateInfo certificate;
};

// Errors name the file and what to do: kNotFound, kIo, kPermissionDenied (a secret that others may
// read), kMalformed, kInvalidArgument (key and certificate do not belong together), kExpired.
[[nodiscard]] Result<Identity> load_identity(const Config& config);

// This node's entry. If the ledger has none, as it stands here: one with id 0 and what the
// certificate says, because the ledger may name it further on. kFailedPrecondition: its pinned
// certificate key or organisation is another.
[[nodiscard]] Result<KnownNode> find_self(const Identity& identity, const Directory& directory);

}  // namespace usance::node
