// usance validator: the set of validators, changed by a vote of the members. Every change is
// planned first against who is online now.
#include <algorithm>
#include <chrono>
#include <thread>

#include "base/hash.h"
#include "tools/render/base64.h"
#include "tools/render/text.h"
#include "tools/render/value.h"
#include "tools/usance/report.h"
#include "tools/usance/validator_plan.h"
#include "usance/v1/admin.grpc.pb.h"
#include "usance/v1/governance.grpc.pb.h"

namespace usance::cli {

namespace {

constexpr std::uint64_t kSilentAfterMs = 5'000;
constexpr int kLooks = 5;  // a second apart
constexpr std::uint64_t kBehindHeights = 2 * limits::kExecutionLag;

struct ValidatorFlags {
  std::string node;
  bool plan_only = false;
};

// The network as the operator's own node sees it.
struct Sight {
  std::vector<v1::LedgerNode> nodes;
  std::vector<PlannedMember> members;  // all nodes, followers too
  std::string own;                     // the own node's name
};

Outcome<Sight> look(const Client& client, const Client& admin) {
  CLI_ASSIGN(const v1::ListNodesResponse listed,
             client.call(&v1::GovernanceService::Stub::ListNodes, v1::ListNodesRequest()));
  CLI_ASSIGN(const v1::GetNodeStatusResponse status,
             admin.call(&v1::AdminService::Stub::GetNodeStatus, v1::GetNodeStatusRequest()));
  CLI_ASSIGN(const v1::ListPeersResponse peers,
             admin.call(&v1::AdminService::Stub::ListPeers, v1::ListPeersRequest()));
  Sight sight;
  sight.own = status.node();
  for (const v1::LedgerNode& node : listed.nodes()) {
    const bool self = node.name() == status.node() && node.organisation() == status.organisation();
    bool online = self && !status.catching_up() && status.halted().empty() && !status.amnesiac();
    for (const v1::PeerInfo& peer : peers.peers())
      if (peer.name() == node.name() && peer.organisation() == node.organisation())
        online = peer.connected() && peer.last_heard_ms() < kSilentAfterMs &&
                 peer.decided_height() + kBehindHeights >= status.decided_height();
    sight.nodes.push_back(node);
    sight.members.push_back({node.id(), node.name(), OrgId(node.organisation()), online});
  }
  return sight;
}

bool hears_all_validators(const Sight& sight) {
  for (std::size_t i = 0; i < sight.nodes.size(); ++i)
    if (sight.nodes[i].validator() && !sight.members[i].online &&
        sight.nodes[i].name() != sight.own)
      return false;
  return true;
}

// A node that has just started has not heard from everybody yet: looks again for a while.
Outcome<Sight> look_patiently(const Client& client, const Client& admin) {
  CLI_ASSIGN(Sight sight, look(client, admin));
  for (int i = 0; i < kLooks && !hears_all_validators(sight); ++i) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    CLI_ASSIGN(sight, look(client, admin));
  }
  return sight;
}

std::string line(const char* label, const SetSize& size) {
  return std::string(label) + "  n " + std::to_string(size.n) + ", bears f " +
         std::to_string(size.f) + " faulty, quorum " + std::to_string(size.q) + "; online " +
         std::to_string(size.online) + "\n";
}

Json json_of(const SetSize& size) {
  return Json{{"n", size.n}, {"f", size.f}, {"quorum", size.q}, {"online", size.online}};
}

std::string text_of(const ValidatorPlan& plan) {
  std::string text = line("now ", plan.now) + line("then", plan.then);
  for (const PlannedMember& member : plan.members)
    text += "  " + member.name + "  " + member.org.value + "  " +
            (member.online ? "online" : "NOT ONLINE") + "\n";
  for (const std::string& warning : plan.warnings) text += "warning: " + warning + "\n";
  return text;
}

Json json_of(const ValidatorPlan& plan) {
  Json members = Json::array();
  for (const PlannedMember& member : plan.members)
    members.push_back({{"id", member.id},
                       {"name", member.name},
                       {"organisation", member.org.value},
                       {"online", member.online}});
  return Json{{"now", json_of(plan.now)},
              {"then", json_of(plan.then)},
              {"validators", members},
              {"warnings", plan.warnings},
              {"refusal", plan.refusal}};
}

nlohmann::json statement(const v1::GetReadinessResponse& ready, const v1::SignedReadiness& by) {
  return {{"height", std::to_string(ready.height())},
          {"result_hash", render::to_base64(as_bytes(ready.result_hash()))},
          {"signature", render::to_base64(as_bytes(by.signature()))}};
}

Outcome<v1::GetReadinessResponse> readiness(const Client& admin) {
  return admin.call(&v1::AdminService::Stub::GetReadiness, v1::GetReadinessRequest());
}

// The governance call that stands for the change.
Outcome<NamedCall> proposal(SetChange change, const v1::LedgerNode& node, const Client& admin) {
  if (change == SetChange::kRemove)
    return NamedCall{kGovernance, "ProposeValidatorRemoval", {{"id", node.id()}}};
  CLI_ASSIGN(const v1::GetReadinessResponse ready, readiness(admin));
  if (change == SetChange::kAdd)
    return NamedCall{kGovernance,
                     "ProposeValidator",
                     {{"id", node.id()}, {"readiness", statement(ready, ready.current())}}};
  if (!ready.has_next())
    return stop(
        ExitCode::kUsage,
        "the node holds no key to replace its own with. Make one and start the node again:\n"
        "  usance keys generate keys/consensus-next.key");
  return NamedCall{kGovernance,
                   "ProposeNodeChange",
                   {{"terms",
                     {{"id", node.id()},
                      {"name", node.name()},
                      {"organisation", node.organisation()},
                      {"consensus_key", render::to_base64(as_bytes(ready.next().consensus_key()))},
                      {"tls_key", render::to_base64(as_bytes(node.tls_key()))}}},
                    {"readiness", statement(ready, ready.next())}}};
}

Outcome<ExitCode> change_set(const Context& context, SetChange change,
                             const ValidatorFlags& flags) {
  CLI_ASSIGN(const Profile profile, context.load());
  CLI_ASSIGN(const std::int64_t timeout, context.timeout_ms());
  CLI_ASSIGN(const Client client, Client::connect(profile, timeout));
  CLI_ASSIGN(const Client admin, Client::connect_admin(profile, timeout));
  CLI_ASSIGN(const Sight sight, look_patiently(client, admin));
  const std::string& name = flags.node.empty() ? sight.own : flags.node;
  const auto node = std::ranges::find_if(
      sight.nodes, [&](const v1::LedgerNode& one) { return one.name() == name; });
  if (node == sight.nodes.end())
    return stop(ExitCode::kNotFound, "no node " + name + "; usance governance nodes lists them");
  if (change == SetChange::kAdd && node->validator())
    return stop(ExitCode::kUsage, name + " is a validator");
  if (change != SetChange::kAdd && !node->validator())
    return stop(ExitCode::kUsage, name + " is not a validator");

  std::vector<PlannedMember> current;
  PlannedMember subject;
  for (std::size_t i = 0; i < sight.nodes.size(); ++i) {
    if (sight.nodes[i].validator()) current.push_back(sight.members[i]);
    if (sight.nodes[i].id() == node->id()) subject = sight.members[i];
  }
  std::optional<NamedCall> call;
  // A new key is what an amnesiac node waits for, and the statement shows that it follows.
  if (change == SetChange::kRotate && !flags.plan_only) {
    CLI_ASSIGN(call, proposal(change, *node, admin));
    subject.online = true;
  } else if (change == SetChange::kRotate) {
    subject.online = readiness(admin).has_value();
  }
  const ValidatorPlan plan = plan_change(change, subject, current);
  if (!plan.refusal.empty()) {
    print(context, json_of(plan), text_of(plan));
    return stop(ExitCode::kUnsafe, plan.refusal);
  }
  if (flags.plan_only) {
    print(context, json_of(plan), text_of(plan) + "nothing was proposed");
    return ExitCode::kOk;
  }
  note(text_of(plan));
  if (!call) {
    CLI_ASSIGN(call, proposal(change, *node, admin));
  }
  CLI_ASSIGN(const NamedResult answer, call_named(client, *call));
  Json json = render::to_json(*answer.response);
  json["height"] = answer.result.height.value;
  json["tx_id"] = to_hex(answer.result.id);
  json["plan"] = json_of(plan);
  print(context, json,
        render::to_text(*answer.response) +
            "\nthe other members vote: usance governance vote PROPOSAL");
  return ExitCode::kOk;
}

}  // namespace

void add_validator_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "validator", "Add, remove or re-key a validator by a vote");
  noun->footer(
      "Each prints what the change does and proposes it; --plan proposes nothing. A change that "
      "those "
      "who\nare online could not survive is refused with exit code 10. It takes effect 16 heights "
      "after the\nlast vote that it needs.");
  struct Verb {
    const char* name;
    SetChange change;
    const char* help;
    const char* node;
  };
  static constexpr Verb kVerbs[] = {
      {"add", SetChange::kAdd, "Make the own node, a follower, a validator", nullptr},
      {"remove", SetChange::kRemove, "Make a validator a follower",
       "Its name; default the own node"},
      {"rotate", SetChange::kRotate, "Replace the own validator's consensus key", nullptr}};
  for (const Verb& verb : kVerbs) {
    const auto flags = std::make_shared<ValidatorFlags>();
    CLI::App* made = add_verb(*noun, context, verb.name, verb.help, [&context, &verb, flags] {
      return change_set(context, verb.change, *flags);
    });
    if (verb.node != nullptr) made->add_option("NODE", flags->node, verb.node);
    made->add_flag("--plan", flags->plan_only, "Say what it would do, and whether it is safe");
  }
}

}  // namespace usance::cli
