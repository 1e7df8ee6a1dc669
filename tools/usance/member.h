// A member's home on its own host, and the member file with only public data that it gives to the
// others to form a network (docs/spec/genesis.md).
#pragma once

#include <string>
#include <vector>

#include "base/genesis.h"
#include "base/key_file.h"
#include "tools/usance/files.h"

namespace usance::cli {

// The fixed layout of a member's home.
struct MemberHome {
  Path root;

  [[nodiscard]] Path description() const { return root / "organisation.json"; }
  [[nodiscard]] Path genesis() const { return root / "genesis.json"; }
  [[nodiscard]] Path config() const { return root / "node.toml"; }
  [[nodiscard]] Path data() const { return root / "data"; }
  [[nodiscard]] Path governance_key() const { return root / "keys/governance.key"; }
  [[nodiscard]] Path recovery_key() const { return root / "keys/recovery.key"; }
  [[nodiscard]] Path consensus_key() const { return root / "keys/consensus.key"; }
  [[nodiscard]] Path authority_key() const { return root / "ca/authority.key"; }
  [[nodiscard]] Path authority_certificate() const { return root / "ca/authority.crt"; }
  [[nodiscard]] Path node_tls_key() const { return root / "tls/node.key"; }
  [[nodiscard]] Path node_certificate() const { return root / "tls/node.crt"; }
  [[nodiscard]] Path user_key(const std::string& user) const {
    return root / "users" / (user + ".key");
  }
  [[nodiscard]] Path user_tls_key(const std::string& user) const {
    return root / "users" / (user + ".tls.key");
  }
  [[nodiscard]] Path user_certificate(const std::string& user) const {
    return root / "users" / (user + ".crt");
  }
};

struct UserPlan {
  std::string name;
  std::vector<std::string> permissions;
};

// What `usance node init` is told.
struct MemberPlan {
  std::string network;
  bool development = false;
  OrgId org;
  std::string name, lei, bic, country;
  std::vector<std::string> roles;
  std::vector<UserPlan> users;
  std::optional<std::string> node;  // its name; none for a member without a node
  bool validator = true;
  std::vector<std::string> hosts;  // names and addresses of the node for its certificate
  std::string peer_address;        // host:port where other nodes reach it
};
[[nodiscard]] Result<void> validate(const MemberPlan& plan);

// Makes keys, certificate authority, certificates and the public description. kAlreadyExists when
// the home holds a member already: nothing of it is touched.
[[nodiscard]] Result<void> create_member(const MemberHome& home, const MemberPlan& plan);

// The public part of a member, as in the genesis, and what proves that it is the member's own.
struct MemberFile {
  std::string network;
  bool development = false;
  std::uint64_t created_ms = 0;
  GenesisOrganisation organisation;
  std::vector<GenesisNode> nodes;           // ids are given when the genesis is assembled
  std::vector<std::string> peer_addresses;  // of the nodes, in the same order
};

// Signed by the governance key, and by each node's consensus key as proof that the member holds it.
[[nodiscard]] Result<std::string> write_member_file(const MemberHome& home);
// kMalformed, kBadSignature; unknown fields are refused.
[[nodiscard]] Result<MemberFile> read_member_file(std::string_view text);

// What write_member_file would say of this home.
[[nodiscard]] Result<MemberFile> own_member(const MemberHome& home);

// The genesis that everybody makes from the same member files, in whatever order they are given.
[[nodiscard]] Result<Genesis> assemble_genesis(std::vector<MemberFile> members);

}  // namespace usance::cli
