// Twelve cases that every examiner of documentary credits knows, each as it is told.
#include "banks_fixture.h"

namespace usance::letter_of_credit::v1::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

using Code = DiscrepancyCode;

class AcceptanceCases : public BanksTest {
 protected:
  std::vector<Code> found(const std::vector<Document>& documents,
                          std::int64_t claimed = 100'000'00) {
    const auto presented = present(documents, claimed);
    EXPECT_THAT(presented, Succeeds()) << presented.receipt.detail;
    return codes(presented.response.findings);
  }
};
USANCE_ON_EVERY_CHAIN(AcceptanceCases);

TEST_P(AcceptanceCases, Case1_ShippedOnTheFirstPresentedOnTheTwentySecond) {
  issue_and_advise();
  advance(at(day(2027, 3, 22), 11));
  EXPECT_THAT(found(complying_set()), IsEmpty());
  advance(at(day(2027, 3, 23), 11));
  EXPECT_THAT(found(complying_set()), Contains(Code::kLatePresentation));
  std::vector<Document> copies = complying_set();
  copies[1].originals = 0;
  copies[1].copies = 3;
  EXPECT_THAT(found(copies), Not(Contains(Code::kLatePresentation)));
}

TEST_P(AcceptanceCases, Case2_ExpiryOnASundayMovesAndShipmentDoesNot) {
  Terms terms = coffee_terms();
  terms.expiry_date = day(2027, 3, 28);      // a Sunday
  terms.latest_shipment = day(2027, 3, 27);  // the Saturday
  issue_and_advise(terms);
  advance(at(day(2027, 3, 29), 12));
  EXPECT_EQ(state(), CreditState::kAdvised);
  std::vector<Document> documents = complying_set();
  documents[1].transport.on_board = day(2027, 3, 27);
  documents[1].date = day(2027, 3, 27);
  EXPECT_THAT(found(documents), IsEmpty());
  documents[1].transport.on_board = day(2027, 3, 28);
  EXPECT_THAT(found(documents), ElementsAre(Code::kLateShipment));
}

TEST_P(AcceptanceCases, Case3_ExpiryDuringAStrikeIsNotMoved) {
  issue_and_advise();
  advance(at(day(2027, 3, 31), 9));
  ASSERT_THAT(call<method::DeclareInterruption>(
                  elbe_checker, {"DEHAM", day(2027, 3, 31), day(2027, 4, 2), "strike"}),
              Succeeds());
  advance(at(day(2027, 4, 5), 9));
  EXPECT_EQ(state(), CreditState::kExpired);
  EXPECT_THAT(found(complying_set()), Contains(Code::kCreditExpired));
}

TEST_P(AcceptanceCases, Case4_ThursdayBeforeALongWeekend) {
  ASSERT_THAT(call<method::AddHolidays>(elbe_checker, {"DEHAM", {day(2027, 3, 8)}}), Succeeds());
  issue_and_advise();
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  EXPECT_EQ(presentation().notice_due_on, day(2027, 3, 12));  // Fri, Tue, Wed, Thu, Fri
}

TEST_P(AcceptanceCases, Case5_AThirdDiscrepancyComesTooLate) {
  issue_and_advise();
  advance(at(day(2027, 3, 4), 11));
  std::vector<Document> documents = complying_set();
  documents[1].transport.port_of_discharge = "Rotterdam";
  documents[0].invoice.issued_to = "Somebody else";
  ASSERT_THAT(present(documents), Succeeds());
  ASSERT_THAT(refuse(), Succeeds());
  ASSERT_EQ(presentation().refused_for.size(), 2U);
  RefuseRequest third;
  third.credit = kCredit;
  third.presentation = 1;
  third.disposal = Disposal::kHoldPresenter;
  third.discrepancies = {{Code::kNotSigned, "20(a)(i)", "Bill of lading", "signed by", "", ""}};
  EXPECT_THAT(call<method::Refuse>(elbe_checker, third), FailsWith(Error::kNoticeAlreadyGiven));
  EXPECT_EQ(presentation().refused_for.size(), 2U);
}

TEST_P(AcceptanceCases, Case6_DocumentsThatMatchTheSecondAmendmentOnly) {
  issue_and_advise();
  TermsChange first;
  first.port_of_discharge = "Rotterdam";
  TermsChange second;
  second.port_of_discharge = "Bremerhaven";
  ASSERT_THAT(amend(first), Succeeds());
  ASSERT_THAT(amend(second), Succeeds());
  advance(at(day(2027, 3, 4), 11));
  std::vector<Document> documents = complying_set();
  documents[1].transport.port_of_discharge = "Bremerhaven";
  EXPECT_THAT(found(documents), IsEmpty());
  EXPECT_EQ(view<method::GetAmendment>({std::string(kCredit), 1}).state, AmendmentState::kPending);
  EXPECT_EQ(view<method::GetAmendment>({std::string(kCredit), 2}).state, AmendmentState::kAccepted);
}

TEST_P(AcceptanceCases, Case7_AboutOneHundredThousand) {
  Terms terms = coffee_terms();
  terms.about_amount = true;
  issue_and_advise(terms);
  advance(at(day(2027, 3, 4), 11));
  std::vector<Document> documents = complying_set();
  documents[0].invoice.total = usd(110'000'01);
  EXPECT_THAT(found(documents, 110'000'00), IsEmpty());
  EXPECT_THAT(found(documents, 110'000'01), ElementsAre(Code::kCreditOverdrawn));
  EXPECT_THAT(mark_complying(2), FailsWith(Error::kOverdrawn));
  EXPECT_THAT(mark_complying(1), Succeeds());
}

TEST_P(AcceptanceCases, Case8_OneThousandCartonsAreOneThousand) {
  Terms terms = coffee_terms();
  terms.quantity = {"1000", "CT", false, true};
  issue_and_advise(terms);
  advance(at(day(2027, 3, 4), 11));
  std::vector<Document> documents = complying_set();
  documents[0].invoice.unit = "CT";
  documents[0].invoice.quantity = "1000";
  EXPECT_THAT(found(documents), IsEmpty());
  documents[0].invoice.quantity = "1001";
  EXPECT_THAT(found(documents), ElementsAre(Code::kQuantityDiffers));
  documents[0].invoice.quantity = "999";
  EXPECT_THAT(found(documents), ElementsAre(Code::kQuantityDiffers));
}

TEST_P(AcceptanceCases, Case9_ATransferMayRaiseInsuranceAndNotProlong) {
  Terms terms = coffee_terms();
  terms.form = Form::kIrrevocableTransferable;
  issue_and_advise(terms);
  TransferRequest request;
  request.credit = kCredit;
  request.second_beneficiary.name = "Bugisu Farmers Cooperative";
  request.second_beneficiary_bank = kNile;
  request.amount = usd(100'000'00);
  request.expiry_date = day(2027, 4, 1);
  EXPECT_THAT(call<method::RequestTransfer>(exporter, request),
              FailsWith(Error::kTransferTermChanged));
  request.expiry_date = {};
  request.insurance_cover = 12'000;
  EXPECT_THAT(call<method::RequestTransfer>(exporter, request), Succeeds());
}

TEST_P(AcceptanceCases, Case10_ASanctionsHoldDoesNotStopTheFiveDays) {
  issue_and_advise();
  advance(at(day(2027, 3, 1), 11));
  std::vector<Document> documents = complying_set();
  documents[1].transport.port_of_discharge = "Rotterdam";
  ASSERT_THAT(present(documents), Succeeds());
  advance(at(day(2027, 3, 5), 11));  // the fourth day
  ASSERT_THAT(call<method::HoldPayment>(elbe_checker, {std::string(kCredit), "CASE-7"}),
              Succeeds());
  advance(at(day(2027, 3, 9), 9));  // the sixth
  EXPECT_EQ(presentation_state(), PresentationState::kPrecluded);
  EXPECT_THAT(refuse(), FailsWith(Error::kNoticeLate));
  EXPECT_THAT(honour(), FailsWith(Error::kPaymentOnHold));
  ASSERT_THAT(call<method::ReleasePayment>(elbe_checker, {std::string(kCredit)}), Succeeds());
  EXPECT_THAT(honour(), Succeeds());
}

TEST_P(AcceptanceCases, Case11_ASilentNominatedBankBindsNobody) {
  issue_and_advise(at_nile(coffee_terms()));
  advance(at(day(2027, 3, 1), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  advance(at(day(2027, 3, 10), 11));
  EXPECT_EQ(presentation_state(), PresentationState::kReceived);
  EXPECT_EQ(credit().committed, 0);
  ASSERT_THAT(forward(), Succeeds());
  advance(at(day(2027, 3, 17), 16));  // the fifth day after the issuing bank's own receipt
  EXPECT_EQ(presentation_state(2), PresentationState::kReceived);
  advance(at(day(2027, 3, 17), 18));
  EXPECT_EQ(presentation_state(2), PresentationState::kPrecluded);
  EXPECT_EQ(credit().committed, 100'000'00);
}

TEST_P(AcceptanceCases, Case12_ReplayedItIsTheSameToTheByte) {
  const auto play = [&] {
    Terms terms = at_nile(deferred_terms());
    terms.number = "REPLAY";
    const std::string name = "elbe-bank/REPLAY";
    terms.confirmation = Confirmation::kConfirm;
    EXPECT_THAT(issue(terms, 2'000), Succeeds());
    EXPECT_THAT(call<method::Confirm>(nile_checker, {name}), Succeeds());
    advance(at(day(2027, 3, 4), 11));
    EXPECT_THAT(
        call<method::Present>(exporter, {name, usd(100'000'00), complying_set(), 0, "", "", 0}),
        Succeeds());
    EXPECT_THAT(call<method::MarkComplying>(nile_maker, {name, 1}), Succeeds());
    EXPECT_THAT(call<method::Undertake>(nile_checker, {name, 1}), Succeeds());
    EXPECT_THAT(call<method::ForwardDocuments>(nile_maker, {name, 1, false}), Succeeds());
    advance(at(day(2027, 3, 18), 11));
    EXPECT_THAT(call<method::Undertake>(elbe_checker, {name, 2}), Succeeds());
    advance(at(day(2027, 6, 1), 11));
    Bytes all = contract::to_wire(*chain->record<Credit>(std::string(kContract), name));
    for (std::uint32_t number = 1; number <= 2; ++number) {
      const Bytes one = contract::to_wire(view<method::GetPresentation>({name, number}));
      all.insert(all.end(), one.begin(), one.end());
    }
    EXPECT_EQ(available(exporter_account), 100'000'00);
    return all;
  };
  const Bytes first = play();
  SetUp();  // another ledger
  EXPECT_EQ(play(), first);
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
