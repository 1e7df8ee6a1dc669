#include "deposit_fixture.h"

namespace usance::deposit::v1 {
namespace {

class InterbankTest : public DepositTest {};
USANCE_ON_EVERY_CHAIN(InterbankTest);

TEST_P(InterbankTest, NeedsTheReceivingBanksLimit) {
  const auto refused = transfer(roaster, kRoasterAccount, kExporterAccount, usd(1));
  EXPECT_THAT(refused, FailsWith(Error::kLimitExceeded));
  EXPECT_EQ(refused.receipt.detail,
            "lake-bank lets harbour-bank owe it USD 0.00; this would make it USD 0.01");
  EXPECT_EQ(available(kRoasterAccount), 100'000);
  expect_balanced();
}

TEST_P(InterbankTest, MovesTheLiabilityAndRecordsTheDebt) {
  grant(lake, "harbour-bank", 50'000);
  EXPECT_THAT(transfer(roaster, kRoasterAccount, kExporterAccount, usd(50'000)), Succeeds());
  EXPECT_EQ(issued("harbour-bank"), 50'000);
  EXPECT_EQ(issued("lake-bank"), 50'000);
  EXPECT_EQ(position("harbour-bank", "lake-bank").first_owes, usd(50'000));
  EXPECT_THAT(transfer(roaster, kRoasterAccount, kExporterAccount, usd(1)),
              FailsWith(Error::kLimitExceeded));
  expect_balanced();
}

TEST_P(InterbankTest, NetsWhatTheOtherBankOwesFirst) {
  grant(lake, "harbour-bank", 50'000);
  grant(harbour, "lake-bank", 10'000);
  ASSERT_THAT(transfer(roaster, kRoasterAccount, kExporterAccount, usd(30'000)), Succeeds());
  ASSERT_THAT(transfer(exporter, kExporterAccount, kRoasterAccount, usd(20'000)), Succeeds());
  EXPECT_EQ(position("harbour-bank", "lake-bank").first_owes, usd(10'000));
  EXPECT_EQ(position("harbour-bank", "lake-bank").second_owes, usd(0));
  ASSERT_THAT(mint(lake, kExporterAccount, 50'000), Succeeds());
  ASSERT_THAT(transfer(exporter, kExporterAccount, kRoasterAccount, usd(20'000)), Succeeds());
  EXPECT_EQ(position("lake-bank", "harbour-bank").first_owes, usd(0));
  EXPECT_EQ(position("lake-bank", "harbour-bank").second_owes, usd(10'000));
  EXPECT_THAT(transfer(exporter, kExporterAccount, kRoasterAccount, usd(1)),
              FailsWith(Error::kLimitExceeded));
  expect_balanced();
}

TEST_P(InterbankTest, IsSettledByTheCreditorUpToTheDebt) {
  grant(lake, "harbour-bank", 50'000);
  ASSERT_THAT(transfer(roaster, kRoasterAccount, kExporterAccount, usd(50'000)), Succeeds());
  EXPECT_THAT(
      chain->call<method::SettlePosition>(harbour, "deposit", {"lake-bank", usd(1), "pacs.009"}),
      FailsWith(Error::kPositionTooSmall));
  EXPECT_THAT(
      chain->call<method::SettlePosition>(lake, "deposit", {"harbour-bank", usd(50'001), ""}),
      FailsWith(Error::kPositionTooSmall));
  EXPECT_THAT(chain->call<method::SettlePosition>(lake, "deposit",
                                                  {"harbour-bank", usd(50'000), "pacs.009"}),
              Emits(PositionSettled{"harbour-bank", "lake-bank", usd(50'000), "pacs.009"}));
  EXPECT_EQ(position("harbour-bank", "lake-bank").first_owes, usd(0));
  EXPECT_THAT(transfer(roaster, kRoasterAccount, kExporterAccount, usd(50'000)), Succeeds());
  expect_balanced();
}

TEST_P(InterbankTest, NoBankIsItsOwnCounterparty) {
  EXPECT_THAT(chain->call<method::GrantLimit>(lake, "deposit", {"lake-bank", usd(1)}),
              FailsWith(Error::kSameBank));
  EXPECT_THAT(chain->call<method::GrantLimit>(lake, "deposit", {"harbour-bank", usd(-1)}),
              FailsWith(Error::kAmountNotPositive));
}

}  // namespace
}  // namespace usance::deposit::v1
