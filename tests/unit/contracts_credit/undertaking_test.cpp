// Transitions 19 and 20: deferred payment, acceptance and mixed payment fall due by themselves.
#include "banks_fixture.h"

namespace usance::letter_of_credit::v1::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class UndertakingTest : public BanksTest {
 protected:
  // Presented on Thursday 4 March and found complying.
  void comply(const Terms& terms, std::uint32_t margin_bp = 0) {
    issue_and_advise(terms, margin_bp);
    advance(at(day(2027, 3, 4), 11));
    const auto presented = present(complying_set());
    ASSERT_THAT(presented, Succeeds()) << presented.receipt.detail;
    ASSERT_THAT(mark_complying(), Succeeds());
  }
  // Local midnight in Hamburg's summer.
  static std::int64_t midnight(Date date) { return at(date, 0) - kHourMs; }
};
USANCE_ON_EVERY_CHAIN(UndertakingTest);

// An assignee whose bank keeps no account for it does not keep the beneficiary from its money.
TEST_P(UndertakingTest, WhoCannotBePaidAtMaturityKeepsNobodyElseWaiting) {
  issue_and_advise(deferred_terms(20));
  assign_to_lender(elbe_checker, 3'000);
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  ASSERT_THAT(mark_complying(), Succeeds());
  ASSERT_THAT(undertake(), Succeeds());
  advance(at(day(2027, 3, 30), 11));
  EXPECT_EQ(available(exporter_account), 70'000'00);
  EXPECT_EQ(presentation_state(), PresentationState::kUndertaken);
  EXPECT_THAT(presentation().undertakings[0].unpaid_because, HasSubstr("coffee-lender"));
  ASSERT_THAT(chain->call<deposit::v1::method::OpenAccount>(nile_maker, "deposit",
                                                            {"coffee-lender", "USD"}),
              Succeeds());
  ASSERT_THAT(call<method::PayAtMaturity>(elbe_checker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_EQ(available("nile-bank/coffee-lender/USD"), 30'000'00);
  EXPECT_EQ(available(exporter_account), 70'000'00);
}

// The same at sight: an assignment takes nothing from the beneficiary's right to its proceeds
// (Art. 39). The share stays owed to the assignee.
TEST_P(UndertakingTest, AnAssigneeWithoutAnAccountDoesNotStopAPaymentAtSight) {
  issue_and_advise();
  assign_to_lender(elbe_checker, 3'000);
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  ASSERT_THAT(mark_complying(), Succeeds());
  const auto honoured = honour();
  ASSERT_THAT(honoured, Succeeds()) << honoured.receipt.detail;
  EXPECT_EQ(honoured.response.state, PresentationState::kUndertaken);
  EXPECT_EQ(available(exporter_account), 70'000'00);
  EXPECT_EQ(presentation().paid, 70'000'00);
  EXPECT_EQ(presentation().committed, 30'000'00);
  ASSERT_THAT(presentation().undertakings, SizeIs(1));
  EXPECT_THAT(presentation().undertakings[0].unpaid_because, HasSubstr("coffee-lender"));
  EXPECT_THAT(tasks(kElbe), ElementsAre(Task::kPayAtMaturityDue));
  EXPECT_EQ(state(), CreditState::kAdvised);
  EXPECT_THAT(honour(), FailsWith(Error::kWrongState));
  const auto pay = [&] {
    return call<method::PayAtMaturity>(elbe_checker, {std::string(kCredit), 1});
  };
  EXPECT_THAT(pay(), FailsWith(Error::kCannotPay));
  ASSERT_THAT(chain->call<deposit::v1::method::OpenAccount>(nile_maker, "deposit",
                                                            {"coffee-lender", "USD"}),
              Succeeds());
  ASSERT_THAT(pay(), Succeeds());
  EXPECT_EQ(available("nile-bank/coffee-lender/USD"), 30'000'00);
  EXPECT_EQ(available(exporter_account), 70'000'00);
  EXPECT_EQ(presentation_state(), PresentationState::kHonoured);
  EXPECT_EQ(state(), CreditState::kExhausted);
  EXPECT_THAT(pay(), FailsWith(Error::kWrongState));
}

// A bank without the money pays nobody a part of it: the presentation stays as it was.
TEST_P(UndertakingTest, ABankShortOfFundsPaysNobodyAtSight) {
  namespace dm = deposit::v1::method;
  issue_and_advise();
  assign_to_lender(elbe_checker, 3'000);
  ASSERT_THAT(chain->call<dm::OpenAccount>(nile_maker, "deposit", {"coffee-lender", "USD"}),
              Succeeds());
  for (const std::string& account : {roaster_account, elbe_account}) {
    const std::int64_t all = available(account);
    if (all == 0) continue;
    ASSERT_THAT(chain->call<dm::Burn>(elbe_maker, "deposit", {account, usd(all), "withdrawn"}),
                Succeeds());
  }
  mint(elbe_maker, elbe_account, 50'000'00);
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  ASSERT_THAT(mark_complying(), Succeeds());
  EXPECT_THAT(honour(), FailsWith(Error::kCannotPay));
  EXPECT_EQ(presentation_state(), PresentationState::kComplying);
  EXPECT_EQ(available("nile-bank/coffee-lender/USD"), 0);
  mint(elbe_maker, elbe_account, 50'000'00);
  EXPECT_THAT(honour(), Succeeds());
  EXPECT_EQ(available(exporter_account), 70'000'00);
}

TEST_P(UndertakingTest, ADeferredPaymentFallsDueByItselfOnceAndOnABankingDay) {
  comply(deferred_terms());
  const auto undertaken = undertake();
  ASSERT_THAT(undertaken, Succeeds()) << undertaken.receipt.detail;
  EXPECT_EQ(undertaken.response.state, PresentationState::kUndertaken);
  EXPECT_EQ(credit().committed, 100'000'00);
  EXPECT_EQ(available(exporter_account), 0);
  // On board 1 March, which does not count: the 90th day is Sunday 30 May.
  const Presentation owing = presentation();
  ASSERT_THAT(owing.undertakings, SizeIs(1));
  EXPECT_EQ(owing.undertakings[0].kind, UndertakingKind::kDeferredUndertaking);
  EXPECT_EQ(owing.undertakings[0].maturity, day(2027, 5, 31));
  EXPECT_THAT(tasks(kElbe), ElementsAre(Task::kPayAtMaturityDue));

  advance(midnight(day(2027, 5, 31)) - 1);
  EXPECT_EQ(presentation_state(), PresentationState::kUndertaken);
  const auto fired = advance(midnight(day(2027, 5, 31)));
  ASSERT_THAT(fired, SizeIs(1));
  const auto event = fired[0].event<CreditChanged>();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->action, Action::kPayAtMaturity);
  EXPECT_EQ(event->role, PartyRole::kLedgerTimer);
  EXPECT_EQ(available(exporter_account), 100'000'00);
  EXPECT_EQ(available(elbe_account), 100'000'00);
  EXPECT_EQ(presentation_state(), PresentationState::kHonoured);
  EXPECT_EQ(credit().honoured, 100'000'00);
  EXPECT_EQ(credit().committed, 0);

  EXPECT_THAT(call<method::PayAtMaturity>(elbe_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kWrongState));
  EXPECT_THAT(honour(), FailsWith(Error::kWrongState));
  EXPECT_THAT(advance(at(day(2027, 12, 1), 9)), IsEmpty());
  EXPECT_EQ(available(exporter_account), 100'000'00);
  EXPECT_THAT(call<method::Close>(elbe_maker, {std::string(kCredit)}), Succeeds());
}

TEST_P(UndertakingTest, TheCreditDoesNotCloseOverAnUndertaking) {
  comply(deferred_terms());
  ASSERT_THAT(undertake(), Succeeds());
  advance(at(day(2027, 4, 10), 11));
  EXPECT_EQ(state(), CreditState::kExpired);
  EXPECT_THAT(call<method::Close>(elbe_maker, {std::string(kCredit)}),
              FailsWith(Error::kPresentationOpen));
}

TEST_P(UndertakingTest, ADraftIsAcceptedAndCountsFromSight) {
  Terms terms = coffee_terms();
  terms.available_by = AvailableBy::kAcceptance;
  terms.drafts_at = "60 days after sight";
  terms.drawee.organisation = kElbe;
  terms.payment = {{0, {TenorFrom::kAfterSight, 60, {}}}};
  comply(terms);
  ASSERT_THAT(undertake(), Succeeds());
  ASSERT_THAT(presentation().undertakings, SizeIs(1));
  EXPECT_EQ(presentation().undertakings[0].kind, UndertakingKind::kAcceptedDraft);
  EXPECT_EQ(presentation().undertakings[0].maturity, day(2027, 5, 3));  // 4 March and 60 days
}

TEST_P(UndertakingTest, MixedPaymentIsPaidInPartsThatAreTheWhole) {
  Terms terms = coffee_terms();
  terms.available_by = AvailableBy::kMixedPayment;
  terms.amount = usd(100'000'01);
  terms.payment = {{3'333, {}},
                   {3'333, {TenorFrom::kAfterInvoiceDate, 30, {}}},
                   {3'334, {TenorFrom::kOnFixedDate, 0, day(2027, 6, 1)}}};
  issue_and_advise(terms);
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  ASSERT_THAT(mark_complying(), Succeeds());
  const auto at_sight = honour();
  EXPECT_THAT(at_sight, FailsWith(Error::kNotAvailableSo));
  EXPECT_THAT(at_sight.receipt.detail, HasSubstr("; use Undertake"));
  const auto undertaken = undertake();
  ASSERT_THAT(undertaken, Succeeds()) << undertaken.receipt.detail;
  EXPECT_EQ(available(exporter_account), 33'330'00);
  advance(at(day(2027, 3, 29), 11));  // invoice of 26 February: 28 March is a Sunday
  EXPECT_EQ(available(exporter_account), 66'660'00);
  EXPECT_EQ(presentation_state(), PresentationState::kUndertaken);
  advance(at(day(2027, 6, 1), 11));
  EXPECT_EQ(available(exporter_account), 100'000'00);
  EXPECT_EQ(presentation_state(), PresentationState::kHonoured);
}

TEST_P(UndertakingTest, TheMarginIsTakenFirst) {
  comply(deferred_terms(), 4'000);
  ASSERT_THAT(undertake(), Succeeds());
  advance(at(day(2027, 6, 1), 11));
  EXPECT_EQ(available(exporter_account), 100'000'00);
  EXPECT_EQ(held(roaster_account), 0);
  EXPECT_EQ(available(roaster_account), 110'000'00);
  EXPECT_EQ(available(elbe_account), 140'000'00);
}

TEST_P(UndertakingTest, AHoldStopsTheMoneyAndNotTheDebt) {
  comply(deferred_terms());
  ASSERT_THAT(undertake(), Succeeds());
  ASSERT_THAT(call<method::HoldPayment>(elbe_checker, {std::string(kCredit), "CASE-9"}),
              Succeeds());
  const auto fired = advance(at(day(2027, 5, 31), 11));
  const auto missed = fired.back().event<CreditChanged>();
  ASSERT_TRUE(missed);
  EXPECT_EQ(missed->action, Action::kMissMaturity);
  EXPECT_EQ(available(exporter_account), 0);
  EXPECT_THAT(presentation().undertakings[0].unpaid_because, HasSubstr("CASE-9"));
  const auto work = view<method::WorkList>({std::string(kElbe)}).entries;
  ASSERT_THAT(work, Not(IsEmpty()));
  EXPECT_EQ(work[0].item.task, Task::kPayAtMaturityDue);
  EXPECT_TRUE(work[0].overdue);
  // The credit has expired, and its books stay open as long as the bank owes.
  EXPECT_THAT(tasks(kElbe), Not(Contains(Task::kCloseBooks)));
  EXPECT_THAT(call<method::PayAtMaturity>(elbe_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kPaymentOnHold));
  ASSERT_THAT(call<method::ReleasePayment>(elbe_checker, {std::string(kCredit)}), Succeeds());
  EXPECT_THAT(call<method::PayAtMaturity>(nile_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kWrongParty));
  ASSERT_THAT(call<method::PayAtMaturity>(elbe_checker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_EQ(available(exporter_account), 100'000'00);
  EXPECT_THAT(tasks(kElbe), Contains(Task::kCloseBooks));
  EXPECT_THAT(call<method::PayAtMaturity>(elbe_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kWrongState));
}

TEST_P(UndertakingTest, WithoutFundsTheDebtStaysAndIsNamed) {
  comply(deferred_terms(), 4'000);
  ASSERT_THAT(undertake(), Succeeds());
  ASSERT_THAT(chain->call<deposit::v1::method::TrustContract>(
                  elbe_checker, "deposit", {std::string(kContract), true, false}),
              Succeeds());
  advance(at(day(2027, 5, 31), 11));
  // The margin was there; for the rest the contract has no leave to charge the bank.
  EXPECT_EQ(available(exporter_account), 40'000'00);
  EXPECT_EQ(credit().honoured, 40'000'00);
  EXPECT_EQ(credit().committed, 60'000'00);
  EXPECT_THAT(presentation().undertakings[0].unpaid_because, HasSubstr("60000.00"));
  EXPECT_THAT(presentation().undertakings[0].unpaid_because,
              HasSubstr("a timer of letter_of_credit is neither the holder nor the bank"));
  ASSERT_THAT(call<method::PayAtMaturity>(elbe_checker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_EQ(available(exporter_account), 100'000'00);
  EXPECT_EQ(presentation_state(), PresentationState::kHonoured);
}

TEST_P(UndertakingTest, AHolidayAnnouncedLaterMovesTheMaturity) {
  comply(deferred_terms());
  ASSERT_THAT(undertake(), Succeeds());
  ASSERT_THAT(call<method::AddHolidays>(elbe_checker, {"DEHAM", {day(2027, 5, 31)}}), Succeeds());
  advance(at(day(2027, 5, 31), 11));
  EXPECT_EQ(available(exporter_account), 0);
  EXPECT_EQ(presentation().undertakings[0].maturity, day(2027, 6, 1));
  advance(at(day(2027, 6, 1), 11));
  EXPECT_EQ(available(exporter_account), 100'000'00);
}

TEST_P(UndertakingTest, APrecludedBankUndertakesAllTheSame) {
  issue_and_advise(deferred_terms());
  advance(at(day(2027, 3, 4), 11));
  std::vector<Document> documents = complying_set();
  documents[1].transport.port_of_discharge = "Rotterdam";
  ASSERT_THAT(present(documents), Succeeds());
  advance(at(day(2027, 3, 11), 18));
  EXPECT_EQ(presentation_state(), PresentationState::kPrecluded);
  ASSERT_THAT(undertake(), Succeeds());
  advance(at(day(2027, 5, 31), 11));
  EXPECT_EQ(available(exporter_account), 100'000'00);
}

TEST_P(UndertakingTest, EachAvailabilityHasItsOwnWay) {
  comply(coffee_terms());
  EXPECT_THAT(undertake(), FailsWith(Error::kNotAvailableSo));
  EXPECT_THAT(call<method::Negotiate>(elbe_checker, {std::string(kCredit), 1, 0}),
              FailsWith(Error::kNotAvailableSo));
  EXPECT_THAT(call<method::Undertake>(nile_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kWrongParty));
}

TEST_P(UndertakingTest, ASecondPersonUndertakesAndTheDocumentsShowTheDay) {
  issue_and_advise(deferred_terms());
  advance(at(day(2027, 3, 4), 11));
  std::vector<Document> documents = complying_set();
  documents[1].transport.on_board = Date{};
  ASSERT_THAT(present(documents), Succeeds());
  ASSERT_THAT(call<method::MarkComplying>(elbe_both, {std::string(kCredit), 1}), Succeeds());
  EXPECT_THAT(call<method::Undertake>(elbe_both, {std::string(kCredit), 1}),
              FailsWith(Error::kSamePerson));
  EXPECT_THAT(undertake(), FailsWith(Error::kMaturityUnknown));
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
