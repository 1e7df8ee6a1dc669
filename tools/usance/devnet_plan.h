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

inline constexpr unsigned kDevnetFollower = 5;  // the auditor's node
inline constexpr unsigned kFewestDevnetValidators = 4;
inline constexpr unsigned kMostDevnetValidators = 10;

// Each validator is of an organisation of its own, so that none holds more than f seats; those
// above four are banks with the nodes 6, 7 and so on. Hosts and addresses are filled in by the
// caller.
[[nodiscard]] std::vector<DevnetMember> devnet_members(unsigned validators);

}  // namespace usance::cli
