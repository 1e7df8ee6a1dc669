#include "tools/usance/admission.h"

#include <algorithm>

#include "node/config.h"
#include "proto/bytes.h"
#include "tools/render/base64.h"
#include "tools/render/text.h"
#include "tools/render/value.h"
#include "tools/usance/report.h"
#include "usance/v1/governance.grpc.pb.h"

namespace usance::cli {

namespace {

nlohmann::json terms_of(const GenesisOrganisation& org) {
  return {{"id", org.id.value},
          {"name", org.name},
          {"lei", org.lei},
          {"bic", org.bic},
          {"country", org.country},
          {"roles", org.roles},
          {"ca_certificate", org.ca_certificate},
          {"governance_key", render::to_base64(org.governance_key.view())},
          {"recovery_key", render::to_base64(org.recovery_key.view())}};
}

Outcome<nlohmann::json> organisation_request(const GenesisOrganisation& org) {
  const auto administrator =
      std::find_if(org.users.begin(), org.users.end(), [](const GenesisUser& user) {
        return std::find(user.permissions.begin(), user.permissions.end(), "admin") !=
               user.permissions.end();
      });
  if (administrator == org.users.end())
    return stop(ExitCode::kUsage, org.id.value +
                                      " has no user with the permission admin, who "
                                      "would bring in its other users");
  return nlohmann::json{{"terms", terms_of(org)},
                        {"administrator",
                         {{"name", administrator->name},
                          {"key", render::to_base64(administrator->key.view())},
                          {"permissions", administrator->permissions}}}};
}

// A missing organisation is the contract's own refusal.
Outcome<std::optional<nlohmann::json>> recorded_terms(const Client& client, const OrgId& id) {
  const auto found = view_named(client, {kGovernance, "GetOrganisation", {{"id", id.value}}});
  if (!found && found.error().exit == ExitCode::kContractError) return std::nullopt;
  if (!found) return tl::unexpected<Failure>(found.error());
  return std::optional(
      nlohmann::json(render::to_json(*found->response)).value("terms", nlohmann::json::object()));
}

struct AdmitFlags {
  std::string file;
  std::uint32_t node_id = 0;
};

Outcome<ExitCode> admit(const Context& context, const AdmitFlags& flags) {
  CLI_ASSIGN(const std::string text, read_file(flags.file));
  const Result<MemberFile> member = read_member_file(text);
  if (!member) return stop(ExitCode::kUsage, flags.file + ": " + member.error().message);
  CLI_ASSIGN(const Client client, connect(context));
  if (member->network != client.genesis().network)
    return stop(ExitCode::kUsage, flags.file + " is for the network " + member->network +
                                      ", not for " + client.genesis().network);
  CLI_ASSIGN(const Admission now, admission_of(client, *member));
  const std::string& id = member->organisation.id.value;
  if (now.organisation && now.nodes) {
    print(context, Json{{"organisation", id}, {"admitted", true}},
          id + " is a member with all that its file names; on its host: usance node join --via");
    return ExitCode::kOk;
  }
  NamedCall call{kGovernance, "ProposeOrganisation", {}};
  if (!now.organisation) {
    CLI_ASSIGN(call.request, organisation_request(member->organisation));
  } else {
    const GenesisNode& node = member->nodes.front();
    call.method = "ProposeNode";
    call.request = {{"id", flags.node_id != 0 ? flags.node_id : now.next_node_id},
                    {"name", node.name},
                    {"organisation", id},
                    {"consensus_key", render::to_base64(node.consensus_key.view())},
                    {"tls_key", render::to_base64(node.tls_key.view())}};
  }
  CLI_ASSIGN(const NamedResult decision, call_named(client, call));
  Json json = render::to_json(*decision.response);
  json["height"] = decision.result.height.value;
  json["proposes"] = call.method == "ProposeNode" ? "node" : "organisation";
  print(context, json,
        render::to_text(*decision.response) +
            (call.method == "ProposeNode"
                 ? "proposed the node of " + id + " as a follower"
                 : "proposed the organisation " + id +
                       (member->nodes.empty() ? std::string()
                                              : "; once it is accepted, the same command again "
                                                "proposes its node")));
  return ExitCode::kOk;
}

}  // namespace

Outcome<Admission> admission_of(const Client& client, const MemberFile& member) {
  Admission out;
  const GenesisOrganisation& org = member.organisation;
  CLI_ASSIGN(const auto recorded, recorded_terms(client, org.id));
  if (recorded) {
    // Both as the interface shows them.
    CLI_ASSIGN(const render::Interface interface, fetch_interface(client, kGovernance));
    const auto expected = interface.make(*interface.message("OrganisationTerms"));
    CLI_TRY(render::set_from_json(*expected, terms_of(org), ""));
    const nlohmann::json mine = render::to_json(*expected);
    for (const char* key : {"governance_key", "recovery_key", "ca_certificate"})
      if (mine.value(key, "") != recorded->value(key, ""))
        return stop(ExitCode::kUsage, "the ledger holds another " + std::string(key) + " for " +
                                          org.id.value + " than this member's");
    out.organisation = true;
  }
  CLI_ASSIGN(const v1::ListNodesResponse nodes,
             client.call(&v1::GovernanceService::Stub::ListNodes, v1::ListNodesRequest()));
  for (const v1::LedgerNode& node : nodes.nodes())
    out.next_node_id = std::max(out.next_node_id, node.id() + 1);
  const auto is_known = [&](const GenesisNode& mine) {
    return std::any_of(nodes.nodes().begin(), nodes.nodes().end(), [&](const v1::LedgerNode& one) {
      return one.organisation() == org.id.value && one.name() == mine.name &&
             one.consensus_key() == proto::to_string(mine.consensus_key) &&
             one.tls_key() == proto::to_string(mine.tls_key);
    });
  };
  out.nodes = std::all_of(member.nodes.begin(), member.nodes.end(), is_known);
  return out;
}

Outcome<void> check_admitted(const Context& context, const MemberHome& home,
                             const MemberFile& member, const Path& genesis_file,
                             const std::string& via) {
  const std::string& id = member.organisation.id.value;
  if (via.empty())
    return stop(ExitCode::kUsage,
                "the genesis does not hold this member, " + id +
                    "; if it was admitted later: --via HOST:PORT, the client port of a running "
                    "node, which is asked for its ledger");
  CLI_TRY(node::parse_endpoint(via));
  if (member.organisation.users.empty())
    return stop(ExitCode::kUsage, id + " has no user in whose name the ledger could be asked");
  const std::string& user = member.organisation.users.front().name;
  Profile profile;
  profile.name = id + "." + user;
  profile.home = home.root;
  profile.org = member.organisation.id;
  profile.user = user;
  profile.certificate = std::filesystem::absolute(home.user_certificate(user));
  profile.certificate_key = std::filesystem::absolute(home.user_tls_key(user));
  profile.genesis = std::filesystem::absolute(genesis_file);
  profile.nodes = {via};
  CLI_ASSIGN(const std::int64_t timeout, context.timeout_ms());
  const std::string admit =
      ": a member proposes it with usance governance admit FILE, and the others vote";
  const Outcome<Client> client = Client::connect(std::move(profile), timeout);
  if (!client)
    return stop(client.error().exit,
                client.error().message +
                    "\na node closes the connection of an organisation that its ledger does not "
                    "hold, or has held for seconds only" +
                    admit);
  CLI_ASSIGN(const Admission now, admission_of(*client, member));
  if (!now.organisation || !now.nodes)
    return stop(ExitCode::kNotFound, "the ledger does not hold " + id +
                                         (now.organisation ? "'s node" : "") + " yet" + admit);
  return {};
}

void add_admission_verb(CLI::App& noun, Context& context) {
  const auto flags = std::make_shared<AdmitFlags>();
  CLI::App* verb = add_verb(
      noun, context, "admit",
      "Propose the member of a member's file: its organisation, then, once that is in, its node",
      [&context, flags] { return admit(context, *flags); });
  verb->add_option("FILE", flags->file, "The member's file, from usance genesis member")
      ->required();
  verb->add_option("--node-id", flags->node_id, "The node's number; default above all others");
}

}  // namespace usance::cli
