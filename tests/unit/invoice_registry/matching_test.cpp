// docs/contracts/invoice_registry.md, "Tokens".
#include "contracts/invoice_registry/matching.h"

#include <initializer_list>

#include <gtest/gtest.h>

namespace usance::invoice_registry::v1 {
namespace {

SharedKinds shared(std::initializer_list<TokenKind> kinds) {
  SharedKinds out;
  for (const TokenKind kind : kinds) out.add(kind);
  return out;
}

constexpr Document kSale{Side::kSellerReceivable, 380};
constexpr Document kPurchase{Side::kBuyerPayable, 380};
constexpr Document kCredit{Side::kSellerReceivable, 381};
constexpr Document kProforma{Side::kSellerReceivable, 325};

void expect(std::initializer_list<TokenKind> kinds, const Document& a, const Document& b,
            Colour colour, Reason reason) {
  const Relation relation = relate(shared(kinds), a, b);
  EXPECT_EQ(to_text(relation.colour), to_text(colour));
  EXPECT_EQ(to_text(relation.reason), to_text(reason));
}

TEST(Relation, EachKindAlone) {
  expect({}, kSale, kSale, Colour::kColourUnset, Reason::kReasonUnset);
  expect({TokenKind::kSame}, kSale, kSale, Colour::kRed, Reason::kSameInvoice);
  expect({TokenKind::kSame}, kSale, kPurchase, Colour::kAmber, Reason::kOtherSide);
  for (const TokenKind kind :
       {TokenKind::kSameSellerId, TokenKind::kSameBuyerId, TokenKind::kSameNames})
    expect({kind}, kSale, kSale, Colour::kAmber, Reason::kIdentityConflict);
  for (const TokenKind kind : {TokenKind::kNumberInYear, TokenKind::kNumberInYearName})
    expect({kind}, kSale, kSale, Colour::kAmber, Reason::kNumberReused);
  for (const TokenKind kind : {TokenKind::kSkeleton, TokenKind::kSkeletonName})
    expect({kind}, kSale, kSale, Colour::kAmber, Reason::kSimilarNumber);
  for (const TokenKind kind : {TokenKind::kRenumbered, TokenKind::kRenumberedNames})
    expect({kind}, kSale, kSale, Colour::kAmber, Reason::kOtherNumber);
  for (const TokenKind kind : {TokenKind::kNearNumber, TokenKind::kNearNumberName})
    expect({kind}, kSale, kSale, Colour::kAmber, Reason::kNearNumberTyped);
}

TEST(Relation, TheStrongestCounts) {
  expect({TokenKind::kSame, TokenKind::kSameNames, TokenKind::kNumberInYear, TokenKind::kSkeleton,
          TokenKind::kRenumbered, TokenKind::kNumber},
         kSale, kSale, Colour::kRed, Reason::kSameInvoice);
}

TEST(Relation, ACreditNoteIsALinkAndNeverRed) {
  expect({TokenKind::kNumber, TokenKind::kSkeleton, TokenKind::kRenumbered}, kCredit, kSale,
         Colour::kLink, Reason::kCreditNote);
  expect({TokenKind::kNumberName}, kSale, kProforma, Colour::kAmber, Reason::kOtherDocument);
  expect({TokenKind::kRenumbered}, kCredit, kSale, Colour::kAmber, Reason::kOtherNumber);
}

TEST(Tokens, MustBeWellFormedAndAscending) {
  const Token a{TokenKind::kNearNumber, sdk::Bytes(32, 1)};
  const Token b{TokenKind::kNearNumber, sdk::Bytes(32, 2)};
  const Token c{TokenKind::kNumber, sdk::Bytes(32, 0)};
  EXPECT_EQ(token_fault({a, b, c}), nullptr);
  // One mandate serves for one invoice: two of these would be two.
  EXPECT_NE(token_fault({a, b, c, Token{TokenKind::kNumber, sdk::Bytes(32, 1)}}), nullptr);
  EXPECT_NE(token_fault({}), nullptr);
  EXPECT_NE(token_fault({b, a}), nullptr);
  EXPECT_NE(token_fault({a, a}), nullptr);
  EXPECT_NE(token_fault({c, a}), nullptr);
  EXPECT_NE(token_fault({{TokenKind::kSame, sdk::Bytes(31, 1)}}), nullptr);
  EXPECT_NE(token_fault({{TokenKind::kTokenKindUnset, sdk::Bytes(32, 1)}}), nullptr);
}

TEST(Lapse, IsTheEndOfTheTenthWeekday) {
  const auto noon = [](int y, int m, int d) {
    return sdk::Date::of(y, m, d).start_ms() + sdk::kDayMs / 2;
  };
  // Monday 5 January 2026: ten weekdays later is Monday 19 January.
  EXPECT_EQ(lapse_time(noon(2026, 1, 5)), sdk::Date::of(2026, 1, 20).start_ms());
  // Registered on a Saturday: the first counted day is Monday.
  EXPECT_EQ(lapse_time(noon(2026, 1, 10)), sdk::Date::of(2026, 1, 24).start_ms());
}

TEST(Reference, IsShortAndPlain) {
  EXPECT_TRUE(is_reference("FIN-2026-001"));
  EXPECT_FALSE(is_reference(""));
  EXPECT_FALSE(is_reference("a/b"));
  EXPECT_FALSE(is_reference(std::string(36, 'A')));
}

}  // namespace
}  // namespace usance::invoice_registry::v1
