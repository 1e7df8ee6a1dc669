// docs/contracts/invoice_registry.md, "Reading" and "Normalisation norm/1".
#include "tools/documents/invoice.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/unit/documents/samples.h"
#include "tools/documents/tokens.h"
#include "tools/documents/xml_reader.h"

namespace usance::documents {
namespace {

const std::string kUbl = R"(<?xml version="1.0"?>
<a:Invoice xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
    xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
    xmlns:c="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">
  <b:ID>KCE-2026/0417</b:ID><b:IssueDate>2026-03-05</b:IssueDate>
  <b:InvoiceTypeCode>380</b:InvoiceTypeCode><b:DocumentCurrencyCode>USD</b:DocumentCurrencyCode>
  <c:AccountingSupplierParty><c:Party>
    <c:PartyTaxScheme><b:CompanyID>UG 1000-234567</b:CompanyID><c:TaxScheme><b:ID>VAT</b:ID></c:TaxScheme></c:PartyTaxScheme>
    <c:PartyLegalEntity><b:RegistrationName>Kampala Coffee Exporters Ltd.</b:RegistrationName></c:PartyLegalEntity>
  </c:Party></c:AccountingSupplierParty>
  <c:AccountingCustomerParty><c:Party>
    <c:PartyTaxScheme><b:CompanyID>DE123456789</b:CompanyID><c:TaxScheme><b:ID>VAT</b:ID></c:TaxScheme></c:PartyTaxScheme>
    <c:PartyLegalEntity><b:RegistrationName>Elbr&#246;ster GmbH</b:RegistrationName></c:PartyLegalEntity>
  </c:Party></c:AccountingCustomerParty>
  <c:LegalMonetaryTotal><b:TaxInclusiveAmount currencyID="USD">96000.5</b:TaxInclusiveAmount></c:LegalMonetaryTotal>
</a:Invoice>)";

const std::string kCii =
    R"(<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:r="x" xmlns:u="y">
  <r:SupplyChainTradeTransaction>
    <r:ApplicableHeaderTradeSettlement><r:InvoiceCurrencyCode>USD</r:InvoiceCurrencyCode>
      <r:SpecifiedTradeSettlementHeaderMonetarySummation>
        <r:GrandTotalAmount currencyID="EUR">88000.00</r:GrandTotalAmount>
        <r:GrandTotalAmount currencyID="USD">96000.50</r:GrandTotalAmount>
      </r:SpecifiedTradeSettlementHeaderMonetarySummation></r:ApplicableHeaderTradeSettlement>
    <r:ApplicableHeaderTradeAgreement>
      <r:BuyerTradeParty><r:Name>ELBROSTER</r:Name><r:SpecifiedTaxRegistration><r:ID schemeID="VA">DE 123 456 789</r:ID></r:SpecifiedTaxRegistration></r:BuyerTradeParty>
      <r:SellerTradeParty><r:Name>Kampala Coffee Exporters Limited</r:Name><r:SpecifiedTaxRegistration><r:ID schemeID="VA">UG1000234567</r:ID></r:SpecifiedTaxRegistration></r:SellerTradeParty>
    </r:ApplicableHeaderTradeAgreement>
  </r:SupplyChainTradeTransaction>
  <r:ExchangedDocument><r:ID>KCE-2026/0417</r:ID><r:TypeCode>380</r:TypeCode>
    <r:IssueDateTime><u:DateTimeString format="102">20260305</u:DateTimeString></r:IssueDateTime></r:ExchangedDocument>
</rsm:CrossIndustryInvoice>)";

NormalisedInvoice normalised(const std::string& xml) {
  const auto invoice = read_invoice(xml);
  EXPECT_TRUE(invoice.has_value()) << invoice.error().message;
  const auto out = normalise(*invoice);
  EXPECT_TRUE(out.has_value()) << out.error().message;
  return *out;
}

std::string refusal_of(const std::string& xml) {
  const auto invoice = read_invoice(xml);
  return invoice ? "" : invoice.error().message;
}

TEST(Invoice, UblIsReadByMeaning) {
  const auto invoice = read_invoice(kUbl);
  ASSERT_TRUE(invoice.has_value()) << invoice.error().message;
  EXPECT_EQ(*invoice, (Invoice{"380",
                               "KCE-2026/0417",
                               20260305,
                               "USD",
                               9'600'050,
                               {"Kampala Coffee Exporters Ltd.", "", "UG 1000-234567"},
                               {"Elbr\u00f6ster GmbH", "", "DE123456789"},
                               {}}));
}

TEST(Invoice, OneInvoiceInTwoSyntaxesIsOneInvoice) {
  EXPECT_EQ(normalised(kUbl), normalised(kCii));
  EXPECT_EQ(invoice_tokens({}, normalised(kUbl)), invoice_tokens({}, normalised(kCii)));
}

TEST(Invoice, WhatIsMissingIsNamed) {
  EXPECT_EQ(refusal_of(changed(kUbl, "<b:ID>KCE-2026/0417</b:ID>", "")),
            "the invoice has no number");
  EXPECT_EQ(refusal_of(changed(kUbl, "2026-03-05", "soon")),
            "the issue date: 'soon' is not a date: 2026-03-05 or 20260305");
  EXPECT_EQ(refusal_of(changed(kUbl, "96000.5", "96000.505")),
            "'96000.505' is not an amount: the currency has fewer decimals");
  EXPECT_EQ(refusal_of(changed(kUbl, ">USD<", ">XXX<")), "'XXX' is not an ISO 4217 currency");
  EXPECT_EQ(refusal_of("<Order/>"),
            "neither a UBL invoice or credit note nor a UN/CEFACT cross industry invoice");
  EXPECT_NE(refusal_of("<Invoice>").find("not XML"), std::string::npos);
}

TEST(Invoice, HostileXmlIsRefused) {
  EXPECT_EQ(refusal_of("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><Invoice/>"),
            "a document type declaration is not accepted");
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  for (int i = 0; i < 100; ++i) deep += "</a>";
  EXPECT_EQ(refusal_of(deep), "the XML is nested too deep");
  EXPECT_EQ(refusal_of(std::string(kMaxXmlBytes + 1, ' ')), "the file is over 8 MiB");
}

TEST(Norm1, NamesLoseMarksPunctuationAndLegalForm) {
  EXPECT_EQ(name_key("Café  Müller-Lüdenscheidt GmbH & Co. KG"), "CAFE MULLER LUDENSCHEIDT");
  EXPECT_EQ(name_key("Straße Handels S.A."), "STRASSE HANDELS");
  EXPECT_EQ(name_key("ＡＢＣ Ltd"), "ABC");
  EXPECT_EQ(name_key("Co"), "CO") << "a name is never emptied by its legal form";
  EXPECT_NE(name_key("Мир"), "");
}

TEST(Norm1, NumbersKeepLeadingZeros) {
  EXPECT_EQ(alphanumeric_key(" 0000-123/456 "), "0000123456");
  EXPECT_EQ(normalised(changed(kUbl, "KCE-2026/0417", "00A12")).skeleton, "12");
}

TEST(Amount, MinorUnitsFollowTheCurrency) {
  EXPECT_EQ(parse_amount("1000", 2), 100'000);
  EXPECT_EQ(parse_amount("-0.5", 2), -50);
  EXPECT_EQ(parse_amount("7.000", 0), 7);
  EXPECT_FALSE(parse_amount("7.1", 0).has_value());
  EXPECT_FALSE(parse_amount("", 2).has_value());
  EXPECT_FALSE(parse_amount("1,000.00", 2).has_value());
  EXPECT_FALSE(parse_amount("99999999999999999999", 2).has_value());
}

bool share(const NormalisedInvoice& a, const NormalisedInvoice& b, TokenKind kind) {
  const auto left = invoice_tokens({}, a);
  const auto right = invoice_tokens({}, b);
  for (const Token& token : left)
    if (token.kind == kind && std::find(right.begin(), right.end(), token) != right.end())
      return true;
  return false;
}

TEST(Tokens, EachKindMatchesWhatItIsFor) {
  const NormalisedInvoice one = normalised(kUbl);
  const auto amount = normalised(changed(kUbl, "96000.5", "97000.5"));
  EXPECT_FALSE(share(one, amount, TokenKind::kSame));
  EXPECT_TRUE(share(one, amount, TokenKind::kNumberInYear));
  const auto renumbered = normalised(changed(kUbl, "KCE-2026/0417", "KCE-2026/9999"));
  EXPECT_TRUE(share(one, renumbered, TokenKind::kRenumbered));
  EXPECT_FALSE(share(one, renumbered, TokenKind::kNumberInYear));
  const auto prefixed = normalised(changed(kUbl, "KCE-2026/0417", "INV-2026/0417"));
  EXPECT_TRUE(share(one, prefixed, TokenKind::kSkeleton));
  const auto typo = normalised(changed(kUbl, "KCE-2026/0417", "KCE-2026/0471"));
  EXPECT_TRUE(share(one, typo, TokenKind::kNearNumber)) << "a swap of neighbours is found too";
  const auto near = normalised(changed(kUbl, "KCE-2026/0417", "KCE-2026/0418"));
  EXPECT_TRUE(share(one, near, TokenKind::kNearNumber));
  const auto no_id = normalised(changed(kUbl, "DE123456789", ""));
  EXPECT_FALSE(share(one, no_id, TokenKind::kSame));
  EXPECT_TRUE(share(one, no_id, TokenKind::kSameSellerId));
  EXPECT_TRUE(share(one, no_id, TokenKind::kSameNames));
  const auto credit_note = normalised(changed(kUbl, ">380<", ">381<"));
  EXPECT_FALSE(share(one, credit_note, TokenKind::kSameNames));
  EXPECT_TRUE(share(one, credit_note, TokenKind::kNumber));
}

TEST(Tokens, DependOnKeyAndEpoch) {
  const NormalisedInvoice one = normalised(kUbl);
  TokenKey other_secret;
  other_secret.secret.bytes[0] = 1;
  EXPECT_NE(invoice_tokens({}, one), invoice_tokens(other_secret, one));
  EXPECT_NE(invoice_tokens({Hash32{}, 2026}, one), invoice_tokens({Hash32{}, 2027}, one));
}

// The vector of docs/contracts/invoice_registry.md, so that another implementation can be checked.
TEST(Tokens, TheVectorOfTheDocumentation) {
  EXPECT_EQ(to_hex(make_token({Hash32{}, 2026}, TokenKind::kSame, {"380", "A"})),
            "28c61fbef6bcf40395097fefe1dae2cb8fe70fbdfce27fd986a846a0fc0d7b88");
}

TEST(Samples, PublicInvoicesInTwoSyntaxesAreTheSame) {
  const std::filesystem::path folder = samples_folder() / "xrechnung";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << kNoSamples;
  const auto load = [](const std::filesystem::path& path) {
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    return normalised(text.str());
  };
  int pairs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().string();
    const std::size_t at = name.find("_ubl.xml");
    if (at == std::string::npos) continue;
    EXPECT_EQ(load(name), load(name.substr(0, at) + "_uncefact.xml")) << name;
    ++pairs;
  }
  EXPECT_GT(pairs, 0);
}

}  // namespace
}  // namespace usance::documents
