#include "tools/usance/devnet.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "tools/usance/client.h"
#include "tools/usance/devnet_plan.h"
#include "tools/usance/join.h"
#include "usance/v1/block.grpc.pb.h"

namespace usance::cli {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::string_view kDevnetFormat = "usance-devnet/1";
constexpr std::int64_t kStopMs = 15'000;

std::string loopback(std::uint16_t port) {
  return "127.0.0.1:" + std::to_string(port);
}

Path state_file(const Path& home) {
  return home / "devnet.json";
}

// Below the range that the system hands to outgoing connections, so that no node's own connection
// takes a port between the choice and the start.
constexpr unsigned kLowestPort = 15'000;
constexpr unsigned kHighestPort = 31'000;

}  // namespace

std::string log_tail(const Path& log, std::size_t lines) {
  const Result<std::string> text = read_file(log);
  if (!text) return "";
  std::size_t at = text->size();
  for (std::size_t n = 0; at > 0; --at)
    if ((*text)[at - 1] == '\n' && n++ == lines) break;
  return text->substr(at);
}

Outcome<Devnet> Devnet::create(const Path& home, const Path& daemon, std::uint16_t base_port,
                               unsigned validators) {
  std::error_code error;
  if (std::filesystem::exists(state_file(home)))
    return stop(ExitCode::kUsage, home.string() +
                                      " already holds a network.\n  its nodes: usance "
                                      "devnet status --home " +
                                      home.string() +
                                      "\n  start it again: usance devnet start all --home " +
                                      home.string() +
                                      "\n  remove it: usance devnet down --delete "
                                      "--home " +
                                      home.string());
  if (std::filesystem::exists(home, error) && !std::filesystem::is_empty(home, error))
    return stop(ExitCode::kUsage,
                home.string() + " is not empty and no network: choose another --home");
  if (!std::filesystem::exists(daemon))
    return stop(ExitCode::kUsage, "the daemon " + daemon.string() +
                                      " does not exist: build usanced, or give --daemon FILE");
  Devnet net;
  CLI_TRY(make_folder(home));
  net.home_ = std::filesystem::absolute(home);
  net.daemon_ = std::filesystem::absolute(daemon);
  CLI_TRY(net.choose_ports(base_port, validators));
  CLI_TRY(net.create_members(validators));
  CLI_TRY(net.save());
  return net;
}

Outcome<void> Devnet::choose_ports(std::uint16_t base_port, unsigned validators) {
  std::random_device entropy;
  unsigned next = kLowestPort + entropy() % (kHighestPort - kLowestPort);
  const auto pick = [&]() -> Outcome<std::uint16_t> {
    for (unsigned tried = 0; tried < 2'000; ++tried) {
      if (++next > kHighestPort) next = kLowestPort;
      if (is_port_free(static_cast<std::uint16_t>(next))) return static_cast<std::uint16_t>(next);
    }
    return stop(ExitCode::kUnavailable, "no free ports between 15000 and 31000 on 127.0.0.1");
  };
  for (unsigned number = 1; number <= validators + 1; ++number) {
    DevnetNode node;
    node.number = number;
    node.name = "node-" + std::to_string(number);
    std::uint16_t offset = 0;
    for (std::uint16_t* port : {&node.peers, &node.clients, &node.admin, &node.metrics}) {
      if (base_port == 0) {
        CLI_ASSIGN(*port, pick());
        continue;
      }
      const unsigned wanted = base_port + 10 * number + offset++;
      if (wanted > 65'535)
        return stop(ExitCode::kUsage, "--base-port leaves no room for the nodes");
      *port = static_cast<std::uint16_t>(wanted);
      if (!is_port_free(*port))
        return stop(ExitCode::kUsage,
                    "port " + std::to_string(wanted) +
                        " is busy: somebody listens on it (ss -ltnp shows who). Choose another "
                        "--base-port, or leave it away and free ports are picked");
    }
    nodes_.push_back(node);
  }
  return {};
}

Outcome<void> Devnet::create_members(unsigned validators) {
  std::vector<MemberFile> files;
  std::vector<DevnetMember> members = devnet_members(validators);
  for (DevnetMember& member : members) {
    MemberPlan& plan = member.plan;
    const MemberHome home{home_ / "members" / plan.org.value};
    if (plan.node) {
      DevnetNode& node = nodes_.at(member.first_node - 1);
      node.org = plan.org;
      node.validator = plan.validator;
      plan.hosts = {"127.0.0.1", "localhost"};
      plan.peer_address = loopback(node.peers);
    }
    CLI_TRY(create_member(home, plan));
    CLI_ASSIGN(MemberFile file, own_member(home));
    files.push_back(std::move(file));
  }
  CLI_ASSIGN(const Genesis genesis, assemble_genesis(files));
  CLI_TRY(write_file(home_ / "genesis.json", write_genesis(genesis)));
  for (std::size_t i = 0; i < members.size(); ++i) {
    const MemberHome home{home_ / "members" / members[i].plan.org.value};
    CLI_TRY(adopt_genesis(home, files[i], home_ / "genesis.json"));
    const DevnetNode& own = nodes_.at(members[i].first_node - 1);
    std::vector<std::string> clients = {loopback(own.clients)};
    std::vector<std::string> peers;
    for (const DevnetNode& node : nodes_) {
      if (node.number == own.number) continue;
      if (node.validator) clients.push_back(loopback(node.clients));
      peers.push_back(loopback(node.peers));
    }
    std::string admin;
    if (members[i].plan.node) {
      const NodeAddresses addresses{loopback(own.peers), loopback(own.clients), loopback(own.admin),
                                    loopback(own.metrics)};
      CLI_TRY(write_member_config(home, files[i], member_config(addresses, peers)));
      admin = loopback(own.admin);
    }
    CLI_TRY(write_profiles(home_, home, files[i].organisation, clients, admin));
  }
  return {};
}

Outcome<void> Devnet::save() const {
  Json nodes = Json::array();
  for (const DevnetNode& node : nodes_)
    nodes.push_back({{"number", node.number},
                     {"name", node.name},
                     {"organisation", node.org.value},
                     {"validator", node.validator},
                     {"peers", node.peers},
                     {"clients", node.clients},
                     {"admin", node.admin},
                     {"metrics", node.metrics}});
  const Json file = {{"format", kDevnetFormat}, {"daemon", daemon_.string()}, {"nodes", nodes}};
  CLI_TRY(write_file(state_file(home_), file.dump(2) + "\n"));
  return {};
}

Outcome<Devnet> Devnet::open(const Path& home) {
  const Result<std::string> text = read_file(state_file(home));
  if (!text)
    return stop(ExitCode::kUsage, "no network in " + home.string() +
                                      ": make one with usance devnet up --home " + home.string());
  try {
    const Json file = Json::parse(*text);
    if (file.at("format") != kDevnetFormat)
      return stop(ExitCode::kUsage, state_file(home).string() + " is of another version");
    Devnet net;
    net.home_ = std::filesystem::absolute(home);
    net.daemon_ = file.at("daemon").get<std::string>();
    for (const Json& node : file.at("nodes"))
      net.nodes_.push_back(DevnetNode{node.at("number"), node.at("name"),
                                      OrgId(node.at("organisation").get<std::string>()),
                                      node.at("validator"), node.at("peers"), node.at("clients"),
                                      node.at("admin"), node.at("metrics")});
    return net;
  } catch (const nlohmann::json::exception& error) {
    return stop(ExitCode::kUsage, state_file(home).string() + ": " + error.what());
  }
}

Outcome<DevnetNode> Devnet::node(unsigned number) const {
  for (const DevnetNode& one : nodes_)
    if (one.number == number) return one;
  return stop(ExitCode::kUsage, "there is no node " + std::to_string(number) + ": 1 to " +
                                    std::to_string(nodes_.size()));
}

std::optional<ProcessMark> Devnet::process(const DevnetNode& node) const {
  const Result<std::string> text = read_file(pid_file(node));
  if (!text) return std::nullopt;
  std::istringstream words(*text);
  ProcessMark mark;
  words >> mark.pid >> mark.started;
  if (!words || !is_running(mark)) return std::nullopt;
  return mark;
}

Outcome<void> Devnet::start(const DevnetNode& node) const {
  if (process(node)) return {};
  const MemberHome home = member(node);
  for (const std::uint16_t port : {node.peers, node.clients, node.admin, node.metrics})
    if (!is_port_free(port))
      return stop(ExitCode::kUnavailable,
                  node.name + " cannot start: its port " + std::to_string(port) +
                      " is taken by another program (ss -ltnp shows which). End it, or change "
                      "the port in " +
                      home.config().string());
  CLI_ASSIGN(const pid_t pid,
             start_background({daemon_.string(), "--config", home.config().string()}, home.root,
                              log(node)));
  const std::optional<ProcessMark> mark = mark_of(pid);
  if (!mark)
    return stop(ExitCode::kFailed, node.name + " ended at once; its log, " + log(node).string() +
                                       ", ends:\n" + log_tail(log(node), 5));
  CLI_TRY(write_file(pid_file(node),
                     std::to_string(mark->pid) + " " + std::to_string(mark->started) + "\n"));
  return {};
}

Outcome<void> Devnet::wait_serving(const DevnetNode& node, std::int64_t timeout_ms) const {
  CLI_ASSIGN(Profile profile, operator_profile(node));
  profile.nodes = {loopback(node.clients)};
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  std::string last;
  do {
    if (!process(node))
      return stop(ExitCode::kFailed, node.name + " has ended; its log, " + log(node).string() +
                                         ", ends:\n" + log_tail(log(node), 5));
    if (const Outcome<Client> client = Client::connect(profile, 1'000)) {
      const auto header = client->call(&v1::BlockService::Stub::GetHeader, v1::GetHeaderRequest());
      if (header) return {};
      last = header.error().message;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  } while (std::chrono::steady_clock::now() < end);
  return stop(ExitCode::kUnavailable, node.name + " does not serve yet" +
                                          (last.empty() ? "" : " (" + last + ")") +
                                          "; its log: " + log(node).string());
}

Outcome<bool> Devnet::stop_node(const DevnetNode& node, bool forcibly) const {
  const std::optional<ProcessMark> mark = process(node);
  if (!mark) return false;
  if (!end_process(*mark, forcibly, kStopMs) && !end_process(*mark, true, kStopMs))
    return stop(ExitCode::kFailed,
                node.name + " (process " + std::to_string(mark->pid) + ") does not end");
  return true;
}

Outcome<std::int64_t> Devnet::clock_ahead_ms() const {
  const Result<std::string> text = read_file(home_ / "clock-ahead-ms");
  if (!text) return 0;  // never moved
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), ms);
  if (error != std::errc() || ms < 0)
    return stop(ExitCode::kFailed, (home_ / "clock-ahead-ms").string() + " is no number");
  return ms;
}

Outcome<void> Devnet::set_clock_ahead_ms(std::int64_t ms) const {
  CLI_TRY(write_file(home_ / "clock-ahead-ms", std::to_string(ms)));
  return {};
}

Outcome<Profile> Devnet::operator_profile(const DevnetNode& node) const {
  CLI_ASSIGN(Profile profile, load_profile(home_, node.org.value + ".admin"));
  return profile;
}

}  // namespace usance::cli
