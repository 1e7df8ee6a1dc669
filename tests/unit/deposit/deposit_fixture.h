// Two banks, their clients, and the probe as a contract that holds money.
#pragma once

#include <gtest/gtest.h>

#include "contracts/testchain/chain.h"
#include "contracts/testchain/matchers.h"
#include "deposit/deposit.usance.h"
#include "probe/probe.usance.h"

namespace usance::deposit::v1 {

using testchain::Caller;
using testchain::Emits;
using testchain::FailsWith;
using testchain::Succeeds;
using ::testing::Not;

class DepositTest : public ::testing::TestWithParam<testchain::Kind> {
 protected:
  static constexpr const char* kRoasterAccount = "harbour-bank/roaster/USD";
  static constexpr const char* kOtherAccount = "harbour-bank/trader/USD";
  static constexpr const char* kExporterAccount = "lake-bank/exporter/USD";

  const Caller harbour{"harbour-bank", "harriet"};
  const Caller harbour_admin{"harbour-bank", "ada"};
  const Caller lake{"lake-bank", "lwanga"};
  const Caller roaster{"roaster", "rosa"};
  const Caller trader{"trader", "tom"};
  const Caller exporter{"exporter", "esther"};

  void SetUp() override {
    const std::vector<std::string> both{"maker", "checker"};
    chain = testchain::make_chain(
        GetParam(),
        {.members = {{harbour, {"bank"}, both},
                     {harbour_admin, {}, {"admin"}},
                     {lake, {"bank"}, both},
                     {roaster, {"corporate"}, {"maker"}},
                     {trader, {"corporate"}, {"maker"}},
                     {exporter, {"corporate"}, {"maker"}}},
         .contracts = {{"deposit", &invoke, {}},
                       {"probe", &probe::v1::invoke, USANCE_BINARY_DIR "/wasm/test/probe.wasm"}}});
    open(harbour, "roaster");
    open(harbour, "trader");
    open(lake, "exporter");
    ASSERT_THAT(mint(harbour, kRoasterAccount, 100'000), Succeeds());
  }

  static sdk::Money usd(std::int64_t cents) { return {"USD", cents}; }

  void open(const Caller& bank, const std::string& holder) {
    ASSERT_THAT(chain->call<method::OpenAccount>(bank, "deposit", {holder, "USD"}), Succeeds());
  }
  testchain::Outcome mint(const Caller& bank, const std::string& account, std::int64_t cents) {
    return chain->call<method::Mint>(bank, "deposit", {account, usd(cents), "deposit slip"});
  }
  testchain::Outcome transfer(const Caller& who, const std::string& from, const std::string& to,
                              const sdk::Money& amount) {
    return chain->call<method::Transfer>(who, "deposit", {from, to, amount, "invoice 7"});
  }
  void grant(const Caller& creditor, const std::string& debtor, std::int64_t cents) {
    ASSERT_THAT(chain->call<method::GrantLimit>(creditor, "deposit", {debtor, usd(cents)}),
                Succeeds());
  }
  // Through the probe, as another contract would.
  template <class Method>
  probe::v1::ForwardReply through_contract(const Caller& who,
                                           const typename Method::Request& request) {
    const auto reply = chain->call<probe::v1::method::Forward>(
        who, "probe",
        {"deposit", std::string(Method::kRules.name), contract::to_wire(request), false});
    EXPECT_THAT(reply, Succeeds());
    return reply.response;
  }
  static testing::Matcher<const probe::v1::ForwardReply&> failed_with(Error error) {
    return testing::Truly([error](const probe::v1::ForwardReply& reply) {
      return reply.status == 1 && reply.code == static_cast<std::int32_t>(error);
    });
  }

  Account account(const std::string& id) {
    return chain->view<method::GetAccount>(harbour, "deposit", {id}).response;
  }
  std::int64_t available(const std::string& id) { return account(id).available.minor_units; }
  std::int64_t held(const std::string& id) { return account(id).held.minor_units; }
  std::int64_t issued(const std::string& bank) {
    return chain->view<method::GetLedger>(harbour, "deposit", {bank, "USD"})
        .response.issued.minor_units;
  }
  Position position(const std::string& debtor, const std::string& creditor) {
    return chain->view<method::GetPosition>(harbour, "deposit", {debtor, creditor, "USD"}).response;
  }
  // The sum of a bank's accounts, held parts included, is its ledger.
  void expect_balanced() {
    EXPECT_EQ(issued("harbour-bank"), available(kRoasterAccount) + held(kRoasterAccount) +
                                          available(kOtherAccount) + held(kOtherAccount));
    EXPECT_EQ(issued("lake-bank"), available(kExporterAccount) + held(kExporterAccount));
  }

  std::unique_ptr<testchain::Chain> chain;
};

}  // namespace usance::deposit::v1
