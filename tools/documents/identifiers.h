// Identifiers of trade with check digits or a fixed form. What a user types must pass; what a
// document says is only remarked on: samples of the standards' own bodies fail these checks.
#pragma once

#include <string_view>

#include "base/result.h"

namespace usance::documents {

enum class IdentifierKind : std::uint8_t {
  kIban,        // ISO 13616: country, two check digits (mod 97), account of the country's length
  kLei,         // ISO 17442: 18 letters or digits and two check digits (mod 97)
  kBic,         // ISO 9362: 4 letters, country, 2, and for a branch 3 letters or digits; no digit
  kContainer,   // ISO 6346: 3 letters, U, J or Z, 6 digits and a check digit (mod 11)
  kImoNumber,   // IMO ship number: 7 digits, the last one a check digit; "IMO" may stand before
  kGtin,        // GS1: 8, 12, 13 or 14 digits, the last one a check digit
  kGln,         // GS1: 13 digits
  kSscc,        // GS1: 18 digits
  kAirWaybill,  // IATA 600: 3 digits of the airline, 7 and a check digit (mod 7)
};

// "IBAN", "LEI", ... as people write it.
[[nodiscard]] const char* name_of(IdentifierKind kind);

// Blanks are skipped in an IBAN, an air waybill and a container number, letters may be of either
// case where the standard's are upper case. kInvalidArgument: "'...' is not an LEI: ...".
[[nodiscard]] Result<void> check_identifier(IdentifierKind kind, std::string_view text);

// ISO 3166-1 alpha-2, with XK.
[[nodiscard]] bool is_country(std::string_view code);

}  // namespace usance::documents
