// What real invoices do besides the plain case: encodings, wrappers, older schemas, missing fields.
#include <gtest/gtest.h>

#include "tools/documents/norm1.h"
#include "tools/documents/utf8.h"
#include "tools/documents/xml_reader.h"

namespace usance::documents {
namespace {

std::string ubl(const std::string& head, const std::string& parties, const std::string& total,
                const std::string& root = "Invoice") {
  return "<" + root + " xmlns='urn:x'>" + head + parties + "<LegalMonetaryTotal>" + total +
         "</LegalMonetaryTotal></" + root + ">";
}

std::string party(const std::string& role, const std::string& inside) {
  return "<Accounting" + role + "Party><Party>" + inside + "</Party></Accounting" + role + "Party>";
}

const std::string kHead =
    "<ID>7</ID><IssueDate>2026-03-05</IssueDate><DocumentCurrencyCode>EUR</DocumentCurrencyCode>";
const std::string kParties = party("Supplier", "<PartyName><Name>Seller</Name></PartyName>") +
                             party("Customer", "<PartyName><Name>Buyer</Name></PartyName>");
const std::string kTotal = "<TaxInclusiveAmount currencyID='EUR'>12.5</TaxInclusiveAmount>";

Invoice read(const std::string& xml) {
  const Result<Invoice> out = read_invoice(xml);
  EXPECT_TRUE(out.has_value()) << (out ? "" : out.error().message);
  return out.value_or(Invoice{});
}

std::string error_of(const std::string& xml) {
  const Result<Invoice> out = read_invoice(xml);
  return out ? "" : out.error().message;
}

TEST(InvoiceQuirks, TheRootSaysWhatItIsWhenNoCodeDoes) {
  EXPECT_EQ(read(ubl(kHead, kParties, kTotal)).document_class, "380");
  EXPECT_EQ(read(ubl(kHead, kParties, kTotal, "CreditNote")).document_class, "381");
  EXPECT_EQ(read(ubl(kHead, kParties, kTotal, "SelfBilledInvoice")).document_class, "389");
  EXPECT_EQ(read(ubl(kHead, kParties, kTotal, "SelfBilledCreditNote")).document_class, "261");
  EXPECT_EQ(read(ubl(kHead + "<InvoiceTypeCode>SalesInvoice</InvoiceTypeCode>", kParties, kTotal))
                .document_class,
            "380");
  EXPECT_EQ(
      read(ubl(kHead + "<InvoiceTypeCode>384</InvoiceTypeCode>", kParties, kTotal)).document_class,
      "384");
}

TEST(InvoiceQuirks, APrepaymentDoesNotChangeTheAmount) {
  EXPECT_EQ(read(ubl(kHead, kParties,
                     "<PrepaidAmount currencyID='EUR'>10</PrepaidAmount>" + kTotal +
                         "<PayableAmount currencyID='EUR'>2.5</PayableAmount>"))
                .amount,
            1'250);
  EXPECT_EQ(
      read(ubl(kHead, kParties, "<PayableAmount currencyID='EUR'>2.5</PayableAmount>")).amount, 250)
      << "without a total with tax, what is payable";
}

TEST(InvoiceQuirks, TheCurrencyMayStandAtTheAmountAlone) {
  const std::string head = "<ID>7</ID><IssueDate>2026-03-05</IssueDate>";
  EXPECT_EQ(read(ubl(head, kParties, kTotal)).currency, "EUR");
}

TEST(InvoiceQuirks, DatesComeWithZonesAndTimes) {
  EXPECT_EQ(parse_date("2026-03-05"), 20260305);
  EXPECT_EQ(parse_date("2026-03-05Z"), 20260305);
  EXPECT_EQ(parse_date("2026-03-05+01:00"), 20260305);
  EXPECT_EQ(parse_date("2026-03-05T10:00:00Z"), 20260305);
  EXPECT_EQ(parse_date("20260305"), 20260305);
  EXPECT_EQ(parse_date("202603051430"), 20260305);
  EXPECT_EQ(parse_date("20240229"), 20240229);
  for (const char* bad : {"", "2026", "05.03.2026", "2026-02-29", "20261301", "2026-03-05x",
                          "2026-3-5", "260305", "00000000"})
    EXPECT_FALSE(parse_date(bad).has_value()) << bad;
}

TEST(InvoiceQuirks, IdentifiersAreLeiOrTaxNumberWhateverTheirPlace) {
  const std::string lei = "5299000J2N45DDNE4Y28";
  const auto seller = [&](const std::string& inside) {
    return read(ubl(kHead,
                    party("Supplier", "<PartyName><Name>S</Name></PartyName>" + inside) +
                        party("Customer", "<PartyName><Name>B</Name></PartyName>"),
                    kTotal))
        .seller;
  };
  EXPECT_EQ(seller("<EndpointID schemeID='0199'>" + lei + "</EndpointID>").lei, lei);
  EXPECT_EQ(
      seller("<PartyIdentification><ID schemeID='LEI'>" + lei + "</ID></PartyIdentification>").lei,
      lei);
  EXPECT_EQ(seller("<PartyLegalEntity><CompanyID schemeID='0199'>" + lei +
                   "</CompanyID></PartyLegalEntity>")
                .lei,
            lei);
  const std::string local =
      "<PartyTaxScheme><CompanyID>123/4567</CompanyID><TaxScheme><ID>FC</ID></TaxScheme>"
      "</PartyTaxScheme>";
  EXPECT_EQ(seller(local).tax_id, "") << "a local tax number identifies nobody abroad";
  EXPECT_EQ(seller(local + "<PartyTaxScheme><CompanyID>DE1</CompanyID><TaxScheme><ID>vat</ID>"
                           "</TaxScheme></PartyTaxScheme>")
                .tax_id,
            "DE1");
  EXPECT_EQ(seller("<PartyIdentification><ID schemeID='0088'>401</ID></PartyIdentification>").lei,
            "");
}

TEST(InvoiceQuirks, NamesAreLegalTradingTaxRegisteredOrOfAPerson) {
  const auto seller = [&](const std::string& inside) {
    return read(ubl(kHead,
                    party("Supplier", inside) +
                        party("Customer", "<PartyName><Name>B</Name></PartyName>"),
                    kTotal))
        .seller.name;
  };
  EXPECT_EQ(seller("<PartyName><Name>Shop</Name></PartyName><PartyLegalEntity><RegistrationName>"
                   "Shop Holding Ltd</RegistrationName></PartyLegalEntity>"),
            "Shop Holding Ltd");
  EXPECT_EQ(seller("<PartyTaxScheme><RegistrationName>Old</RegistrationName></PartyTaxScheme>"),
            "Old");
  EXPECT_EQ(seller("<Person><FirstName>Ann</FirstName><FamilyName>Lee</FamilyName></Person>"),
            "Ann Lee");
}

TEST(InvoiceQuirks, TextIsWholeAroundCommentsAndCdata) {
  EXPECT_EQ(read(ubl("<ID> A<!-- the number -->B<![CDATA[-7]]>\n </ID><IssueDate>\n2026-03-05\n"
                     "</IssueDate><DocumentCurrencyCode>eur</DocumentCurrencyCode>",
                     kParties, kTotal))
                .number,
            "AB-7");
}

TEST(InvoiceQuirks, AWrappedInvoiceIsRead) {
  EXPECT_EQ(read("<sh:StandardBusinessDocument><sh:StandardBusinessDocumentHeader/>" +
                 ubl(kHead, kParties, kTotal) + "</sh:StandardBusinessDocument>")
                .number,
            "7");
  EXPECT_NE(error_of("<StandardBusinessDocument/>"), "");
}

TEST(InvoiceQuirks, CiiKeepsItsLegalNameItsCurrencyAndItsOlderNames) {
  const std::string zugferd1 =
      R"(<rsm:CrossIndustryDocument xmlns:rsm="a" xmlns:ram="b" xmlns:udt="c">
    <rsm:HeaderExchangedDocument><ram:ID>RE-20170509/505</ram:ID><ram:TypeCode>380</ram:TypeCode>
      <ram:IssueDateTime><udt:DateTimeString format="102">20170509</udt:DateTimeString></ram:IssueDateTime>
    </rsm:HeaderExchangedDocument>
    <rsm:SpecifiedSupplyChainTradeTransaction>
      <ram:ApplicableSupplyChainTradeAgreement>
        <ram:SellerTradeParty><ram:Name>Bei Spiel GmbH</ram:Name>
          <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">22/815/0815/4</ram:ID></ram:SpecifiedTaxRegistration>
          <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE136695976</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>
        <ram:BuyerTradeParty><ram:SpecifiedLegalOrganization><ram:TradingBusinessName>Theodor Est</ram:TradingBusinessName></ram:SpecifiedLegalOrganization></ram:BuyerTradeParty>
      </ram:ApplicableSupplyChainTradeAgreement>
      <ram:ApplicableSupplyChainTradeSettlement>
        <ram:SpecifiedTradeSettlementMonetarySummation>
          <ram:GrandTotalAmount currencyID="EUR">571.04</ram:GrandTotalAmount>
          <ram:TotalPrepaidAmount currencyID="EUR">71.04</ram:TotalPrepaidAmount>
          <ram:DuePayableAmount currencyID="EUR">500.00</ram:DuePayableAmount>
        </ram:SpecifiedTradeSettlementMonetarySummation>
      </ram:ApplicableSupplyChainTradeSettlement>
    </rsm:SpecifiedSupplyChainTradeTransaction></rsm:CrossIndustryDocument>)";
  EXPECT_EQ(read(zugferd1), (Invoice{"380",
                                     "RE-20170509/505",
                                     20170509,
                                     "EUR",
                                     57'104,
                                     {"Bei Spiel GmbH", "", "DE136695976"},
                                     {"Theodor Est", "", ""},
                                     {}}));
}

std::string utf16(const std::string& ascii, bool big, bool mark) {
  std::string out = mark ? (big ? "\xFE\xFF" : "\xFF\xFE") : "";
  for (const char c : ascii) {
    if (big) out.push_back('\0');
    out.push_back(c);
    if (!big) out.push_back('\0');
  }
  return out;
}

TEST(InvoiceQuirks, EncodingsAreReadAsTheyAreMarked) {
  const std::string plain = ubl(kHead, kParties, kTotal);
  const Invoice expected = read(plain);
  EXPECT_EQ(read("\xEF\xBB\xBF" + plain), expected);
  EXPECT_EQ(read("\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + plain), expected);
  for (const bool big : {true, false})
    for (const bool mark : {true, false})
      EXPECT_EQ(read(utf16("<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + plain, big, mark)),
                expected)
          << big << mark;

  const auto in = [](const std::string& encoding, const std::string& name) {
    return "<?xml version='1.0' encoding='" + encoding + "'?>" +
           ubl(kHead,
               party("Supplier", "<PartyName><Name>" + name + "</Name></PartyName>") +
                   party("Customer", "<PartyName><Name>B</Name></PartyName>"),
               kTotal);
  };
  EXPECT_EQ(read(in("ISO-8859-1", "M\xFCller")).seller.name, "M\u00fcller");
  EXPECT_EQ(read(in("iso-8859-15", "\xA4uro")).seller.name, "\u20acuro");
  EXPECT_EQ(read(in("windows-1252", "\x80uro \x8Aipka")).seller.name, "\u20acuro \u0160ipka");
  EXPECT_EQ(error_of(in("UTF-8", "M\xFCller")), "not XML: it is not in UTF-8");
  EXPECT_EQ(error_of(in("windows-1252", "\x81")),
            "a byte has no meaning in the encoding it declares");
  EXPECT_EQ(error_of(in("EBCDIC", "x")), "the encoding 'ebcdic' is not read: save it as UTF-8");
}

TEST(InvoiceQuirks, TextIsCutBetweenCharactersOnly) {
  EXPECT_EQ(cut("a\u00fcb", 2), "a");
  EXPECT_EQ(cut("a\u00fcb", 3), "a\u00fc");
  EXPECT_EQ(cut("abc", 5), "abc");
  std::string amount = "x";
  for (int i = 0; i < 40; ++i) amount += "\u20ac";
  EXPECT_TRUE(is_utf8(parse_amount(amount, 2).error().message));
}

TEST(InvoiceQuirks, WhatIsNoInvoiceIsSaidToBeNone) {
  EXPECT_EQ(error_of(""), "the file is empty");
  EXPECT_EQ(error_of("%PDF-1.7\n..."),
            "a PDF: if it is a hybrid invoice, take the XML file out of its attachments");
  EXPECT_NE(error_of("{\"a\": 1}").find("not XML"), std::string::npos);
  EXPECT_EQ(error_of("<html/>"),
            "neither a UBL invoice or credit note nor a UN/CEFACT cross industry invoice");
}

TEST(InvoiceQuirks, WrongIdentifiersAreRemarkedOnAndDoNotStopTheReading) {
  const std::string xml =
      ubl(kHead +
              "<PaymentMeans><PayeeFinancialAccount><ID>GB82WEST12345698765433</ID>"
              "<FinancialInstitutionBranch><ID>DEUTQQFF</ID></FinancialInstitutionBranch>"
              "</PayeeFinancialAccount></PaymentMeans>"
              "<InvoiceLine><Item><StandardItemIdentification><ID schemeID='0160'>4006381333931"
              "</ID></StandardItemIdentification></Item></InvoiceLine>",
          kParties + "<x><y schemeID='0199'>5493001KJTIIGC8Y1R13</y></x>", kTotal);
  EXPECT_EQ(read(xml).number, "7");
  const auto remarks = invoice_remarks(xml);
  ASSERT_TRUE(remarks.has_value());
  ASSERT_EQ(remarks->size(), 3u);
  EXPECT_NE((*remarks)[0].find("is no IBAN: its check digits"), std::string::npos);
  EXPECT_NE((*remarks)[1].find("DEUTQQFF' is no BIC"), std::string::npos) << (*remarks)[1];
  EXPECT_NE((*remarks)[2].find("x/y: '5493001KJTIIGC8Y1R13' is no LEI"), std::string::npos);
}

TEST(InvoiceQuirks, DocumentClassesAreNumbersOfUntdid1001) {
  Invoice invoice = read(ubl(kHead, kParties, kTotal));
  invoice.document_class = "0381";
  EXPECT_EQ(normalise(invoice)->document_class, "381");
  for (const char* bad : {"TD01", "0", "12345"}) {
    invoice.document_class = bad;
    EXPECT_FALSE(normalise(invoice).has_value()) << bad;
  }
}

}  // namespace
}  // namespace usance::documents
