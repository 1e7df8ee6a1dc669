// usance node status, why-stalled, peers: what the operator asks the own node.
#include "base/types.h"
#include "tools/render/calendar.h"
#include "tools/usance/client.h"
#include "tools/usance/context.h"
#include "tools/usance/node_commands.h"
#include "usance/v1/admin.grpc.pb.h"

namespace usance::cli {

namespace {

Outcome<Client> admin(const Context& context) {
  CLI_ASSIGN(Profile profile, context.load());
  if (!context.node.empty()) profile.admin = context.node;
  CLI_ASSIGN(const std::int64_t timeout, context.timeout_ms());
  return Client::connect_admin(std::move(profile), timeout);
}

std::string joined(const google::protobuf::RepeatedPtrField<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out.empty() ? "none" : out;
}

Json list_of(const google::protobuf::RepeatedPtrField<std::string>& words) {
  Json out = Json::array();
  for (const std::string& word : words) out.push_back(word);
  return out;
}

Outcome<ExitCode> show_status(const Context& context) {
  CLI_ASSIGN(const Client client, admin(context));
  CLI_ASSIGN(const v1::GetNodeStatusResponse s,
             client.call(&v1::AdminService::Stub::GetNodeStatus, v1::GetNodeStatusRequest()));
  const std::string root = to_hex(as_bytes(s.state_root()));
  const Json json{{"node", s.node()},
                  {"organisation", s.organisation()},
                  {"version", s.version()},
                  {"chain_id", to_hex(as_bytes(s.chain_id()))},
                  {"validator", s.validator()},
                  {"epoch", s.epoch()},
                  {"view", s.view()},
                  {"decided_height", s.decided_height()},
                  {"executed_height", s.executed_height()},
                  {"certified_height", s.certified_height()},
                  {"state_root", root},
                  {"mempool_bundles", s.mempool_bundles()},
                  {"mempool_bytes", s.mempool_bytes()},
                  {"peers_connected", s.peers_connected()},
                  {"catching_up", s.catching_up()},
                  {"amnesiac", s.amnesiac()},
                  {"voting", s.voting()},
                  {"consensus_key", to_hex(as_bytes(s.consensus_key()))},
                  {"halted", s.halted()},
                  {"disk_full", s.disk_full()},
                  {"time_ms", s.time_ms()}};
  std::string text = s.node() + " of " + s.organisation() + ", version " + s.version() + ", " +
                     (s.validator() ? "validator" : "follower") + "\n";
  if (!s.halted().empty()) text += "HALTED: " + s.halted() + "\n";
  if (s.disk_full())
    text += "DISK FULL: it neither votes nor executes; make room, and it goes on by itself\n";
  if (s.catching_up()) text += "catching up with the others\n";
  if (s.amnesiac())
    text +=
        "AMNESIAC: its vote log is lost or old, so it serves but does not vote. The way out is "
        "another "
        "key:\n  usance keys generate keys/consensus-next.key; start the node again; usance "
        "validator "
        "rotate\n";
  text += "height     certified " + std::to_string(s.certified_height()) + ", executed " +
          std::to_string(s.executed_height()) + ", decided " + std::to_string(s.decided_height()) +
          "\nview       " + std::to_string(s.view()) + " of epoch " + std::to_string(s.epoch()) +
          "\nstate root " + root + "\nmempool    " + std::to_string(s.mempool_bundles()) +
          " bundles, " + std::to_string(s.mempool_bytes()) + " bytes\npeers      " +
          std::to_string(s.peers_connected()) + " connected\nclock      " +
          render::format_time(static_cast<std::int64_t>(s.time_ms()));
  print(context, json, text);
  return ExitCode::kOk;
}

Outcome<ExitCode> why_stalled(const Context& context) {
  CLI_ASSIGN(const Client client, admin(context));
  CLI_ASSIGN(const v1::WhyStalledResponse s,
             client.call(&v1::AdminService::Stub::WhyStalled, v1::WhyStalledRequest()));
  const Json json{{"stalled", s.stalled()},
                  {"summary", s.summary()},
                  {"phase", s.phase()},
                  {"epoch", s.epoch()},
                  {"view", s.view()},
                  {"height", s.height()},
                  {"leader", s.leader()},
                  {"silent", list_of(s.silent())},
                  {"missing_votes", list_of(s.missing_votes())},
                  {"quorum_possible", s.quorum_possible()},
                  {"start", list_of(s.start())}};
  std::string text = s.summary() + "\nphase           " + s.phase() + " at height " +
                     std::to_string(s.height()) + ", view " + std::to_string(s.view()) +
                     "\nleader          " + s.leader() + "\nnot heard from  " + joined(s.silent()) +
                     "\nvotes missing   " + joined(s.missing_votes()) + "\na quorum is    " +
                     (s.quorum_possible() ? " possible" : " impossible") + " with those heard from";
  if (s.start_size() > 0) text += "\nstart           " + joined(s.start());
  print(context, json, text);
  return ExitCode::kOk;
}

Outcome<ExitCode> peers(const Context& context) {
  CLI_ASSIGN(const Client client, admin(context));
  CLI_ASSIGN(const v1::ListPeersResponse answer,
             client.call(&v1::AdminService::Stub::ListPeers, v1::ListPeersRequest()));
  Json list = Json::array();
  std::string text;
  for (const v1::PeerInfo& peer : answer.peers()) {
    list.push_back({{"name", peer.name()},
                    {"organisation", peer.organisation()},
                    {"address", peer.address()},
                    {"validator", peer.validator()},
                    {"connected", peer.connected()},
                    {"last_heard_ms", peer.last_heard_ms()},
                    {"certificate_not_after_ms", peer.certificate_not_after_ms()},
                    {"bytes_in", peer.bytes_in()},
                    {"bytes_out", peer.bytes_out()},
                    {"dropped", peer.dropped()},
                    {"last_error", peer.last_error()}});
    text += peer.name() + "  " + peer.organisation() + "  " +
            (peer.address().empty() ? "(dialled in)" : peer.address()) + "  " +
            (peer.connected()
                 ? "connected, heard from " + std::to_string(peer.last_heard_ms()) + " ms ago"
                 : "not connected" +
                       (peer.last_error().empty() ? std::string() : ": " + peer.last_error())) +
            "\n";
  }
  print(context, Json{{"peers", list}}, text.empty() ? "no peers" : text);
  return ExitCode::kOk;
}

void add_why_stalled(CLI::App& parent, Context& context, const std::string& help) {
  add_verb(parent, context, "why-stalled", help, [&context] { return why_stalled(context); });
}

}  // namespace

void add_node_status(CLI::App& noun, Context& context) {
  add_verb(noun, context, "status", "Height, view, peers and clock of the own node",
           [&context] { return show_status(context); });
  add_why_stalled(noun, context, "Why nothing is decided, and which node to start");
  add_verb(noun, context, "peers", "The connections to other nodes",
           [&context] { return peers(context); });
}

void add_node_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "node", "Set up and look at a node");
  add_node_setup(*noun, context);
  add_node_status(*noun, context);
  add_found_misbehaviour(*noun, context);
  // What somebody types who is woken at night.
  add_why_stalled(app, context,
                  "Why nothing is decided, and which node to start (also: node why-stalled)");
}

}  // namespace usance::cli
