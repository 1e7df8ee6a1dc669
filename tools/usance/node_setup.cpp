// usance node init and join: a member's own keys on its own host, then the agreed network.
#include <algorithm>

#include "base/membership.h"
#include "tools/documents/identifiers.h"
#include "tools/usance/admission.h"
#include "tools/usance/context.h"
#include "tools/usance/join.h"
#include "tools/usance/node_commands.h"

namespace usance::cli {

namespace {

struct InitFlags {
  std::string network, org, org_name, country, lei, bic, node_name, peer_address;
  std::vector<std::string> roles, users, hosts;
  bool no_node = false;
  bool follower = false;
  bool development = false;
};

// "maker" or "maker:maker+viewer": a name and its permissions.
UserPlan parse_user(const std::string& text) {
  const std::size_t colon = text.find(':');
  UserPlan user{text.substr(0, colon), {}};
  std::string words = colon == std::string::npos ? user.name : text.substr(colon + 1);
  while (!words.empty()) {
    const std::size_t plus = words.find('+');
    user.permissions.push_back(words.substr(0, plus));
    words = plus == std::string::npos ? "" : words.substr(plus + 1);
  }
  std::sort(user.permissions.begin(), user.permissions.end());
  return user;
}

Outcome<MemberPlan> plan_of(const InitFlags& flags) {
  MemberPlan plan;
  plan.network = flags.network;
  plan.development = flags.development;
  plan.org = OrgId(flags.org);
  plan.name = flags.org_name.empty() ? flags.org : flags.org_name;
  plan.country = flags.country;
  using documents::IdentifierKind;
  if (!flags.lei.empty()) CLI_TRY(check_identifier(IdentifierKind::kLei, flags.lei));
  if (!flags.bic.empty()) CLI_TRY(check_identifier(IdentifierKind::kBic, flags.bic));
  plan.lei = flags.lei;
  plan.bic = flags.bic;
  plan.roles = flags.roles;
  for (const std::string& user : flags.users) plan.users.push_back(parse_user(user));
  if (plan.users.empty())
    plan.users = {{"admin", {"admin"}}, {"maker", {"maker"}}, {"checker", {"checker"}}};
  if (!flags.no_node) {
    plan.node = flags.node_name.empty() ? flags.org + "-1" : flags.node_name;
    plan.validator = !flags.follower;
    plan.hosts = flags.hosts;
    plan.peer_address = flags.peer_address;
    if (plan.peer_address.empty())
      return stop(ExitCode::kUsage,
                  "where do the other nodes reach this one? give --peer-address HOST:PORT, or "
                  "--no-node for a member without a node");
    CLI_ASSIGN(const node::Endpoint endpoint, node::parse_endpoint(plan.peer_address));
    if (plan.hosts.empty()) plan.hosts.push_back(endpoint.host);
  }
  return plan;
}

Outcome<ExitCode> init(const Context& context, const InitFlags& flags) {
  CLI_ASSIGN(const Path folder, context.home_folder());
  CLI_ASSIGN(const MemberPlan plan, plan_of(flags));
  const MemberHome home{folder};
  CLI_TRY(create_member(home, plan));
  if (plan.node) {
    NodeAddresses addresses;
    CLI_ASSIGN(const node::Endpoint endpoint, node::parse_endpoint(plan.peer_address));
    addresses.peers = "0.0.0.0:" + std::to_string(endpoint.port);
    CLI_ASSIGN(const MemberFile member, own_member(home));
    CLI_TRY(write_member_config(home, member, member_config(addresses, {})));
  }
  print(context,
        Json{{"home", folder.string()},
             {"organisation", plan.org.value},
             {"node", plan.node ? Json(*plan.node) : Json()}},
        "made the keys and the certificate authority of " + plan.org.value + " in " +
            folder.string() +
            "\n  keys/recovery.key  move it to a safe, offline: it replaces the others if they leak"
            "\n  keys, ca, tls, users  secret, readable by you alone" +
            (plan.node ? "\n  node.toml  the node's configuration, with comments" : "") +
            "\nnext: usance genesis member --home " + folder.string());
  return ExitCode::kOk;
}

struct JoinFlags {
  std::string genesis;
  std::vector<std::string> peers;
  std::string clients;  // where this member's users reach the node
  std::string via;      // a running node, for a member that the genesis does not hold
};

// The node's configuration with these peers, if any are named. What its operator has set stays: a
// node that looks for its data elsewhere has forgotten its votes.
Outcome<node::Config> configure(const MemberHome& home, const MemberFile& member,
                                const std::vector<std::string>& peers) {
  const bool exists = std::filesystem::exists(home.config());
  node::Config config = member_config({}, {});
  if (exists) {
    CLI_ASSIGN(config, read_member_config(home));
  }
  if (exists && (peers.empty() || peers == config.peers)) return config;
  config.peers = peers;
  CLI_TRY(write_member_config(home, member, config));
  return config;
}

Outcome<ExitCode> join(const Context& context, const JoinFlags& flags) {
  CLI_ASSIGN(const Path folder, context.home_folder());
  const MemberHome home{folder};
  if (!std::filesystem::exists(home.description()))
    return stop(ExitCode::kUsage, folder.string() + " holds no member: usance node init first");
  for (const std::string& peer : flags.peers) CLI_TRY(node::parse_endpoint(peer));
  CLI_ASSIGN(const MemberFile member, own_member(home));
  CLI_ASSIGN(const Genesis agreed, load_genesis(flags.genesis));
  const bool later = !is_founder(agreed, member.organisation.id);
  if (later) CLI_TRY(check_admitted(context, home, member, flags.genesis, flags.via));
  CLI_ASSIGN(const Genesis genesis, adopt_genesis(home, member, flags.genesis, later));
  const bool has_node = !member.nodes.empty();
  std::vector<std::string> nodes;
  std::vector<std::string> peers;
  std::string admin;
  if (has_node) {
    CLI_ASSIGN(const node::Config config, configure(home, member, flags.peers));
    CLI_ASSIGN(const node::Endpoint clients, node::parse_endpoint(config.listen_clients));
    nodes = {flags.clients.empty() ? "127.0.0.1:" + std::to_string(clients.port) : flags.clients};
    admin = config.listen_admin;
    peers = config.peers;
  } else {
    if (flags.clients.empty())
      return stop(ExitCode::kUsage,
                  "a member without a node needs --clients HOST:PORT, the client port of a node "
                  "that serves it");
    nodes = {flags.clients};
  }
  CLI_TRY(write_profiles(folder, home, member.organisation, nodes, admin));
  std::string next = "profiles: usance --home " + folder.string() + " --profile " +
                     member.organisation.id.value + ".USER ...";
  if (has_node) next = "start the node: usanced --config " + home.config().string() + "\n" + next;
  print(context,
        Json{{"home", folder.string()}, {"chain_id", to_hex(genesis.chain_id)}, {"peers", peers}},
        "joined the network " + genesis.network + ", chain " + to_hex(genesis.chain_id) + "\n" +
            next);
  return ExitCode::kOk;
}

}  // namespace

void add_node_setup(CLI::App& noun, Context& context) {
  const auto init_flags = std::make_shared<InitFlags>();
  CLI::App* make =
      add_verb(noun, context, "init",
               "Make a member's keys, certificate authority and configuration on its own host",
               [&context, init_flags] { return init(context, *init_flags); });
  make->add_option("--network", init_flags->network, "The network's name, the same for all members")
      ->required();
  make->add_option("--org", init_flags->org, "This organisation's id, such as bank-a")->required();
  make->add_option("--name", init_flags->org_name, "Its full name");
  make->add_option("--country", init_flags->country, "ISO 3166-1 code, such as DE")->required();
  make->add_option("--role", init_flags->roles, listed(kRoles) + "; repeatable")->required();
  make->add_option("--lei", init_flags->lei, "ISO 17442 identifier");
  make->add_option("--bic", init_flags->bic, "ISO 9362 code");
  make->add_option("--user", init_flags->users,
                   "NAME:PERMISSION+PERMISSION, repeatable; default admin, maker and checker");
  make->add_option("--node-name", init_flags->node_name, "Default ORG-1");
  make->add_option("--peer-address", init_flags->peer_address,
                   "host:port where the other nodes reach this one");
  make->add_option("--host", init_flags->hosts,
                   "Names and addresses for the node's certificate; default the peer address");
  make->add_flag("--no-node", init_flags->no_node, "A member without a node");
  make->add_flag("--follower", init_flags->follower, "A node that does not vote");
  make->add_flag("--development", init_flags->development,
                 "A development network, whose clock can be advanced; all members must agree");

  const auto join_flags = std::make_shared<JoinFlags>();
  CLI::App* enter =
      add_verb(noun, context, "join", "Take the agreed genesis and the peers' addresses",
               [&context, join_flags] { return join(context, *join_flags); });
  enter->add_option("--genesis", join_flags->genesis, "The agreed genesis file")->required();
  enter->add_option("--peer", join_flags->peers, "host:port of another node; repeatable");
  enter->add_option("--via", join_flags->via,
                    "HOST:PORT, a running node's client port: a member admitted after the genesis "
                    "is looked up on its ledger");
  enter->add_option("--clients", join_flags->clients,
                    "host:port that this member's users connect to; default the own node's");
}

}  // namespace usance::cli
