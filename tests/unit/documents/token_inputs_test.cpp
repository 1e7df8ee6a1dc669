// docs/contracts/invoice_registry.md, "Tokens": the tuples beyond those that `match` compares.
#include <algorithm>

#include <gtest/gtest.h>

#include "tools/documents/tokens.h"

namespace usance::documents {
namespace {

NormalisedInvoice invoice(std::int64_t amount = 100'000, std::int32_t date = 20260305) {
  NormalisedInvoice out;
  out.document_class = "380";
  out.number = "KCE417";
  out.skeleton = "417";
  out.date = date;
  out.currency = "USD";
  out.amount = amount;
  out.seller_id = "UG1000234567";
  out.seller_name = "KAMPALA COFFEE";
  out.buyer_id = "DE123456789";
  out.buyer_name = "HAMBURG ROASTERS";
  return out;
}

std::vector<std::vector<std::string>> tuples(const NormalisedInvoice& of, TokenKind kind) {
  std::vector<std::vector<std::string>> out;
  for (const TokenInput& input : invoice_inputs(of))
    if (input.kind == kind) out.push_back(input.tuple);
  return out;
}

bool share_an_amount(const NormalisedInvoice& a, const NormalisedInvoice& b) {
  for (const auto& one : tuples(a, TokenKind::kSimilarAmount))
    for (const auto& other : tuples(b, TokenKind::kSimilarAmount))
      if (one == other) return true;
  return false;
}

TEST(TokenInputs, AmountsWithinAHundredthShareAStep) {
  for (const std::int64_t amount : {1'000, 99'999, 123'456, 8'000'000, 900'000'000}) {
    EXPECT_TRUE(share_an_amount(invoice(amount), invoice(amount + amount / 101))) << amount;
    EXPECT_FALSE(share_an_amount(invoice(amount), invoice(amount + amount / 20))) << amount;
  }
  EXPECT_EQ(tuples(invoice(INT64_MAX), TokenKind::kSimilarAmount).size(), 2u);
  EXPECT_EQ(tuples(invoice(-5), TokenKind::kSimilarAmount).size(), 2u);
}

TEST(TokenInputs, TheWeekIsThatOfIso8601) {
  const auto week = [](std::int32_t date) {
    return tuples(invoice(1, date), TokenKind::kSimilarAmount)[0][3];
  };
  EXPECT_EQ(week(20260305), "2026W10");
  EXPECT_EQ(week(20260101), "2026W1");
  EXPECT_EQ(week(20270103), "2026W53");
  EXPECT_EQ(week(20241230), "2025W1");
}

TEST(TokenInputs, AnIndianSellersNumberIsUniqueInItsFiscalYear) {
  EXPECT_TRUE(tuples(invoice(), TokenKind::kNumberByLaw).empty());
  NormalisedInvoice indian = invoice();
  indian.seller_id = "33AAACC1206D1Z5";
  ASSERT_EQ(tuples(indian, TokenKind::kNumberByLaw).size(), 1u);
  EXPECT_EQ(tuples(indian, TokenKind::kNumberByLaw)[0].back(), "2025");
  indian.date = 20260401;
  EXPECT_EQ(tuples(indian, TokenKind::kNumberByLaw)[0].back(), "2026");
  for (const char* not_one : {"33AAACC1206D1Y5", "33AAACC1206D1Z", "3AAAACC1206D1Z5"}) {
    indian.seller_id = not_one;
    EXPECT_TRUE(tuples(indian, TokenKind::kNumberByLaw).empty()) << not_one;
  }
}

TEST(TokenInputs, ADocumentBehindAFinancingIsItsIdentifiers) {
  const auto receipt = document_input(TokenKind::kWarehouseReceipt, {"qd-17 / 4", "Q P W"});
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->tuple, (std::vector<std::string>{"QD174", "QPW"}));
  EXPECT_TRUE(document_input(TokenKind::kCreditPresentation, {"bank", "LC1", "3"}));
  EXPECT_FALSE(document_input(TokenKind::kCustomsDeclaration, {"26DE1", "more"}));
  const auto lacking = document_input(TokenKind::kWarehouseReceipt, {"qd-17 / 4"});
  ASSERT_FALSE(lacking);
  EXPECT_EQ(lacking.error().message, "needs number, operator, each a word of its own");
  EXPECT_FALSE(document_input(TokenKind::kBillOfLading, {"X1", "--"}));
  EXPECT_FALSE(document_input(TokenKind::kSame, {}));
}

TEST(TokenInputs, TokensAscendWithoutDoublesAndDifferByEpochAndKind) {
  TokenKey key;
  key.epoch = 2026;
  const TokenInput bill{TokenKind::kBillOfLading, {"A", "B"}};
  const TokenInput receipt{TokenKind::kWarehouseReceipt, {"A", "B"}};
  const auto tokens = make_tokens(key, {receipt, bill, bill});
  ASSERT_EQ(tokens.size(), 2u);
  EXPECT_LT(tokens[0], tokens[1]);
  EXPECT_NE(tokens[0].value, tokens[1].value);
  key.epoch = 2027;
  EXPECT_NE(make_tokens(key, {bill})[0].value, tokens[0].value);
}

}  // namespace
}  // namespace usance::documents
