// usance lc export: which bank tells which, and who pays whom.
#include "tools/usance/message_parties.h"

#include <gtest/gtest.h>

namespace usance::cli {
namespace {

const Json kTerms = Json::parse(R"({
  "issuing_bank": {"organisation": "elbe-bank", "bic": "ELBEDEHH"},
  "advising_bank": {"organisation": "nile-bank", "bic": "NILEUGKA"},
  "available_with": {"organisation": "lake-bank", "bic": "LAKECHZH"},
  "reimbursing_bank": {"organisation": "bay-bank", "bic": "BAYXUS33"},
  "beneficiary_bank": "lake-bank"})");

Json presentation(const char* bank, const Json& more = Json::object()) {
  Json out = {{"examining_bank", bank}};
  out.update(more);
  return out;
}

std::string between(const char* type, const Json& part) {
  const auto parties = message_parties(type, kTerms, part);
  return parties ? parties->sender + " to " + parties->receiver : parties.error().message;
}

TEST(MessageParties, TheBankThatHasExaminedReportsToTheIssuingBank) {
  EXPECT_EQ(between("750", presentation("lake-bank")), "LAKECHZH to ELBEDEHH");
  EXPECT_EQ(between("754", presentation("lake-bank")), "LAKECHZH to ELBEDEHH");
  EXPECT_EQ(between("752", presentation("lake-bank")), "ELBEDEHH to LAKECHZH");
  EXPECT_EQ(between("754", presentation("unknown-bank")), " to ELBEDEHH");
}

TEST(MessageParties, TheIssuingBankReportsToNobodyThatItHasPaid) {
  for (const char* type : {"750", "754"}) {
    const auto none = message_parties(type, kTerms, presentation("elbe-bank"));
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().exit, ExitCode::kUsage);
  }
}

TEST(MessageParties, ARefusalGoesBackToWhoSentTheDocuments) {
  const Json forwarded =
      presentation("elbe-bank", {{"presented_by", {{"organisation", "lake-bank"}}}});
  EXPECT_EQ(between("734", forwarded), "ELBEDEHH to LAKECHZH");
  EXPECT_EQ(between("752", forwarded), "ELBEDEHH to LAKECHZH");
  const Json by_exporter =
      presentation("elbe-bank", {{"presented_by", {{"organisation", "exporter"}}}});
  EXPECT_EQ(between("734", by_exporter), "ELBEDEHH to NILEUGKA");
}

// The issuing bank's message for what the nominated bank has paid would move the money twice.
TEST(BankPayment, NoMoneyMovesBetweenBanksForWhatABankPaidItsOwnClient) {
  const auto none =
      bank_payment(kTerms, presentation("lake-bank", {{"paid", 5}, {"forwarded_as", 2}}));
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("presentation 2"), std::string::npos) << none.error().message;
  EXPECT_FALSE(bank_payment(kTerms, presentation("elbe-bank")));
}

TEST(BankPayment, GoesFromThePayerToTheClaimantOrTheBeneficiarysBank) {
  const auto reimbursement =
      bank_payment(kTerms, presentation("elbe-bank", {{"paid", 500}, {"claimant", "nile-bank"}}));
  ASSERT_TRUE(reimbursement);
  EXPECT_EQ(reimbursement->parties.sender, "ELBEDEHH");
  EXPECT_EQ(reimbursement->parties.receiver, "NILEUGKA");
  EXPECT_EQ(reimbursement->minor_units, 500);
  const auto direct = bank_payment(kTerms, presentation("elbe-bank", {{"paid", 500}}));
  ASSERT_TRUE(direct);
  EXPECT_EQ(direct->parties.receiver, "LAKECHZH");
  const auto claimed =
      bank_payment(kTerms, presentation("lake-bank", {{"paid", 500}, {"reimbursed", 400}}));
  ASSERT_TRUE(claimed);
  EXPECT_EQ(claimed->parties.sender, "BAYXUS33");
  EXPECT_EQ(claimed->parties.receiver, "LAKECHZH");
  EXPECT_EQ(claimed->minor_units, 400);
}

}  // namespace
}  // namespace usance::cli
