// A test for each row of the state table of a credit: who may do what in which state, what it leads
// to, what it does to the money, and the error that keeps others from it.
#include "banks_fixture.h"

namespace usance::letter_of_credit::v1::test {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

class StateTable : public BanksTest {
 protected:
  const std::string name{kCredit};

  void present_on_thursday(const Terms& terms) {
    issue_and_advise(terms);
    advance(at(day(2027, 3, 4), 11));
    ASSERT_THAT(present(complying_set()), Succeeds());
  }
  void confirmed_presentation(Terms terms = coffee_terms()) {
    issue_and_confirm(at_nile(std::move(terms)));
    advance(at(day(2027, 3, 4), 11));
    ASSERT_THAT(present(complying_set()), Succeeds());
  }
  TermsChange increase() {
    TermsChange change;
    change.increase = 10'000'00;
    return change;
  }
  AmendmentState amendment_state(std::uint32_t number = 1) {
    return view<method::GetAmendment>({name, number}).state;
  }
};
USANCE_ON_EVERY_CHAIN(StateTable);

TEST_P(StateTable, Row1_IssueHoldsTheMargin) {
  ASSERT_THAT(draft(coffee_terms(), 1'000), Succeeds());
  EXPECT_THAT(call<method::Issue>(nile_checker, {name, 1}), FailsWith(Error::kWrongParty));
  ASSERT_THAT(call<method::Issue>(elbe_checker, {name, 1}), Succeeds());
  EXPECT_EQ(state(), CreditState::kIssued);
  EXPECT_EQ(held(roaster_account), 10'000'00);
  Terms unstated = coffee_terms();
  unstated.expiry_place.clear();
  EXPECT_THAT(draft(unstated), FailsWith(Error::kMissingTerm));
}

TEST_P(StateTable, Row2_AdviseOrDecline) {
  ASSERT_THAT(issue(coffee_terms()), Succeeds());
  ASSERT_THAT(call<method::DeclineAdvice>(nile_checker, {name, "no key"}), Succeeds());
  EXPECT_EQ(state(), CreditState::kIssued);
  ASSERT_THAT(advise(), Succeeds());
  EXPECT_EQ(state(), CreditState::kAdvised);
}

TEST_P(StateTable, Row3_ConfirmOnlyWhenAsked) {
  Terms terms = at_nile(coffee_terms());
  ASSERT_THAT(issue(terms), Succeeds());
  EXPECT_THAT(call<method::Confirm>(nile_checker, {name}), FailsWith(Error::kNotRequested));
  terms.number = "R3";
  terms.confirmation = Confirmation::kMayAdd;
  ASSERT_THAT(issue(terms), Succeeds());
  ASSERT_THAT(call<method::Confirm>(nile_checker, {"elbe-bank/R3"}), Succeeds());
  EXPECT_EQ(view<method::GetCredit>({"elbe-bank/R3"}).credit.state, CreditState::kConfirmed);
}

TEST_P(StateTable, Row4_AProposedIncreaseBindsTheIssuingBankAtOnce) {
  issue_and_advise(coffee_terms(), 1'000);
  EXPECT_THAT(call<method::DraftAmendment>(nile_maker, {name, increase()}),
              FailsWith(Error::kWrongParty));
  ASSERT_THAT(amend(increase()), Succeeds());
  EXPECT_EQ(amendment_state(), AmendmentState::kPending);
  EXPECT_EQ(held(roaster_account), 11'000'00);
}

TEST_P(StateTable, Row5_TheConfirmingBankExtendsOrNot) {
  issue_and_confirm(at_nile(coffee_terms()));
  ASSERT_THAT(amend(increase()), Succeeds());
  EXPECT_THAT(call<method::DecideConfirmation>(elbe_checker, {name, 1, true}),
              FailsWith(Error::kWrongParty));
  ASSERT_THAT(call<method::DecideConfirmation>(nile_checker, {name, 1, true}), Succeeds());
  EXPECT_EQ(amendment_state(), AmendmentState::kPending);
}

TEST_P(StateTable, Row6_AcceptWholeOrReject) {
  issue_and_advise();
  ASSERT_THAT(amend(increase()), Succeeds());
  ASSERT_THAT(amend(increase()), Succeeds());
  EXPECT_THAT(call<method::AcceptAmendment>(exporter, {name, 1, {"the port"}}),
              FailsWith(Error::kPartialAcceptance));
  ASSERT_THAT(call<method::AcceptAmendment>(exporter, {name, 1, {}}), Succeeds());
  ASSERT_THAT(call<method::RejectAmendment>(exporter, {name, 2, "no"}), Succeeds());
  EXPECT_EQ(amendment_state(1), AmendmentState::kAccepted);
  EXPECT_EQ(amendment_state(2), AmendmentState::kRejected);
  EXPECT_EQ(credit().ceiling, usd(110'000'00));
}

TEST_P(StateTable, Row7_DocumentsAcceptTheAmendmentTheyFit) {
  issue_and_advise();
  TermsChange change;
  change.port_of_discharge = "Bremerhaven";
  ASSERT_THAT(amend(change), Succeeds());
  advance(at(day(2027, 3, 4), 11));
  std::vector<Document> documents = complying_set();
  documents[1].transport.port_of_discharge = "Bremerhaven";
  ASSERT_THAT(present(documents), Succeeds());
  EXPECT_EQ(amendment_state(), AmendmentState::kAccepted);
  EXPECT_EQ(presentation().accepted_amendment, 1U);
}

TEST_P(StateTable, Row8_SilenceIsNoConsent) {
  issue_and_advise();
  ASSERT_THAT(amend(increase()), Succeeds());
  advance(at(day(2027, 3, 30), 11));
  EXPECT_EQ(amendment_state(), AmendmentState::kPending);
  EXPECT_EQ(credit().ceiling, usd(100'000'00));
}

TEST_P(StateTable, Row9_CancelNeedsConsents) {
  issue_and_advise(coffee_terms(), 1'000);
  EXPECT_THAT(cancel(), FailsWith(Error::kConsentMissing));
  ASSERT_THAT(call<method::ConsentToCancellation>(exporter, {name}), Succeeds());
  ASSERT_THAT(cancel(), Succeeds());
  EXPECT_EQ(state(), CreditState::kCancelled);
  EXPECT_EQ(held(roaster_account), 0);
}

TEST_P(StateTable, Row10_LatePresentationsAreRecordedNotRefused) {
  issue_and_advise();
  advance(at(day(2027, 4, 2), 11));
  EXPECT_EQ(state(), CreditState::kExpired);
  const auto late = present(complying_set());
  ASSERT_THAT(late, Succeeds());
  EXPECT_EQ(late.response.state, PresentationState::kReceived);
  EXPECT_THAT(codes(late.response.findings), Contains(DiscrepancyCode::kCreditExpired));
}

TEST_P(StateTable, Row10_OutsideHoursCountsOnTheNextBankingDay) {
  issue_and_advise();
  advance(at(day(2027, 3, 5), 17, 30));  // Friday, after the close
  ASSERT_THAT(present(complying_set()), Succeeds());
  EXPECT_EQ(presentation().received_on, day(2027, 3, 8));
}

TEST_P(StateTable, Row11_ComplyingSetsTheAmountAside) {
  present_on_thursday(coffee_terms());
  EXPECT_THAT(call<method::MarkComplying>(nile_maker, {name, 1}), FailsWith(Error::kWrongParty));
  ASSERT_THAT(mark_complying(), Succeeds());
  EXPECT_EQ(presentation_state(), PresentationState::kComplying);
  EXPECT_EQ(credit().committed, 100'000'00);
}

TEST_P(StateTable, Row12_OnlyTheIssuingBankApproachesTheApplicantAndTheClockRuns) {
  confirmed_presentation();
  EXPECT_THAT(call<method::ApproachApplicant>(nile_maker, {name, 1}),
              FailsWith(Error::kWrongParty));
  PresentRequest here{name, usd(100'000'00), complying_set(), 0, std::string(kElbe), "", 0};
  ASSERT_THAT(call<method::Present>(exporter, here), Succeeds());
  ASSERT_THAT(call<method::ApproachApplicant>(elbe_maker, {name, 2}), Succeeds());
  EXPECT_EQ(presentation_state(2), PresentationState::kWaiverSought);
  advance(at(day(2027, 3, 11), 18));
  EXPECT_EQ(presentation_state(2), PresentationState::kPrecluded);
}

TEST_P(StateTable, Row13_TheApplicantsAnswerDecidesNothing) {
  present_on_thursday(coffee_terms());
  ASSERT_THAT(call<method::ApproachApplicant>(elbe_maker, {name, 1}), Succeeds());
  EXPECT_THAT(call<method::AnswerWaiver>(exporter, {name, 1, true}), FailsWith(Error::kWrongParty));
  ASSERT_THAT(call<method::AnswerWaiver>(roaster, {name, 1, true}), Succeeds());
  EXPECT_EQ(presentation_state(), PresentationState::kWaiverSought);
  RefuseRequest notice;
  notice.credit = name;
  notice.presentation = 1;
  notice.disposal = Disposal::kReturn;
  notice.discrepancies = {{DiscrepancyCode::kOtherDiscrepancy, "14(d)", "", "weight", "", ""}};
  EXPECT_THAT(call<method::Refuse>(elbe_checker, notice), Succeeds());
}

TEST_P(StateTable, Row14_OneNoticeInTimeWithAllThatBelongsToIt) {
  confirmed_presentation();
  RefuseRequest notice;
  notice.credit = name;
  notice.presentation = 1;
  EXPECT_THAT(call<method::Refuse>(nile_checker, notice), FailsWith(Error::kNoticeDefective));
  notice.disposal = Disposal::kReturn;
  EXPECT_THAT(call<method::Refuse>(nile_checker, notice), FailsWith(Error::kNoticeDefective));
  notice.discrepancies = {{DiscrepancyCode::kOtherDiscrepancy, "14(d)", "", "weight", "", ""}};
  notice.disposal = Disposal::kHoldWaiver;  // the issuing bank's alone
  EXPECT_THAT(call<method::Refuse>(nile_checker, notice), FailsWith(Error::kNoticeDefective));
  notice.disposal = Disposal::kReturn;
  ASSERT_THAT(call<method::Refuse>(nile_checker, notice), Succeeds());
  EXPECT_EQ(presentation_state(), PresentationState::kRefused);
  EXPECT_THAT(call<method::Refuse>(nile_checker, notice), FailsWith(Error::kNoticeAlreadyGiven));
}

TEST_P(StateTable, Row15_TheDeadlinePrecludesTheBanksThatAreBound) {
  confirmed_presentation();
  EXPECT_THAT(call<method::Preclude>(outsider, {name, 1}), FailsWith(Error::kNotYet));
  advance(at(day(2027, 3, 11), 18));
  EXPECT_EQ(presentation_state(), PresentationState::kPrecluded);
  EXPECT_EQ(credit().committed, 100'000'00);
}

TEST_P(StateTable, Row16_TakeUpAfterAWaiver) {
  present_on_thursday(coffee_terms());
  RefuseRequest notice;
  notice.credit = name;
  notice.presentation = 1;
  notice.disposal = Disposal::kHoldWaiver;
  notice.discrepancies = {{DiscrepancyCode::kOtherDiscrepancy, "14(d)", "", "weight", "", ""}};
  ASSERT_THAT(call<method::Refuse>(elbe_checker, notice), Succeeds());
  const auto take_up = [&] { return call<method::TakeUp>(elbe_maker, {name, 1}); };
  EXPECT_THAT(take_up(), FailsWith(Error::kNoWaiver));
  ASSERT_THAT(call<method::AnswerWaiver>(roaster, {name, 1, true}), Succeeds());
  ASSERT_THAT(take_up(), Succeeds());
  EXPECT_EQ(presentation_state(), PresentationState::kComplying);
}

TEST_P(StateTable, Row17_RefusedDocumentsGoBackOrAreReplaced) {
  issue_and_advise();
  advance(at(day(2027, 3, 4), 11));
  std::vector<Document> documents = complying_set();
  documents[1].transport.port_of_discharge = "Rotterdam";
  ASSERT_THAT(present(documents), Succeeds());
  ASSERT_THAT(refuse(), Succeeds());
  ASSERT_THAT(call<method::ReturnDocuments>(elbe_maker, {name, 1}), Succeeds());
  EXPECT_EQ(presentation_state(), PresentationState::kReturned);
  PresentRequest again{name, usd(100'000'00), complying_set(), 1, "", "", 0};
  const auto replaced = call<method::Present>(exporter, again);
  ASSERT_THAT(replaced, Succeeds());
  EXPECT_THAT(replaced.response.findings, IsEmpty());
}

TEST_P(StateTable, Row18_HonourAtSight) {
  present_on_thursday(coffee_terms());
  EXPECT_THAT(honour(), FailsWith(Error::kWrongState));
  ASSERT_THAT(mark_complying(), Succeeds());
  ASSERT_THAT(honour(), Succeeds());
  EXPECT_EQ(presentation_state(), PresentationState::kHonoured);
  EXPECT_EQ(available(exporter_account), 100'000'00);
}

TEST_P(StateTable, Row19_UndertakeWithAMaturity) {
  present_on_thursday(deferred_terms());
  ASSERT_THAT(mark_complying(), Succeeds());
  ASSERT_THAT(undertake(), Succeeds());
  EXPECT_EQ(presentation_state(), PresentationState::kUndertaken);
  EXPECT_EQ(presentation().undertakings.at(0).maturity, day(2027, 5, 31));
}

TEST_P(StateTable, Row20_PaidAtMaturityNotBefore) {
  present_on_thursday(deferred_terms());
  ASSERT_THAT(mark_complying(), Succeeds());
  ASSERT_THAT(undertake(), Succeeds());
  EXPECT_THAT(call<method::PayAtMaturity>(elbe_checker, {name, 1}), FailsWith(Error::kNotDue));
  advance(at(day(2027, 5, 31), 9));
  EXPECT_EQ(presentation_state(), PresentationState::kHonoured);
  EXPECT_EQ(available(exporter_account), 100'000'00);
}

TEST_P(StateTable, Row21_AConfirmingBankNegotiatesWithoutRecourse) {
  Terms terms = coffee_terms();
  terms.available_by = AvailableBy::kNegotiation;
  confirmed_presentation(terms);
  ASSERT_THAT(nile_marks(), Succeeds());
  const auto negotiated = call<method::Negotiate>(nile_checker, {name, 1, 0});
  ASSERT_THAT(negotiated, Succeeds());
  EXPECT_EQ(negotiated.event<CreditChanged>()->text, "without recourse");
  EXPECT_EQ(presentation_state(), PresentationState::kNegotiated);
  EXPECT_EQ(available(exporter_account), 100'000'00);
}

TEST_P(StateTable, Row22_ForwardAndBeReimbursed) {
  confirmed_presentation();
  ASSERT_THAT(nile_marks(), Succeeds());
  ASSERT_THAT(call<method::Honour>(nile_checker, {name, 1}), Succeeds());
  ASSERT_THAT(forward(), Succeeds());
  EXPECT_EQ(presentation_state(), PresentationState::kForwarded);
  ASSERT_THAT(mark_complying(2), Succeeds());
  ASSERT_THAT(honour(2), Succeeds());
  EXPECT_EQ(available(nile_account), 300'000'00);
}

TEST_P(StateTable, Row23_ARefundNeedsAReimbursementAndAValidNotice) {
  confirmed_presentation();
  ASSERT_THAT(nile_marks(), Succeeds());
  ASSERT_THAT(call<method::Honour>(nile_checker, {name, 1}), Succeeds());
  ASSERT_THAT(forward(), Succeeds());
  EXPECT_THAT(call<method::Refund>(nile_checker, {name, 1, 0}), FailsWith(Error::kNoClaim));
}

TEST_P(StateTable, Row24_ExpiresByItselfAtTheLaterClose) {
  issue_and_advise(at_nile(coffee_terms()), 1'000);
  EXPECT_THAT(call<method::Expire>(outsider, {name}), FailsWith(Error::kNotYet));
  // Kampala closes at 13:00 UTC, Hamburg at 15:00.
  advance(at(day(2027, 3, 31), 15, 59));
  EXPECT_EQ(state(), CreditState::kAdvised);
  advance(at(day(2027, 3, 31), 16));
  EXPECT_EQ(state(), CreditState::kExpired);
  EXPECT_EQ(held(roaster_account), 0);
}

TEST_P(StateTable, Row25_CloseWithNothingOpen) {
  present_on_thursday(deferred_terms());
  advance(at(day(2027, 3, 10), 11));
  ASSERT_THAT(mark_complying(), Succeeds());
  ASSERT_THAT(undertake(), Succeeds());
  advance(at(day(2027, 4, 2), 11));
  EXPECT_THAT(call<method::Close>(elbe_maker, {name}), FailsWith(Error::kPresentationOpen));
  advance(at(day(2027, 6, 1), 11));
  ASSERT_THAT(call<method::Close>(elbe_maker, {name}), Succeeds());
  EXPECT_EQ(state(), CreditState::kClosed);
  EXPECT_THAT(present(complying_set()), FailsWith(Error::kWrongState));
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
