// Where two results of one height part: what an operator whose node executed something else than
// the quorum wants to know first (docs/spec/consensus.md, C-8.6).
#pragma once

#include <span>
#include <string>

#include "consensus/messages.h"

namespace usance::consensus {

[[nodiscard]] ResultParts result_parts(const ResultHeader& header,
                                       std::span<const Receipt> receipts);

// Whether the hashes lead to the header's roots, and the header to the result's hash.
[[nodiscard]] bool proves(const ResultParts& parts, const Hash32& result);

// The first receipt in which the two differ, with its index and its transaction; or, if none does,
// the first field of the header. One line, without a full stop. Empty if they are equal.
[[nodiscard]] std::string first_difference(const ResultParts& own, const ResultParts& certified);

}  // namespace usance::consensus
