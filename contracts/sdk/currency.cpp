#include "contracts/sdk/currency.h"

namespace usance::contract {
namespace {

// Codes of ISO 4217 by their number of decimals, four characters each: the active ones, and those
// withdrawn lately that documents still bear (ANG, BGN, CUC, HRK, SLL, ZWL). Codes without a minor
// unit of their own (precious metals, units of account, testing) are no money here.
constexpr std::string_view kNone =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ";
constexpr std::string_view kTwo =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP "
    "GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT "
    "LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO "
    "NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS "
    "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD "
    "XCG YER ZAR ZMW ZWG ZWL ";
constexpr std::string_view kThree = "BHD IQD JOD KWD LYD OMR TND ";
constexpr std::string_view kFour = "CLF UYW ";
// No currency has one decimal today.
constexpr std::array<std::string_view, 5> kByExponent = {kNone, {}, kTwo, kThree, kFour};

bool contains(std::string_view table, std::string_view code) {
  for (std::size_t at = 0; at < table.size(); at += 4)
    if (table.substr(at, 3) == code) return true;
  return false;
}

}  // namespace

int currency_exponent(std::string_view code) {
  if (code.size() != 3) return -1;
  if (code == "USD" || code == "EUR" || contains(kTwo, code)) return 2;  // the usual ones at once
  if (contains(kNone, code)) return 0;
  if (contains(kThree, code)) return 3;
  if (contains(kFour, code)) return 4;
  return -1;
}

const std::array<std::string_view, 5>& currency_codes() {
  return kByExponent;
}

}  // namespace usance::contract
