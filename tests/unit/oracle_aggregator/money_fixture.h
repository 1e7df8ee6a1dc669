// A feed's people with accounts at one bank: the carrier has money to spend, oracles to stake.
#pragma once

#include "feed_fixture.h"

namespace usance::oracle_aggregator::v1 {

class MoneyTest : public FeedTest {
 protected:
  static constexpr const char* kPayer = "bank/carrier/USD";
  static constexpr const char* kPool = "bank/bank/USD";
  static constexpr std::int64_t kPayersCents = 100'000;
  static constexpr std::int64_t kOraclesCents = 20'000;

  void SetUp() override {
    FeedTest::SetUp();
    open("carrier", kPayersCents);
    open("bank", 0);
    for (int i = 1; i <= oracles_there_are(); ++i) open(oracle(i).organisation, kOraclesCents);
    ASSERT_THAT(chain->call<deposit::v1::method::TrustContract>(bank, "deposit", {kContract, true}),
                Succeeds());
  }

  static sdk::Money usd(std::int64_t cents) { return {"USD", cents}; }
  static std::string account_of(const std::string& holder) { return "bank/" + holder + "/USD"; }
  void open(const std::string& holder, std::int64_t cents) {
    ASSERT_THAT(chain->call<deposit::v1::method::OpenAccount>(bank, "deposit", {holder, "USD"}),
                Succeeds());
    if (cents == 0) return;
    ASSERT_THAT(chain->call<deposit::v1::method::Mint>(bank, "deposit",
                                                       {account_of(holder), usd(cents), ""}),
                Succeeds());
  }
  deposit::v1::Account account(const std::string& holder) {
    return chain->view<deposit::v1::method::GetAccount>(insurer, "deposit", {account_of(holder)})
        .response;
  }
  std::int64_t available(const std::string& holder) {
    return account(holder).available.minor_units;
  }
  std::int64_t held(const std::string& holder) { return account(holder).held.minor_units; }
  // What all of them have, held or not.
  std::int64_t everything() {
    std::int64_t sum = available("carrier") + held("carrier") + available("bank") + held("bank");
    for (int i = 1; i <= oracles_there_are(); ++i)
      sum += available(oracle(i).organisation) + held(oracle(i).organisation);
    return sum;
  }
};

}  // namespace usance::oracle_aggregator::v1
