#include "oracle_aggregator/matching.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace usance::oracle_aggregator::v1 {
namespace {

std::vector<std::string> names(const std::vector<Offer>& offers) {
  std::vector<std::string> out;
  for (const Offer& offer : offers) out.push_back(offer.oracle);
  return out;
}

TEST(Matching, GoesByPriceThenScoreThenName) {
  const std::vector<Offer> offers = {{"d", 50, 9'000, "s"},
                                     {"c", 50, 5'000, "s"},
                                     {"b", 50, 9'000, "s"},
                                     {"a", 51, 10'000, "s"},
                                     {"e", 49, 1, "s"}};
  EXPECT_EQ(names(match(offers, 5, 0)), (std::vector<std::string>{"e", "b", "d", "c", "a"}));
  EXPECT_EQ(names(match(offers, 2, 0)), (std::vector<std::string>{"e", "b"}));
}

TEST(Matching, TakesOnlySoManyOfOneSource) {
  const std::vector<Offer> offers = {
      {"a", 1, 0, "port"}, {"b", 2, 0, "port"}, {"c", 3, 0, "port"}, {"d", 9, 0, "ship"}};
  EXPECT_EQ(names(match(offers, 3, 2)), (std::vector<std::string>{"a", "b", "d"}));
  EXPECT_EQ(names(match(offers, 2, 1)), (std::vector<std::string>{"a", "d"}));
  EXPECT_TRUE(match(offers, 3, 1).empty());
}

TEST(Matching, IsAllOrNothing) {
  EXPECT_TRUE(match({}, 1, 0).empty());
  EXPECT_TRUE(match({{"a", 1, 0, "s"}, {"b", 1, 0, "t"}}, 3, 0).empty());
}

// The lowest highest price of all choices that respect the sources; -1 when there is none.
std::int64_t best_price(const std::vector<Offer>& offers, std::uint32_t wanted,
                        std::uint32_t max_per_source) {
  std::int64_t best = -1;
  for (std::uint32_t chosen = 0; chosen < 1U << offers.size(); ++chosen) {
    if (static_cast<std::uint32_t>(__builtin_popcount(chosen)) != wanted) continue;
    std::int64_t highest = 0;
    bool fits = true;
    for (std::size_t i = 0; i < offers.size(); ++i) {
      if ((chosen >> i & 1U) == 0) continue;
      highest = std::max(highest, offers[i].price);
      std::uint32_t alike = 0;
      for (std::size_t k = 0; k < offers.size(); ++k)
        alike += (chosen >> k & 1U) != 0 && offers[k].source == offers[i].source ? 1 : 0;
      fits = fits && (max_per_source == 0 || alike <= max_per_source);
    }
    if (fits && (best < 0 || highest < best)) best = highest;
  }
  return best;
}

TEST(Matching, FindsTheBestPriceWhateverTheOrderOfTheBids) {
  std::mt19937 random(7);
  const auto below = [&](std::uint32_t bound) {
    return static_cast<std::uint32_t>(random() % bound);
  };
  int found = 0;
  for (int i = 0; i < 500; ++i) {
    std::vector<Offer> offers;
    for (std::uint32_t k = below(8); k > 0; --k)
      offers.push_back({std::string(1, static_cast<char>('a' + k)), below(5), below(3),
                        std::string(1, static_cast<char>('s' + below(3)))});
    const std::uint32_t wanted = 1 + below(5);
    const std::uint32_t per_source = below(4);
    const std::vector<Offer> chosen = match(offers, wanted, per_source);
    const std::int64_t best = best_price(offers, wanted, per_source);
    ASSERT_EQ(chosen.empty() ? -1 : chosen.back().price, best);
    found += chosen.empty() ? 0 : 1;
    std::shuffle(offers.begin(), offers.end(), random);
    ASSERT_EQ(match(offers, wanted, per_source), chosen);
  }
  EXPECT_GT(found, 100);
  EXPECT_LT(found, 400);
}

}  // namespace
}  // namespace usance::oracle_aggregator::v1
