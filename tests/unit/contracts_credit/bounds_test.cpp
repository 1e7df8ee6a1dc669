// What a presentation, a credit and an amendment may hold at most, and that nothing which may
// follow overflows a value of the state (64 KiB): a bank can always refuse and pay what was
// presented.
#include "contracts/letter_of_credit/bounds.h"

#include "banks_fixture.h"
#include "base/limits.h"
#include "contracts/letter_of_credit/data_checks.h"

namespace usance::letter_of_credit::v1::test {
namespace {

using ::testing::HasSubstr;

// Bounds of records.proto.
constexpr std::size_t kLegs = kMaxAssignments + 2;  // with both beneficiaries
constexpr std::size_t kAccountBytes = 64 + 1 + 64 + 1 + 3;

std::string wide(std::size_t bytes) {
  return std::string(bytes, 'W');
}

contract::Actor widest_actor() {
  contract::Actor actor;
  actor.organisation = wide(64);
  actor.user = wide(64);
  return actor;
}

Discrepancy widest_discrepancy() {
  return {DiscrepancyCode::kUnitPriceDiffers, wide(16), wide(70), wide(64), wide(160), wide(160)};
}

Undertaking widest_undertaking() {
  Undertaking undertaking;
  undertaking.kind = UndertakingKind::kAcceptedDraft;
  undertaking.amount = INT64_MAX;
  undertaking.maturity = day(2099, 12, 31);
  undertaking.due = INT64_MAX;
  undertaking.timer = INT64_MAX;
  undertaking.legs.assign(kLegs, {wide(kAccountBytes), INT64_MAX, INT64_MAX});
  undertaking.unpaid_because = wide(512);
  return undertaking;
}

std::size_t bytes_of(const std::vector<Document>& documents) {
  std::size_t bytes = 0;
  for (const Document& document : documents) bytes += contract::to_wire(document).size() + 4;
  return bytes;
}

// A complying set with further documents, so that their data together have exactly so many bytes.
std::vector<Document> set_of(std::size_t bytes) {
  std::vector<Document> documents = complying_set();
  Document further = quality_certificate();
  further.title = "Packing list";
  further.transport.containers.assign(64, "MSKU1234565");
  const std::size_t each = contract::to_wire(further).size() + 4;
  while (bytes_of(documents) + each <= bytes) documents.push_back(further);
  std::string& goods = documents.front().invoice.goods;
  goods += " " + wide(bytes - bytes_of(documents));
  while (bytes_of(documents) > bytes) goods.pop_back();
  while (bytes_of(documents) < bytes) documents.front().number.push_back('1');
  return documents;
}

TEST(Bounds, APresentationWithAllThatMayFollowFitsAValueAndAReply) {
  Presentation widest;
  widest.number = kMaxPresentations;
  widest.state = PresentationState::kRefunded;
  widest.examining_bank = wide(64);
  widest.examining_place = wide(5);
  widest.claimant = wide(64);
  widest.presented_by = widest.decided_by = widest.honoured_by = widest_actor();
  widest.presented_as = widest.examined_as = PartyRole::kSecondBeneficiary;
  widest.received_on = widest.notice_due_on = widest.sight_on = day(2099, 12, 31);
  widest.presented_at = widest.notice_due = widest.substitution_due = INT64_MAX;
  widest.deadline_timer = widest.committed = widest.paid = widest.discount = INT64_MAX;
  widest.reimbursed = widest.refunded = widest.second_part = INT64_MAX;
  widest.claimed = usd(INT64_MAX);
  widest.disposal = Disposal::kPriorInstruction;
  widest.replaces = widest.forwarded_as = widest.forwarded_from = kMaxPresentations;
  widest.accepted_amendment = kMaxAmendments;
  widest.transfer = kMaxTransfers;
  widest.waiver_answered = widest.waived = widest.lost_in_transit = true;
  widest.reimbursement_claimed = widest.substituted = true;
  widest.replaced_by = kMaxPresentations;
  widest.called_back_by = widest_actor();
  widest.time_extended = true;
  widest.documents = set_of(kMaxDocumentsBytes);
  widest.findings.assign(kMaxFindings, widest_discrepancy());
  widest.refused_for.assign(kMaxFindings, widest_discrepancy());
  widest.undertakings.assign(kMaxParts, widest_undertaking());
  const std::size_t bytes = contract::to_wire(widest).size();
  EXPECT_LE(bytes, limits::kMaxValueBytes);
  EXPECT_LE(bytes, limits::kMaxReturnBytes);
  // And no bound is tighter than it has to be by more than one more document of the widest kind.
  EXPECT_GT(bytes, limits::kMaxValueBytes - 4 * 1024);
}

TEST(Bounds, ANoticeWithAllItMayNameFitsAnEvent) {
  CreditChanged event;
  event.credit = wide(96);
  event.by = widest_actor();
  event.discrepancies.assign(kMaxFindings, widest_discrepancy());
  event.text = wide(256);
  event.amount = usd(INT64_MAX);
  event.previous.assign(32, 0xff);
  EXPECT_LE(contract::to_wire(event).size() + 256, limits::kMaxEventBytes);
}

TEST(Bounds, AnAmendmentAndATransferFitAValue) {
  Amendment amendment;
  amendment.change.add_documents.assign(
      1, {wide(70), DocumentKind::kOtherDocument, "", 0, 0, wide(kMaxTermsBytes)});
  amendment.change.delete_documents.assign(kMaxRequiredDocuments, wide(70));
  amendment.drafted_by = amendment.proposed_by = amendment.answered_by = widest_actor();
  amendment.reason = wide(256);
  EXPECT_LE(contract::to_wire(amendment).size(), limits::kMaxValueBytes);

  Transfer transfer;
  const Party widest{wide(140), wide(210), wide(2), wide(20), wide(64)};
  transfer.terms.beneficiary = transfer.terms.applicant = widest;
  transfer.terms.goods = wide(kMaxTermsBytes);
  transfer.answered_amendments.assign(kMaxAmendments, kMaxAmendments);
  transfer.requested_by = transfer.transferred_by = widest_actor();
  transfer.declined_by = transfer.cancellation_consent = widest_actor();
  transfer.decline_reason = wide(256);
  EXPECT_LE(contract::to_wire(transfer).size(), limits::kMaxValueBytes);
}

class BoundsTest : public BanksTest {};
USANCE_ON_EVERY_CHAIN(BoundsTest);

TEST_P(BoundsTest, WhatIsPresentedAtTheBoundIsRefusedTakenUpAndPaid) {
  Terms terms = deferred_terms(10);
  terms.available_by = AvailableBy::kMixedPayment;
  terms.payment.clear();
  for (std::uint32_t part = 0; part < kMaxParts; ++part) {
    terms.payment.push_back({1'250, {TenorFrom::kAfterShipment, 10 + part, {}}});
  }
  issue_and_advise(terms);
  advance(at(day(2027, 3, 4), 11));
  const auto beyond = present(set_of(kMaxDocumentsBytes + 1));
  EXPECT_THAT(beyond, FailsWith(Error::kBadPresentation));
  EXPECT_THAT(beyond.receipt.detail, HasSubstr("20 KiB"));
  const auto presented = present(set_of(kMaxDocumentsBytes));
  ASSERT_THAT(presented, Succeeds()) << presented.receipt.detail;
  ASSERT_THAT(call<method::ApproachApplicant>(elbe_maker, {std::string(kCredit), 1}), Succeeds());

  RefuseRequest notice;
  notice.credit = kCredit;
  notice.presentation = 1;
  notice.disposal = Disposal::kHoldWaiver;
  notice.discrepancies.assign(kMaxFindings, widest_discrepancy());
  const auto refused = call<method::Refuse>(elbe_checker, notice);
  ASSERT_THAT(refused, Succeeds()) << refused.receipt.detail;
  EXPECT_EQ(presentation().refused_for.size(), kMaxFindings);
  ASSERT_THAT(call<method::AnswerWaiver>(roaster, {std::string(kCredit), 1, true}), Succeeds());
  ASSERT_THAT(call<method::TakeUp>(elbe_maker, {std::string(kCredit), 1}), Succeeds());
  const auto undertaken = undertake();
  ASSERT_THAT(undertaken, Succeeds()) << undertaken.receipt.detail;
  EXPECT_EQ(presentation().undertakings.size(), kMaxParts);
  advance(at(day(2027, 4, 1), 11));
  EXPECT_EQ(presentation_state(), PresentationState::kHonoured);
}

// Each addition alone is in order; together they would be more than the record of the terms can
// hold, and the credit could never be read again.
TEST_P(BoundsTest, AmendmentsAddNoMoreDocumentsThanACreditHolds) {
  issue_and_advise();
  TermsChange change;
  for (std::size_t i = coffee_terms().documents.size(); i < kMaxRequiredDocuments; ++i) {
    RequiredDocument document;
    document.title = "Certificate " + std::to_string(i);
    document.kind = DocumentKind::kOtherDocument;
    change.add_documents.push_back(document);
  }
  ASSERT_THAT(amend(change), Succeeds());
  ASSERT_THAT(call<method::AcceptAmendment>(exporter, {std::string(kCredit), 1, {}}), Succeeds());
  RequiredDocument last;
  last.title = "One certificate more";
  last.kind = DocumentKind::kOtherDocument;
  TermsChange more;
  more.add_documents = {last};
  const auto refused = amend(more);
  EXPECT_THAT(refused, FailsWith(Error::kBadTerm));
  EXPECT_THAT(refused.receipt.detail, HasSubstr("at most 32"));
  more.delete_documents = {"Certificate 31"};
  EXPECT_THAT(amend(more), Succeeds());
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
