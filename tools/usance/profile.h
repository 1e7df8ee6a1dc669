// A profile: who somebody is towards a network, and which nodes they talk to. One small TOML file
// in the folder profiles/ of a home; paths in it are relative to the home.
#pragma once

#include <string>
#include <vector>

#include "base/genesis.h"
#include "base/signature.h"
#include "tools/usance/files.h"

namespace usance::cli {

struct Profile {
  std::string name;  // the file's name without .toml
  Path home;
  OrgId org;
  std::string user;
  Path key;          // Ed25519, signs transactions; may be missing (readers)
  Path certificate;  // PEM, for mTLS
  Path certificate_key;
  Path authority;  // PEM: the own organisation's, trusted beside those of the genesis; may be empty
  Path genesis = "genesis.json";
  std::vector<std::string> nodes;  // host:port of the client services, in order of preference
  std::string admin;               // host:port of the own node's admin service; may be empty

  [[nodiscard]] Path path_of(const Path& relative) const { return home / relative; }
};

[[nodiscard]] Path profile_path(const Path& home, const std::string& name);
[[nodiscard]] std::vector<std::string> list_profiles(const Path& home);  // ascending
// Errors: kNotFound (with the profiles there are), kMalformed (TOML with line; unknown key).
[[nodiscard]] Result<Profile> load_profile(const Path& home, const std::string& name);
[[nodiscard]] Result<void> save_profile(const Profile& profile);

[[nodiscard]] Result<Genesis> load_genesis(const Path& file);

}  // namespace usance::cli
