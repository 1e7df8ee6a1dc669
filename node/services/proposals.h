// Proposals and votes of governance and of the contract registry, as one list.
#pragma once

#include "base/state.h"
#include "usance/v1/governance.pb.h"

namespace usance::node {

// The newest first, at most this many of each contract.
inline constexpr std::uint64_t kMostProposals = 200;
void list_proposals(const StateView& state, bool open_only, v1::ListProposalsResponse& out);

}  // namespace usance::node
