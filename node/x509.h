// X.509 certificates of an organisation's own authority: P-256 keys, SHA-256 signatures.
//
// A node's certificate (role "node") serves TLS on the peer, client and admin ports and is pinned
// in the ledger by its key_hash. A client's certificate names organisation (O), role (OU) and
// person or system (CN). Every function is thread-safe; errors: kInvalidArgument, kMalformed,
// kBadSignature, kExpired, kInternal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace usance::x509 {

// Roles (OU) that the node's services know; docs/spec/api.md says what each may do.
inline constexpr std::string_view kRoleNode = "node";
inline constexpr std::string_view kRoleAdmin = "admin";      // operates the organisation's node
inline constexpr std::string_view kRoleClient = "client";    // submits and reads
inline constexpr std::string_view kRoleAuditor = "auditor";  // reads and exports

// A DNS name that every node certificate carries besides its own names: peers dial addresses and
// identify the node by its pinned key, so the name that TLS checks is the same for all.
inline constexpr std::string_view kNodeDnsName = "node.usance.internal";

struct Subject {
  OrgId org;         // O
  std::string role;  // OU; empty for an authority
  std::string name;  // CN

  friend bool operator==(const Subject&, const Subject&) = default;
};

struct KeyPair {
  std::string key_pem;  // PKCS#8, not encrypted: keep the file at mode 0600
  std::string certificate_pem;
};

struct CertificateInfo {
  Subject subject;
  Hash32 key_hash;  // SHA-256 of the SubjectPublicKeyInfo's DER: what is pinned
  TimeMs not_before;
  TimeMs not_after;
  bool authority = false;
  std::vector<std::string> names;  // DNS names and addresses
};

// A self-signed authority for one organisation, valid for `days` from now.
[[nodiscard]] Result<KeyPair> make_authority(const Subject& subject, unsigned days);
// A key and its certificate. `names` are DNS names or IP addresses a server is reached by;
// kNodeDnsName is added for the role "node".
[[nodiscard]] Result<KeyPair> issue(const KeyPair& authority, const Subject& subject,
                                    const std::vector<std::string>& names, unsigned days);
// A new certificate over an existing key, so that the pinned key_hash stays.
[[nodiscard]] Result<std::string> renew(const KeyPair& authority, const std::string& key_pem,
                                        const Subject& subject,
                                        const std::vector<std::string>& names, unsigned days);

// An organisation's authority as others may rely on it: the PEM text, written anew, of the one
// certificate that the text must hold, which must be an authority's. kMalformed, kInvalidArgument.
[[nodiscard]] Result<std::string> normalised_authority(std::string_view certificate_pem);
// The first certificate of a PEM text.
[[nodiscard]] Result<CertificateInfo> inspect(std::string_view certificate_pem);
// That the authority issued the certificate and both are valid now.
[[nodiscard]] Result<void> verify_issued_by(std::string_view certificate_pem,
                                            std::string_view authority_pem);
// That the key is the certificate's.
[[nodiscard]] Result<void> verify_key_matches(std::string_view key_pem,
                                              std::string_view certificate_pem);

}  // namespace usance::x509
