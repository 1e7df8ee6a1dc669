// usance governance: members, validators, parameters, and votes on changing them.
#include "base/hash.h"
#include "tools/render/text.h"
#include "tools/render/value.h"
#include "tools/usance/admission.h"
#include "tools/usance/proposals.h"
#include "tools/usance/report.h"
#include "usance/v1/governance.grpc.pb.h"

namespace usance::cli {

namespace {

struct GovernanceFlags {
  std::string org, what;
  std::uint64_t proposal = 0;
  bool against = false;
};

Outcome<ExitCode> members(const Context& context) {
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(
      const v1::ListOrganisationsResponse answer,
      client.call(&v1::GovernanceService::Stub::ListOrganisations, v1::ListOrganisationsRequest()));
  Json all = Json::array();
  std::string text;
  for (const v1::Organisation& org : answer.organisations()) {
    Json users = Json::array();
    std::string roles;
    for (const std::string& role : org.roles()) roles += (roles.empty() ? "" : ", ") + role;
    text += org.id() + "  " + org.name() + ", " + org.country() + " (" + roles + ")\n";
    for (const v1::User& user : org.users()) {
      std::string permissions;
      for (const std::string& one : user.permissions())
        permissions += (permissions.empty() ? "" : ", ") + one;
      text += "    " + user.name() + "  " + permissions + "  key " +
              to_hex(as_bytes(user.key())).substr(0, 16) + "..." +
              (user.revoked_height() > 0
                   ? "  revoked at height " + std::to_string(user.revoked_height())
                   : "") +
              "\n";
      users.push_back({{"name", user.name()},
                       {"permissions", permissions},
                       {"key", to_hex(as_bytes(user.key()))},
                       {"added_height", user.added_height()},
                       {"revoked_height", user.revoked_height()}});
    }
    all.push_back({{"id", org.id()},
                   {"name", org.name()},
                   {"country", org.country()},
                   {"roles", roles},
                   {"users", users}});
  }
  print(context, Json{{"height", answer.at().height()}, {"organisations", all}}, text);
  return ExitCode::kOk;
}

Outcome<ExitCode> nodes(const Context& context) {
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const v1::ListNodesResponse answer,
             client.call(&v1::GovernanceService::Stub::ListNodes, v1::ListNodesRequest()));
  Json all = Json::array();
  std::string text = "epoch " + std::to_string(answer.epoch()) + ", a quorum is " +
                     std::to_string(answer.quorum()) + "\n";
  for (const v1::LedgerNode& node : answer.nodes()) {
    all.push_back({{"id", node.id()},
                   {"name", node.name()},
                   {"organisation", node.organisation()},
                   {"validator", node.validator()},
                   {"consensus_key", to_hex(as_bytes(node.consensus_key()))}});
    text += std::to_string(node.id()) + "  " + node.name() + "  " + node.organisation() + "  " +
            (node.validator() ? "validator" : "follower") + "\n";
  }
  print(context,
        Json{{"height", answer.at().height()},
             {"epoch", answer.epoch()},
             {"quorum", answer.quorum()},
             {"nodes", all}},
        text);
  return ExitCode::kOk;
}

// A view of the governance contract, printed as its interface decodes it, proposals with what they
// ask for.
Outcome<ExitCode> show(const Context& context, const char* method, nlohmann::json request) {
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const NamedResult answer,
             view_named(client, {kGovernance, method, std::move(request)}));
  ProposalReport report = report_proposals(*answer.interface, *answer.response);
  report.json["height"] = answer.result.height.value;
  print(context, report.json,
        (report.text.empty() ? "none\n" : report.text) + "as of height " +
            std::to_string(answer.result.height.value));
  return ExitCode::kOk;
}

Outcome<ExitCode> decide(const Context& context, const char* method, nlohmann::json request) {
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const NamedResult answer,
             call_named(client, {kGovernance, method, std::move(request)}));
  Json json = render::to_json(*answer.response);
  json["height"] = answer.result.height.value;
  json["tx_id"] = to_hex(answer.result.id);
  print(context, json, render::to_text(*answer.response));
  return ExitCode::kOk;
}

}  // namespace

void add_governance_commands(CLI::App& app, Context& context) {
  CLI::App* noun =
      add_noun(app, "governance", "Members, validators, parameters, and votes on them");
  noun->footer(
      "Changes are proposals: usance governance admit FILE for a new member, for the rest\n"
      "usance call governance ProposeParameters --help, ProposeNodeChange, ...;\n"
      "organisations then vote: usance governance vote PROPOSAL.");
  const auto flags = std::make_shared<GovernanceFlags>();
  add_verb(*noun, context, "members", "Organisations, their users and keys",
           [&context] { return members(context); });
  add_verb(*noun, context, "nodes", "Validators and followers",
           [&context] { return nodes(context); });
  add_verb(*noun, context, "parameters", "What members tune together",
           [&context] { return show(context, "GetParameters", nlohmann::json::object()); });
  add_verb(*noun, context, "proposals", "Open proposals",
           [&context] { return show(context, "ListOpenProposals", nlohmann::json::object()); });
  CLI::App* look = add_verb(*noun, context, "show", "A proposal and its votes", [&context, flags] {
    return show(context, "GetProposal", {{"proposal", std::to_string(flags->proposal)}});
  });
  look->add_option("PROPOSAL", flags->proposal, "Its number")->required();
  add_admission_verb(*noun, context);
  CLI::App* vote = add_verb(*noun, context, "vote", "Vote for the organisation", [&context, flags] {
    return decide(context, "Vote",
                  {{"proposal", std::to_string(flags->proposal)}, {"approve", !flags->against}});
  });
  vote->add_option("PROPOSAL", flags->proposal, "Its number")->required();
  vote->add_flag("--against", flags->against, "Vote against it; the default is for it");
}

}  // namespace usance::cli
