// The coffee sale that the tests use: its parties, terms and documents. Dates lie in March 2027,
// where the 1st is a Monday.
#pragma once

#include "contracts/sdk/date.h"
#include "letter_of_credit/letter_of_credit.usance.h"

namespace usance::letter_of_credit::v1::test {

using contract::Date;

inline constexpr std::string_view kElbe = "elbe-bank";           // issues, Hamburg
inline constexpr std::string_view kNile = "nile-bank";           // advises, Kampala
inline constexpr std::string_view kRoaster = "alster-roasters";  // applicant
inline constexpr std::string_view kExporter = "kampala-coffee";  // beneficiary
inline constexpr std::string_view kCredit = "elbe-bank/ELB-2027-0001";

inline Date day(int year, int month, int date) {
  return Date::of(year, month, date);
}

// Monday to Friday, 17:00, UTC+1 in winter and +2 from 28 March 2027.
Calendar hamburg();

// USD 100,000.00 for 19,200 kg of coffee, partial shipments not allowed, latest shipment 15 March,
// expiry 31 March 2027.
Terms coffee_terms();

// A set that complies: invoice, bill of lading shipped on board 1 March, quality certificate.
Document invoice();
Document bill_of_lading();
Document quality_certificate();
std::vector<Document> complying_set();

contract::Money usd(std::int64_t minor_units);

// The codes of discrepancies, in order.
std::vector<DiscrepancyCode> codes(const std::vector<Discrepancy>& discrepancies);

}  // namespace usance::letter_of_credit::v1::test
