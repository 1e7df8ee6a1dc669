// A ledger with the two banks, the seller and the buyer of the coffee sale, their accounts, and the
// calendar of Hamburg. It begins on Monday 15 February 2027 at 10:00 in Hamburg.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coffee.h"
#include "contracts/letter_of_credit/contract.h"
#include "contracts/testchain/matchers.h"
#include "deposit/deposit.usance.h"

namespace usance::letter_of_credit::v1::test {

using testchain::Caller;
using testchain::FailsWith;
using testchain::Succeeds;

inline constexpr std::string_view kContract = "letter_of_credit";
inline constexpr std::int64_t kHourMs = 3'600'000;

// Instants on Hamburg's winter clock.
inline std::int64_t at(Date date, int hour, int minute = 0) {
  return date.start_ms() + (hour - 1) * kHourMs + minute * 60'000;
}

class CreditTest : public ::testing::TestWithParam<testchain::Kind> {
 protected:
  void SetUp() override;

  template <class Method>
  testchain::Reply<typename Method::Response> call(const Caller& caller,
                                                   const typename Method::Request& request) {
    return chain->call<Method>(caller, std::string(kContract), request);
  }
  template <class Method>
  typename Method::Response view(const typename Method::Request& request) {
    auto reply = chain->view<Method>(auditor, std::string(kContract), request);
    EXPECT_THAT(reply, Succeeds()) << reply.receipt.detail;
    return reply.response;
  }

  // Steps of a credit's life, each as its usual party does it.
  testchain::Reply<CreditReply> draft(const Terms& terms, std::uint32_t margin_bp = 0);
  testchain::Reply<CreditReply> issue(const Terms& terms, std::uint32_t margin_bp = 0);
  testchain::Reply<CreditReply> advise();
  void issue_and_advise(const Terms& terms = coffee_terms(), std::uint32_t margin_bp = 0);
  testchain::Reply<PresentationReply> present(const std::vector<Document>& documents,
                                              std::int64_t claimed = 100'000'00);
  testchain::Reply<PresentationReply> mark_complying(std::uint32_t number = 1);
  testchain::Reply<PresentationReply> refuse(std::uint32_t number = 1,
                                             Disposal disposal = Disposal::kHoldPresenter);
  testchain::Reply<PresentationReply> honour(std::uint32_t number = 1);
  // A share of the exporter's proceeds, in basis points, to "coffee-lender" at the nile bank, which
  // keeps no account for it; the paying bank acknowledges (Art. 39).
  void assign_to_lender(const Caller& paying_bank, std::uint32_t share);
  testchain::Reply<AmendmentReply> amend(const TermsChange& change);  // drafted and proposed
  testchain::Reply<CreditReply> cancel();

  [[nodiscard]] Credit credit();
  [[nodiscard]] CreditState state() { return credit().state; }
  [[nodiscard]] PresentationState presentation_state(std::uint32_t number = 1);
  [[nodiscard]] std::int64_t available(const std::string& account);
  [[nodiscard]] std::int64_t held(const std::string& account);
  [[nodiscard]] std::vector<Task> tasks(std::string_view organisation);
  void mint(const Caller& bank, const std::string& account, std::int64_t minor_units);
  // The clock goes on; every timer that fires must succeed.
  std::vector<testchain::Outcome> advance(std::int64_t to_ms);

  const Caller elbe_maker{std::string(kElbe), "ines"};
  const Caller elbe_checker{std::string(kElbe), "otto"};
  const Caller elbe_second{std::string(kElbe), "olga"};  // a checker too
  const Caller elbe_both{std::string(kElbe), "udo"};     // maker and checker in one person
  const Caller nile_maker{std::string(kNile), "moses"};
  const Caller nile_checker{std::string(kNile), "grace"};
  const Caller exporter{std::string(kExporter), "amina"};
  const Caller exporter_viewer{std::string(kExporter), "vera"};
  const Caller roaster{std::string(kRoaster), "till"};
  const Caller outsider{"lake-bank", "rose"};
  const Caller farmers{"bugisu-farmers", "wanda"};
  const Caller elbe_admin{std::string(kElbe), "ada"};
  const Caller auditor{"ledger-audit", "anna"};

  const std::string roaster_account = "elbe-bank/alster-roasters/USD";
  const std::string elbe_account = "elbe-bank/elbe-bank/USD";
  const std::string exporter_account = "nile-bank/kampala-coffee/USD";

  std::unique_ptr<testchain::Chain> chain;
};

}  // namespace usance::letter_of_credit::v1::test
