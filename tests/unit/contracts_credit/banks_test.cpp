// Transitions 3, 5, 21 to 23: confirmation, nominated banks, negotiation, reimbursement and refund.
#include "banks_fixture.h"

namespace usance::letter_of_credit::v1::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ConfirmationTest : public BanksTest {};
USANCE_ON_EVERY_CHAIN(ConfirmationTest);

TEST_P(ConfirmationTest, OnlyTheBankThatWasAskedConfirms) {
  ASSERT_THAT(issue(at_nile(coffee_terms())), Succeeds());
  EXPECT_THAT(call<method::Confirm>(nile_checker, {std::string(kCredit)}),
              FailsWith(Error::kNotRequested));

  Terms asked = at_nile(coffee_terms());
  asked.number = "ASKED";
  asked.confirmation = Confirmation::kMayAdd;
  ASSERT_THAT(issue(asked), Succeeds());
  EXPECT_THAT(call<method::Confirm>(outsider, {"elbe-bank/ASKED"}), FailsWith(Error::kWrongParty));
  const auto confirmed = call<method::Confirm>(nile_checker, {"elbe-bank/ASKED"});
  ASSERT_THAT(confirmed, Succeeds());
  EXPECT_EQ(confirmed.response.state, CreditState::kConfirmed);
  EXPECT_EQ(confirmed.event<CreditChanged>()->role, PartyRole::kConfirmingBank);
  EXPECT_THAT(call<method::Confirm>(nile_checker, {"elbe-bank/ASKED"}),
              FailsWith(Error::kWrongState));
}

TEST_P(ConfirmationTest, TheConfirmingBankPaysFromItsOwnMoneyAndIsReimbursed) {
  issue_and_confirm(at_nile(coffee_terms()));
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  EXPECT_EQ(presentation().examining_bank, kNile);
  EXPECT_EQ(presentation().examined_as, PartyRole::kConfirmingBank);
  EXPECT_THAT(mark_complying(), FailsWith(Error::kWrongParty));  // Elbe does not examine this one
  ASSERT_THAT(nile_marks(), Succeeds());
  EXPECT_THAT(forward(), FailsWith(Error::kNoClaim));  // it honours first
  ASSERT_THAT(call<method::Honour>(nile_checker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_EQ(available(exporter_account), 100'000'00);
  EXPECT_EQ(available(nile_account), 200'000'00);
  EXPECT_EQ(credit().honoured, 100'000'00);
  EXPECT_THAT(tasks(kNile), ElementsAre(Task::kForwardToIssuer));
  EXPECT_THAT(call<method::Close>(elbe_maker, {std::string(kCredit)}),
              FailsWith(Error::kPresentationOpen));

  const auto forwarded = forward();
  ASSERT_THAT(forwarded, Succeeds()) << forwarded.receipt.detail;
  EXPECT_EQ(forwarded.response.presentation, 2U);
  EXPECT_EQ(presentation_state(1), PresentationState::kForwarded);
  EXPECT_EQ(presentation(2).claimant, kNile);
  EXPECT_THAT(forward(), FailsWith(Error::kNoClaim));
  ASSERT_THAT(mark_complying(2), Succeeds());
  EXPECT_EQ(credit().committed, 0);  // the drawing counts once
  ASSERT_THAT(honour(2), Succeeds());
  EXPECT_EQ(available(nile_account), 300'000'00);
  EXPECT_EQ(available(roaster_account), 50'000'00);
  EXPECT_EQ(credit().honoured, 100'000'00);
  EXPECT_EQ(state(), CreditState::kExhausted);
}

TEST_P(ConfirmationTest, EachBankHasItsOwnFiveDaysAndIsPrecludedByThem) {
  issue_and_confirm(at_nile(coffee_terms()));
  ASSERT_THAT(call<method::AddHolidays>(nile_checker, {"UGKLA", {day(2027, 3, 8)}}), Succeeds());
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  EXPECT_EQ(presentation().notice_due_on, day(2027, 3, 12));  // not the 11th, as in Hamburg
  PresentRequest at_elbe{std::string(kCredit), usd(100'000'00), complying_set(), 0, "", "", 0};
  at_elbe.bank = kElbe;
  ASSERT_THAT(call<method::Present>(exporter, at_elbe), Succeeds());
  EXPECT_EQ(presentation(2).notice_due_on, day(2027, 3, 11));
  advance(at(day(2027, 3, 11), 18));
  EXPECT_EQ(presentation_state(2), PresentationState::kPrecluded);
  EXPECT_EQ(presentation_state(1), PresentationState::kReceived);
  advance(at(day(2027, 3, 12), 18));
  EXPECT_EQ(presentation_state(1), PresentationState::kPrecluded);
  EXPECT_EQ(presentation(1).committed, 0);  // the balance was already owed by Elbe
}

TEST_P(ConfirmationTest, ARejectedAmendmentNeedsNoConfirmation) {
  issue_and_confirm(at_nile(coffee_terms()));
  TermsChange change;
  change.increase = 20'000'00;
  ASSERT_THAT(amend(change), Succeeds());
  EXPECT_THAT(tasks(kNile), ElementsAre(Task::kDecideConfirmation));
  ASSERT_THAT(call<method::RejectAmendment>(exporter, {std::string(kCredit), 1, ""}), Succeeds());
  EXPECT_THAT(tasks(kNile), IsEmpty());
}

TEST_P(ConfirmationTest, AnAmendmentNotConfirmedLeavesTheConfirmingBankWithItsOldTerms) {
  Terms terms = at_nile(coffee_terms());
  terms.partial_shipments = Allowed::kAllowed;
  issue_and_confirm(terms);
  TermsChange change;
  change.increase = 20'000'00;
  ASSERT_THAT(amend(change), Succeeds());
  EXPECT_THAT(tasks(kNile), ElementsAre(Task::kDecideConfirmation));
  EXPECT_THAT(call<method::DecideConfirmation>(outsider, {std::string(kCredit), 1, true}),
              FailsWith(Error::kWrongParty));
  ASSERT_THAT(call<method::DecideConfirmation>(nile_checker, {std::string(kCredit), 1, false}),
              Succeeds());
  ASSERT_THAT(call<method::AcceptAmendment>(exporter, {std::string(kCredit), 1, {}}), Succeeds());
  EXPECT_TRUE(credit().confirmed_apart);
  advance(at(day(2027, 3, 4), 11));
  std::vector<Document> documents = complying_set();
  documents[0].invoice.total = usd(120'000'00);
  const auto at_nile_now = present(documents, 120'000'00);
  ASSERT_THAT(at_nile_now, Succeeds());
  EXPECT_THAT(codes(at_nile_now.response.findings), ElementsAre(DiscrepancyCode::kCreditOverdrawn));
  EXPECT_THAT(nile_marks(), FailsWith(Error::kOverdrawn));
  PresentRequest at_elbe{std::string(kCredit), usd(120'000'00), documents, 0, "", "", 0};
  at_elbe.bank = kElbe;
  const auto here = call<method::Present>(exporter, at_elbe);
  ASSERT_THAT(here, Succeeds());
  EXPECT_THAT(here.response.findings, IsEmpty());
  EXPECT_THAT(mark_complying(2), Succeeds());
}

TEST_P(ConfirmationTest, AnExtendedConfirmationBindsTheConfirmingBank) {
  Terms terms = at_nile(coffee_terms());
  terms.partial_shipments = Allowed::kAllowed;
  issue_and_confirm(terms);
  TermsChange change;
  change.increase = 20'000'00;
  ASSERT_THAT(amend(change), Succeeds());
  ASSERT_THAT(call<method::DecideConfirmation>(nile_checker, {std::string(kCredit), 1, true}),
              Succeeds());
  EXPECT_THAT(call<method::DecideConfirmation>(nile_checker, {std::string(kCredit), 1, false}),
              FailsWith(Error::kNoClaim));
  ASSERT_THAT(call<method::AcceptAmendment>(exporter, {std::string(kCredit), 1, {}}), Succeeds());
  EXPECT_FALSE(credit().confirmed_apart);
  advance(at(day(2027, 3, 4), 11));
  std::vector<Document> documents = complying_set();
  documents[0].invoice.total = usd(120'000'00);
  ASSERT_THAT(present(documents, 120'000'00), Succeeds());
  EXPECT_THAT(nile_marks(), Succeeds());
}

TEST_P(ConfirmationTest, CancellingNeedsTheConfirmingBank) {
  issue_and_confirm(at_nile(coffee_terms()));
  ASSERT_THAT(call<method::ConsentToCancellation>(exporter, {std::string(kCredit)}), Succeeds());
  EXPECT_THAT(cancel(), FailsWith(Error::kConsentMissing));
  ASSERT_THAT(call<method::ConsentToCancellation>(nile_checker, {std::string(kCredit)}),
              Succeeds());
  EXPECT_THAT(cancel(), Succeeds());
}

// What is left for an assignee is the assignee's: it is not divided among all payees once more.
TEST_P(ConfirmationTest, WhatAnAssigneeCouldNotTakeEarlyIsPaidToItAloneLater) {
  issue_and_confirm(at_nile(deferred_terms()));
  assign_to_lender(nile_checker, 1'000);
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  ASSERT_THAT(nile_marks(), Succeeds());
  ASSERT_THAT(call<method::Undertake>(nile_checker, {std::string(kCredit), 1}), Succeeds());
  const auto prepay = [&] {
    return call<method::Prepay>(nile_checker, {std::string(kCredit), 1, 1'000'00});
  };
  ASSERT_THAT(prepay(), Succeeds());
  EXPECT_EQ(available(exporter_account), 89'100'00);
  EXPECT_EQ(presentation_state(), PresentationState::kUndertaken);
  EXPECT_EQ(presentation().committed, 9'900'00);
  EXPECT_THAT(prepay(), FailsWith(Error::kNoClaim));
  ASSERT_THAT(chain->call<deposit::v1::method::OpenAccount>(nile_maker, "deposit",
                                                            {"coffee-lender", "USD"}),
              Succeeds());
  ASSERT_THAT(call<method::PayAtMaturity>(nile_checker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_EQ(available("nile-bank/coffee-lender/USD"), 9'900'00);
  EXPECT_EQ(available(exporter_account), 89'100'00);
  EXPECT_EQ(presentation_state(), PresentationState::kHonoured);
}

TEST_P(ConfirmationTest, AnUndertakingIsPrepaidByTheBankThatOwesItAndReimbursedAtMaturity) {
  issue_and_confirm(at_nile(deferred_terms()));
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  ASSERT_THAT(nile_marks(), Succeeds());
  ASSERT_THAT(call<method::Undertake>(nile_checker, {std::string(kCredit), 1}), Succeeds());
  ASSERT_THAT(forward(), Succeeds());
  EXPECT_EQ(presentation_state(1), PresentationState::kUndertaken);
  EXPECT_THAT(call<method::Prepay>(nile_checker, {std::string(kCredit), 1, 100'000'00}),
              FailsWith(Error::kBadPresentation));
  ASSERT_THAT(call<method::Prepay>(nile_checker, {std::string(kCredit), 1, 1'500'00}), Succeeds());
  EXPECT_EQ(available(exporter_account), 98'500'00);
  EXPECT_EQ(presentation_state(1), PresentationState::kForwarded);
  ASSERT_THAT(mark_complying(2), Succeeds());
  ASSERT_THAT(undertake(2), Succeeds());
  EXPECT_EQ(presentation(2).undertakings[0].maturity, day(2027, 5, 31));
  EXPECT_EQ(available(nile_account), 201'500'00);
  advance(at(day(2027, 5, 31), 11));
  EXPECT_EQ(available(nile_account), 301'500'00);     // the whole amount, at maturity (7(c))
  EXPECT_EQ(available(exporter_account), 98'500'00);  // and the beneficiary is not paid again
  EXPECT_EQ(credit().honoured, 100'000'00);
}

class NominationTest : public BanksTest {};
USANCE_ON_EVERY_CHAIN(NominationTest);

TEST_P(NominationTest, ASilentNominatedBankIsBoundToNothing) {
  issue_and_advise(at_nile(coffee_terms()));
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  EXPECT_EQ(presentation().examined_as, PartyRole::kNominatedBank);
  advance(at(day(2027, 3, 15), 11));
  EXPECT_EQ(presentation_state(), PresentationState::kReceived);
  EXPECT_THAT(call<method::Preclude>(exporter, {std::string(kCredit), 1}),
              FailsWith(Error::kNotBound));
  const auto forwarded = forward();
  ASSERT_THAT(forwarded, Succeeds()) << forwarded.receipt.detail;
  EXPECT_THAT(presentation(2).claimant, IsEmpty());
  // Received in Hamburg on Monday the 15th: its own five days begin there.
  advance(at(day(2027, 3, 22), 16));
  EXPECT_EQ(presentation_state(2), PresentationState::kReceived);
  advance(at(day(2027, 3, 22), 18));
  EXPECT_EQ(presentation_state(2), PresentationState::kPrecluded);
  ASSERT_THAT(honour(2), Succeeds());
  EXPECT_EQ(available(exporter_account), 100'000'00);
}

// Art. 29(b): the bank that forwards says that only its closed day made the presentation timely.
TEST_P(NominationTest, AForwardingBankStatesExtendedTime) {
  Terms terms = at_nile(coffee_terms());
  terms.expiry_date = day(2027, 3, 14);  // a Sunday
  terms.latest_shipment = day(2027, 3, 12);
  issue_and_advise(terms);
  advance(at(day(2027, 3, 12), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  advance(at(day(2027, 3, 15), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  const auto in_time = forward(1);
  ASSERT_THAT(in_time, Succeeds());
  EXPECT_THAT(in_time.event<CreditChanged>()->text, IsEmpty());
  const auto extended = forward(2);
  ASSERT_THAT(extended, Succeeds());
  EXPECT_THAT(extended.event<CreditChanged>()->text, ::testing::HasSubstr("Art. 29(a)"));
  EXPECT_TRUE(presentation(extended.response.presentation).time_extended);
}

// What a payee cannot take of an advance stays owed; the documents and the claim go on (Art. 39).
TEST_P(NominationTest, ANegotiatingBankOwesWhatAnAssigneeCannotTake) {
  Terms terms = at_nile(coffee_terms());
  terms.available_by = AvailableBy::kNegotiation;
  terms.payment = {{0, {TenorFrom::kAfterShipment, 60, {}}}};
  terms.drawee.organisation = kElbe;
  issue_and_advise(terms);
  assign_to_lender(nile_checker, 1'000);
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  ASSERT_THAT(nile_marks(), Succeeds());
  ASSERT_THAT(call<method::Negotiate>(nile_checker, {std::string(kCredit), 1, 1'000'00}),
              Succeeds());
  EXPECT_EQ(available(exporter_account), 89'100'00);
  EXPECT_EQ(presentation().state, PresentationState::kUndertaken);
  EXPECT_EQ(presentation().committed, 9'900'00);
  ASSERT_THAT(forward(), Succeeds());
  EXPECT_EQ(presentation(2).claimed.minor_units, 100'000'00);
  ASSERT_THAT(chain->call<deposit::v1::method::OpenAccount>(nile_maker, "deposit",
                                                            {"coffee-lender", "USD"}),
              Succeeds());
  ASSERT_THAT(call<method::PayAtMaturity>(nile_checker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_EQ(available("nile-bank/coffee-lender/USD"), 9'900'00);
  EXPECT_EQ(presentation().state, PresentationState::kForwarded);
  EXPECT_EQ(presentation().paid, 100'000'00);
  EXPECT_EQ(credit().honoured, 100'000'00);
}

TEST_P(NominationTest, ANominatedBankNegotiatesAndIsReimbursed) {
  Terms terms = at_nile(coffee_terms());
  terms.available_by = AvailableBy::kNegotiation;
  terms.payment = {{0, {TenorFrom::kAfterShipment, 60, {}}}};
  terms.drawee.organisation = kElbe;
  issue_and_advise(terms);
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  ASSERT_THAT(nile_marks(), Succeeds());
  EXPECT_THAT(call<method::Honour>(nile_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kNotAvailableSo));
  EXPECT_THAT(call<method::Undertake>(nile_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kNotAvailableSo));
  const auto negotiated = call<method::Negotiate>(nile_checker, {std::string(kCredit), 1, 900'00});
  ASSERT_THAT(negotiated, Succeeds()) << negotiated.receipt.detail;
  EXPECT_EQ(negotiated.response.state, PresentationState::kNegotiated);
  EXPECT_EQ(available(exporter_account), 99'100'00);
  ASSERT_THAT(forward(), Succeeds());
  ASSERT_THAT(mark_complying(2), Succeeds());
  ASSERT_THAT(undertake(2), Succeeds());
  EXPECT_EQ(presentation(2).undertakings[0].kind, UndertakingKind::kAcceptedDraft);
  advance(at(day(2027, 4, 30), 11));
  EXPECT_EQ(available(nile_account), 300'900'00);
}

TEST_P(NominationTest, WhatDoesNotActGivesTheAmountBack) {
  issue_and_advise(at_nile(coffee_terms()));
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  ASSERT_THAT(nile_marks(), Succeeds());
  EXPECT_EQ(credit().committed, 100'000'00);
  ASSERT_THAT(forward(), Succeeds());
  EXPECT_EQ(credit().committed, 0);
  ASSERT_THAT(mark_complying(2), Succeeds());
  ASSERT_THAT(honour(2), Succeeds());
  EXPECT_EQ(available(exporter_account), 100'000'00);
}

TEST_P(NominationTest, TheIssuingBankOwesDocumentsLostOnTheirWay) {
  issue_and_advise(at_nile(coffee_terms()));
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  EXPECT_THAT(forward(1, true), FailsWith(Error::kNoClaim));  // nobody has examined them
  ASSERT_THAT(nile_marks(), Succeeds());
  ASSERT_THAT(call<method::Honour>(nile_checker, {std::string(kCredit), 1}), Succeeds());
  const auto lost = forward(1, true);
  ASSERT_THAT(lost, Succeeds()) << lost.receipt.detail;
  EXPECT_EQ(presentation_state(2), PresentationState::kComplying);
  EXPECT_THAT(refuse(2), FailsWith(Error::kWrongState));
  ASSERT_THAT(honour(2), Succeeds());
  EXPECT_EQ(available(nile_account), 300'000'00);
}

TEST_P(NominationTest, AnyBankMayBeTheNominatedOne) {
  Terms terms = coffee_terms();
  terms.available_with = {};
  terms.available_with_any_bank = true;
  issue_and_advise(terms);
  PresentRequest request{std::string(kCredit), usd(100'000'00), complying_set(), 0, "", "", 0};
  request.bank = "nile-bank";
  advance(at(day(2027, 3, 4), 11));
  EXPECT_THAT(call<method::Present>(exporter, request), FailsWith(Error::kNoCalendar));
  request.place = "UGKLA";
  ASSERT_THAT(call<method::Present>(exporter, request), Succeeds());
  EXPECT_EQ(presentation().examined_as, PartyRole::kNominatedBank);
}

TEST_P(NominationTest, TheBankOfAnyBankHoldsItsPayments) {
  Terms terms = deferred_terms(10);
  terms.available_with = {};
  terms.available_with_any_bank = true;
  issue_and_advise(terms);
  const auto hold = [&] {
    return call<method::HoldPayment>(nile_checker, {std::string(kCredit), "CASE-3"});
  };
  EXPECT_THAT(hold(), FailsWith(Error::kWrongParty));  // it has no part in it yet
  PresentRequest request{std::string(kCredit), usd(100'000'00), complying_set(), 0, "", "", 0};
  request.bank = kNile;
  request.place = "UGKLA";
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(call<method::Present>(exporter, request), Succeeds());
  ASSERT_THAT(nile_marks(), Succeeds());
  ASSERT_THAT(call<method::Undertake>(nile_checker, {std::string(kCredit), 1}), Succeeds());
  const auto held = hold();
  ASSERT_THAT(held, Succeeds()) << held.receipt.detail;
  EXPECT_EQ(held.event<CreditChanged>()->role, PartyRole::kNominatedBank);
  EXPECT_THAT(call<method::HoldPayment>(outsider, {std::string(kCredit), "CASE-3"}),
              FailsWith(Error::kWrongParty));
  advance(at(day(2027, 3, 12), 11));  // the undertaking fell due on 11 March
  EXPECT_EQ(available(exporter_account), 0);
  EXPECT_EQ(presentation_state(), PresentationState::kUndertaken);
  const CreditRequest credit_request{std::string(kCredit)};
  ASSERT_THAT(call<method::ReleasePayment>(nile_checker, credit_request), Succeeds());
  ASSERT_THAT(call<method::PayAtMaturity>(nile_checker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_EQ(available(exporter_account), 100'000'00);
}

TEST_P(NominationTest, DocumentsGoToABankOfTheCredit) {
  issue_and_advise(at_nile(coffee_terms()));
  PresentRequest request{std::string(kCredit), usd(100'000'00), complying_set(), 0, "", "", 0};
  request.bank = "lake-bank";
  EXPECT_THAT(call<method::Present>(exporter, request), FailsWith(Error::kNotPresentableAt));
  request.bank = kNile;
  EXPECT_THAT(call<method::Present>(nile_maker, request), FailsWith(Error::kWrongParty));
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
