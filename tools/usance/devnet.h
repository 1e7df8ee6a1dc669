// A development network in one folder: members' homes, four or more validators and a follower as
// background processes on loopback, profiles for everybody.
//
//   HOME/devnet.json    which nodes there are and their ports
//   HOME/genesis.json   as everybody has it
//   HOME/profiles/      ORG.USER.toml
//   HOME/members/ORG/   as on a member's own host; node.log and node.pid beside node.toml
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/usance/member.h"
#include "tools/usance/outcome.h"
#include "tools/usance/process.h"
#include "tools/usance/profile.h"

namespace usance::cli {

struct DevnetNode {
  unsigned number = 0;  // from 1; node-N
  std::string name;
  OrgId org;
  bool validator = true;
  std::uint16_t peers = 0, clients = 0, admin = 0, metrics = 0;  // ports on 127.0.0.1
};

class Devnet {
 public:
  // Makes keys, certificates, genesis, configurations and profiles; starts nothing. `base_port` 0
  // picks free ports; else node N gets base + 10 N, + 1, + 2 and + 3, and a busy one is an error.
  static Outcome<Devnet> create(const Path& home, const Path& daemon, std::uint16_t base_port,
                                unsigned validators);
  // kUsage exit when the folder holds none.
  static Outcome<Devnet> open(const Path& home);

  [[nodiscard]] const Path& home() const { return home_; }
  [[nodiscard]] const std::vector<DevnetNode>& nodes() const { return nodes_; }
  [[nodiscard]] Outcome<DevnetNode> node(unsigned number) const;
  [[nodiscard]] MemberHome member(const DevnetNode& node) const {
    return MemberHome{home_ / "members" / node.org.value};
  }
  [[nodiscard]] Path log(const DevnetNode& node) const { return member(node).root / "node.log"; }
  // The node's process, if it runs.
  [[nodiscard]] std::optional<ProcessMark> process(const DevnetNode& node) const;

  Outcome<void> start(const DevnetNode& node) const;
  // Returns once the node answers on its client port; names its log if it ends or takes too long.
  Outcome<void> wait_serving(const DevnetNode& node, std::int64_t timeout_ms) const;
  // SIGTERM, then SIGKILL if it does not end; or at once SIGKILL. False: it was not running.
  Outcome<bool> stop_node(const DevnetNode& node, bool forcibly) const;

  // How far the nodes' clocks were moved ahead of the machine's, in all.
  [[nodiscard]] Outcome<std::int64_t> clock_ahead_ms() const;
  Outcome<void> set_clock_ahead_ms(std::int64_t ms) const;

  // The profile that operates a node.
  [[nodiscard]] Outcome<Profile> operator_profile(const DevnetNode& node) const;

 private:
  [[nodiscard]] Path pid_file(const DevnetNode& node) const {
    return member(node).root / "node.pid";
  }
  Outcome<void> choose_ports(std::uint16_t base_port, unsigned validators);
  Outcome<void> create_members(unsigned validators);
  Outcome<void> save() const;

  Path home_;
  Path daemon_;
  std::vector<DevnetNode> nodes_;
};

// The last lines of a log, for error messages.
[[nodiscard]] std::string log_tail(const Path& log, std::size_t lines);

}  // namespace usance::cli
