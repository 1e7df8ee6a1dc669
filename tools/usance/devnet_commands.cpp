// usance devnet: a network of banks and agencies on this machine.
#include <iostream>

#include "base/hash.h"
#include "tools/render/calendar.h"
#include "tools/usance/client.h"
#include "tools/usance/devnet_plan.h"
#include "tools/usance/devnet_verbs.h"
#include "usance/v1/admin.grpc.pb.h"

namespace usance::cli {

namespace {

constexpr std::int64_t kServeMs = 60'000;

struct DevnetFlags {
  std::string daemon;
  std::uint16_t base_port = 0;
  unsigned validators = kFewestDevnetValidators;
  bool follower = false;
  std::string which;
  std::string duration;
  bool erase = false;
  bool gently = false;
};

std::string next_commands(const Path& home) {
  const std::string at = home.string();
  return "\nNext:\n"
         "  export USANCE_HOME=" +
         at +
         "\n"
         "  usance devnet status\n"
         "  usance --profile harbour-bank.maker contract list\n"
         "  usance --profile harbour-bank.maker contract deploy FILE.wasm --name NAME\n"
         "  usance --profile harbour-bank.maker call deposit OpenAccount --help\n"
         "  usance devnet kill 2; usance devnet start 2\n"
         "  usance devnet partition 1,2,3 4; usance devnet heal\n"
         "  usance devnet clock advance 6d\n"
         "  usance devnet down\n"
         "Profiles (who acts): ls " +
         at + "/profiles\n";
}

Json ports(const DevnetNode& node) {
  return Json{
      {"number", node.number},       {"name", node.name},      {"organisation", node.org.value},
      {"validator", node.validator}, {"peers", node.peers},    {"clients", node.clients},
      {"admin", node.admin},         {"metrics", node.metrics}};
}

// Starts them all before waiting for any: they need each other.
Outcome<void> start_and_wait(const Devnet& net, const std::vector<DevnetNode>& nodes,
                             std::int64_t timeout_ms) {
  for (const DevnetNode& node : nodes) CLI_TRY(net.start(node));
  for (const DevnetNode& node : nodes) CLI_TRY(net.wait_serving(node, timeout_ms));
  return {};
}

Outcome<ExitCode> up(const Context& context, const DevnetFlags& flags) {
  CLI_ASSIGN(const Path home, context.home_folder());
  const Path daemon = flags.daemon.empty() ? program_folder() / "usanced" : Path(flags.daemon);
  CLI_ASSIGN(const Devnet net, Devnet::create(home, daemon, flags.base_port, flags.validators));
  std::vector<DevnetNode> nodes;
  for (const DevnetNode& node : net.nodes())
    if (node.validator || flags.follower) nodes.push_back(node);
  note("starting " + std::to_string(nodes.size()) + " nodes ...");
  if (const Outcome<void> started = start_and_wait(net, nodes, kServeMs); !started) {
    for (const DevnetNode& node : nodes) static_cast<void>(net.stop_node(node, false));
    return stop(started.error().exit, started.error().message + "\nthe nodes were stopped again; " +
                                          home.string() + " is kept for a look at its logs");
  }
  CLI_ASSIGN(const Genesis genesis, load_genesis(net.home() / "genesis.json"));
  Json list = Json::array();
  std::string text = "The network serves. Chain " + to_hex(genesis.chain_id) + "\n";
  for (const DevnetNode& node : nodes) {
    list.push_back(ports(node));
    text += "  " + node.name + "  " + node.org.value +
            "  clients 127.0.0.1:" + std::to_string(node.clients) +
            "  metrics http://127.0.0.1:" + std::to_string(node.metrics) + "/metrics" +
            (node.validator ? "" : "  (follower)") + "\n";
  }
  print(
      context,
      Json{{"home", net.home().string()}, {"chain_id", to_hex(genesis.chain_id)}, {"nodes", list}},
      text + next_commands(net.home()));
  return ExitCode::kOk;
}

Outcome<v1::GetNodeStatusResponse> status_of(const Devnet& net, const DevnetNode& node) {
  CLI_ASSIGN(Profile profile, net.operator_profile(node));
  CLI_ASSIGN(const Client client, Client::connect_admin(std::move(profile), 3'000));
  return client.call(&v1::AdminService::Stub::GetNodeStatus, v1::GetNodeStatusRequest());
}

Outcome<ExitCode> network_status(const Context& context) {
  CLI_ASSIGN(const Devnet net, open_devnet(context));
  Json list = Json::array();
  std::string text = "node    organisation    process  certified  view  peers  state\n";
  for (const DevnetNode& node : net.nodes()) {
    Json one = ports(node);
    const std::optional<ProcessMark> process = net.process(node);
    one["running"] = process.has_value();
    char line[256];
    std::snprintf(line, sizeof line, "%-7s %-15s ", node.name.c_str(), node.org.value.c_str());
    text += line;
    if (!process) {
      text += node.validator
                  ? "-        stopped: usance devnet start " + std::to_string(node.number) + "\n"
                  : "-        stopped (follower): usance devnet start " +
                        std::to_string(node.number) + "\n";
      list.push_back(std::move(one));
      continue;
    }
    one["pid"] = process->pid;
    const Outcome<v1::GetNodeStatusResponse> answer = status_of(net, node);
    if (!answer) {
      text += std::to_string(process->pid) + "  does not answer yet\n";
      list.push_back(std::move(one));
      continue;
    }
    one["certified_height"] = answer->certified_height();
    one["decided_height"] = answer->decided_height();
    one["view"] = answer->view();
    one["state_root"] = to_hex(as_bytes(answer->state_root()));
    one["peers_connected"] = answer->peers_connected();
    one["catching_up"] = answer->catching_up();
    one["halted"] = answer->halted();
    one["disk_full"] = answer->disk_full();
    one["time_ms"] = answer->time_ms();
    std::snprintf(line, sizeof line, "%-8d %-10llu %-5llu %-6u %s\n",
                  static_cast<int>(process->pid),
                  static_cast<unsigned long long>(answer->certified_height()),
                  static_cast<unsigned long long>(answer->view()), answer->peers_connected(),
                  !answer->halted().empty() ? ("halted: " + answer->halted()).c_str()
                  : answer->disk_full()     ? "its disk is full"
                  : answer->catching_up()   ? "catching up"
                  : node.validator          ? "validates"
                                            : "follows");
    text += line;
    list.push_back(std::move(one));
  }
  print(context, Json{{"home", net.home().string()}, {"nodes", list}}, text);
  return ExitCode::kOk;
}

// "all", "validators" or a node's number.
Outcome<std::vector<DevnetNode>> chosen(const Devnet& net, const std::string& which) {
  if (which == "all") return net.nodes();
  std::vector<DevnetNode> out;
  if (which == "validators") {
    for (const DevnetNode& node : net.nodes())
      if (node.validator) out.push_back(node);
    return out;
  }
  if (which.size() != 1 || which[0] < '0' || which[0] > '9')
    return stop(ExitCode::kUsage, "'" + which + "' is no node: give its number, or 'all'");
  CLI_ASSIGN(const DevnetNode node, net.node(static_cast<unsigned>(which[0] - '0')));
  out.push_back(node);
  return out;
}

// Moves one node's clock ahead; the time that it shows then.
Outcome<std::int64_t> advance_node(const Devnet& net, const DevnetNode& node, std::int64_t by_ms) {
  CLI_ASSIGN(Profile profile, net.operator_profile(node));
  CLI_ASSIGN(const Client client, Client::connect_admin(std::move(profile), 5'000));
  v1::AdvanceClockRequest request;
  request.set_by_ms(by_ms);
  CLI_ASSIGN(const v1::AdvanceClockResponse answer,
             client.call(&v1::AdminService::Stub::AdvanceClock, request));
  return static_cast<std::int64_t>(answer.time_ms());
}

Outcome<ExitCode> start(const Context& context, const DevnetFlags& flags) {
  CLI_ASSIGN(const Devnet net, open_devnet(context));
  const std::string which = flags.which == "all" ? "validators" : flags.which;
  CLI_ASSIGN(const std::vector<DevnetNode> nodes, chosen(net, which));
  std::vector<DevnetNode> stopped;
  for (const DevnetNode& node : nodes)
    if (!net.process(node)) stopped.push_back(node);
  CLI_TRY(start_and_wait(net, nodes, kServeMs));
  // A node begins with the machine's clock; behind the others it would take their blocks for
  // blocks of the future and wait.
  CLI_ASSIGN(const std::int64_t ahead_ms, net.clock_ahead_ms());
  if (ahead_ms > 0)
    for (const DevnetNode& node : stopped) CLI_TRY(advance_node(net, node, ahead_ms));
  Json list = Json::array();
  std::string text;
  for (const DevnetNode& node : nodes) {
    list.push_back(ports(node));
    text += node.name + " serves at 127.0.0.1:" + std::to_string(node.clients) + "\n";
  }
  print(context, Json{{"started", list}}, text);
  return ExitCode::kOk;
}

Outcome<ExitCode> kill(const Context& context, const DevnetFlags& flags) {
  CLI_ASSIGN(const Devnet net, open_devnet(context));
  CLI_ASSIGN(const std::vector<DevnetNode> nodes, chosen(net, flags.which));
  Json list = Json::array();
  std::string text;
  for (const DevnetNode& node : nodes) {
    CLI_ASSIGN(const bool was_running, net.stop_node(node, !flags.gently));
    list.push_back({{"name", node.name}, {"was_running", was_running}});
    text += node.name +
            (was_running ? (flags.gently ? " stopped" : " killed (SIGKILL)") : " was not running") +
            "\n";
  }
  print(context, Json{{"stopped", list}}, text);
  return ExitCode::kOk;
}

Outcome<ExitCode> down(const Context& context, const DevnetFlags& flags) {
  CLI_ASSIGN(const Devnet net, open_devnet(context));
  if (flags.erase && !context.yes && !context.json()) {
    std::cerr << "Stop the network and delete " << net.home().string()
              << " with its ledger? [y/N] ";
    std::string answer;
    std::getline(std::cin, answer);
    if (answer != "y" && answer != "yes") return stop(ExitCode::kUsage, "nothing was done");
  }
  for (const DevnetNode& node : net.nodes()) CLI_TRY(net.stop_node(node, false));
  std::string text = "the network is stopped; usance devnet start all --home " +
                     net.home().string() + " starts it again";
  if (flags.erase) {
    std::error_code error;
    std::filesystem::remove_all(net.home(), error);
    if (error) return stop(ExitCode::kFailed, net.home().string() + ": " + error.message());
    text = "the network is stopped and " + net.home().string() + " deleted";
  }
  print(context, Json{{"home", net.home().string()}, {"deleted", flags.erase}}, text);
  return ExitCode::kOk;
}

Outcome<ExitCode> advance_clock(const Context& context, const DevnetFlags& flags) {
  CLI_ASSIGN(const std::int64_t by_ms, render::parse_duration(flags.duration));
  if (by_ms <= 0) return stop(ExitCode::kUsage, "a clock only goes forward: give 6d, 36h or 90m");
  CLI_ASSIGN(const Devnet net, open_devnet(context));
  CLI_ASSIGN(const std::int64_t ahead_ms, net.clock_ahead_ms());
  CLI_TRY(net.set_clock_ahead_ms(ahead_ms + by_ms));
  std::int64_t time_ms = 0;
  unsigned advanced = 0;
  for (const DevnetNode& node : net.nodes()) {
    if (!net.process(node)) continue;
    const Outcome<std::int64_t> shown = advance_node(net, node, by_ms);
    // One that died meanwhile gets the whole offset when it starts again.
    if (!shown && net.process(node)) return tl::unexpected(shown.error());
    if (!shown) continue;
    time_ms = *shown;
    ++advanced;
  }
  if (advanced == 0)
    return stop(ExitCode::kUnavailable,
                "no node runs: usance devnet start all --home " + net.home().string());
  print(
      context, Json{{"nodes", advanced}, {"by_ms", by_ms}, {"time_ms", time_ms}},
      "the clocks of " + std::to_string(advanced) + " nodes show " + render::format_time(time_ms));
  return ExitCode::kOk;
}

}  // namespace

Outcome<Devnet> open_devnet(const Context& context) {
  CLI_ASSIGN(const Path home, context.home_folder());
  return Devnet::open(home);
}

void add_devnet_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "devnet", "A network on this machine, of four validators or more");
  const auto flags = std::make_shared<DevnetFlags>();
  CLI::App* make = add_verb(*noun, context, "up",
                            "Make and start a network; returns once it serves, nodes stay running",
                            [&context, flags] { return up(context, *flags); });
  make->add_option("--daemon", flags->daemon, "The node program; default usanced beside this one");
  make->add_option("--base-port", flags->base_port,
                   "Node N listens on base + 10 N and the next three; default: free ports");
  make->add_option("--validators", flags->validators,
                   "How many, 4 to 10; default 4. Those above are banks with nodes 6, 7, ...")
      ->check(CLI::Range(kFewestDevnetValidators, kMostDevnetValidators));
  make->add_flag("--follower", flags->follower, "Also start node 5, the auditor's follower");
  add_verb(*noun, context, "status", "Which nodes run, and at which height",
           [&context] { return network_status(context); });
  CLI::App* begin = add_verb(*noun, context, "start", "Start a stopped node, or all validators",
                             [&context, flags] { return start(context, *flags); });
  begin->add_option("NODE", flags->which, "Its number, or all")->required();
  CLI::App* end = add_verb(*noun, context, "kill", "Kill a node at once (SIGKILL), or all",
                           [&context, flags] { return kill(context, *flags); });
  end->add_option("NODE", flags->which, "Its number, or all")->required();
  end->add_flag("--gently", flags->gently, "Let it shut down in order (SIGTERM)");
  CLI::App* finish = add_verb(*noun, context, "down", "Stop all nodes; the ledger is kept",
                              [&context, flags] { return down(context, *flags); });
  finish->add_flag("--delete", flags->erase, "Also delete the home with keys and ledger");
  add_devnet_partition(*noun, context);
  CLI::App* clock = noun->add_subcommand("clock", "The development network's clock");
  clock->require_subcommand(1);
  clock->fallthrough();
  CLI::App* forward =
      add_verb(*clock, context, "advance", "Move every running node's clock forward",
               [&context, flags] { return advance_clock(context, *flags); });
  forward->add_option("DURATION", flags->duration, "6d, 36h, 90m, 30s")->required();
}

}  // namespace usance::cli
