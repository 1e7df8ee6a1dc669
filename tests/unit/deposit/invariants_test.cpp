// Random actions by everybody: whatever succeeds, every bank's accounts sum to its ledger, and what
// banks owe each other is what moved between them.
#include <random>

#include "deposit_fixture.h"

namespace usance::deposit::v1 {
namespace {

class InvariantsTest : public DepositTest {
 protected:
  void act(std::mt19937& random) {
    const std::vector<std::string> accounts{kRoasterAccount, kOtherAccount, kExporterAccount};
    const std::vector<Caller> callers{harbour, lake, roaster, trader, exporter};
    const auto pick = [&](const auto& from) { return from[random() % from.size()]; };
    const std::string from = pick(accounts);
    const std::string to = pick(accounts);
    const Caller who = pick(callers);
    const std::string hold = "hold-" + std::to_string(random() % 4);
    const sdk::Money amount = usd(static_cast<std::int64_t>(random() % 40'000) - 100);
    switch (random() % 7) {
      case 0: made_ += mint(who, from, amount.minor_units).ok() ? amount.minor_units : 0; break;
      case 1:
        made_ -= chain->call<method::Burn>(who, "deposit", {from, amount, ""}).ok()
                     ? amount.minor_units
                     : 0;
        break;
      case 2: (void)through_contract<method::Hold>(who, {from, hold, amount}); break;
      case 3: (void)through_contract<method::Release>(who, {from, hold, amount}); break;
      case 4: (void)through_contract<method::Pay>(who, {from, hold, to, amount, ""}); break;
      default: (void)transfer(who, from, to, amount);
    }
  }
  // Net of what harbour-bank owes, the totals of both banks are what they made themselves.
  void expect_sound() {
    expect_balanced();
    EXPECT_EQ(issued("harbour-bank") + issued("lake-bank"), made_);
    const Position both = position("harbour-bank", "lake-bank");
    EXPECT_TRUE(both.first_owes.minor_units == 0 || both.second_owes.minor_units == 0);
    for (const sdk::Money* owes : {&both.first_owes, &both.second_owes}) {
      EXPECT_GE(owes->minor_units, 0);
      EXPECT_LE(owes->minor_units, 60'000);
    }
    for (const char* id : {kRoasterAccount, kOtherAccount, kExporterAccount}) {
      EXPECT_GE(available(id), 0);
      EXPECT_GE(held(id), 0);
    }
  }

  std::int64_t made_ = 100'000;  // by the fixture
};
USANCE_ON_EVERY_CHAIN(InvariantsTest);

TEST_P(InvariantsTest, HoldUnderRandomActions) {
  for (const Caller& bank : {harbour, lake})
    ASSERT_THAT(chain->call<method::TrustContract>(bank, "deposit", {"probe", true}), Succeeds());
  grant(lake, "harbour-bank", 60'000);
  grant(harbour, "lake-bank", 60'000);
  std::mt19937 random(20'261'121);
  for (int round = 0; round < 40 && !HasFailure(); ++round) {
    for (int i = 0; i < 25; ++i) act(random);
    expect_sound();
  }
}

}  // namespace
}  // namespace usance::deposit::v1
