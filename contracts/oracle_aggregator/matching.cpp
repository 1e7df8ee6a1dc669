#include "oracle_aggregator/matching.h"

#include <algorithm>
#include <utility>

namespace usance::oracle_aggregator::v1 {
namespace {

bool is_better(const Offer& a, const Offer& b) {
  if (a.price != b.price) return a.price < b.price;
  if (a.score != b.score) return a.score > b.score;
  return a.oracle < b.oracle;
}

}  // namespace

// To take the best one that still fits is right here: an offer has one source, so to pass one over
// never makes room for two others.
std::vector<Offer> match(std::vector<Offer> offers, std::uint32_t wanted,
                         std::uint32_t max_per_source) {
  std::sort(offers.begin(), offers.end(), is_better);
  std::vector<Offer> chosen;
  for (Offer& offer : offers) {
    if (chosen.size() == wanted) break;
    const auto alike = std::count_if(chosen.begin(), chosen.end(), [&](const Offer& taken) {
      return taken.source == offer.source;
    });
    if (max_per_source != 0 && alike >= std::int64_t{max_per_source}) continue;
    chosen.push_back(std::move(offer));
  }
  if (chosen.size() < wanted) chosen.clear();
  return chosen;
}

}  // namespace usance::oracle_aggregator::v1
