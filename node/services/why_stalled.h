// Why nothing moves, for people: from the core's status, and what the connections say, to a cause
// and what to do. The faults that it is held against: docs/operations.md, "When something is
// wrong".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "consensus/replica.h"
#include "node/directory.h"
#include "usance/v1/admin.pb.h"

namespace usance::node {

// What the core does not know.
struct StallSigns {
  bool disk_full = false;
  // While the node fetches a snapshot to begin with: how many pieces it has.
  std::optional<std::uint64_t> snapshot_pieces;
  // By name of the node: why there is no connection with it.
  std::map<std::string, std::string> unconnected;
  // Milliseconds since the connection with it opened, if that is less than a silent one takes to be
  // one (consensus::kSilentAfterMs).
  std::map<std::string, std::uint64_t> just_connected;
  // Configured addresses where no node of the network has answered yet, and why.
  std::map<std::string, std::string> unanswered;
};

// Whether queries here lag behind what the network has decided.
[[nodiscard]] bool is_catching_up(const consensus::StatusReport& report);
// What keeps the node from being one that clients should use; empty: nothing. For grpc.health.
[[nodiscard]] std::string why_not_serving(const consensus::StatusReport& report,
                                          const StallSigns& signs);
// Indices in the report are positions among the directory's validators, ascending by id.
void explain_stall(const consensus::StatusReport& report, const Directory& directory,
                   const StallSigns& signs, v1::WhyStalledResponse& out);

}  // namespace usance::node
