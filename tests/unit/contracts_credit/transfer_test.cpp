// Transfer (UCP 600 Art. 38), assignment of proceeds (Art. 39), signing limits.
#include "banks_fixture.h"

namespace usance::letter_of_credit::v1::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kFarmers = "bugisu-farmers";

class TransferTest : public BanksTest {
 protected:
  void SetUp() override {
    BanksTest::SetUp();
    namespace dm = deposit::v1::method;
    for (const char* holder : {"bugisu-farmers", "coffee-lender"}) {
      ASSERT_THAT(chain->call<dm::OpenAccount>(nile_maker, "deposit", {holder, "USD"}), Succeeds());
    }
    issue_and_confirm(transferable_terms());
  }

  virtual Terms transferable_terms() {
    Terms terms = at_nile(coffee_terms());
    terms.form = Form::kIrrevocableTransferable;
    terms.partial_shipments = Allowed::kAllowed;
    return terms;
  }
  TransferRequest part(std::int64_t minor_units) {
    TransferRequest request;
    request.credit = kCredit;
    request.second_beneficiary.name = "Bugisu Farmers Cooperative";
    request.second_beneficiary.organisation = kFarmers;
    request.second_beneficiary_bank = kNile;
    request.amount = usd(minor_units);
    request.replace_applicant = true;
    return request;
  }
  testchain::Reply<TransferReply> request_part(const TransferRequest& request) {
    return call<method::RequestTransfer>(exporter, request);
  }
  testchain::Reply<TransferReply> transfer(std::uint32_t number = 1) {
    return call<method::TransferCredit>(nile_checker, {std::string(kCredit), number});
  }
  void transfer_part(std::int64_t minor_units) {
    const auto asked = request_part(part(minor_units));
    ASSERT_THAT(asked, Succeeds()) << asked.receipt.detail;
    ASSERT_THAT(transfer(asked.response.transfer), Succeeds());
  }
  // The farmers' documents: their invoice to the exporter, who stands for the applicant.
  std::vector<Document> farmers_set(std::int64_t minor_units) {
    std::vector<Document> documents = complying_set();
    documents[0].issuer = "Bugisu Farmers Cooperative";
    documents[0].invoice.issued_by = documents[0].issuer;
    documents[0].invoice.issued_to = "Kampala Coffee Exporters Ltd";
    documents[0].invoice.total = usd(minor_units);
    return documents;
  }
  testchain::Reply<PresentationReply> farmers_present(std::int64_t minor_units) {
    PresentRequest request;
    request.credit = kCredit;
    request.claimed = usd(minor_units);
    request.documents = farmers_set(minor_units);
    request.transfer = 1;
    return call<method::Present>(farmers, request);
  }
  testchain::Reply<PresentationReply> substitute(std::int64_t minor_units,
                                                 std::uint32_t presentation = 1) {
    SubstituteRequest request;
    request.credit = kCredit;
    request.presentation = presentation;
    request.invoice = invoice();
    request.invoice.invoice.total = usd(minor_units);
    request.claimed = usd(minor_units);
    return call<method::Substitute>(exporter, request);
  }
  [[nodiscard]] Transfer transferred(std::uint32_t number = 1) {
    return view<method::GetTransfer>({std::string(kCredit), number});
  }

  const std::string farmers_account = "nile-bank/bugisu-farmers/USD";
  const std::string lender_account = "nile-bank/coffee-lender/USD";
};
USANCE_ON_EVERY_CHAIN(TransferTest);

TEST_P(TransferTest, OnlyATransferableCreditIsTransferredAndOnlyIfTheBankConsents) {
  Terms plain = coffee_terms();
  plain.number = "PLAIN";
  ASSERT_THAT(issue(plain), Succeeds());
  TransferRequest request = part(50'000'00);
  request.credit = "elbe-bank/PLAIN";
  EXPECT_THAT(request_part(request), FailsWith(Error::kNotTransferable));
  EXPECT_THAT(call<method::RequestTransfer>(farmers, part(50'000'00)),
              FailsWith(Error::kWrongParty));
  ASSERT_THAT(request_part(part(50'000'00)), Succeeds());
  EXPECT_EQ(credit().transferred, 0);
  EXPECT_THAT(farmers_present(50'000'00), FailsWith(Error::kWrongParty));  // not consented yet
  EXPECT_THAT(call<method::TransferCredit>(elbe_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kWrongParty));
  ASSERT_THAT(transfer(), Succeeds());
  EXPECT_THAT(transfer(), FailsWith(Error::kWrongState));
  EXPECT_EQ(credit().transferred, 50'000'00);
  // The second beneficiary is told the exporter's name and its own amount.
  EXPECT_EQ(transferred().terms.applicant.name, "Kampala Coffee Exporters Ltd");
  EXPECT_EQ(transferred().terms.amount, usd(50'000'00));
}

TEST_P(TransferTest, TermsAreCutAndNothingElse) {
  TransferRequest later = part(50'000'00);
  later.expiry_date = day(2027, 4, 30);
  EXPECT_THAT(request_part(later), FailsWith(Error::kTransferTermChanged));
  TransferRequest shipped_later = part(50'000'00);
  shipped_later.latest_shipment = day(2027, 3, 16);
  EXPECT_THAT(request_part(shipped_later), FailsWith(Error::kTransferTermChanged));
  TransferRequest slower = part(50'000'00);
  slower.presentation_days = 22;
  EXPECT_THAT(request_part(slower), FailsWith(Error::kTransferTermChanged));
  TransferRequest less_insured = part(50'000'00);
  less_insured.insurance_cover = 10'000;
  EXPECT_THAT(request_part(less_insured), FailsWith(Error::kTransferTermChanged));
  EXPECT_THAT(request_part(part(100'000'01)), FailsWith(Error::kTransferTermChanged));
  TransferRequest cut = part(50'000'00);
  cut.expiry_date = day(2027, 3, 20);
  cut.latest_shipment = day(2027, 3, 10);
  cut.presentation_days = 10;
  cut.insurance_cover = 12'500;
  EXPECT_THAT(request_part(cut), Succeeds());
}

// Art. 38(a): the bank transfers only what it has consented to, and says so when it will not.
TEST_P(TransferTest, TheTransferringBankMayDecline) {
  ASSERT_THAT(request_part(part(60'000'00)), Succeeds());
  const auto decline = [&](const Caller& who, std::uint32_t number = 1) {
    return call<method::DeclineTransfer>(who, {std::string(kCredit), number, "no transfers there"});
  };
  EXPECT_THAT(decline(elbe_checker), FailsWith(Error::kWrongParty));
  EXPECT_THAT(decline(exporter), FailsWith(contract::StandardError::kRoleRequired));
  EXPECT_THAT(decline(nile_checker, 2), FailsWith(Error::kUnknownTransfer));
  EXPECT_THAT(tasks(kNile), ElementsAre(Task::kTransferCredit));
  const auto declined = decline(nile_checker);
  ASSERT_THAT(declined, Succeeds()) << declined.receipt.detail;
  EXPECT_EQ(declined.response.state, TransferState::kDeclined);
  EXPECT_EQ(declined.event<CreditChanged>()->action, Action::kDeclineTransfer);
  EXPECT_EQ(declined.event<CreditChanged>()->text, "no transfers there");
  EXPECT_THAT(tasks(kNile), IsEmpty());
  EXPECT_EQ(transferred().declined_by.user, "grace");
  EXPECT_EQ(transferred().decline_reason, "no transfers there");
  // Nobody comes back to it, it takes nothing of the credit, and another one may be asked for.
  EXPECT_THAT(decline(nile_checker), FailsWith(Error::kWrongState));
  EXPECT_THAT(transfer(), FailsWith(Error::kWrongState));
  EXPECT_THAT(farmers_present(60'000'00), FailsWith(Error::kWrongParty));
  ASSERT_THAT(request_part(part(100'000'00)), Succeeds());
  ASSERT_THAT(transfer(2), Succeeds());
  EXPECT_THAT(decline(nile_checker, 2), FailsWith(Error::kWrongState));  // consent is given
}

TEST_P(TransferTest, ARequestThatNobodyAnsweredLeavesTheWorkListWithTheCredit) {
  ASSERT_THAT(request_part(part(60'000'00)), Succeeds());
  advance(at(day(2027, 4, 2), 11));
  ASSERT_EQ(state(), CreditState::kExpired);
  EXPECT_THAT(tasks(kNile), IsEmpty());
  EXPECT_THAT(call<method::DeclineTransfer>(nile_checker, {std::string(kCredit), 1, "expired"}),
              FailsWith(Error::kWrongState));
}

TEST_P(TransferTest, TheUnitPriceMayOnlyBeCut) {
  TransferRequest request = part(50'000'00);
  request.unit_price = "4.50";
  EXPECT_THAT(request_part(request), FailsWith(Error::kTransferTermChanged));  // there is none
  Terms terms = transferable_terms();
  terms.number = "PRICED";
  terms.unit_price = {"5.20", "KGM", true};
  ASSERT_THAT(issue(terms), Succeeds());
  request.credit = "elbe-bank/PRICED";
  for (const char* bad : {"5.200001", "five", "0.0"}) {
    request.unit_price = bad;
    EXPECT_THAT(request_part(request), FailsWith(Error::kTransferTermChanged)) << bad;
  }
  request.unit_price = "4.50";
  const auto cut = request_part(request);
  ASSERT_THAT(cut, Succeeds()) << cut.receipt.detail;
  const Transfer made = view<method::GetTransfer>({request.credit, cut.response.transfer});
  EXPECT_EQ(made.terms.unit_price, (UnitPrice{"4.50", "KGM", true}));
}

TEST_P(TransferTest, PartsTogetherNeverExceedTheCredit) {
  transfer_part(60'000'00);
  EXPECT_THAT(request_part(part(40'000'01)), FailsWith(Error::kOverdrawn));
  ASSERT_THAT(request_part(part(40'000'00)), Succeeds());
  ASSERT_THAT(request_part(part(40'000'00)), Succeeds());
  ASSERT_THAT(transfer(2), Succeeds());
  EXPECT_THAT(transfer(3), FailsWith(Error::kOverdrawn));
  // And nothing is left for the first beneficiary itself.
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set(), 1), Succeeds());
  EXPECT_THAT(nile_marks(), FailsWith(Error::kOverdrawn));
}

TEST_P(TransferTest, TheSecondBeneficiaryDoesNotTransferItButMayGiveItBack) {
  transfer_part(60'000'00);
  EXPECT_THAT(call<method::RequestTransfer>(farmers, part(10'000'00)),
              FailsWith(Error::kWrongParty));
  EXPECT_THAT(call<method::ReturnTransfer>(exporter, {std::string(kCredit), 1}),
              FailsWith(Error::kWrongParty));
  ASSERT_THAT(call<method::ReturnTransfer>(farmers, {std::string(kCredit), 1}), Succeeds());
  EXPECT_EQ(credit().transferred, 0);
  EXPECT_THAT(request_part(part(100'000'00)), Succeeds());
}

TEST_P(TransferTest, WithoutPartialShipmentsThereIsOneSecondBeneficiary) {
  Terms whole = at_nile(coffee_terms());
  whole.number = "WHOLE";
  whole.form = Form::kIrrevocableTransferable;
  ASSERT_THAT(issue(whole), Succeeds());
  TransferRequest request = part(50'000'00);
  request.credit = "elbe-bank/WHOLE";
  ASSERT_THAT(request_part(request), Succeeds());
  EXPECT_THAT(request_part(request), FailsWith(Error::kTransferTermChanged));
  // One that the bank declines stands in nobody's way, nor does one given back undrawn.
  ASSERT_THAT(call<method::DeclineTransfer>(nile_checker, {request.credit, 1, "not to them"}),
              Succeeds());
  ASSERT_THAT(request_part(request), Succeeds());
  ASSERT_THAT(call<method::TransferCredit>(nile_checker, {request.credit, 2}), Succeeds());
  EXPECT_THAT(request_part(request), FailsWith(Error::kTransferTermChanged));
  ASSERT_THAT(call<method::ReturnTransfer>(farmers, {request.credit, 2}), Succeeds());
  EXPECT_THAT(request_part(request), Succeeds());
}

TEST_P(TransferTest, TheFirstBeneficiarySubstitutesItsInvoiceAndKeepsTheDifference) {
  transfer_part(80'000'00);
  advance(at(day(2027, 3, 4), 11));
  const auto presented = farmers_present(80'000'00);
  ASSERT_THAT(presented, Succeeds()) << presented.receipt.detail;
  EXPECT_THAT(presented.response.findings, IsEmpty());
  EXPECT_EQ(presentation().examining_bank, kNile);
  ASSERT_THAT(call<method::DemandSubstitution>(nile_maker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_THAT(call<method::DemandSubstitution>(nile_maker, {std::string(kCredit), 1}),
              FailsWith(Error::kNoClaim));
  EXPECT_THAT(tasks(kExporter), ElementsAre(Task::kSubstituteInvoice));
  EXPECT_THAT(nile_marks(), FailsWith(Error::kNotYet));
  EXPECT_THAT(substitute(79'999'99), FailsWith(Error::kBadPresentation));
  const auto substituted = substitute(100'000'00);
  ASSERT_THAT(substituted, Succeeds()) << substituted.receipt.detail;
  EXPECT_THAT(substituted.response.findings, IsEmpty());
  ASSERT_THAT(nile_marks(), Succeeds());
  EXPECT_EQ(credit().transferred, 0);
  ASSERT_THAT(call<method::Honour>(nile_checker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_EQ(available(farmers_account), 80'000'00);
  EXPECT_EQ(available(exporter_account), 20'000'00);
  EXPECT_EQ(transferred().drawn, 80'000'00);
  ASSERT_THAT(forward(), Succeeds());
  ASSERT_THAT(mark_complying(2), Succeeds());
  ASSERT_THAT(honour(2), Succeeds());
  EXPECT_EQ(available(nile_account), 300'000'00);
  EXPECT_EQ(state(), CreditState::kExhausted);
}

// Shipped in two instalments: by 2 March, and from then on.
class InstalmentTransferTest : public TransferTest {
 protected:
  Terms transferable_terms() override {
    Terms terms = TransferTest::transferable_terms();
    terms.latest_shipment = {};
    terms.shipment_periods = {{day(2027, 2, 20), day(2027, 3, 2), 0},
                              {day(2027, 3, 3), day(2027, 3, 15), 0}};
    return terms;
  }
};
USANCE_ON_EVERY_CHAIN(InstalmentTransferTest);

TEST_P(InstalmentTransferTest, ASubstitutedDrawingKnowsTheInstalmentsMadeBefore) {
  transfer_part(40'000'00);
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set(), 50'000'00), Succeeds());
  ASSERT_THAT(nile_marks(), Succeeds());
  EXPECT_EQ(credit().instalments_made, 1U);

  PresentRequest second{std::string(kCredit), usd(40'000'00), farmers_set(40'000'00), 0};
  second.transfer = 1;
  second.documents[1].transport.on_board = day(2027, 3, 3);
  const auto presented = call<method::Present>(farmers, second);
  ASSERT_THAT(presented, Succeeds()) << presented.receipt.detail;
  EXPECT_THAT(presented.response.findings, IsEmpty());
  const auto substituted = substitute(50'000'00, 2);
  ASSERT_THAT(substituted, Succeeds()) << substituted.receipt.detail;
  EXPECT_THAT(substituted.response.findings, IsEmpty());
}

TEST_P(TransferTest, OnFailureAtTheFirstDemandTheDocumentsGoAsReceived) {
  transfer_part(80'000'00);
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(farmers_present(80'000'00), Succeeds());
  ASSERT_THAT(call<method::DemandSubstitution>(nile_maker, {std::string(kCredit), 1}), Succeeds());
  advance(at(day(2027, 3, 5), 17));
  EXPECT_THAT(substitute(100'000'00), FailsWith(Error::kNoClaim));
  ASSERT_THAT(nile_marks(), Succeeds());
  ASSERT_THAT(call<method::Honour>(nile_checker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_EQ(available(farmers_account), 80'000'00);
  EXPECT_EQ(available(exporter_account), 0);
}

TEST_P(TransferTest, ASecondBeneficiaryReplacesItsOwnDocumentsOnly) {
  transfer_part(40'000'00);
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set(), 60'000'00), Succeeds());
  RefuseRequest notice;
  notice.credit = kCredit;
  notice.presentation = 1;
  notice.disposal = Disposal::kReturn;
  notice.discrepancies = {{DiscrepancyCode::kNotClean, "27", "Bill of lading", "", "", ""}};
  ASSERT_THAT(call<method::Refuse>(nile_checker, notice), Succeeds());
  PresentRequest request{std::string(kCredit), usd(40'000'00), farmers_set(40'000'00), 1};
  request.transfer = 1;
  EXPECT_THAT(call<method::Present>(farmers, request), FailsWith(Error::kBadPresentation));
  request.replaces = 0;
  EXPECT_THAT(call<method::Present>(farmers, request), Succeeds());
}

TEST_P(TransferTest, ASecondBeneficiaryDrawsNoMoreThanItsPart) {
  transfer_part(80'000'00);
  advance(at(day(2027, 3, 4), 11));
  const auto presented = farmers_present(80'000'01);
  ASSERT_THAT(presented, Succeeds());
  EXPECT_THAT(codes(presented.response.findings), ElementsAre(DiscrepancyCode::kCreditOverdrawn));
  EXPECT_THAT(nile_marks(), FailsWith(Error::kOverdrawn));
}

TEST_P(TransferTest, APartGivenBackIsDrawnByNobodyTwice) {
  transfer_part(80'000'00);
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(farmers_present(80'000'00), Succeeds());
  ASSERT_THAT(call<method::ReturnTransfer>(farmers, {std::string(kCredit), 1}), Succeeds());
  ASSERT_THAT(present(complying_set(), 90'000'00), Succeeds());
  ASSERT_THAT(nile_marks(2), Succeeds());
  EXPECT_THAT(nile_marks(1), FailsWith(Error::kOverdrawn));
}

TEST_P(TransferTest, ADecreaseLeavesWhatWasTransferred) {
  transfer_part(80'000'00);
  TermsChange change;
  change.decrease = 20'000'01;
  EXPECT_THAT(amend(change), FailsWith(Error::kBelowDrawn));
  change.decrease = 20'000'00;
  EXPECT_THAT(amend(change), Succeeds());
}

TEST_P(TransferTest, EachSecondBeneficiaryAnswersAmendmentsForItsPart) {
  TransferRequest request = part(50'000'00);
  request.amendments_to_second = true;
  ASSERT_THAT(request_part(request), Succeeds());
  ASSERT_THAT(transfer(), Succeeds());
  ASSERT_THAT(request_part(part(20'000'00)), Succeeds());
  ASSERT_THAT(transfer(2), Succeeds());
  TermsChange change;
  change.port_of_discharge = "Bremerhaven";
  ASSERT_THAT(amend(change), Succeeds());
  const auto answer = [&](std::uint32_t number) {
    return call<method::AnswerAmendment>(farmers, {std::string(kCredit), number, 1, true});
  };
  EXPECT_THAT(answer(2), FailsWith(Error::kNoClaim));  // it keeps amendments from that one
  ASSERT_THAT(answer(1), Succeeds());
  EXPECT_THAT(answer(1), FailsWith(Error::kNoClaim));
  EXPECT_EQ(transferred(1).terms.port_of_discharge, "Bremerhaven");
  EXPECT_EQ(transferred(2).terms.port_of_discharge, "Hamburg");
  EXPECT_EQ(transferred(1).terms.amount, usd(50'000'00));
  EXPECT_EQ(view<method::GetAmendment>({std::string(kCredit), 1}).state,
            AmendmentState::kPending);  // the first beneficiary has not answered
}

// Its parties, its form and its confirmation are not the credit's (Art. 38(d), (g), (h)).
TEST_P(TransferTest, AnAmendmentOfTheCreditsPartiesLeavesThoseOfATransfer) {
  TransferRequest request = part(50'000'00);
  request.amendments_to_second = true;
  ASSERT_THAT(request_part(request), Succeeds());
  ASSERT_THAT(transfer(), Succeeds());
  const Terms before = transferred().terms;
  TermsChange change;
  change.increase = 10'000'00;
  change.form = Form::kIrrevocableTransferable;
  change.applicant.name = "Alsterblick Kaffee SE";
  change.beneficiary.name = "Kampala Coffee Exporters (2027) Ltd";
  change.transhipment = Allowed::kNotAllowed;
  ASSERT_THAT(amend(change), Succeeds());
  ASSERT_THAT(call<method::AnswerAmendment>(farmers, {std::string(kCredit), 1, 1, true}),
              Succeeds());
  Terms expected = before;
  expected.transhipment = Allowed::kNotAllowed;
  EXPECT_EQ(transferred().terms, expected);
}

TEST_P(TransferTest, CancellingNeedsEverySecondBeneficiary) {
  transfer_part(50'000'00);
  ASSERT_THAT(call<method::ConsentToCancellation>(exporter, {std::string(kCredit)}), Succeeds());
  ASSERT_THAT(call<method::ConsentToCancellation>(nile_checker, {std::string(kCredit)}),
              Succeeds());
  EXPECT_THAT(cancel(), FailsWith(Error::kConsentMissing));
  ASSERT_THAT(call<method::ConsentToCancellation>(farmers, {std::string(kCredit)}), Succeeds());
  EXPECT_THAT(cancel(), Succeeds());
}

TEST_P(TransferTest, ASecondBeneficiarysPresentationWithdrawsItsConsentForThatPart) {
  transfer_part(50'000'00);
  transfer_part(20'000'00);
  const auto consent = [&](const Caller& who) {
    return call<method::ConsentToCancellation>(who, {std::string(kCredit)});
  };
  for (const Caller& who : {exporter, nile_checker, farmers}) ASSERT_THAT(consent(who), Succeeds());
  ASSERT_THAT(farmers_present(50'000'00), Succeeds());
  EXPECT_EQ(transferred(1).cancellation_consent, contract::Actor{});
  EXPECT_NE(transferred(2).cancellation_consent, contract::Actor{});
  ASSERT_THAT(consent(exporter), Succeeds());
  const auto too_early = cancel();
  EXPECT_THAT(too_early, FailsWith(Error::kConsentMissing));
  EXPECT_THAT(too_early.receipt.detail, HasSubstr("Bugisu Farmers Cooperative"));
  ASSERT_THAT(consent(farmers), Succeeds());
  EXPECT_THAT(cancel(), FailsWith(Error::kPresentationOpen));
}

TEST_P(TransferTest, TheTransferringBankConsentsForASecondBeneficiaryThatIsNoMember) {
  TransferRequest request = part(50'000'00);
  request.second_beneficiary.organisation.clear();
  ASSERT_THAT(request_part(request), Succeeds());
  ASSERT_THAT(transfer(), Succeeds());
  const auto consent = [&](const Caller& who) {
    return call<method::ConsentToCancellation>(who, {std::string(kCredit)});
  };
  ASSERT_THAT(consent(exporter), Succeeds());
  EXPECT_THAT(consent(farmers), FailsWith(Error::kWrongParty));
  EXPECT_THAT(cancel(), FailsWith(Error::kConsentMissing));
  // It has confirmed as well and consents for both.
  ASSERT_THAT(consent(nile_checker), Succeeds());
  EXPECT_EQ(transferred().cancellation_consent.user, "grace");
  EXPECT_THAT(cancel(), Succeeds());
}

TEST_P(TransferTest, AnAcknowledgedAssigneeGetsItsShareAndNoMoreThanTheWholeIsAssigned) {
  AssignRequest request;
  request.credit = kCredit;
  request.assignee = "coffee-lender";
  request.assignee_bank = kNile;
  request.share = 3'000;
  EXPECT_THAT(call<method::AssignProceeds>(roaster, request), FailsWith(Error::kWrongParty));
  ASSERT_THAT(call<method::AssignProceeds>(exporter, request), Succeeds());
  request.share = 7'001;
  EXPECT_THAT(call<method::AssignProceeds>(exporter, request), FailsWith(Error::kOverAssigned));
  request.share = 7'000;
  ASSERT_THAT(call<method::AssignProceeds>(exporter, request), Succeeds());  // never acknowledged
  EXPECT_THAT(call<method::AcknowledgeAssignment>(elbe_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kWrongParty));
  ASSERT_THAT(call<method::AcknowledgeAssignment>(nile_checker, {std::string(kCredit), 1}),
              Succeeds());
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set(), 50'000'01), Succeeds());
  ASSERT_THAT(nile_marks(), Succeeds());
  ASSERT_THAT(call<method::Honour>(nile_checker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_EQ(available(lender_account), 15'000'00);  // rounded down
  EXPECT_EQ(available(exporter_account), 35'000'01);
}

TEST_P(TransferTest, OfficersSignWithinTheirLimits) {
  const auto limit = [&](const Caller& who, const std::string& user, std::int64_t amount,
                         bool remove = false) {
    return call<method::SetSigningLimit>(who, {user, usd(amount), remove});
  };
  EXPECT_THAT(limit(elbe_checker, "otto", 1),
              FailsWith(contract::StandardError::kPermissionRequired));
  ASSERT_THAT(limit(elbe_admin, "", 40'000'00), Succeeds());
  ASSERT_THAT(limit(elbe_admin, "otto", 99'999'99), Succeeds());
  Terms next = coffee_terms();
  next.number = "NEXT";
  ASSERT_THAT(draft(next), Succeeds());
  const auto refused = call<method::Issue>(elbe_checker, {"elbe-bank/NEXT", 1});
  EXPECT_THAT(refused, FailsWith(Error::kOverLimit));
  EXPECT_EQ(refused.receipt.detail, "otto may sign for USD 99999.99; this is USD 100000.00");
  EXPECT_THAT(call<method::Issue>(elbe_second, {"elbe-bank/NEXT", 1}),
              FailsWith(Error::kOverLimit));
  ASSERT_THAT(limit(elbe_admin, "otto", 100'000'00), Succeeds());
  EXPECT_THAT(call<method::Issue>(elbe_checker, {"elbe-bank/NEXT", 1}), Succeeds());
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
