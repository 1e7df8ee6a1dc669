#include "base/validator_set.h"

#include "base/hash.h"

namespace usance {

// Two quorums meet in more than f members (safety), and the honest alone make one (liveness).
static_assert([] {
  for (std::size_t n = limits::kMinValidators; n <= limits::kMaxValidators; ++n) {
    const std::size_t f = faults_tolerated(n);
    if (2 * quorum(n) < n + f + 1 || quorum(n) > n - f) return false;
  }
  return quorum(4) == 3 && quorum(5) == 4 && quorum(6) == 4 && quorum(7) == 5 && quorum(10) == 7;
}());

std::uint32_t ValidatorSet::leader(View view, Height height) const {
  return static_cast<std::uint32_t>((view.value + height.value / limits::kLeaderTerm) % size());
}

std::optional<std::uint32_t> ValidatorSet::index_of(const PublicKey& key) const {
  for (std::uint32_t i = 0; i < validators.size(); ++i)
    if (validators[i].key == key) return i;
  return std::nullopt;
}

Hash32 validator_set_hash(const ChainId& chain, const ValidatorSet& set) {
  return tagged_hash("usance/validators", chain, set);
}

}  // namespace usance
