// What others claim to have decided, of which up to f may be lies.
#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "base/types.h"

namespace usance::consensus {

// What f + 1 of them claim, hence an honest one: the (f+1)-th highest. The lowest of fewer; 0 of
// none.
[[nodiscard]] inline Height claimed_by_enough(std::vector<Height> claims, std::size_t faults) {
  if (claims.empty()) return Height{};
  std::sort(claims.begin(), claims.end(), std::greater<>());
  return claims[std::min(faults, claims.size() - 1)];
}

}  // namespace usance::consensus
