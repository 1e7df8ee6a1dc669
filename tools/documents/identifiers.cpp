#include "tools/documents/identifiers.h"

#include <cctype>
#include <string>

#include "tools/documents/ascii.h"
#include "tools/documents/utf8.h"

namespace usance::documents {

namespace {

constexpr std::string_view kCountries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ "
    "EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW "
    "GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY "
    "KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV "
    "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY "
    "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG "
    "TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA "
    "ZM ZW ";

// Country and length of its IBANs, five characters each (SWIFT's IBAN registry).
constexpr std::string_view kIbanLengths =
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 "
    "DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 "
    "IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 "
    "MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 "
    "SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 ";

bool all(std::string_view text, bool (*test)(char)) {
  for (const char c : text)
    if (!test(c)) return false;
  return true;
}

int digit(char c) {
  return c - '0';
}

// Upper case; blanks and hyphens gone where people write them for the eye.
std::string plain(std::string_view text, bool skip_blanks) {
  std::string out;
  for (const char c : text)
    if (!skip_blanks || (c != ' ' && c != '-'))
      out.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  return out;
}

// ISO/IEC 7064 MOD 97-10 over letters as two digits (A = 10).
int mod_97(std::string_view text) {
  int rest = 0;
  for (const char c : text)
    rest = is_digit(c) ? (rest * 10 + digit(c)) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
  return rest;
}

// Each says what is wrong, or null.
const char* iban_fault(std::string_view id) {
  if (id.size() < 5 || !all(id, is_alphanumeric) || !all(id.substr(0, 2), is_capital) ||
      !all(id.substr(2, 2), is_digit))
    return "it is a country, two digits, and an account of letters and digits";
  std::size_t length = 0;
  for (std::size_t at = 0; at < kIbanLengths.size(); at += 5)
    if (kIbanLengths.substr(at, 2) == id.substr(0, 2))
      length = static_cast<std::size_t>(digit(kIbanLengths[at + 2])) * 10 +
               static_cast<std::size_t>(digit(kIbanLengths[at + 3]));
  if (length == 0) return "its country has no IBANs";
  if (id.size() != length) return "its length is not its country's";
  if (mod_97(std::string(id.substr(4)) + std::string(id.substr(0, 4))) != 1)
    return "its check digits do not fit";
  return nullptr;
}

const char* lei_fault(std::string_view id) {
  if (id.size() != 20 || !all(id, is_alphanumeric) || !all(id.substr(18), is_digit))
    return "it has 18 letters or digits and two check digits";
  return mod_97(id) == 1 ? nullptr : "its check digits do not fit";
}

const char* bic_fault(std::string_view id) {
  if ((id.size() != 8 && id.size() != 11) || !all(id.substr(0, 6), is_capital) ||
      !all(id.substr(6), is_alphanumeric))
    return "it has 4 letters, a country, 2 letters or digits, and for a branch 3 more";
  return is_country(id.substr(4, 2)) ? nullptr : "its fifth and sixth letter are no country";
}

const char* container_fault(std::string_view id) {
  if (id.size() != 11 || !all(id.substr(0, 4), is_capital) || !all(id.substr(4), is_digit) ||
      (id[3] != 'U' && id[3] != 'J' && id[3] != 'Z'))
    return "it has three letters of the owner, U, J or Z, and seven digits";
  int sum = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    // Letters count 10, 12, 13, ...: multiples of 11 are left out.
    int value = is_digit(id[i]) ? digit(id[i]) : id[i] - 'A' + 10;
    if (is_capital(id[i])) value += (value > 10) + (value > 20) + (value > 30);
    sum += value << i;
  }
  return sum % 11 % 10 == digit(id[10]) ? nullptr : "its check digit does not fit";
}

const char* imo_fault(std::string_view id) {
  if (id.starts_with("IMO")) id.remove_prefix(3);
  while (id.starts_with(" ")) id.remove_prefix(1);
  if (id.size() != 7 || !all(id, is_digit)) return "it has seven digits";
  int sum = 0;
  for (std::size_t i = 0; i < 6; ++i) sum += digit(id[i]) * (7 - static_cast<int>(i));
  return sum % 10 == digit(id[6]) ? nullptr : "its check digit does not fit";
}

// GS1 General Specifications 7.9: weights 3 and 1 from the right.
const char* gs1_fault(std::string_view id, std::initializer_list<std::size_t> sizes) {
  bool sized = false;
  for (const std::size_t size : sizes) sized = sized || id.size() == size;
  if (!sized || !all(id, is_digit)) return "it has another number of digits";
  int sum = 0;
  for (std::size_t i = 0; i + 1 < id.size(); ++i)
    sum += digit(id[id.size() - 2 - i]) * (i % 2 == 0 ? 3 : 1);
  return (10 - sum % 10) % 10 == digit(id.back()) ? nullptr : "its check digit does not fit";
}

const char* air_waybill_fault(std::string_view id) {
  if (id.size() != 11 || !all(id, is_digit)) return "it has eleven digits";
  int rest = 0;
  for (const char c : id.substr(3, 7)) rest = (rest * 10 + digit(c)) % 7;
  return rest == digit(id[10]) ? nullptr : "its check digit does not fit";
}

const char* fault_of(IdentifierKind kind, std::string_view id) {
  switch (kind) {
    case IdentifierKind::kIban: return iban_fault(id);
    case IdentifierKind::kLei: return lei_fault(id);
    case IdentifierKind::kBic: return bic_fault(id);
    case IdentifierKind::kContainer: return container_fault(id);
    case IdentifierKind::kImoNumber: return imo_fault(id);
    case IdentifierKind::kGtin: return gs1_fault(id, {8, 12, 13, 14});
    case IdentifierKind::kGln: return gs1_fault(id, {13});
    case IdentifierKind::kSscc: return gs1_fault(id, {18});
    case IdentifierKind::kAirWaybill: return air_waybill_fault(id);
  }
  return "its kind is unknown";
}

}  // namespace

const char* name_of(IdentifierKind kind) {
  switch (kind) {
    case IdentifierKind::kIban: return "IBAN";
    case IdentifierKind::kLei: return "LEI";
    case IdentifierKind::kBic: return "BIC";
    case IdentifierKind::kContainer: return "container number";
    case IdentifierKind::kImoNumber: return "IMO number";
    case IdentifierKind::kGtin: return "GTIN";
    case IdentifierKind::kGln: return "GLN";
    case IdentifierKind::kSscc: return "SSCC";
    case IdentifierKind::kAirWaybill: return "air waybill number";
  }
  return "";
}

Result<void> check_identifier(IdentifierKind kind, std::string_view text) {
  const bool spaced = kind == IdentifierKind::kIban || kind == IdentifierKind::kContainer ||
                      kind == IdentifierKind::kAirWaybill;
  if (const char* fault = fault_of(kind, plain(text, spaced)); fault != nullptr)
    return fail(ErrorCode::kInvalidArgument,
                "'" + cut(text, 40) + "' is no " + name_of(kind) + ": " + fault);
  return {};
}

bool is_country(std::string_view code) {
  if (code.size() != 2) return false;
  for (std::size_t at = 0; at < kCountries.size(); at += 3)
    if (kCountries.substr(at, 2) == code) return true;
  return false;
}

}  // namespace usance::documents
