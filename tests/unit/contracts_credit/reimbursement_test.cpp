// Transitions 22 and 23: the reimbursing bank (UCP 600 Art. 13), its silence, and refunds.
#include "banks_fixture.h"

namespace usance::letter_of_credit::v1::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class ReimbursementTest : public BanksTest {
 protected:
  void SetUp() override {
    BanksTest::SetUp();
    Terms terms = at_nile(coffee_terms());
    terms.reimbursing_bank.organisation = "lake-bank";
    issue_and_advise(terms);
    advance(at(day(2027, 3, 4), 11));
    ASSERT_THAT(present(complying_set()), Succeeds());
    ASSERT_THAT(nile_marks(), Succeeds());
    EXPECT_THAT(claim(), FailsWith(Error::kWrongState));  // it has not paid yet
    ASSERT_THAT(call<method::Honour>(nile_checker, {std::string(kCredit), 1}), Succeeds());
  }
  testchain::Reply<PresentationReply> claim() {
    return call<method::ClaimReimbursement>(nile_checker, {std::string(kCredit), 1});
  }
  testchain::Reply<PresentationReply> elbe_refuses(Disposal disposal) {
    RefuseRequest notice;
    notice.credit = kCredit;
    notice.presentation = 2;
    notice.disposal = disposal;
    notice.discrepancies = {{DiscrepancyCode::kOtherDiscrepancy, "14(d)", "", "weights", "", ""}};
    return call<method::Refuse>(elbe_checker, notice);
  }
  testchain::Reply<PresentationReply> reimburse() {
    return call<method::Reimburse>(outsider, {std::string(kCredit), 1});
  }
};
USANCE_ON_EVERY_CHAIN(ReimbursementTest);

TEST_P(ReimbursementTest, TheReimbursingBankPaysOnceAndTheIssuingBankNotAgain) {
  EXPECT_THAT(reimburse(), FailsWith(Error::kNoClaim));
  ASSERT_THAT(claim(), Succeeds());
  EXPECT_THAT(claim(), FailsWith(Error::kNoClaim));
  EXPECT_THAT(tasks("lake-bank"), ElementsAre(Task::kReimburseClaim));
  EXPECT_THAT(call<method::Reimburse>(nile_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kWrongParty));
  const auto paid = reimburse();
  ASSERT_THAT(paid, Succeeds()) << paid.receipt.detail;
  EXPECT_THAT(reimburse(), FailsWith(Error::kNoClaim));
  EXPECT_EQ(available(nostro), 50'000'00);
  EXPECT_EQ(available(nile_account), 300'000'00);
  ASSERT_THAT(forward(), Succeeds());
  ASSERT_THAT(mark_complying(2), Succeeds());
  ASSERT_THAT(honour(2), Succeeds());
  EXPECT_EQ(available(nile_account), 300'000'00);
  EXPECT_EQ(state(), CreditState::kExhausted);
}

TEST_P(ReimbursementTest, TheIssuingBankStaysLiable) {
  ASSERT_THAT(claim(), Succeeds());
  ASSERT_THAT(forward(), Succeeds());
  ASSERT_THAT(mark_complying(2), Succeeds());
  ASSERT_THAT(honour(2), Succeeds());
  EXPECT_EQ(available(nile_account), 300'000'00);
  EXPECT_THAT(reimburse(), FailsWith(Error::kNoClaim));
  // The claim on the reimbursing bank is over, and so is the credit.
  EXPECT_THAT(tasks("lake-bank"), IsEmpty());
  EXPECT_EQ(state(), CreditState::kExhausted);
  EXPECT_THAT(call<method::Close>(elbe_maker, {std::string(kCredit)}), Succeeds());
}

// Art. 13(b)(iii): the issuing bank answers for the interest that its reimbursing bank's silence
// cost.
TEST_P(ReimbursementTest, TheInterestOfAnUnpaidClaimIsTheIssuingBanks) {
  const InterestRequest lost{std::string(kCredit), 1, usd(350'00)};
  EXPECT_THAT(call<method::ClaimInterest>(nile_checker, lost), FailsWith(Error::kNoClaim));
  ASSERT_THAT(claim(), Succeeds());
  EXPECT_THAT(call<method::ClaimInterest>(outsider, lost), FailsWith(Error::kWrongParty));
  EXPECT_THAT(call<method::ClaimInterest>(nile_checker, {std::string(kCredit), 1, {"EUR", 5}}),
              FailsWith(Error::kBadPresentation));
  EXPECT_THAT(call<method::PayInterest>(elbe_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kNoClaim));
  ASSERT_THAT(forward(), Succeeds());
  ASSERT_THAT(mark_complying(2), Succeeds());
  ASSERT_THAT(honour(2), Succeeds());
  ASSERT_THAT(call<method::ClaimInterest>(nile_checker, lost), Succeeds());
  EXPECT_THAT(call<method::ClaimInterest>(nile_checker, lost), FailsWith(Error::kNoClaim));
  EXPECT_THAT(tasks(kElbe), Contains(Task::kSettleInterest));
  EXPECT_THAT(call<method::PayInterest>(nile_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kWrongParty));
  const std::int64_t before = available(nile_account);
  ASSERT_THAT(call<method::PayInterest>(elbe_checker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_EQ(available(nile_account), before + 350'00);
  EXPECT_THAT(tasks(kElbe), Not(Contains(Task::kSettleInterest)));
  EXPECT_THAT(call<method::PayInterest>(elbe_checker, {std::string(kCredit), 1}),
              FailsWith(Error::kNoClaim));
}

TEST_P(ReimbursementTest, WhatWasReimbursedHasLostNoInterest) {
  ASSERT_THAT(claim(), Succeeds());
  ASSERT_THAT(reimburse(), Succeeds());
  EXPECT_THAT(call<method::ClaimInterest>(nile_checker, {std::string(kCredit), 1, usd(1)}),
              FailsWith(Error::kNoClaim));
}

// Claimed after the documents went on: the books stay open until the reimbursing bank has paid.
TEST_P(ReimbursementTest, AnOpenClaimKeepsTheBooksOpen) {
  ASSERT_THAT(forward(), Succeeds());
  ASSERT_THAT(elbe_refuses(Disposal::kReturn), Succeeds());
  ASSERT_THAT(claim(), Succeeds());
  EXPECT_EQ(credit().open_presentations, 1U);
  advance(credit().expires_at);
  EXPECT_THAT(call<method::Close>(elbe_maker, {std::string(kCredit)}),
              FailsWith(Error::kPresentationOpen));
  ASSERT_THAT(reimburse(), Succeeds());
  EXPECT_EQ(credit().open_presentations, 0U);
  EXPECT_THAT(call<method::Close>(elbe_maker, {std::string(kCredit)}), Succeeds());
}

TEST_P(ReimbursementTest, DocumentsTakenUpAfterARefusalLeaveNothingToRefund) {
  ASSERT_THAT(claim(), Succeeds());
  ASSERT_THAT(reimburse(), Succeeds());
  ASSERT_THAT(forward(), Succeeds());
  ASSERT_THAT(elbe_refuses(Disposal::kHoldWaiver), Succeeds());
  EXPECT_THAT(tasks(kNile), ElementsAre(Task::kRefundReimbursement));
  ASSERT_THAT(call<method::AnswerWaiver>(roaster, {std::string(kCredit), 2, true}), Succeeds());
  ASSERT_THAT(call<method::TakeUp>(elbe_maker, {std::string(kCredit), 2}), Succeeds());
  EXPECT_THAT(tasks(kNile), IsEmpty());
}

TEST_P(ReimbursementTest, AfterAValidRefusalTheMoneyGoesBackWithInterest) {
  ASSERT_THAT(claim(), Succeeds());
  ASSERT_THAT(reimburse(), Succeeds());
  EXPECT_THAT(call<method::Refund>(nile_checker, {std::string(kCredit), 1, 0}),
              FailsWith(Error::kWrongState));
  ASSERT_THAT(forward(), Succeeds());
  EXPECT_THAT(call<method::Refund>(nile_checker, {std::string(kCredit), 1, 0}),
              FailsWith(Error::kNoClaim));
  ASSERT_THAT(elbe_refuses(Disposal::kReturn), Succeeds());
  EXPECT_THAT(tasks(kNile), ElementsAre(Task::kRefundReimbursement));
  ASSERT_THAT(call<method::Refund>(nile_checker, {std::string(kCredit), 1, 120'00}), Succeeds());
  EXPECT_EQ(presentation_state(1), PresentationState::kRefunded);
  EXPECT_EQ(available(nile_account), 199'880'00);
  EXPECT_EQ(available(elbe_account), 300'120'00);
  EXPECT_THAT(call<method::Refund>(nile_checker, {std::string(kCredit), 1, 0}),
              FailsWith(Error::kWrongState));
}

TEST_P(ReimbursementTest, EveryBankHoldsItsOwnPaymentsOnly) {
  ASSERT_THAT(claim(), Succeeds());
  EXPECT_THAT(call<method::HoldPayment>(exporter, {std::string(kCredit), "X"}),
              FailsWith(contract::StandardError::kRoleRequired));
  ASSERT_THAT(call<method::HoldPayment>(outsider, {std::string(kCredit), "LAKE-1"}), Succeeds());
  EXPECT_THAT(reimburse(), FailsWith(Error::kPaymentOnHold));
  ASSERT_THAT(forward(), Succeeds());
  ASSERT_THAT(mark_complying(2), Succeeds());
  EXPECT_THAT(honour(2), Succeeds());
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
