#include "deposit_fixture.h"

namespace usance::deposit::v1 {
namespace {

using sdk::StandardError;

class EscrowTest : public DepositTest {
 protected:
  void SetUp() override {
    DepositTest::SetUp();
    trust(true);
  }
  void trust(bool trusted) {
    ASSERT_THAT(chain->call<method::TrustContract>(harbour, "deposit", {"probe", trusted}),
                Emits(ContractTrusted{"harbour-bank", "probe", trusted}));
  }
  probe::v1::ForwardReply hold(const Caller& who, const std::string& name, std::int64_t cents) {
    return through_contract<method::Hold>(who, {kRoasterAccount, name, usd(cents)});
  }
  probe::v1::ForwardReply pay(const Caller& who, const std::string& name, const std::string& to,
                              std::int64_t cents) {
    return through_contract<method::Pay>(who, {kRoasterAccount, name, to, usd(cents), "honour"});
  }
  probe::v1::ForwardReply release(const Caller& who, const std::string& name,
                                  std::optional<sdk::Money> amount) {
    return through_contract<method::Release>(who, {kRoasterAccount, name, amount});
  }
};
USANCE_ON_EVERY_CHAIN(EscrowTest);

TEST_P(EscrowTest, HoldsForATrustedContractWithTheHolderOrTheBankBehindIt) {
  EXPECT_EQ(hold(roaster, "lc-1", 60'000).status, 0);
  EXPECT_EQ(hold(harbour, "lc-2", 10'000).status, 0);
  EXPECT_EQ(available(kRoasterAccount), 30'000);
  EXPECT_EQ(held(kRoasterAccount), 70'000);
  EXPECT_EQ(chain->view<method::GetHold>(harbour, "deposit", {kRoasterAccount, "probe", "lc-1"})
                .response.amount,
            usd(60'000));
  EXPECT_THAT(hold(trader, "lc-3", 1), failed_with(Error::kNotAuthorised));
  EXPECT_THAT(hold(roaster, "lc-1", 1), failed_with(Error::kHoldExists));
  EXPECT_THAT(hold(roaster, "lc-3", 30'001), failed_with(Error::kInsufficientFunds));
  EXPECT_THAT(transfer(roaster, kRoasterAccount, kOtherAccount, usd(30'001)),
              FailsWith(Error::kInsufficientFunds));
  expect_balanced();
}

TEST_P(EscrowTest, TheBankDecidesWhichContractsMayHold) {
  trust(false);
  EXPECT_THAT(hold(roaster, "lc-1", 1), failed_with(Error::kContractNotTrusted));
  EXPECT_THAT(chain->call<method::Hold>(roaster, "deposit", {kRoasterAccount, "x", usd(1)}),
              FailsWith(StandardError::kContractOnly));
  EXPECT_THAT(chain->call<method::TrustContract>(roaster, "deposit", {"probe", true}),
              FailsWith(StandardError::kRoleRequired));
}

TEST_P(EscrowTest, PaysFromTheHoldWhoeverIsBehindTheCall) {
  ASSERT_EQ(hold(roaster, "lc-1", 60'000).status, 0);
  EXPECT_EQ(pay(trader, "lc-1", kOtherAccount, 25'000).status, 0);
  EXPECT_EQ(available(kOtherAccount), 25'000);
  EXPECT_EQ(held(kRoasterAccount), 35'000);
  EXPECT_THAT(pay(trader, "lc-1", kOtherAccount, 35'001), failed_with(Error::kHoldTooSmall));
  EXPECT_THAT(pay(trader, "lc-9", kOtherAccount, 1), failed_with(Error::kHoldNotFound));
  EXPECT_THAT(pay(trader, "lc-1", kRoasterAccount, 1), failed_with(Error::kSameAccount));
  EXPECT_EQ(pay(trader, "lc-1", kOtherAccount, 35'000).status, 0);
  EXPECT_THAT(pay(trader, "lc-1", kOtherAccount, 1), failed_with(Error::kHoldNotFound));
  expect_balanced();
}

TEST_P(EscrowTest, PaysAcrossBanksWithinTheLimit) {
  ASSERT_EQ(hold(roaster, "lc-1", 60'000).status, 0);
  EXPECT_THAT(pay(harbour, "lc-1", kExporterAccount, 60'000), failed_with(Error::kLimitExceeded));
  EXPECT_EQ(held(kRoasterAccount), 60'000);
  grant(lake, "harbour-bank", 60'000);
  EXPECT_EQ(pay(harbour, "lc-1", kExporterAccount, 60'000).status, 0);
  EXPECT_EQ(available(kExporterAccount), 60'000);
  EXPECT_EQ(position("harbour-bank", "lake-bank").first_owes, usd(60'000));
  expect_balanced();
}

TEST_P(EscrowTest, ReleasesAPartOrAllThatIsLeft) {
  ASSERT_EQ(hold(roaster, "lc-1", 60'000).status, 0);
  EXPECT_EQ(release(harbour, "lc-1", usd(10'000)).status, 0);
  EXPECT_EQ(available(kRoasterAccount), 50'000);
  EXPECT_THAT(release(harbour, "lc-1", usd(50'001)), failed_with(Error::kHoldTooSmall));
  EXPECT_EQ(release(harbour, "lc-1", std::nullopt).status, 0);
  EXPECT_EQ(available(kRoasterAccount), 100'000);
  EXPECT_EQ(held(kRoasterAccount), 0);
  EXPECT_THAT(release(harbour, "lc-1", std::nullopt), failed_with(Error::kHoldNotFound));
}

TEST_P(EscrowTest, ReleasesByTimerWithNobodyBehindTheCall) {
  ASSERT_EQ(hold(roaster, "lc-1", 60'000).status, 0);
  const ReleaseRequest all{kRoasterAccount, "lc-1", std::nullopt};
  ASSERT_THAT(chain->call<probe::v1::method::ForwardLater>(
                  roaster, "probe",
                  {chain->now_ms() + 1'000, {"deposit", "Release", contract::to_wire(all), true}}),
              Succeeds());
  EXPECT_TRUE(chain->advance_by(999).empty());
  const auto fired = chain->advance_by(1);
  ASSERT_EQ(fired.size(), 1U);
  EXPECT_THAT(fired[0], Emits(Released{kRoasterAccount, "probe", "lc-1", usd(60'000)}));
  EXPECT_EQ(available(kRoasterAccount), 100'000);
}

TEST_P(EscrowTest, ABlockedAccountCannotHoldMoreButItsHoldsArePaid) {
  ASSERT_EQ(hold(roaster, "lc-1", 60'000).status, 0);
  ASSERT_THAT(chain->call<method::SetBlocked>(harbour, "deposit", {kRoasterAccount, true, ""}),
              Succeeds());
  EXPECT_THAT(hold(roaster, "lc-2", 1), failed_with(Error::kAccountBlocked));
  EXPECT_EQ(pay(harbour, "lc-1", kOtherAccount, 60'000).status, 0);
}

}  // namespace
}  // namespace usance::deposit::v1
