#include "deposit_fixture.h"

namespace usance::deposit::v1 {
namespace {

using sdk::StandardError;

USANCE_ON_EVERY_CHAIN(DepositTest);

TEST_P(DepositTest, OnlyTheBankOpensAccountsAndOnlyOnce) {
  EXPECT_THAT(chain->call<method::OpenAccount>(harbour, "deposit", {"roaster", "USD"}),
              FailsWith(Error::kAccountExists));
  EXPECT_THAT(chain->call<method::OpenAccount>(harbour, "deposit", {"roaster", "EUR"}),
              Emits(AccountOpened{"harbour-bank/roaster/EUR"}));
  EXPECT_THAT(chain->call<method::OpenAccount>(roaster, "deposit", {"roaster", "UGX"}),
              FailsWith(StandardError::kRoleRequired));
  EXPECT_THAT(chain->call<method::OpenAccount>(harbour_admin, "deposit", {"roaster", "UGX"}),
              FailsWith(StandardError::kPermissionRequired));
  EXPECT_THAT(chain->call<method::OpenAccount>(harbour, "deposit", {"roaster", "XXX"}),
              testchain::IsRejected(RejectCode::kBadArguments));
}

TEST_P(DepositTest, MintsAndBurnsByTheAccountsBankOnly) {
  EXPECT_EQ(available(kRoasterAccount), 100'000);
  EXPECT_EQ(issued("harbour-bank"), 100'000);
  EXPECT_THAT(mint(lake, kRoasterAccount, 5), FailsWith(Error::kNotBank));
  EXPECT_THAT(mint(roaster, kRoasterAccount, 5), FailsWith(StandardError::kRoleRequired));
  EXPECT_THAT(mint(harbour, "harbour-bank/nobody/USD", 5), FailsWith(Error::kAccountNotFound));
  EXPECT_THAT(mint(harbour, "harbour-bank", 5), FailsWith(Error::kAccountMalformed));
  EXPECT_THAT(mint(harbour, kRoasterAccount, -5), FailsWith(Error::kAmountNotPositive));
  EXPECT_THAT(chain->call<method::Mint>(harbour, "deposit", {kRoasterAccount, {"EUR", 5}, ""}),
              FailsWith(StandardError::kCurrencyMismatch));

  const auto burnt = chain->call<method::Burn>(harbour, "deposit", {kRoasterAccount, usd(40), "w"});
  EXPECT_THAT(burnt, Emits(Burnt{kRoasterAccount, usd(40), "w"}));
  EXPECT_EQ(available(kRoasterAccount), 99'960);
  EXPECT_EQ(issued("harbour-bank"), 99'960);
  const auto too_much =
      chain->call<method::Burn>(harbour, "deposit", {kRoasterAccount, usd(99'961), ""});
  EXPECT_THAT(too_much, FailsWith(Error::kInsufficientFunds));
  EXPECT_EQ(too_much.receipt.detail,
            "harbour-bank/roaster/USD has USD 999.60 available, not USD 999.61");
}

TEST_P(DepositTest, TheSumOfABankCannotOverflow) {
  EXPECT_THAT(mint(harbour, kOtherAccount, INT64_MAX - 100'000), Succeeds());
  EXPECT_THAT(mint(harbour, kOtherAccount, 1), FailsWith(StandardError::kAmountOutOfRange));
  EXPECT_EQ(issued("harbour-bank"), INT64_MAX);
}

TEST_P(DepositTest, TransfersWithinABank) {
  EXPECT_THAT(transfer(roaster, kRoasterAccount, kOtherAccount, usd(30'000)),
              Emits(Transferred{kRoasterAccount, kOtherAccount, usd(30'000), "invoice 7"}));
  EXPECT_EQ(available(kRoasterAccount), 70'000);
  EXPECT_EQ(available(kOtherAccount), 30'000);
  expect_balanced();
}

TEST_P(DepositTest, RefusesTransfersThatTheHolderMayNotMake) {
  EXPECT_THAT(transfer(roaster, kRoasterAccount, kOtherAccount, usd(100'001)),
              FailsWith(Error::kInsufficientFunds));
  EXPECT_THAT(transfer(trader, kRoasterAccount, kOtherAccount, usd(1)),
              FailsWith(Error::kNotHolder));
  EXPECT_THAT(transfer(harbour, kRoasterAccount, kOtherAccount, usd(1)),
              FailsWith(Error::kNotHolder));
  EXPECT_THAT(transfer(roaster, kRoasterAccount, kRoasterAccount, usd(1)),
              FailsWith(Error::kSameAccount));
  EXPECT_THAT(transfer(roaster, kRoasterAccount, "harbour-bank/nobody/USD", usd(1)),
              FailsWith(Error::kAccountNotFound));
  EXPECT_THAT(transfer(roaster, kRoasterAccount, kOtherAccount, usd(-1)),
              FailsWith(Error::kAmountNotPositive));
  EXPECT_THAT(transfer(roaster, kRoasterAccount, "harbour-bank/trader/EUR", usd(1)),
              FailsWith(StandardError::kCurrencyMismatch));
  EXPECT_EQ(available(kRoasterAccount), 100'000);
  expect_balanced();
}

TEST_P(DepositTest, ABlockedAccountPaysNothingButReceives) {
  EXPECT_THAT(chain->call<method::SetBlocked>(lake, "deposit", {kRoasterAccount, true, "x"}),
              FailsWith(Error::kNotBank));
  EXPECT_THAT(
      chain->call<method::SetBlocked>(harbour, "deposit", {kRoasterAccount, true, "court order"}),
      Emits(AccountBlocked{kRoasterAccount, true, "court order"}));
  EXPECT_THAT(transfer(roaster, kRoasterAccount, kOtherAccount, usd(1)),
              FailsWith(Error::kAccountBlocked));
  EXPECT_THAT(mint(harbour, kRoasterAccount, 1), Succeeds());
  EXPECT_THAT(chain->call<method::SetBlocked>(harbour, "deposit", {kRoasterAccount, false, ""}),
              Succeeds());
  EXPECT_THAT(transfer(roaster, kRoasterAccount, kOtherAccount, usd(1)), Succeeds());
}

TEST_P(DepositTest, AContractCannotTransferItsUsersMoney) {
  EXPECT_THAT(
      through_contract<method::Transfer>(roaster, {kRoasterAccount, kOtherAccount, usd(1), ""}),
      failed_with(Error::kNotForContracts));
  EXPECT_THAT(through_contract<method::Mint>(harbour, {kRoasterAccount, usd(1), ""}),
              failed_with(Error::kNotForContracts));
  EXPECT_EQ(available(kRoasterAccount), 100'000);
}

TEST_P(DepositTest, KeepsEachAccountInAScopeOfItsOwn) {
  ASSERT_THAT(transfer(roaster, kRoasterAccount, kOtherAccount, usd(1)), Succeeds());
  const auto record = chain->record<Account>("deposit", "account/" + std::string(kRoasterAccount));
  ASSERT_TRUE(record);
  EXPECT_EQ(*record, (Account{usd(99'999), usd(0), false}));
}

}  // namespace
}  // namespace usance::deposit::v1
