// usance devnet partition and heal: nodes that run, and do not hear of each other.
#include <algorithm>
#include <set>

#include "tools/usance/client.h"
#include "tools/usance/devnet_verbs.h"
#include "usance/v1/admin.grpc.pb.h"

namespace usance::cli {

namespace {

using Group = std::set<unsigned>;

Outcome<std::vector<Group>> read_groups(const Devnet& net, const std::vector<std::string>& words) {
  std::vector<Group> groups;
  Group seen;
  for (const std::string& word : words) {
    Group group;
    for (std::size_t at = 0; at <= word.size(); at += 2) {
      const bool digit = at < word.size() && word[at] >= '1' && word[at] <= '9';
      const bool ends = at + 1 >= word.size() || word[at + 1] == ',';
      if (!digit || !ends)
        return stop(ExitCode::kUsage,
                    "'" + word + "' is no group of nodes: numbers with commas, such as 1,2");
      const unsigned number = static_cast<unsigned>(word[at] - '0');
      CLI_TRY(net.node(number));
      if (!seen.insert(number).second)
        return stop(ExitCode::kUsage, "node " + std::to_string(number) + " is named twice");
      group.insert(number);
    }
    groups.push_back(std::move(group));
  }
  Group rest;
  for (const DevnetNode& node : net.nodes())
    if (!seen.contains(node.number)) rest.insert(node.number);
  if (!rest.empty()) groups.push_back(std::move(rest));
  return groups;
}

// Tells each running node whom to keep no connection with; how many were told.
Outcome<unsigned> tell(const Devnet& net, const std::vector<Group>& groups) {
  unsigned told = 0;
  for (const DevnetNode& node : net.nodes()) {
    if (!net.process(node)) continue;
    v1::CutPeersRequest request;
    for (const Group& group : groups) {
      if (group.contains(node.number)) continue;
      for (const DevnetNode& other : net.nodes())
        if (group.contains(other.number)) request.add_nodes(other.name);
    }
    CLI_ASSIGN(Profile profile, net.operator_profile(node));
    CLI_ASSIGN(const Client client, Client::connect_admin(std::move(profile), 5'000));
    CLI_TRY(client.call(&v1::AdminService::Stub::CutPeers, request));
    ++told;
  }
  if (told == 0)
    return stop(ExitCode::kUnavailable,
                "no node runs: usance devnet start all --home " + net.home().string());
  return told;
}

Outcome<ExitCode> partition(const Context& context, const std::vector<std::string>& words) {
  CLI_ASSIGN(const Devnet net, open_devnet(context));
  CLI_ASSIGN(const std::vector<Group> groups, read_groups(net, words));
  if (groups.size() < 2)
    return stop(ExitCode::kUsage, "one group of all nodes is no partition: usance devnet heal");
  CLI_TRY(tell(net, groups));
  Json list = Json::array();
  std::string text;
  for (const Group& group : groups) {
    list.push_back(group);
    for (const unsigned number : group)
      text += (text.empty() || text.back() == '\n' ? "node-" : " node-") + std::to_string(number);
    text += "\n";
  }
  print(context, Json{{"groups", list}},
        "these hear of each other, and of nobody else, until 'usance devnet heal' or a restart:\n" +
            text);
  return ExitCode::kOk;
}

Outcome<ExitCode> heal(const Context& context) {
  CLI_ASSIGN(const Devnet net, open_devnet(context));
  CLI_ASSIGN(const unsigned told, tell(net, {}));
  print(context, Json{{"nodes", told}}, "all nodes hear of each other again");
  return ExitCode::kOk;
}

}  // namespace

void add_devnet_partition(CLI::App& noun, Context& context) {
  const auto groups = std::make_shared<std::vector<std::string>>();
  CLI::App* cut = add_verb(noun, context, "partition",
                           "Cut connections between groups of nodes, such as 1,2 3,4",
                           [&context, groups] { return partition(context, *groups); });
  cut->add_option("GROUP", *groups,
                  "Node numbers with commas; nodes that are not named make one more group")
      ->required();
  add_verb(noun, context, "heal", "End a partition", [&context] { return heal(context); });
}

}  // namespace usance::cli
