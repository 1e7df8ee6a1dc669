// Who is in a local development network: the cast of a coffee shipment from Kampala to Hamburg.
#pragma once

#include <string>
#include <vector>

#include "tools/usance/member.h"

namespace usance::cli {

struct DevnetMember {
  MemberPlan plan;
  unsigned first_node = 1;  // the node that its users connect to first
};

// Four validators of four organisations, so that none holds more than f = 1 seats, and one
// follower (the auditor's, node 5). Hosts and addresses are filled in by the caller.
[[nodiscard]] std::vector<DevnetMember> devnet_members();

inline constexpr unsigned kDevnetValidators = 4;
inline constexpr unsigned kDevnetNodes = 5;

}  // namespace usance::cli
