// The genesis file: who the members are when the ledger begins. Its SHA-256 is the chain id, so
// the file's bytes, not their meaning, are what members agree on. JSON, format usance-genesis/1,
// described in docs/spec/genesis.md.
#pragma once

#include <string>
#include <vector>

#include "base/parameters.h"
#include "base/types.h"
#include "base/validator_set.h"

namespace usance {

// Roles of organisations and permissions of users are the lower-case words of base/membership.h
// (docs/spec/genesis.md).
struct GenesisUser {
  std::string name;
  PublicKey key;
  std::vector<std::string> permissions;
};

struct GenesisOrganisation {
  OrgId id;
  std::string name;
  std::string lei;      // ISO 17442, may be empty
  std::string bic;      // ISO 9362, may be empty
  std::string country;  // ISO 3166-1 alpha-2
  std::vector<std::string> roles;
  std::string ca_certificate;  // PEM; signs the organisation's node and client certificates
  PublicKey governance_key;    // votes for the organisation, certifies its consensus keys
  PublicKey recovery_key;      // kept offline
  std::vector<GenesisUser> users;
};

struct GenesisNode {
  std::uint32_t id = 0;  // governance id, unique; orders the validators
  std::string name;      // "node-1"
  OrgId org;
  bool validator = true;    // false: a follower
  PublicKey consensus_key;  // also names a follower on the peer network
  Hash32 tls_key;           // SHA-256 of the node certificate's SubjectPublicKeyInfo
};

struct Genesis {
  ChainId chain_id;  // derived from the file's bytes
  std::string network;
  TimeMs time;
  bool development = false;  // allows `devnet clock advance`
  Parameters parameters;
  std::vector<GenesisOrganisation> organisations;
  std::vector<GenesisNode> nodes;

  [[nodiscard]] ValidatorSet validators() const;  // of epoch 0
};

// Parses and validates: unknown fields, duplicate ids or keys, unknown organisations, fewer than
// four validators, or an organisation holding more than f seats are errors that name the field.
[[nodiscard]] Result<Genesis> parse_genesis(std::string_view file);
// The file that parse_genesis reads back (chain_id is ignored); deterministic bytes.
[[nodiscard]] std::string write_genesis(const Genesis& genesis);

}  // namespace usance
