#include "contracts/letter_of_credit/data_checks.h"

#include <algorithm>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coffee.h"
#include "contracts/letter_of_credit/date_words.h"
#include "contracts/letter_of_credit/terms_check.h"
#include "contracts/letter_of_credit/words.h"

namespace usance::letter_of_credit::v1::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Code = DiscrepancyCode;

struct Case {
  Terms terms = coffee_terms();
  Calendar calendar = hamburg();
  std::vector<Document> documents = complying_set();
  contract::Money claimed = usd(100'000'00);
  Date received = day(2027, 3, 4);
  std::int64_t balance = 100'000'00;
  bool first = true;
  std::uint64_t instalments_made = 0;

  Document& invoice() { return documents[0]; }
  Document& bill() { return documents[1]; }
  Document& certificate() { return documents[2]; }
  [[nodiscard]] std::vector<Discrepancy> examine() const {
    Drawing drawing{documents, claimed, received};
    drawing.balance = balance;
    drawing.first_drawing = first;
    drawing.instalments_made = instalments_made;
    return v1::examine(terms, calendar, drawing);
  }
  [[nodiscard]] std::vector<Code> codes() const { return test::codes(examine()); }
};

TEST(DataChecks, AMissedInstalmentEndsItAndAllLaterOnes) {
  Case it;
  it.terms.latest_shipment = {};
  it.terms.partial_shipments = Allowed::kAllowed;
  it.terms.shipment_periods = {{day(2027, 2, 1), day(2027, 2, 20), 0},
                               {day(2027, 2, 25), day(2027, 3, 10), 60'000'00}};
  it.claimed = usd(60'000'00);
  EXPECT_EQ(instalment_of(it.terms, it.documents), 1U);
  EXPECT_THAT(it.codes(), ElementsAre(Code::kInstalmentLapsed));  // nothing shipped in February
  it.instalments_made = 1;
  EXPECT_THAT(it.codes(), IsEmpty());
  it.claimed = usd(60'000'01);
  EXPECT_THAT(it.codes(), ElementsAre(Code::kCreditOverdrawn));
  it.claimed = usd(60'000'00);
  it.bill().transport.on_board = day(2027, 2, 22);  // between the periods
  EXPECT_THAT(it.codes(), ElementsAre(Code::kLateShipment));
}

// One period says when all of the goods are shipped; it makes no instalments of them (Art. 3, 32).
TEST(DataChecks, ShipmentOnOrAboutADateIsAWindow) {
  Case it;
  it.terms.latest_shipment = {};
  const DateSpan days = on_or_about(day(2027, 2, 25));
  it.terms.shipment_periods = {{days.first, days.last, 0}};
  ASSERT_EQ(check_terms(it.terms, kElbe), std::nullopt);  // partial shipments are not allowed
  it.bill().transport.on_board = day(2027, 3, 2);
  EXPECT_THAT(it.codes(), IsEmpty());
  for (const Date outside : {day(2027, 3, 3), day(2027, 2, 19)}) {
    it.bill().transport.on_board = outside;
    const std::vector<Discrepancy> found = it.examine();
    ASSERT_THAT(test::codes(found), ElementsAre(Code::kLateShipment));
    EXPECT_EQ(found.front().expected, "2027-02-20 to 2027-03-02");
  }
  it.terms.shipment_periods.push_back({day(2027, 3, 5), day(2027, 3, 10), 0});
  EXPECT_NE(check_terms(it.terms, kElbe), std::nullopt);  // two are instalments
}

TEST(DataChecks, GoodsOnTwoVesselsAreAPartialShipment) {
  Case it;
  it.documents.push_back(it.bill());
  it.documents.back().title = "Second bill";
  it.documents.back().transport.vessel = "Zanzibar Star";
  EXPECT_THAT(it.codes(), ElementsAre(Code::kPartialShipment));
  it.documents.back().transport.vessel = "PEMBA CHANNEL";  // one vessel, two bills: one shipment
  EXPECT_THAT(it.codes(), IsEmpty());
  it.documents.back().transport.vessel = "Zanzibar Star";
  it.terms.partial_shipments = Allowed::kAllowed;
  EXPECT_THAT(it.codes(), IsEmpty());
}

// The same sale carried so that another article applies to the transport document.
Case carried_by(DocumentKind kind, SignedBy signer) {
  Case it;
  it.terms.documents[1].kind = kind;
  it.bill().kind = kind;
  it.bill().transport.signed_by = signer;
  return it;
}

TEST(DataChecks, EachTransportDocumentIsSignedAsItsArticleSays) {
  struct Signers {
    DocumentKind kind;
    std::vector<SignedBy> may;
    const char* article;
  };
  using enum SignedBy;
  const std::vector<SignedBy> at_sea{kCarrier, kMaster, kAgentOfCarrier, kAgentOfMaster};
  const std::vector<SignedBy> by_carrier{kCarrier, kAgentOfCarrier};
  const std::vector<SignedBy> chartered{kMaster,       kAgentOfMaster, kOwner,
                                        kAgentOfOwner, kCharterer,     kAgentOfCharterer};
  for (const Signers& document :
       {Signers{DocumentKind::kMultimodalTransport, at_sea, "19(a)(i)"},
        Signers{DocumentKind::kBillOfLading, at_sea, "20(a)(i)"},
        Signers{DocumentKind::kSeaWaybill, at_sea, "21(a)(i)"},
        Signers{DocumentKind::kCharterPartyBillOfLading, chartered, "22(a)(i)"},
        Signers{DocumentKind::kAirWaybill, by_carrier, "23(a)(i)"},
        Signers{DocumentKind::kRoadRailWaterwayDocument, by_carrier, "24(a)(i)"},
        Signers{DocumentKind::kCourierOrPostReceipt, by_carrier, "25(a)(i)"}}) {
    for (const SignedBy who :
         {kNotSignedByAnybody, kCarrier, kMaster, kAgentOfCarrier, kAgentOfMaster, kOwner,
          kCharterer, kAgentOfOwner, kAgentOfCharterer}) {
      const std::vector<Discrepancy> found = carried_by(document.kind, who).examine();
      const bool may = std::ranges::find(document.may, who) != document.may.end();
      EXPECT_EQ(found.empty(), may) << to_text(document.kind) << " " << to_text(who);
      if (may || found.empty()) continue;
      EXPECT_EQ(found.front().code, Code::kNotSigned);
      EXPECT_EQ(found.front().article, document.article);
    }
  }
}

// Art. 22: the charterer's bill names no carrier and is subject to its charter party.
TEST(DataChecks, ACharterPartyBillIsWhatTheCreditAsksFor) {
  Case it = carried_by(DocumentKind::kCharterPartyBillOfLading, SignedBy::kMaster);
  it.bill().transport.charter_party = true;
  it.bill().transport.carrier.clear();
  EXPECT_THAT(it.codes(), IsEmpty());
  it.bill().transport.on_board = day(2027, 3, 16);
  it.bill().date = day(2027, 3, 4);
  EXPECT_THAT(it.codes(), ElementsAre(Code::kLateShipment));
  // Its days for presentation run as those of every other transport document (Art. 14(c)).
  it.bill().transport.on_board = day(2027, 2, 1);
  EXPECT_THAT(it.codes(), ElementsAre(Code::kLatePresentation));
}

// Art. 24, 25: from place to place.
TEST(DataChecks, ByRoadAndByCourierThePlacesAreThoseOfTheCredit) {
  for (const DocumentKind kind :
       {DocumentKind::kRoadRailWaterwayDocument, DocumentKind::kCourierOrPostReceipt}) {
    Case it = carried_by(kind, SignedBy::kCarrier);
    it.terms.port_of_loading.clear();
    it.terms.port_of_discharge.clear();
    it.terms.place_of_receipt = "Kampala";
    it.terms.final_destination = "Nairobi";
    it.bill().transport.port_of_loading = "KAMPALA, UGANDA";
    it.bill().transport.port_of_discharge = "NAIROBI";
    EXPECT_THAT(it.codes(), IsEmpty());
    it.bill().transport.port_of_loading = "Jinja";
    EXPECT_THAT(it.codes(), ElementsAre(Code::kWrongPortOfLoading));
    it.bill().transport.port_of_loading = "Kampala";
    it.bill().transport.port_of_discharge = "Mombasa";
    const bool courier = kind == DocumentKind::kCourierOrPostReceipt;  // dispatch is all it shows
    EXPECT_EQ(it.codes().empty(), courier);
  }
}

TEST(DataChecks, WhatOnlyTheClosedDaySavesIsInExtendedTime) {
  const auto extended = [](Date received, Date expiry, Date on_board) {
    Case it;
    it.terms.expiry_date = expiry;
    it.bill().transport.on_board = on_board;
    const Drawing drawing{it.documents, it.claimed, received};
    return in_extended_time(it.terms, it.calendar, drawing);
  };
  const Date sunday = day(2027, 3, 14);
  const Date monday = day(2027, 3, 15);
  EXPECT_TRUE(extended(monday, sunday, day(2027, 3, 1)));
  EXPECT_FALSE(extended(day(2027, 3, 12), sunday, day(2027, 3, 1)));  // in time by itself
  EXPECT_FALSE(extended(day(2027, 3, 16), sunday, day(2027, 3, 1)));  // late all the same
  EXPECT_TRUE(extended(monday, day(2027, 3, 31), day(2027, 2, 21)));  // 21 days end on the Sunday
  EXPECT_FALSE(extended(monday, day(2027, 3, 31), day(2027, 2, 22)));
}

TEST(DataChecks, TheComplyingSetHasNoFinding) {
  EXPECT_THAT(Case().codes(), IsEmpty());
}

// A.8 case 1, word by word: shipment 1 March, expiry 31 March.
TEST(DataChecks, TwentyOneDaysAfterShipmentIsInTimeAndTwentyTwoIsLate) {
  Case c;
  c.received = day(2027, 3, 22);
  EXPECT_THAT(c.codes(), IsEmpty());
  c.received = day(2027, 3, 23);
  EXPECT_THAT(c.codes(), ElementsAre(Code::kLatePresentation));
  c.bill().originals = 0;
  c.bill().copies = 3;
  c.terms.documents[1].originals = 0;
  c.terms.documents[1].copies = 3;
  EXPECT_THAT(c.codes(), IsEmpty());  // copies only: no period
}

// A.8 case 2: the expiry may move to Monday, the latest shipment never does.
TEST(DataChecks, AnExpiryOnSundayAllowsMondayButNotAShipmentOnSunday) {
  Case c;
  c.terms.expiry_date = day(2027, 3, 14);      // Sunday
  c.terms.latest_shipment = day(2027, 3, 13);  // Saturday
  c.received = day(2027, 3, 15);
  EXPECT_THAT(c.codes(), IsEmpty());
  c.bill().transport.on_board = day(2027, 3, 14);
  c.bill().date = day(2027, 3, 14);
  EXPECT_THAT(c.codes(), ElementsAre(Code::kLateShipment));
  c.received = day(2027, 3, 16);
  EXPECT_THAT(c.codes(), ElementsAre(Code::kCreditExpired, Code::kLateShipment));
}

// A.8 case 3: a strike closes the bank over the expiry, which is not extended for it (Art. 36).
TEST(DataChecks, AStrikeOverTheExpiryLeavesTheCreditExpired) {
  Case c;
  c.calendar.interruptions = {day(2027, 3, 31), day(2027, 4, 1)};
  c.terms.presentation_days = 60;
  c.received = day(2027, 4, 2);
  EXPECT_THAT(c.codes(), ElementsAre(Code::kCreditExpired));
}

// A.8 case 7.
TEST(DataChecks, AboutAllowsTenPercentMoreAndNoCent) {
  Case c;
  c.terms.about_amount = true;
  c.balance = 110'000'00;
  c.claimed = usd(110'000'00);
  c.invoice().invoice.total = c.claimed;
  EXPECT_THAT(c.codes(), IsEmpty());
  c.claimed = usd(110'000'01);
  c.invoice().invoice.total = c.claimed;
  EXPECT_THAT(c.codes(), ElementsAre(Code::kCreditOverdrawn));
}

// Art. 30(a): "about" stands with one of amount, quantity and unit price and moves that one alone.
TEST(DataChecks, AboutTheUnitPriceAllowsTenPercentOfItAndOfNothingElse) {
  Case c;
  c.terms.unit_price = {"5.20", "KGM", true};
  c.invoice().invoice.unit_price = "5.72";
  EXPECT_THAT(c.codes(), IsEmpty());
  c.invoice().invoice.unit_price = "5.720001";
  EXPECT_THAT(c.codes(), ElementsAre(Code::kUnitPriceDiffers));
  c.invoice().invoice.unit_price = "4.68";
  EXPECT_THAT(c.codes(), IsEmpty());
  c.invoice().invoice.unit_price = "4.679999";
  EXPECT_THAT(c.codes(), ElementsAre(Code::kUnitPriceDiffers));
  c.invoice().invoice.unit_price = "5.20";
  c.invoice().invoice.quantity = "21120";  // 10 % more goods, which nothing says "about" of
  c.claimed = usd(100'000'01);
  c.invoice().invoice.total = c.claimed;
  EXPECT_THAT(c.codes(), ElementsAre(Code::kCreditOverdrawn, Code::kQuantityDiffers));
}

TEST(DataChecks, AUnitPriceWithoutAboutIsNeitherRaisedNorReduced) {
  Case c;
  c.terms.unit_price = {"5.20", "KGM", false};
  c.terms.quantity.about = true;
  for (const char* other : {"5.21", "5.19", "", "about 5.20"}) {
    c.invoice().invoice.unit_price = other;
    EXPECT_THAT(c.codes(), ElementsAre(Code::kUnitPriceDiffers)) << other;
  }
  EXPECT_EQ(c.examine().front().found, "USD about 5.20 per KGM");
  c.invoice().invoice.unit_price = "5.2";  // the same number
  EXPECT_THAT(c.codes(), IsEmpty());
  c.invoice().invoice.price_unit = "TNE";
  EXPECT_THAT(c.codes(), ElementsAre(Code::kUnitPriceDiffers));
  c.terms.unit_price = {"5200", "TNE", false};  // per tonne, of goods counted in kilograms
  c.invoice().invoice.unit_price = "5200.00";
  EXPECT_THAT(c.codes(), IsEmpty());
}

TEST(DataChecks, AnInvoiceThatDoesNotShowTheUnitPriceIsNamed) {
  Case c;
  c.terms.unit_price = {"5.20", "KGM", false};
  const std::vector<Discrepancy> found = c.examine();
  ASSERT_THAT(codes(found), ElementsAre(Code::kUnitPriceDiffers));
  EXPECT_EQ(found.front().article, "ISBP C6");
  EXPECT_EQ(found.front().expected, "USD 5.20 per KGM");
  EXPECT_EQ(found.front().found, "not shown");
}

// Where "about" is said of the quantity, a drawing follows the goods: 10 % less, and no further.
TEST(DataChecks, ADrawingFollowsAnAboutQuantity) {
  Case c;
  c.terms.quantity.about = true;
  c.invoice().invoice.quantity = "17280";
  c.claimed = usd(90'000'00);
  c.invoice().invoice.total = c.claimed;
  EXPECT_THAT(c.codes(), IsEmpty());
  c.claimed = usd(89'999'99);
  EXPECT_THAT(c.codes(), ElementsAre(Code::kUnderdrawn));
}

// A.8 case 8.
TEST(DataChecks, CartonsHaveNoFivePercent) {
  Case c;
  c.terms.quantity.value = "1000";
  c.terms.quantity.unit = "CT";
  c.terms.quantity.counts_items = true;
  c.invoice().invoice.unit = "CT";
  c.invoice().invoice.quantity = "1000";
  EXPECT_THAT(c.codes(), IsEmpty());
  c.invoice().invoice.quantity = "1001";
  EXPECT_THAT(c.codes(), ElementsAre(Code::kQuantityDiffers));
  c.terms.quantity.counts_items = false;
  c.invoice().invoice.quantity = "1050";
  EXPECT_THAT(c.codes(), IsEmpty());
  c.invoice().invoice.quantity = "1050.001";
  EXPECT_THAT(c.codes(), ElementsAre(Code::kQuantityDiffers));
}

TEST(DataChecks, AnInvoiceMayBeForMoreThanIsClaimedButNotForLess) {
  Case c;
  c.invoice().invoice.total = usd(120'000'00);
  EXPECT_THAT(c.codes(), IsEmpty());  // Art. 18(b)
  c.invoice().invoice.total = usd(99'999'99);
  EXPECT_THAT(c.codes(), ElementsAre(Code::kCreditOverdrawn));
}

TEST(DataChecks, ADrawingFarBelowIsUnderdrawnWherePartialShipmentsAreNotAllowed) {
  Case c;
  c.claimed = usd(95'000'00);
  EXPECT_THAT(c.codes(), IsEmpty());  // Art. 30(c)
  c.claimed = usd(94'999'99);
  EXPECT_THAT(c.codes(), ElementsAre(Code::kUnderdrawn));
  c.terms.partial_shipments = Allowed::kAllowed;
  EXPECT_THAT(c.codes(), IsEmpty());
}

TEST(DataChecks, ASecondDrawingIsAPartialShipment) {
  Case c;
  c.first = false;
  EXPECT_THAT(c.codes(), ElementsAre(Code::kPartialShipment));
  c.terms.partial_shipments = Allowed::kAllowed;
  EXPECT_THAT(c.codes(), IsEmpty());
}

TEST(DataChecks, InsuranceCoversOneHundredAndTenPercentFromShipmentOn) {
  Case c;
  RequiredDocument required;
  required.title = "Insurance policy";
  required.kind = DocumentKind::kInsuranceDocument;
  c.terms.documents.push_back(required);
  Document policy;
  policy.kind = DocumentKind::kInsuranceDocument;
  policy.originals = 1;
  policy.date = day(2027, 3, 1);
  policy.insurance.cover = usd(110'000'00);
  c.documents.push_back(policy);
  EXPECT_THAT(c.codes(), IsEmpty());
  c.documents[3].insurance.cover = usd(109'999'99);
  EXPECT_THAT(c.codes(), ElementsAre(Code::kUnderinsured));
  c.documents[3].insurance.cover.currency = "EUR";
  EXPECT_THAT(c.codes(), ElementsAre(Code::kWrongCurrency));
  c.documents[3].insurance.cover = usd(110'000'00);
  c.documents[3].insurance.cover_note = true;
  c.documents[3].date = day(2027, 3, 2);
  EXPECT_THAT(c.codes(), ElementsAre(Code::kCoverNote, Code::kInsuredLate));
}

// One change to the complying set, one finding.
struct Spoiling {
  Code code;
  std::string_view article;
  std::function<void(Case&)> spoil;
};

class DataChecksSpoilt : public ::testing::TestWithParam<Spoiling> {};

TEST_P(DataChecksSpoilt, IsFoundWithItsArticle) {
  Case c;
  GetParam().spoil(c);
  const std::vector<Discrepancy> found = c.examine();
  ASSERT_THAT(test::codes(found), ElementsAre(GetParam().code));
  EXPECT_EQ(found.front().article, GetParam().article);
}

INSTANTIATE_TEST_SUITE_P(
    Documents, DataChecksSpoilt,
    ::testing::Values(
        Spoiling{Code::kDocumentMissing, "14(a)", [](Case& c) { c.documents.pop_back(); }},
        Spoiling{Code::kTooFewOriginals, "17(a)", [](Case& c) { c.bill().originals = 2; }},
        Spoiling{Code::kWrongIssuer, "14(f)",
                 [](Case& c) { c.certificate().issuer = "Coastal Assay Office"; }},
        Spoiling{Code::kDatedAfterPresentation, "14(i)",
                 [](Case& c) { c.certificate().date = day(2027, 3, 5); }},
        Spoiling{Code::kWrongIssuer, "18(a)(i)",
                 [](Case& c) { c.invoice().invoice.issued_by = "Nakasero Traders Ltd"; }},
        Spoiling{Code::kWrongAddressee, "18(a)(ii)",
                 [](Case& c) { c.invoice().invoice.issued_to = "Alsterblick Handels GmbH"; }},
        Spoiling{Code::kWrongCurrency, "18(a)(iii)",
                 [](Case& c) { c.invoice().invoice.total.currency = "EUR"; }},
        Spoiling{Code::kGoodsDiffer, "18(c)",
                 [](Case& c) { c.invoice().invoice.goods = "Robusta coffee, screen 15"; }},
        Spoiling{Code::kQuantityDiffers, "30(b)",
                 [](Case& c) { c.invoice().invoice.quantity = "18000"; }},
        Spoiling{Code::kCarrierNotNamed, "20(a)(i)",
                 [](Case& c) { c.bill().transport.carrier.clear(); }},
        Spoiling{Code::kNotSigned, "20(a)(i)", [](Case& c) { c.bill().transport.signed_by = {}; }},
        Spoiling{Code::kNotOnBoard, "20(a)(ii)", [](Case& c) { c.bill().transport.on_board = {}; }},
        Spoiling{Code::kLateShipment, "20(a)(ii)",
                 [](Case& c) {
                   c.bill().transport.on_board = day(2027, 3, 16);
                   c.received = day(2027, 3, 18);
                 }},
        Spoiling{Code::kWrongPortOfLoading, "20(a)(iii)",
                 [](Case& c) { c.bill().transport.port_of_loading = "Dar es Salaam"; }},
        Spoiling{Code::kWrongPortOfDischarge, "20(a)(iii)",
                 [](Case& c) { c.bill().transport.port_of_discharge = "Rotterdam"; }},
        Spoiling{Code::kCharterPartyClause, "20(a)(vi)",
                 [](Case& c) { c.bill().transport.charter_party = true; }},
        Spoiling{Code::kOnDeck, "26(a)", [](Case& c) { c.bill().transport.on_deck = true; }},
        Spoiling{Code::kNotClean, "27", [](Case& c) { c.bill().transport.claused = true; }}),
    [](const auto& suite) {
      return std::to_string(suite.index) + "_" + std::string(to_text(suite.param.code));
    });

TEST(DataChecks, DocumentsThatAreNotAskedForAreDisregarded) {
  Case c;
  Document extra = quality_certificate();
  extra.title = "Photographs";
  extra.kind = DocumentKind::kOtherDocument;
  extra.date = day(2028, 1, 1);
  c.documents.push_back(extra);
  EXPECT_THAT(c.codes(), IsEmpty());
}

TEST(DataChecks, LongTextsAndManyFindingsStayWithinTheBounds) {
  Case c;
  c.terms.goods = std::string(4'000, 'x');
  for (int i = 0; i < 40; ++i) {
    RequiredDocument required;
    required.title = "Document " + std::to_string(i);
    required.kind = DocumentKind::kOtherDocument;
    c.terms.documents.push_back(required);
  }
  const std::vector<Discrepancy> found = c.examine();
  EXPECT_EQ(found.size(), kMaxFindings);
  for (const Discrepancy& discrepancy : found) EXPECT_LE(discrepancy.expected.size(), 160U);
}

TEST(Words, AgreeWhenOneContainsTheOther) {
  EXPECT_TRUE(same_words("Kilima-Coffee  Ltd.", "KILIMA COFFEE LTD"));
  EXPECT_FALSE(same_words("Kilima Coffee", "Kilima Coffee Ltd"));
  EXPECT_TRUE(words_agree("Mombasa", "MOMBASA, KENYA"));
  EXPECT_TRUE(words_agree("Mombasa, Kenya", "Mombasa"));
  EXPECT_FALSE(words_agree("Mombasa", "Mombasaville"));
  EXPECT_FALSE(words_agree("Mombasa", ""));
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
