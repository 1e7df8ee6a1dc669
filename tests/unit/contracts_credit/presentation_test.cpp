// Transitions 10 to 18: presenting, examining, refusing, preclusion, and payment at sight.
#include "credit_fixture.h"

namespace usance::letter_of_credit::v1::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PresentationTest : public CreditTest {
 protected:
  void SetUp() override {
    CreditTest::SetUp();
    issue_and_advise();
    advance(at(day(2027, 3, 4), 11));  // Thursday
  }

  std::vector<Document> wrong_port() {
    std::vector<Document> documents = complying_set();
    documents[1].transport.port_of_discharge = "Rotterdam";
    return documents;
  }
};
USANCE_ON_EVERY_CHAIN(PresentationTest);

TEST_P(PresentationTest, AComplyingSetIsPaidAtSightFromTheApplicantsAccount) {
  const auto presented = present(complying_set());
  ASSERT_THAT(presented, Succeeds()) << presented.receipt.detail;
  EXPECT_EQ(presented.response.presentation, 1U);
  EXPECT_THAT(presented.response.findings, IsEmpty());
  EXPECT_EQ(presented.response.notice_due, at(day(2027, 3, 11), 17));
  EXPECT_THAT(tasks(kElbe), ElementsAre(Task::kExamineDocuments));

  ASSERT_THAT(mark_complying(), Succeeds());
  EXPECT_EQ(credit().committed, 100'000'00);
  EXPECT_THAT(tasks(kElbe), ElementsAre(Task::kPay));

  const auto honoured = honour();
  ASSERT_THAT(honoured, Succeeds()) << honoured.receipt.detail;
  EXPECT_EQ(honoured.response.paid, usd(100'000'00));
  EXPECT_EQ(available(roaster_account), 50'000'00);
  EXPECT_EQ(available(exporter_account), 100'000'00);
  EXPECT_EQ(credit().honoured, 100'000'00);
  EXPECT_EQ(credit().committed, 0);
  EXPECT_EQ(state(), CreditState::kExhausted);
  EXPECT_EQ(presentation_state(), PresentationState::kHonoured);
  EXPECT_THAT(tasks(kElbe), ElementsAre(Task::kCloseBooks));
  EXPECT_THAT(advance(at(day(2027, 4, 10), 11)), IsEmpty());  // no timer is left

  ASSERT_THAT(call<method::Close>(elbe_maker, {std::string(kCredit)}), Succeeds());
  EXPECT_EQ(state(), CreditState::kClosed);
  EXPECT_THAT(tasks(kElbe), IsEmpty());
}

TEST_P(PresentationTest, ARefusedSetIsReplacedByACorrectedOne) {
  const auto presented = present(wrong_port());
  ASSERT_THAT(presented, Succeeds());
  EXPECT_THAT(codes(presented.response.findings),
              ElementsAre(DiscrepancyCode::kWrongPortOfDischarge));
  const auto refused = refuse();
  ASSERT_THAT(refused, Succeeds()) << refused.receipt.detail;
  EXPECT_EQ(refused.response.state, PresentationState::kRefused);
  const auto event = refused.event<CreditChanged>();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->discrepancies, presented.response.findings);
  EXPECT_EQ(event->disposal, Disposal::kHoldPresenter);
  EXPECT_EQ(event->by, (contract::Actor{"elbe-bank", "otto"}));

  PresentRequest corrected{std::string(kCredit), usd(100'000'00), complying_set(), 1};
  const auto again = call<method::Present>(exporter, corrected);
  ASSERT_THAT(again, Succeeds()) << again.receipt.detail;
  EXPECT_EQ(again.response.presentation, 2U);
  EXPECT_THAT(again.response.findings, IsEmpty());
  ASSERT_THAT(call<method::ReturnDocuments>(elbe_maker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_EQ(presentation_state(1), PresentationState::kReturned);
  ASSERT_THAT(mark_complying(2), Succeeds());
  ASSERT_THAT(honour(2), Succeeds());
  EXPECT_EQ(available(exporter_account), 100'000'00);
}

// A.8 case 5: a notice names two of three discrepancies; the third, later, is barred.
TEST_P(PresentationTest, ASecondNoticeIsBarred) {
  std::vector<Document> documents = complying_set();
  documents[1].transport.port_of_discharge = "Rotterdam";
  documents[1].transport.claused = true;
  ASSERT_THAT(present(documents), Succeeds());
  ASSERT_THAT(refuse(), Succeeds());
  RefuseRequest later;
  later.credit = kCredit;
  later.presentation = 1;
  later.disposal = Disposal::kReturn;
  later.discrepancies.push_back({DiscrepancyCode::kGoodsDiffer, "18(c)", "Commercial invoice",
                                 "goods", "Bugisu AA", "Bugisu A"});
  EXPECT_THAT(call<method::Refuse>(elbe_checker, later), FailsWith(Error::kNoticeAlreadyGiven));
  const Presentation refused = view<method::GetPresentation>({std::string(kCredit), 1});
  EXPECT_THAT(refused.refused_for, SizeIs(2));
}

TEST_P(PresentationTest, ANoticeSaysWhyAndWhatHappensToTheDocuments) {
  ASSERT_THAT(present(wrong_port()), Succeeds());
  EXPECT_THAT(refuse(1, Disposal::kDisposalNotStated), FailsWith(Error::kNoticeDefective));
  RefuseRequest empty;
  empty.credit = kCredit;
  empty.presentation = 1;
  empty.disposal = Disposal::kReturn;
  EXPECT_THAT(call<method::Refuse>(elbe_checker, empty), FailsWith(Error::kNoticeDefective));
  empty.discrepancies.push_back({});  // some discrepancy, nobody knows which
  EXPECT_THAT(call<method::Refuse>(elbe_checker, empty), FailsWith(Error::kNoticeDefective));
  empty.discrepancies[0].found = "the signature differs from the specimen";
  EXPECT_THAT(call<method::Refuse>(elbe_checker, empty), Succeeds());
}

// A.8 case 4: Thursday, weekend, Monday a holiday: due on the second Friday.
TEST_P(PresentationTest, TheNoticeIsDueAtTheCloseOfTheFifthBankingDay) {
  ASSERT_THAT(call<method::AddHolidays>(elbe_checker, {"DEHAM", {day(2027, 3, 8)}}), Succeeds());
  const auto presented = present(wrong_port());
  ASSERT_THAT(presented, Succeeds());
  EXPECT_EQ(presented.response.notice_due, at(day(2027, 3, 12), 17));
  const auto entries = view<method::WorkList>({std::string(kElbe)}).entries;
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(entries[0].banking_days_left, 5U);
  EXPECT_THAT(advance(at(day(2027, 3, 12), 16, 59)), IsEmpty());
  EXPECT_THAT(refuse(), Succeeds());
}

TEST_P(PresentationTest, WithoutANoticeTheBankIsPrecludedByItself) {
  ASSERT_THAT(present(wrong_port()), Succeeds());
  const auto early = call<method::Preclude>(exporter, {std::string(kCredit), 1});
  EXPECT_THAT(early, FailsWith(Error::kNotYet));
  EXPECT_EQ(early.receipt.detail, "PRECLUDE is possible from 2027-03-11 16:00 UTC on");

  const auto fired = advance(at(day(2027, 3, 11), 17));
  ASSERT_THAT(fired, SizeIs(1));
  const auto event = fired[0].event<CreditChanged>();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->action, Action::kPreclude);
  EXPECT_EQ(event->role, PartyRole::kLedgerTimer);
  EXPECT_EQ(event->by, contract::Actor{});
  EXPECT_EQ(presentation_state(), PresentationState::kPrecluded);
  EXPECT_EQ(credit().committed, 100'000'00);

  const auto late = refuse();
  EXPECT_THAT(late, FailsWith(Error::kNoticeLate));
  EXPECT_EQ(late.receipt.detail,
            "the notice was due by 2027-03-11 16:00 UTC, the close of the fifth banking day "
            "(Art. 16(d))");
  ASSERT_THAT(honour(), Succeeds());
  EXPECT_EQ(available(exporter_account), 100'000'00);
}

TEST_P(PresentationTest, APrecludedBankPaysUpToTheBalanceAndNamesTheRest) {
  ASSERT_THAT(present(complying_set(), 120'000'00), Succeeds());
  advance(at(day(2027, 3, 11), 17));
  EXPECT_EQ(credit().committed, 100'000'00);
  const auto honoured = honour();
  ASSERT_THAT(honoured, Succeeds());
  EXPECT_EQ(honoured.event<CreditChanged>()->text,
            "USD 20000.00 is claimed beyond the credit's balance");
  EXPECT_EQ(available(exporter_account), 100'000'00);
}

// A.8 case 10: a hold for sanctions stops money, not the five days.
TEST_P(PresentationTest, AHoldStopsMoneyButNotTheClock) {
  ASSERT_THAT(present(complying_set()), Succeeds());
  advance(at(day(2027, 3, 10), 11));  // day 4
  ASSERT_THAT(call<method::HoldPayment>(elbe_checker, {std::string(kCredit), "CASE-4711"}),
              Succeeds());
  advance(at(day(2027, 3, 12), 11));  // day 6
  EXPECT_EQ(presentation_state(), PresentationState::kPrecluded);
  const auto stopped = honour();
  EXPECT_THAT(stopped, FailsWith(Error::kPaymentOnHold));
  EXPECT_EQ(stopped.receipt.detail, "payment is on hold under case CASE-4711");
  ASSERT_THAT(call<method::ReleasePayment>(elbe_checker, {std::string(kCredit)}), Succeeds());
  EXPECT_THAT(honour(), Succeeds());
}

TEST_P(PresentationTest, MoreThanTheBalanceIsNotTakenUp) {
  const auto presented = present(complying_set(), 100'000'01);
  ASSERT_THAT(presented, Succeeds());
  EXPECT_EQ(codes(presented.response.findings).front(), DiscrepancyCode::kCreditOverdrawn);
  const auto overdrawn = mark_complying();
  EXPECT_THAT(overdrawn, FailsWith(Error::kOverdrawn));
  EXPECT_EQ(overdrawn.receipt.detail,
            "USD 100000.01 is claimed, the balance of the credit is USD 100000.00");
}

TEST_P(PresentationTest, TheBankPaysWithItsOwnMoneyWhenItsClientHasNone) {
  namespace dm = deposit::v1::method;
  ASSERT_THAT(
      chain->call<dm::Burn>(elbe_maker, "deposit", {roaster_account, usd(150'000'00), "withdrawn"}),
      Succeeds());
  ASSERT_THAT(present(complying_set()), Succeeds());
  ASSERT_THAT(mark_complying(), Succeeds());
  const auto stuck = honour();
  EXPECT_THAT(stuck, FailsWith(Error::kCannotPay));
  EXPECT_EQ(presentation_state(), PresentationState::kComplying);
  mint(elbe_maker, elbe_account, 100'000'00);
  ASSERT_THAT(honour(), Succeeds());
  EXPECT_EQ(available(elbe_account), 0);
  EXPECT_EQ(available(exporter_account), 100'000'00);
}

TEST_P(PresentationTest, WhoFoundComplianceDoesNotPay) {
  ASSERT_THAT(present(complying_set()), Succeeds());
  ASSERT_THAT(call<method::MarkComplying>(elbe_checker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_THAT(honour(), FailsWith(Error::kSamePerson));
  EXPECT_THAT(call<method::Honour>(elbe_second, {std::string(kCredit), 1}), Succeeds());
  EXPECT_THAT(call<method::Honour>(elbe_second, {std::string(kCredit), 1}),
              FailsWith(Error::kWrongState));  // once
}

TEST_P(PresentationTest, OnlyTheBeneficiaryOrItsAdvisingBankPresents) {
  PresentRequest request{std::string(kCredit), usd(100'000'00), complying_set(), 0};
  EXPECT_THAT(call<method::Present>(roaster, request), FailsWith(Error::kWrongParty));
  EXPECT_THAT(call<method::Present>(outsider, request), FailsWith(Error::kWrongParty));
  EXPECT_THAT(call<method::Present>(elbe_maker, request), FailsWith(Error::kWrongParty));
  ASSERT_THAT(call<method::Present>(nile_maker, request), Succeeds());
  EXPECT_EQ(view<method::GetPresentation>({std::string(kCredit), 1}).presented_as,
            PartyRole::kAdvisingBank);
}

TEST_P(PresentationTest, AViewerOfAPartyDoesNotAct) {
  PresentRequest request{std::string(kCredit), usd(100'000'00), complying_set(), 0};
  EXPECT_THAT(call<method::Present>(exporter_viewer, request),
              testchain::IsRejected(RejectCode::kNotPermitted));
  EXPECT_THAT(call<method::ConsentToCancellation>(exporter_viewer, {std::string(kCredit)}),
              testchain::IsRejected(RejectCode::kNotPermitted));
}

TEST_P(PresentationTest, OnlyTheExaminingBankDecides) {
  ASSERT_THAT(present(complying_set()), Succeeds());
  const PresentationRequest request{std::string(kCredit), 1};
  EXPECT_THAT(call<method::MarkComplying>(nile_maker, request), FailsWith(Error::kWrongParty));
  EXPECT_THAT(
      call<method::Refuse>(nile_checker, {std::string(kCredit), 1, Disposal::kReturn, {}, true}),
      FailsWith(Error::kWrongParty));
  ASSERT_THAT(mark_complying(), Succeeds());
  EXPECT_THAT(call<method::Honour>(nile_checker, request), FailsWith(Error::kWrongParty));
}

TEST_P(PresentationTest, APresentationIsWellFormed) {
  EXPECT_THAT(present({}), FailsWith(Error::kBadPresentation));
  EXPECT_THAT(present(complying_set(), -1), FailsWith(Error::kBadPresentation));
  std::vector<Document> documents = complying_set();
  documents[0].originals = 0;
  EXPECT_THAT(present(documents), FailsWith(Error::kBadPresentation));
  PresentRequest euros{std::string(kCredit), {"EUR", 1}, complying_set(), 0};
  EXPECT_THAT(call<method::Present>(exporter, euros), FailsWith(Error::kBadPresentation));
  PresentRequest replacing{std::string(kCredit), usd(1), complying_set(), 7};
  const auto unknown = call<method::Present>(exporter, replacing);
  EXPECT_THAT(unknown, FailsWith(Error::kBadPresentation));
  EXPECT_EQ(unknown.receipt.detail, "replaces: there is no such presentation");
  ASSERT_THAT(present(complying_set()), Succeeds());
  replacing.replaces = 1;  // not refused
  EXPECT_THAT(call<method::Present>(exporter, replacing), FailsWith(Error::kBadPresentation));
}

TEST_P(PresentationTest, AfterHoursCountsAsTheNextBankingDay) {
  advance(at(day(2027, 3, 5), 17));  // Friday, closed
  ASSERT_THAT(present(complying_set()), Succeeds());
  const Presentation presentation = view<method::GetPresentation>({std::string(kCredit), 1});
  EXPECT_EQ(presentation.received_on, day(2027, 3, 8));
  EXPECT_EQ(presentation.notice_due_on, day(2027, 3, 15));
}

// ---- Transitions 12, 13 and 16: the applicant's waiver.

TEST_P(PresentationTest, AWaiverIsAdviceAndTheClockRunsOn) {
  ASSERT_THAT(present(wrong_port()), Succeeds());
  const PresentationRequest request{std::string(kCredit), 1};
  EXPECT_THAT(call<method::AnswerWaiver>(roaster, {std::string(kCredit), 1, true}),
              FailsWith(Error::kWrongState));  // nobody has asked
  ASSERT_THAT(call<method::ApproachApplicant>(elbe_maker, request), Succeeds());
  EXPECT_THAT(tasks(kRoaster), ElementsAre(Task::kAnswerWaiverRequest));
  EXPECT_THAT(call<method::AnswerWaiver>(exporter, {std::string(kCredit), 1, true}),
              FailsWith(Error::kWrongParty));
  ASSERT_THAT(call<method::AnswerWaiver>(roaster, {std::string(kCredit), 1, true}), Succeeds());
  EXPECT_EQ(presentation_state(), PresentationState::kWaiverSought);
  advance(at(day(2027, 3, 11), 17));
  EXPECT_EQ(presentation_state(), PresentationState::kPrecluded);
}

TEST_P(PresentationTest, DocumentsHeldForAWaiverAreTakenUpAfterIt) {
  ASSERT_THAT(present(wrong_port()), Succeeds());
  const PresentationRequest request{std::string(kCredit), 1};
  ASSERT_THAT(refuse(1, Disposal::kHoldWaiver), Succeeds());
  EXPECT_THAT(call<method::TakeUp>(elbe_checker, request), FailsWith(Error::kNoWaiver));
  // Nobody has asked the applicant before: the documents that are held for its answer ask.
  EXPECT_THAT(tasks(kRoaster), ElementsAre(Task::kAnswerWaiverRequest));
  ASSERT_THAT(call<method::AnswerWaiver>(roaster, {std::string(kCredit), 1, true}), Succeeds());
  EXPECT_THAT(tasks(kRoaster), IsEmpty());
  EXPECT_THAT(tasks(kElbe), ElementsAre(Task::kDecideOnWaiver));
  ASSERT_THAT(call<method::TakeUp>(elbe_checker, request), Succeeds());
  EXPECT_THAT(tasks(kElbe), ElementsAre(Task::kPay));
  EXPECT_EQ(presentation_state(), PresentationState::kComplying);
  ASSERT_THAT(call<method::Honour>(elbe_second, request), Succeeds());
  EXPECT_EQ(available(exporter_account), 100'000'00);
}

// Art. 16(c)(iii)(b): held for a waiver until the presenter instructs otherwise.
TEST_P(PresentationTest, WhatThePresenterHasCalledBackIsNotTakenUp) {
  ASSERT_THAT(present(wrong_port()), Succeeds());
  const PresentationRequest request{std::string(kCredit), 1};
  EXPECT_THAT(call<method::CallBack>(exporter, request), FailsWith(Error::kWrongState));
  ASSERT_THAT(refuse(1, Disposal::kHoldWaiver), Succeeds());
  ASSERT_THAT(call<method::AnswerWaiver>(roaster, {std::string(kCredit), 1, true}), Succeeds());
  EXPECT_THAT(call<method::CallBack>(roaster, request), FailsWith(Error::kWrongParty));
  ASSERT_THAT(call<method::CallBack>(exporter, request), Succeeds());
  EXPECT_THAT(call<method::CallBack>(exporter, request), FailsWith(Error::kCalledBack));
  EXPECT_THAT(tasks(kElbe), ::testing::Contains(Task::kReturnCalledBack));
  EXPECT_THAT(call<method::TakeUp>(elbe_checker, request), FailsWith(Error::kCalledBack));
  ASSERT_THAT(call<method::ReturnDocuments>(elbe_maker, request), Succeeds());
  EXPECT_THAT(tasks(kElbe), ::testing::Not(::testing::Contains(Task::kReturnCalledBack)));
}

// One shipment is paid once: with a corrected set the first one cannot be taken up as well.
TEST_P(PresentationTest, ReplacedDocumentsAreNotTakenUpAndReplacedOnce) {
  ASSERT_THAT(present(wrong_port()), Succeeds());
  ASSERT_THAT(refuse(1, Disposal::kHoldWaiver), Succeeds());
  const PresentRequest corrected{std::string(kCredit), usd(100'000'00), complying_set(), 1};
  ASSERT_THAT(call<method::Present>(exporter, corrected), Succeeds());
  ASSERT_THAT(call<method::AnswerWaiver>(roaster, {std::string(kCredit), 1, true}), Succeeds());
  EXPECT_THAT(call<method::TakeUp>(elbe_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kCalledBack));
  EXPECT_THAT(call<method::Present>(exporter, corrected), FailsWith(Error::kBadPresentation));
  EXPECT_THAT(mark_complying(2), Succeeds());
  EXPECT_EQ(view<method::GetPresentation>({std::string(kCredit), 1}).replaced_by, 2U);
}

TEST_P(PresentationTest, DocumentsHeldForThePresenterAreNotTakenUp) {
  ASSERT_THAT(present(wrong_port()), Succeeds());
  ASSERT_THAT(refuse(1, Disposal::kHoldPresenter), Succeeds());
  ASSERT_THAT(call<method::AnswerWaiver>(roaster, {std::string(kCredit), 1, true}), Succeeds());
  EXPECT_THAT(call<method::TakeUp>(elbe_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kNoWaiver));
}

// ---- The margin.

TEST_P(PresentationTest, TheMarginPaysFirst) {
  Terms terms = coffee_terms();
  terms.number = "ELB-2027-0009";
  ASSERT_THAT(issue(terms, 3'000), Succeeds());
  EXPECT_EQ(held(roaster_account), 30'000'00);
  const std::string name = "elbe-bank/ELB-2027-0009";
  ASSERT_THAT(call<method::Present>(exporter, {name, usd(100'000'00), complying_set(), 0}),
              Succeeds());
  ASSERT_THAT(call<method::MarkComplying>(elbe_maker, {name, 1}), Succeeds());
  ASSERT_THAT(call<method::Honour>(elbe_checker, {name, 1}), Succeeds());
  EXPECT_EQ(held(roaster_account), 0);
  EXPECT_EQ(available(roaster_account), 50'000'00);
  EXPECT_EQ(available(exporter_account), 100'000'00);
}

TEST_P(PresentationTest, PartialDrawingsUseTheCreditUp) {
  Terms terms = coffee_terms();
  terms.number = "ELB-2027-0010";
  terms.partial_shipments = Allowed::kAllowed;
  ASSERT_THAT(issue(terms, 10'000), Succeeds());
  const std::string name = "elbe-bank/ELB-2027-0010";
  for (const std::uint32_t number : {1U, 2U}) {
    ASSERT_THAT(call<method::Present>(exporter, {name, usd(50'000'00), complying_set(), 0}),
                Succeeds());
    ASSERT_THAT(call<method::MarkComplying>(elbe_maker, {name, number}), Succeeds());
    ASSERT_THAT(call<method::Honour>(elbe_checker, {name, number}), Succeeds());
    const Credit now = view<method::GetCredit>({name}).credit;
    EXPECT_EQ(now.state, number == 1 ? CreditState::kIssued : CreditState::kExhausted);
    EXPECT_EQ(now.margin_held, number == 1 ? 50'000'00 : 0);
  }
  EXPECT_THAT(call<method::Present>(exporter, {name, usd(1), complying_set(), 0}),
              FailsWith(Error::kWrongState));
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
