// docs/contracts/invoice_registry.md, the table of tokens, as `usance invoice match` applies it.
#include "tools/documents/invoice_match.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace usance::documents {
namespace {

NormalisedInvoice invoice() {
  NormalisedInvoice out;
  out.document_class = "380";
  out.number = "KCE20260417";
  out.skeleton = "20260417";
  out.date = 20260305;
  out.currency = "USD";
  out.amount = 9'600'050;
  out.seller_id = "UG1000234567";
  out.seller_name = "KAMPALA COFFEE EXPORTERS";
  out.buyer_id = "DE123456789";
  out.buyer_name = "HAMBURG ROASTERS";
  return out;
}

void renumber(NormalisedInvoice& i, const std::string& number) {
  i.number = number;
  i.skeleton.clear();
  for (const char c : number)
    if (c >= '0' && c <= '9' && !(i.skeleton.empty() && c == '0')) i.skeleton.push_back(c);
}

using Change = void (*)(NormalisedInvoice&);

std::vector<InvoicePair> match(const NormalisedInvoice& a, const NormalisedInvoice& b) {
  const auto out = match_invoices({{"a", a}, {"b", b}});
  EXPECT_TRUE(out.has_value());
  return *out;
}

void expect(Change first, Change second, MatchClass match_class, MatchReason reason) {
  NormalisedInvoice a = invoice();
  NormalisedInvoice b = invoice();
  first(a);
  second(b);
  const auto pairs = match(a, b);
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_EQ(pairs[0].match, match_class);
  EXPECT_EQ(pairs[0].reason, reason);
  EXPECT_EQ(pairs[0].file_a, "a");
  EXPECT_EQ(pairs[0].file_b, "b");
  EXPECT_FALSE(pairs[0].tokens.empty());
}

void none(NormalisedInvoice&) {}

TEST(InvoiceMatch, TheSameInvoiceIsRed) {
  expect(none, none, MatchClass::kRed, MatchReason::kSameInvoice);
  expect([](auto& i) { i.seller_name = "KCE"; }, none, MatchClass::kRed, MatchReason::kSameInvoice);
  const Change no_ids = [](auto& i) { i.buyer_id.clear(); };
  expect(no_ids, no_ids, MatchClass::kRed, MatchReason::kSameInvoice);
}

TEST(InvoiceMatch, ATaxNumberThatDiffersOrIsMissingIsAConflictOfIdentity) {
  expect([](auto& i) { i.buyer_id.clear(); }, none, MatchClass::kAmberId,
         MatchReason::kIdentityConflict);
  expect([](auto& i) { i.seller_id.clear(); }, none, MatchClass::kAmberId,
         MatchReason::kIdentityConflict);
  expect([](auto& i) { i.seller_id = "UG9"; }, [](auto& i) { i.buyer_id = "DE9"; },
         MatchClass::kAmberId, MatchReason::kIdentityConflict);
}

TEST(InvoiceMatch, ANumberUsedAgainIsAmber) {
  expect([](auto& i) { i.amount += 1; }, none, MatchClass::kAmberNumber,
         MatchReason::kNumberReused);
  expect([](auto& i) { i.date = 20260306; }, none, MatchClass::kAmberNumber,
         MatchReason::kNumberReused);
  expect([](auto& i) { i.date = 20250305; }, none, MatchClass::kAmberNumber,
         MatchReason::kSimilarNumber);
  expect([](auto& i) { renumber(i, "0020260417"), i.amount = 1; }, none, MatchClass::kAmberNumber,
         MatchReason::kSimilarNumber);
  expect([](auto& i) { renumber(i, "KCE20260471"); }, none, MatchClass::kAmberNumber,
         MatchReason::kNearNumberTyped);
  expect([](auto& i) { renumber(i, "KCE2026O417"), i.seller_id.clear(); }, none,
         MatchClass::kAmberNumber, MatchReason::kNearNumberTyped);
}

TEST(InvoiceMatch, AnotherNumberForTheSameSaleIsAmber) {
  expect([](auto& i) { renumber(i, "X9"); }, none, MatchClass::kAmber, MatchReason::kOtherNumber);
  const Change no_buyer = [](auto& i) { i.buyer_id.clear(), i.seller_name = "KCE"; };
  expect([](auto& i) { renumber(i, "X9"), i.buyer_id.clear(); }, no_buyer, MatchClass::kAmber,
         MatchReason::kOtherNumber);
}

TEST(InvoiceMatch, ACreditNoteUnderTheNumberIsALink) {
  expect([](auto& i) { i.document_class = "381"; }, none, MatchClass::kLink,
         MatchReason::kCreditNote);
  expect([](auto& i) { i.document_class = "381", i.amount = 5, i.seller_id.clear(); }, none,
         MatchClass::kLink, MatchReason::kCreditNote);
  expect([](auto& i) { i.document_class = "384"; }, none, MatchClass::kAmber,
         MatchReason::kOtherDocument);
  const Change credit_note = [](auto& i) { i.document_class = "381"; };
  expect(credit_note, credit_note, MatchClass::kRed, MatchReason::kSameInvoice);
}

TEST(InvoiceMatch, WhatNamesAnotherIsLinkedToIt) {
  const Change credits = [](auto& i) {
    i.document_class = "381", renumber(i, "CN1"), i.amount = 5, i.preceding = {"KCE20260417"};
  };
  expect(credits, none, MatchClass::kLink, MatchReason::kCreditNote);
  const Change corrects = [](auto& i) {
    i.document_class = "384", renumber(i, "X77"), i.preceding = {"KCE20260417"};
  };
  expect(corrects, none, MatchClass::kLink, MatchReason::kRefersTo);
  // By the seller's name too, and whichever stands first.
  expect(
      none, [](auto& i) { renumber(i, "X7"), i.seller_id = "", i.preceding = {"KCE20260417"}; },
      MatchClass::kLink, MatchReason::kRefersTo);
}

TEST(InvoiceMatch, ANameForItselfOrForAThirdMakesNoLink) {
  const Change itself = [](auto& i) { i.preceding = {"KCE20260417"}; };
  expect(itself, none, MatchClass::kRed, MatchReason::kSameInvoice);
  expect([](auto& i) { i.preceding = {"KCE20260417"}, i.amount = -1; }, none,
         MatchClass::kAmberNumber, MatchReason::kNumberReused);
  NormalisedInvoice a = invoice();
  NormalisedInvoice b = invoice();
  renumber(a, "P1");
  renumber(b, "F9");
  b.amount = 1;
  a.preceding = b.preceding = {"KCE20260417"};
  EXPECT_TRUE(match(a, b).empty());
}

TEST(InvoiceMatch, InvoicesOfDifferentSellersHaveNothingInCommon) {
  NormalisedInvoice other = invoice();
  other.seller_id = "KE1";
  other.seller_name = "MOMBASA TEA";
  EXPECT_TRUE(match(invoice(), other).empty());
}

TEST(InvoiceMatch, EveryPairStandsOnceInTheOrderOfTheFiles) {
  NormalisedInvoice changed = invoice();
  changed.amount = 1;
  const auto pairs = match_invoices({{"x", invoice()}, {"a", changed}, {"m", invoice()}});
  ASSERT_TRUE(pairs.has_value());
  ASSERT_EQ(pairs->size(), 3u);
  EXPECT_EQ((*pairs)[0].file_a + (*pairs)[0].file_b, "xa");
  EXPECT_EQ((*pairs)[1].file_a + (*pairs)[1].file_b, "xm");
  EXPECT_EQ((*pairs)[1].match, MatchClass::kRed);
  EXPECT_EQ((*pairs)[2].file_a + (*pairs)[2].file_b, "am");
}

TEST(InvoiceMatch, TooManyFilesAreRefused) {
  EXPECT_FALSE(
      match_invoices(std::vector<InvoiceFile>(kMaxMatchedFiles + 1, {"x", invoice()})).has_value());
}

}  // namespace
}  // namespace usance::documents
