// Which bids an order takes. Pure, and the same whatever order the bids come in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace usance::oracle_aggregator::v1 {

struct Offer {
  std::string oracle;  // no two of one
  std::int64_t price = 0;
  std::uint32_t score = 0;
  std::string source;

  friend bool operator==(const Offer&, const Offer&) = default;
};

// The best offers, best first: by price, the lower one; then by score, the higher one; then by
// name. Of one source at most max_per_source, 0: any number. Exactly `wanted` of them, or none when
// there are not so many. No other choice has a lower highest price.
[[nodiscard]] std::vector<Offer> match(std::vector<Offer> offers, std::uint32_t wanted,
                                       std::uint32_t max_per_source);

}  // namespace usance::oracle_aggregator::v1
