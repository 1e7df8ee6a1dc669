// SWIFT messages out: what banks tell each other about a presentation (MT734, 750, 752, 754).
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/documents/swift_fixtures.h"
#include "tools/documents/swift/credit_export.h"

namespace usance::documents {
namespace {

const Json kPresentation = Json::parse(R"json({
  "number": 1, "state": "REFUSED", "received_on": 20261207, "disposal": "HOLD_WAIVER",
  "claimed": {"currency": "USD", "minor_units": "9312050"},
  "findings": [{"code": "LATE_SHIPMENT", "article": "14(c)"}],
  "refused_for": [
    {"code": "GOODS_DIFFER", "article": "18(c)", "document": "Commercial invoice",
     "expected": "crop 2026/27", "found": "Zürich café"},
    {"code": "TOO_FEW_ORIGINALS", "article": "17", "document": "Bill of lading", "expected": "3",
     "found": "2"}]})json");

std::string block_4(const Result<MtMessage>& message) {
  EXPECT_TRUE(message.has_value()) << (message ? "" : message.error().message);
  if (!message) return "";
  const std::string text = without_returns(write_mt(*message));
  return text.substr(text.find("{4:\n") + 4);
}

TEST(SwiftExport, APresentationIsRefusedReportedAuthorisedAndPaid) {
  const Json terms = import(fixture("mt700.fin"))->request["terms"];
  const MtAddress address{"HRBKDEHH", "NLBKUGKA", 20261210, "NB-77"};
  EXPECT_EQ(block_4(export_refusal(terms, kPresentation, address)),
            ":20:HB-2026-0417\n:21:NB-77\n:32A:261207USD93120,5\n"
            ":77J:+GOODS DIFFER (UCP 600 ART. 18(c)), Commercial\ninvoice, EXPECTED crop 2026/27, "
            "FOUND Zurich cafe\n+TOO FEW ORIGINALS (UCP 600 ART. 17), Bill of\nlading, EXPECTED 3, "
            "FOUND 2\n:77B:/NOTIFY/\n-}");
  EXPECT_EQ(block_4(export_discrepancies(terms, kPresentation, address)),
            ":20:HB-2026-0417\n:21:NB-77\n:32B:USD93120,5\n"
            ":77J:+LATE SHIPMENT (UCP 600 ART. 14(c))\n-}");
  Json paid = kPresentation;
  paid["state"] = "HONOURED";
  paid["paid"] = "9312050";
  EXPECT_EQ(block_4(export_authorisation(terms, paid, address)),
            ":20:HB-2026-0417\n:21:NB-77\n:23:REMITTED\n:30:261210\n:32B:USD93120,5\n-}");
  EXPECT_EQ(block_4(export_payment(terms, paid, address)),
            ":20:HB-2026-0417\n:21:NB-77\n:32A:261210USD93120,5\n-}");
  Json taken = kPresentation;
  taken["state"] = "COMPLYING";
  Json other = terms;
  const auto code = [&](const char* by) {
    other["available_by"] = by;
    return export_authorisation(other, taken, address)->find("23")->text();
  };
  EXPECT_EQ(code("ACCEPTANCE"), "ACCEPT");
  EXPECT_EQ(code("NEGOTIATION"), "NEGOTIATE");
  EXPECT_EQ(code("SIGHT_PAYMENT"), "SEE72Z");
  other["reimbursing_bank"] = {{"bic", "CNTEUGKA"}};
  EXPECT_EQ(code("SIGHT_PAYMENT"), "REIMBURSE");
  EXPECT_FALSE(export_authorisation(terms, kPresentation, address).has_value());
  EXPECT_FALSE(export_payment(terms, kPresentation, address).has_value());
  paid.erase("disposal");
  EXPECT_FALSE(export_refusal(terms, paid, address).has_value());
}

TEST(SwiftExport, AnUndertakingIsAdvisedWithItsMaturity) {
  const Json terms = import(fixture("mt700.fin"))->request["terms"];
  const MtAddress address{"NLBKUGKA", "HRBKDEHH", 20261210, "HB-7"};
  Json undertaken = kPresentation;
  undertaken["state"] = "UNDERTAKEN";
  undertaken["undertakings"] = Json::parse(R"([{"amount": "9312050", "maturity": 20270308}])");
  EXPECT_EQ(block_4(export_payment(terms, undertaken, address)),
            ":20:HB-2026-0417\n:21:HB-7\n:32A:270308USD93120,5\n-}");
  undertaken["undertakings"] = Json::parse(
      R"([{"amount": "5000000", "maturity": 20270308}, {"amount": "4312050", "maturity": 20270408}])");
  EXPECT_EQ(block_4(export_payment(terms, undertaken, address)),
            ":20:HB-2026-0417\n:21:HB-7\n:32B:USD93120,5\n"
            ":77:USD50000, DUE 2027-03-08\nUSD43120,5 DUE 2027-04-08\n-}");
  // A part is paid, and a payee could not take the rest.
  undertaken["paid"] = "9000000";
  undertaken["undertakings"] = Json::parse(
      R"([{"amount": "312050", "maturity": 20261210, "legs": [{"amount": "312050"}]}])");
  EXPECT_EQ(block_4(export_payment(terms, undertaken, address)),
            ":20:HB-2026-0417\n:21:HB-7\n:32B:USD93120,5\n"
            ":77:USD90000, PAID\nUSD3120,5 DUE 2026-12-10\n-}");
}

}  // namespace
}  // namespace usance::documents
