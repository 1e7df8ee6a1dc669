// docs/contracts/invoice_registry.md, "Documents behind a financing" and "Participation": bills of
// lading, warehouse receipts (Qingdao), purchase orders, customs declarations, letters of credit.
#include "registry_chain.h"

namespace usance::invoice_registry::v1 {
namespace {

const Token kReceipt = token(TokenKind::kWarehouseReceipt, 60);
const Token kBill = token(TokenKind::kBillOfLading, 61);
const Token kDeclarationToken = token(TokenKind::kCustomsDeclaration, 62);
const Token kCreditToken = token(TokenKind::kCredit, 63);
const Token kOrder = token(TokenKind::kPurchaseOrder, 64);

class Secured : public RegistryChain {
 protected:
  testchain::Outcome issue(const Caller& who, const Token& token) {
    return chain_->call<method::IssueDocument>(who, kRegistry, {token, sdk::Bytes(32, 3)});
  }
  testchain::Outcome redeem(const Caller& who, const Token& token, std::uint32_t share) {
    return chain_->call<method::RedeemDocument>(who, kRegistry, {token, share});
  }
  testchain::Outcome inspect(const Caller& who, const Token& token, std::uint32_t present) {
    return chain_->call<method::InspectDocument>(who, kRegistry, {token, present});
  }
  testchain::Outcome offer(const Caller& who, const std::string& reference,
                           const std::string& participant, std::uint32_t share) {
    return chain_->call<method::OfferParticipation>(who, kRegistry,
                                                    {reference, participant, share});
  }
  testchain::Outcome accept(const Caller& who, const std::string& reference,
                            const std::string& lead) {
    return chain_->call<method::AcceptParticipation>(who, kRegistry, {reference, lead});
  }
};

// Metal in one warehouse, pledged to several banks on one receipt.
TEST_P(Secured, OneWarehouseReceiptIsPledgedOnce) {
  ASSERT_THAT(issue(kWarehouse, kReceipt), Succeeds());
  ASSERT_THAT(inspect(kInspector, kReceipt, 10'000), Succeeds());
  ASSERT_THAT(pledge(kMakerA, "A-1", {kReceipt}), Succeeds());
  ASSERT_THAT(finance(kMakerA, "A-1"), Succeeds());
  const auto second = pledge(kMakerB, "B-1", {kReceipt});
  ASSERT_EQ(second.response.flags.size(), 1u);
  EXPECT_EQ(second.response.flags[0].colour, Colour::kRed);
  EXPECT_EQ(second.response.flags[0].reason, Reason::kSameTitle);
  EXPECT_THAT(finance(kMakerB, "B-1"), FailsWith(Error::kDupFinancedElsewhere));
  // A receipt has no sides.
  ASSERT_THAT(enter(kMakerC, request(kMakerC, "C-1", {kReceipt}, 0, Side::kBuyerPayable)),
              Succeeds());
  EXPECT_THAT(finance(kMakerC, "C-1"), FailsWith(Error::kDupFinancedElsewhere));
}

TEST_P(Secured, AReceiptThatNoWarehouseSignedOrNoInspectorSawIsNotFinanced) {
  ASSERT_THAT(pledge(kMakerA, "A-1", {kReceipt}), Succeeds());
  EXPECT_THAT(finance(kMakerA, "A-1"), FailsWith(Error::kNotIssued));
  EXPECT_THAT(inspect(kInspector, kReceipt, 10'000), FailsWith(Error::kNotIssued));
  EXPECT_THAT(issue(kCarrier, kReceipt), FailsWith(Error::kNotTheIssuer));
  ASSERT_THAT(issue(kWarehouse, kReceipt), Succeeds());
  EXPECT_THAT(issue(kWarehouse, kReceipt), FailsWith(Error::kDocumentExists));
  EXPECT_THAT(finance(kMakerA, "A-1"), FailsWith(Error::kInspectionOverdue));
  EXPECT_FALSE(inspect(kWarehouse, kReceipt, 10'000).ok());  // not an inspector
  ASSERT_THAT(inspect(kInspector, kReceipt, 7'000), Succeeds());
  EXPECT_THAT(finance(kMakerA, "A-1", 7'001), FailsWith(Error::kOverFinanced));
  EXPECT_THAT(finance(kMakerA, "A-1", 5'000), Succeeds());
  (void)chain_->advance_by(91 * sdk::kDayMs);
  EXPECT_THAT(finance(kMakerA, "A-1", 1), FailsWith(Error::kInspectionOverdue));
}

TEST_P(Secured, GoodsLeaveTheWarehouseOnlyAsFarAsTheyAreNotPledged) {
  ASSERT_THAT(issue(kWarehouse, kReceipt), Succeeds());
  ASSERT_THAT(inspect(kInspector, kReceipt, 10'000), Succeeds());
  ASSERT_THAT(pledge(kMakerA, "A-1", {kReceipt}), Succeeds());
  ASSERT_THAT(finance(kMakerA, "A-1", 6'000), Succeeds());
  EXPECT_THAT(redeem(kWarehouse, kReceipt, 4'001), FailsWith(Error::kDocumentPledged));
  EXPECT_THAT(redeem(kCarrier, kReceipt, 1), FailsWith(Error::kNotTheIssuer));
  ASSERT_THAT(redeem(kWarehouse, kReceipt, 4'000), Succeeds());
  EXPECT_THAT(finance(kMakerA, "A-1", 1), FailsWith(Error::kOverFinanced));
  ASSERT_THAT(settle(kMakerA, "bank-a/A-1"), Succeeds());
  ASSERT_THAT(redeem(kWarehouse, kReceipt, 6'000), Succeeds());
  EXPECT_EQ(holding(kReceipt).outstanding, 0u);
  EXPECT_THAT(redeem(kWarehouse, kReceipt, 1), FailsWith(Error::kDocumentPledged));
  // Burnt: nobody finances it again.
  ASSERT_THAT(pledge(kMakerB, "B-1", {kReceipt}), Succeeds());
  EXPECT_THAT(finance(kMakerB, "B-1", 1), FailsWith(Error::kAlreadySettled));
}

TEST_P(Secured, OneBillOfLadingSecuresOneFinancingOnASide) {
  std::vector<Token> tokens = invoice(1);
  tokens.push_back(kBill);
  ASSERT_THAT(enter(kMakerA, "A-1", tokens), Succeeds());
  // Another invoice under the same bill.
  const auto other = enter(kMakerB, "B-1", {token(TokenKind::kSame, 2), kBill});
  ASSERT_EQ(other.response.flags.size(), 1u);
  EXPECT_EQ(other.response.flags[0].reason, Reason::kSameTitle);
  ASSERT_THAT(finance(kMakerA, "A-1"), Succeeds());
  EXPECT_EQ(status("bank-b/B-1"), Status::kDupFinanced);
  // The buyer's bank against the same bill may be honest: it asks.
  const auto buyer = enter(kMakerC, request(kMakerC, "C-1", {token(TokenKind::kSame, 3), kBill},
                                            380, Side::kBuyerPayable));
  ASSERT_EQ(buyer.response.flags.size(), 2u);
  EXPECT_EQ(buyer.response.flags[0].colour, Colour::kAmber);
  EXPECT_EQ(buyer.response.flags[0].reason, Reason::kOtherSide);
  EXPECT_THAT(finance(kMakerC, "C-1"), FailsWith(Error::kAmberOpen));
}

TEST_P(Secured, OneContainerOnOneVoyageAsks) {
  const Token container = token(TokenKind::kContainer, 70);
  ASSERT_THAT(pledge(kMakerA, "A-1", {container}), Succeeds());
  const auto other = pledge(kMakerB, "B-1", {container});
  ASSERT_EQ(other.response.flags.size(), 1u);
  EXPECT_EQ(other.response.flags[0].colour, Colour::kAmber);
  EXPECT_EQ(other.response.flags[0].reason, Reason::kSameContainer);
}

// SAFE's rule: several banks finance under one declaration until its balance is used up.
TEST_P(Secured, ADeclarationIsFinancedToItsBalanceAcrossBanks) {
  for (const Token& document : {kDeclarationToken, kCreditToken, kOrder}) {
    SCOPED_TRACE(to_text(document.kind));
    const std::string n = std::to_string(static_cast<int>(document.kind));
    const auto same = static_cast<std::uint8_t>(200 + static_cast<int>(document.kind));
    const auto first = enter(kMakerA, "A-" + n, {token(TokenKind::kSame, same), document});
    ASSERT_THAT(first, Succeeds());
    ASSERT_EQ(first.response.balances.size(), 1u);
    EXPECT_EQ(first.response.balances[0].colour, Colour::kColourUnset);
    EXPECT_THAT(finance(kMakerA, "A-" + n, 10'000), FailsWith(Error::kDrawsMismatch));
    EXPECT_THAT(finance(kMakerA, "A-" + n, 10'000, {{document, 0}}),
                FailsWith(Error::kDrawsMismatch));
    EXPECT_THAT(finance(kMakerA, "A-" + n, 10'000, {{document, 100}, {document, 100}}),
                FailsWith(Error::kDrawsMismatch));
    ASSERT_THAT(finance(kMakerA, "A-" + n, 10'000, {{document, 6'000}}), Succeeds());

    const auto second = pledge(kMakerB, "B-" + n, {document});
    EXPECT_TRUE(second.response.flags.empty());
    EXPECT_EQ(second.response.balances[0].colour, Colour::kLink);
    EXPECT_EQ(second.response.balances[0].remaining, 4'000u);
    EXPECT_THAT(finance(kMakerB, "B-" + n, 10'000, {{document, 4'001}}),
                FailsWith(Error::kOverBalance));
    ASSERT_THAT(finance(kMakerB, "B-" + n, 10'000, {{document, 4'000}}), Succeeds());
    const auto third = pledge(kMakerC, "C-" + n, {document});
    EXPECT_EQ(third.response.balances[0].colour, Colour::kRed);
    EXPECT_THAT(finance(kMakerC, "C-" + n, 1, {{document, 1}}), FailsWith(Error::kOverBalance));

    // Paid invoices use the balance up; an advance that was undone gives it back.
    ASSERT_THAT(settle(kMakerA, "bank-a/A-" + n), Succeeds());
    EXPECT_THAT(finance(kMakerC, "C-" + n, 1, {{document, 1}}), FailsWith(Error::kOverBalance));
    const sdk::Bytes proof(32, 9);
    ASSERT_THAT(chain_->call<method::AttestRepayment>(kClient, kRegistry, {"bank-b/B-" + n, proof}),
                Succeeds());
    ASSERT_THAT(cancel(kMakerB, "bank-b/B-" + n, proof), Succeeds());
    EXPECT_THAT(finance(kMakerC, "C-" + n, 10'000, {{document, 4'000}}), Succeeds());
  }
}

TEST_P(Secured, CustomsLowersADeclarationAndTheIssuingBankACredit) {
  ASSERT_THAT(issue(kCustoms, kDeclarationToken), Succeeds());
  EXPECT_THAT(issue(kCustoms, kCreditToken), FailsWith(Error::kNotTheIssuer));
  ASSERT_THAT(issue(kMakerA, kCreditToken), Succeeds());
  EXPECT_THAT(issue(kMakerA, kOrder), FailsWith(Error::kNotTheIssuer));
  EXPECT_THAT(issue(kCarrier, kBill), Succeeds());
  ASSERT_THAT(redeem(kCustoms, kDeclarationToken, 9'000), Succeeds());
  ASSERT_THAT(pledge(kMakerB, "B-1", {kDeclarationToken, kCreditToken}), Succeeds());
  EXPECT_THAT(finance(kMakerB, "B-1", 10'000, {{kDeclarationToken, 1'001}, {kCreditToken, 10}}),
              FailsWith(Error::kOverBalance));
  ASSERT_THAT(finance(kMakerB, "B-1", 10'000, {{kDeclarationToken, 1'000}, {kCreditToken, 10}}),
              Succeeds());
  EXPECT_THAT(redeem(kMakerA, kCreditToken, 9'991), FailsWith(Error::kDocumentPledged));
  EXPECT_THAT(redeem(kMakerA, kCreditToken, 9'990), Succeeds());
}

// One drawing under a credit secures one financing, whatever the credit's balance.
TEST_P(Secured, OnePresentationIsFinancedOnce) {
  const Token drawing = token(TokenKind::kCreditPresentation, 65);
  ASSERT_THAT(pledge(kMakerA, "A-1", {kCreditToken, drawing}), Succeeds());
  ASSERT_THAT(finance(kMakerA, "A-1", 10'000, {{kCreditToken, 2'000}}), Succeeds());
  ASSERT_THAT(pledge(kMakerB, "B-1", {kCreditToken, drawing}), Succeeds());
  EXPECT_THAT(finance(kMakerB, "B-1", 10'000, {{kCreditToken, 2'000}}),
              FailsWith(Error::kDupFinancedElsewhere));
}

TEST_P(Secured, SimilarAmountsAreCountedAndRaiseNothing) {
  const std::vector<Token> tokens{token(TokenKind::kSame, 1), token(TokenKind::kSimilarAmount, 2),
                                  token(TokenKind::kSimilarAmount, 3)};
  EXPECT_EQ(enter(kMakerA, "A-1", tokens).response.similar, 0u);
  const auto next =
      enter(kMakerB, "B-1", {token(TokenKind::kSame, 2), token(TokenKind::kSimilarAmount, 3)});
  EXPECT_EQ(next.response.similar, 1u);
  EXPECT_TRUE(next.response.flags.empty());
}

TEST_P(Secured, ANumberThatTheLawAllowsOnceIsRed) {
  const Token law = token(TokenKind::kNumberByLaw, 4);
  ASSERT_THAT(enter(kMakerA, "A-1", {token(TokenKind::kSame, 1), law}), Succeeds());
  const auto other = enter(kMakerB, "B-1", {token(TokenKind::kSame, 2), law});
  ASSERT_EQ(other.response.flags.size(), 1u);
  EXPECT_EQ(other.response.flags[0].colour, Colour::kRed);
  EXPECT_EQ(other.response.flags[0].reason, Reason::kNumberUsedTwice);
}

// B.5: "second financier only under a recorded participation agreement".
TEST_P(Secured, ASecondFinancierTakesPartByAgreementAndTheSumStaysWithinTheWhole) {
  ASSERT_THAT(enter(kMakerA, "A-1"), Succeeds());
  ASSERT_THAT(enter(kMakerB, "B-1"), Succeeds());
  ASSERT_THAT(finance(kMakerA, "A-1", 6'000), Succeeds());
  EXPECT_EQ(status("bank-b/B-1"), Status::kDupFinanced);
  EXPECT_THAT(accept(kMakerB, "B-1", "bank-a/A-1"), FailsWith(Error::kParticipationNotOffered));
  ASSERT_THAT(offer(kMakerA, "A-1", "bank-b/B-1", 4'001), Succeeds());
  EXPECT_THAT(accept(kMakerB, "B-1", "bank-a/A-1"), FailsWith(Error::kOverFinanced));
  ASSERT_THAT(offer(kMakerA, "A-1", "bank-b/B-1", 3'000), Succeeds());
  ASSERT_THAT(accept(kMakerB, "B-1", "bank-a/A-1"), Succeeds());
  EXPECT_EQ(status("bank-b/B-1"), Status::kRegistered);
  EXPECT_EQ(remaining("bank-a/A-1"), 1'000u);
  EXPECT_EQ(remaining("bank-b/B-1"), 3'000u);
  EXPECT_THAT(finance(kMakerB, "B-1", 3'001), FailsWith(Error::kOverFinanced));
  ASSERT_THAT(finance(kMakerB, "B-1", 3'000), Succeeds());
  EXPECT_EQ(status("bank-a/A-1"), Status::kPartFinanced);  // not late
  EXPECT_THAT(finance(kMakerA, "A-1", 1'001), FailsWith(Error::kOverFinanced));
  ASSERT_THAT(finance(kMakerA, "A-1", 1'000), Succeeds());
  EXPECT_EQ(entry("bank-a/A-1").lien_rank, 1u);
  EXPECT_EQ(entry("bank-b/B-1").lien_rank, 2u);

  // A third without an agreement stays out.
  ASSERT_THAT(enter(kMakerC, "C-1"), Succeeds());
  EXPECT_THAT(finance(kMakerC, "C-1", 1), FailsWith(Error::kDupFinancedElsewhere));
  EXPECT_THAT(offer(kMakerB, "B-1", "bank-c/C-1", 1), FailsWith(Error::kAlreadyParticipates));
}

TEST_P(Secured, AParticipationNeedsOneDocumentAndServesOnce) {
  ASSERT_THAT(enter(kMakerA, "A-1", invoice(1)), Succeeds());
  ASSERT_THAT(enter(kMakerB, "B-1", invoice(2)), Succeeds());  // amber only
  EXPECT_THAT(offer(kMakerA, "A-1", "bank-b/B-1", 1), FailsWith(Error::kNoSharedDocument));
  ASSERT_THAT(enter(kMakerB, "B-2", {token(TokenKind::kSame, 1)}), Succeeds());
  ASSERT_THAT(offer(kMakerA, "A-1", "bank-b/B-2", 100), Succeeds());
  ASSERT_THAT(accept(kMakerB, "B-2", "bank-a/A-1"), Succeeds());
  EXPECT_THAT(accept(kMakerB, "B-2", "bank-a/A-1"), FailsWith(Error::kAlreadyParticipates));
  EXPECT_THAT(offer(kMakerA, "A-1", "bank-b/B-2", 200), FailsWith(Error::kAlreadyParticipates));
}

USANCE_ON_EVERY_CHAIN(Secured);

}  // namespace
}  // namespace usance::invoice_registry::v1
