#include "tools/usance/join.h"

#include <algorithm>

#include "base/hash.h"

namespace usance::cli {

namespace fs = std::filesystem;

node::Config member_config(const NodeAddresses& addresses, std::vector<std::string> peers) {
  node::Config config;
  config.data_dir = "data";
  config.genesis = "genesis.json";
  config.consensus_key = "keys/consensus.key";
  config.tls_key = "tls/node.key";
  config.tls_certificate = "tls/node.crt";
  config.listen_peers = addresses.peers;
  config.listen_clients = addresses.clients;
  config.listen_admin = addresses.admin;
  config.listen_metrics = addresses.metrics;
  config.peers = std::move(peers);
  return config;
}

Result<void> write_member_config(const MemberHome& home, const MemberFile& member,
                                 node::Config config) {
  const auto first_with = [&](const char* permission) {
    return std::ranges::find_if(member.organisation.users, [&](const GenesisUser& user) {
      return std::ranges::count(user.permissions, permission) > 0;
    });
  };
  if (config.reporter_key == node::Config{}.reporter_key) {
    auto reporter = first_with("maker");
    if (reporter == member.organisation.users.end()) reporter = first_with("admin");
    if (reporter != member.organisation.users.end())
      config.reporter_key = fs::path("users") / (reporter->name + ".key");
  }
  return write_file(home.config(), node::write_config(config));
}

Result<node::Config> read_member_config(const MemberHome& home) {
  USANCE_ASSIGN(node::Config config, node::load_config(home.config(), {}, [](const std::string&) {
                  return std::optional<std::string>();
                }));
  const fs::path root = fs::absolute(home.root).lexically_normal();
  for (const node::ConfigOption& option : node::config_options()) {
    if (!option.path) continue;
    const std::string value = option.get(config).front();
    const fs::path inside = fs::path(value).lexically_normal().lexically_relative(root);
    if (fs::path(value).is_relative() || inside.empty() || *inside.begin() == "..") continue;
    USANCE_TRY(option.set(config, {inside.string()}));
  }
  return config;
}

bool is_founder(const Genesis& genesis, const OrgId& id) {
  return std::any_of(genesis.organisations.begin(), genesis.organisations.end(),
                     [&](const GenesisOrganisation& one) { return one.id == id; });
}

Result<Genesis> adopt_genesis(const MemberHome& home, const MemberFile& member,
                              const Path& genesis_file, bool admitted_later) {
  USANCE_ASSIGN(const std::string text, read_file(genesis_file));
  USANCE_ASSIGN(Genesis genesis, parse_genesis(text));
  const std::string& id = member.organisation.id.value;
  if (genesis.network != member.network || genesis.development != member.development)
    return fail(ErrorCode::kInvalidArgument, "the genesis is of the network " + genesis.network +
                                                 ", this home was made for " + member.network);
  const auto org = std::find_if(
      genesis.organisations.begin(), genesis.organisations.end(),
      [&](const GenesisOrganisation& one) { return one.id == member.organisation.id; });
  const bool founder = org != genesis.organisations.end();
  if (!founder && !admitted_later)
    return fail(ErrorCode::kInvalidArgument,
                "the genesis does not hold this member, " + id + "; was it made with your file?");
  if (founder && (org->governance_key != member.organisation.governance_key ||
                  org->ca_certificate != member.organisation.ca_certificate))
    return fail(ErrorCode::kInvalidArgument,
                "the genesis holds other keys for " + id + " than this home");
  for (const GenesisNode& mine : member.nodes) {
    const auto same = [&](const GenesisNode& one) {
      return one.org == mine.org && one.name == mine.name &&
             one.consensus_key == mine.consensus_key && one.tls_key == mine.tls_key;
    };
    if (founder && std::none_of(genesis.nodes.begin(), genesis.nodes.end(), same))
      return fail(ErrorCode::kInvalidArgument,
                  "the genesis does not hold the node " + mine.name + " with this home's keys");
  }
  if (fs::exists(home.genesis())) {
    USANCE_ASSIGN(const std::string before, read_file(home.genesis()));
    if (before != text)
      return fail(ErrorCode::kAlreadyExists,
                  home.root.string() + " has joined another network already (its genesis.json)");
  }
  USANCE_TRY(write_file(home.genesis(), text));
  return genesis;
}

Result<void> write_profiles(const Path& folder, const MemberHome& home,
                            const GenesisOrganisation& org, const std::vector<std::string>& nodes,
                            const std::string& admin) {
  const auto relative = [&](const Path& path) { return fs::relative(path, folder); };
  Profile profile;
  profile.home = folder;
  profile.org = org.id;
  profile.authority = relative(home.authority_certificate());
  profile.nodes = nodes;
  profile.admin = admin;
  for (const GenesisUser& user : org.users) {
    profile.name = org.id.value + "." + user.name;
    profile.user = user.name;
    profile.key = relative(home.user_key(user.name));
    profile.certificate = relative(home.user_certificate(user.name));
    profile.certificate_key = relative(home.user_tls_key(user.name));
    USANCE_TRY(save_profile(profile));
  }
  return {};
}

}  // namespace usance::cli
