// Transitions 9, 24 and 25: cancelling by consent, expiring by itself, closing the books.
#include "credit_fixture.h"

namespace usance::letter_of_credit::v1::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EndingTest : public CreditTest {};
USANCE_ON_EVERY_CHAIN(EndingTest);

TEST_P(EndingTest, ACreditExpiresByItselfAtTheCloseOfItsLastDay) {
  issue_and_advise(coffee_terms(), 10'000);
  EXPECT_EQ(held(roaster_account), 100'000'00);
  const std::int64_t close = day(2027, 3, 31).start_ms() + 15 * kHourMs;  // 17:00, summer time
  EXPECT_THAT(advance(close - 1), IsEmpty());
  const auto early = call<method::Expire>(outsider, {std::string(kCredit)});
  EXPECT_THAT(early, FailsWith(Error::kNotYet));
  EXPECT_EQ(state(), CreditState::kAdvised);

  const auto fired = advance(close);
  ASSERT_THAT(fired, SizeIs(1));
  const auto event = fired[0].event<CreditChanged>();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->action, Action::kExpire);
  EXPECT_EQ(event->role, PartyRole::kLedgerTimer);
  EXPECT_EQ(event->amount, usd(100'000'00));
  EXPECT_EQ(state(), CreditState::kExpired);
  EXPECT_EQ(held(roaster_account), 0);
  EXPECT_EQ(available(roaster_account), 150'000'00);
  EXPECT_THAT(tasks(kElbe), ElementsAre(Task::kCloseBooks));
  ASSERT_THAT(call<method::Close>(elbe_maker, {std::string(kCredit)}), Succeeds());
  EXPECT_EQ(state(), CreditState::kClosed);
}

// A.8 case 2: expiry on a Sunday.
TEST_P(EndingTest, AnExpiryOnSundayIsMonday) {
  Terms terms = coffee_terms();
  terms.expiry_date = day(2027, 3, 14);
  terms.latest_shipment = day(2027, 3, 13);
  issue_and_advise(terms);
  EXPECT_THAT(advance(at(day(2027, 3, 15), 16, 59)), IsEmpty());
  std::vector<Document> documents = complying_set();
  documents[1].transport.on_board = day(2027, 3, 14);
  documents[1].date = day(2027, 3, 14);
  const auto presented = present(documents);
  ASSERT_THAT(presented, Succeeds());
  EXPECT_THAT(codes(presented.response.findings), ElementsAre(DiscrepancyCode::kLateShipment));
  EXPECT_THAT(advance(at(day(2027, 3, 15), 17)), SizeIs(1));
  EXPECT_EQ(state(), CreditState::kExpired);
}

TEST_P(EndingTest, AHolidayAnnouncedLaterMovesTheExpiry) {
  issue_and_advise();
  ASSERT_THAT(call<method::AddHolidays>(elbe_checker, {"DEHAM", {day(2027, 3, 31)}}), Succeeds());
  advance(day(2027, 3, 31).start_ms() + 15 * kHourMs);
  EXPECT_EQ(state(), CreditState::kAdvised);
  advance(day(2027, 4, 1).start_ms() + 15 * kHourMs);
  EXPECT_EQ(state(), CreditState::kExpired);
}

// A.8 case 3: the expiry falls into a strike that closes the bank.
TEST_P(EndingTest, AStrikeOverTheExpiryDoesNotExtendIt) {
  issue_and_advise();
  ASSERT_THAT(call<method::DeclareInterruption>(
                  elbe_checker, {"DEHAM", day(2027, 3, 30), day(2027, 4, 1), "strike"}),
              Succeeds());
  advance(at(day(2027, 3, 30), 12));
  std::vector<Document> documents = complying_set();
  documents[1].transport.on_board = day(2027, 3, 12);
  const auto presented = present(documents);  // the bank is closed: counts on reopening
  ASSERT_THAT(presented, Succeeds());
  EXPECT_THAT(codes(presented.response.findings), ElementsAre(DiscrepancyCode::kCreditExpired));
  advance(day(2027, 4, 2).start_ms() + 8 * kHourMs);
  EXPECT_EQ(state(), CreditState::kExpired);
}

TEST_P(EndingTest, APresentationMadeInTimeOutlivesTheExpiry) {
  Terms terms = coffee_terms();
  terms.expiry_date = day(2027, 3, 16);
  issue_and_advise(terms, 10'000);
  advance(at(day(2027, 3, 15), 12));
  ASSERT_THAT(present(complying_set()), Succeeds());
  advance(at(day(2027, 3, 16), 17));
  EXPECT_EQ(state(), CreditState::kExpired);
  EXPECT_EQ(held(roaster_account), 100'000'00);  // still needed
  EXPECT_THAT(call<method::Close>(elbe_maker, {std::string(kCredit)}),
              FailsWith(Error::kPresentationOpen));
  ASSERT_THAT(mark_complying(), Succeeds());
  ASSERT_THAT(honour(), Succeeds());
  EXPECT_EQ(available(exporter_account), 100'000'00);
  EXPECT_EQ(state(), CreditState::kExpired);
  EXPECT_THAT(call<method::Close>(elbe_maker, {std::string(kCredit)}), Succeeds());
}

TEST_P(EndingTest, AfterTheExpiryAPresentationIsReceivedAndDiscrepant) {
  issue_and_advise();
  advance(at(day(2027, 4, 5), 12));
  const auto presented = present(complying_set());
  ASSERT_THAT(presented, Succeeds());
  EXPECT_THAT(codes(presented.response.findings),
              ElementsAre(DiscrepancyCode::kCreditExpired, DiscrepancyCode::kLatePresentation));
  EXPECT_THAT(refuse(), Succeeds());
}

TEST_P(EndingTest, CancellingNeedsTheBeneficiarysConsent) {
  issue_and_advise(coffee_terms(), 10'000);
  const auto alone = cancel();
  EXPECT_THAT(alone, FailsWith(Error::kConsentMissing));
  EXPECT_EQ(alone.receipt.detail,
            "cancelling elbe-bank/ELB-2027-0001 needs the consent of Kampala Coffee Exporters Ltd "
            "(Art. 10(a))");
  EXPECT_THAT(call<method::ConsentToCancellation>(roaster, {std::string(kCredit)}),
              FailsWith(Error::kWrongParty));
  ASSERT_THAT(call<method::ConsentToCancellation>(exporter, {std::string(kCredit)}), Succeeds());
  EXPECT_THAT(call<method::Cancel>(outsider, {std::string(kCredit), ""}),
              FailsWith(Error::kWrongParty));
  ASSERT_THAT(cancel(), Succeeds());
  EXPECT_EQ(state(), CreditState::kCancelled);
  EXPECT_EQ(available(roaster_account), 150'000'00);
  EXPECT_THAT(advance(at(day(2027, 4, 2), 12)), IsEmpty());  // the timer is gone
  EXPECT_THAT(present(complying_set()), FailsWith(Error::kWrongState));
}

TEST_P(EndingTest, APresentationWithdrawsTheConsent) {
  issue_and_advise();
  ASSERT_THAT(call<method::ConsentToCancellation>(exporter, {std::string(kCredit)}), Succeeds());
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  EXPECT_THAT(cancel(), FailsWith(Error::kConsentMissing));
  ASSERT_THAT(call<method::ConsentToCancellation>(exporter, {std::string(kCredit)}), Succeeds());
  const auto open = cancel();
  EXPECT_THAT(open, FailsWith(Error::kPresentationOpen));
  EXPECT_EQ(open.receipt.detail, "presentation 1 of elbe-bank/ELB-2027-0001 is still RECEIVED");
}

TEST_P(EndingTest, ALivingCreditIsNotClosedAndAClosedOneIsOver) {
  issue_and_advise();
  EXPECT_THAT(call<method::Close>(elbe_maker, {std::string(kCredit)}),
              FailsWith(Error::kWrongState));
  advance(at(day(2027, 4, 2), 12));
  EXPECT_THAT(call<method::Close>(nile_maker, {std::string(kCredit)}),
              FailsWith(Error::kWrongParty));
  ASSERT_THAT(call<method::Close>(elbe_maker, {std::string(kCredit)}), Succeeds());
  EXPECT_THAT(present(complying_set()), FailsWith(Error::kWrongState));
  EXPECT_THAT(call<method::Expire>(outsider, {std::string(kCredit)}),
              FailsWith(Error::kWrongState));
  EXPECT_THAT(call<method::Close>(elbe_maker, {std::string(kCredit)}),
              FailsWith(Error::kWrongState));
  EXPECT_THAT(advise(), FailsWith(Error::kWrongState));
}

TEST_P(EndingTest, CalendarsAreTheBanksOwnAndForTheFuture) {
  EXPECT_THAT(call<method::AddHolidays>(elbe_checker, {"DEHAM", {day(2027, 2, 15)}}),
              FailsWith(Error::kBadCalendar));
  EXPECT_THAT(call<method::AddHolidays>(nile_checker, {"DEHAM", {day(2027, 3, 1)}}),
              FailsWith(Error::kNoCalendar));
  const Calendar now = hamburg();
  std::vector<UtcOffset> offsets = now.offsets;
  EXPECT_THAT(call<method::SetCalendar>(elbe_checker, {"DEHAM", offsets, 1'020, {5, 6, 7}}),
              FailsWith(Error::kBadCalendar));  // a weekend of credits that run
  EXPECT_THAT(call<method::SetCalendar>(elbe_checker, {"DEHAM", offsets, 600, {6, 7}}),
              FailsWith(Error::kBadCalendar));
  offsets.push_back({day(2027, 10, 31), 60});
  EXPECT_THAT(call<method::SetCalendar>(elbe_checker, {"DEHAM", offsets, 1'020, {6, 7}}),
              Succeeds());
  offsets[0].minutes = 0;
  EXPECT_THAT(call<method::SetCalendar>(elbe_checker, {"DEHAM", offsets, 1'020, {6, 7}}),
              FailsWith(Error::kBadCalendar));
  EXPECT_THAT(call<method::SetCalendar>(elbe_checker, {"DEHAM", {}, 1'020, {6, 7}}),
              FailsWith(Error::kBadCalendar));
  EXPECT_THAT(
      call<method::SetCalendar>(elbe_checker, {"DEHAM", {{day(2027, 1, 1), 900}}, 1'020, {6, 7}}),
      FailsWith(Error::kBadCalendar));
  EXPECT_THAT(
      call<method::SetCalendar>(elbe_checker, {"DEHAM", {{day(2027, 1, 1), 60}}, 1'020, {8}}),
      FailsWith(Error::kBadCalendar));
  EXPECT_THAT(call<method::DeclareInterruption>(
                  elbe_checker, {"DEHAM", day(2027, 2, 14), day(2027, 2, 16), "flood"}),
              FailsWith(Error::kBadCalendar));
  EXPECT_THAT(call<method::DeclareInterruption>(
                  elbe_checker, {"DEHAM", day(2027, 3, 1), day(2027, 6, 1), "flood"}),
              FailsWith(Error::kBadCalendar));
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
