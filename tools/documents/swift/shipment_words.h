// Times of shipment in the words of a message (44D, lenient 44C, narrative), with the meaning that
// UCP 600 Art. 3 gives them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contracts/letter_of_credit/date_words.h"

namespace usance::documents {

struct ShipmentWords {
  std::string words;  // as the message has them, in capitals: "ON OR ABOUT 15 MARCH 2027"
  letter_of_credit::v1::DateSpan span;
  bool disregarded = false;  // "prompt", "immediately", "as soon as possible": no span
  bool explained = false;    // by Art. 3; else the words are plain ("LATEST 15 MARCH 2027")
};

// Every expression in the text, in its order. Dates are read as 15 MARCH 2027, MARCH 15 2027,
// 2027-03-15, 15.03.2027 and 270315 (SWIFT's); with a month in letters the year has four digits.
// 05/03/2027 is the 5th of one month or of another, and a month without a year of no year: neither
// is read.
[[nodiscard]] std::vector<ShipmentWords> read_shipment_words(std::string_view text);

// The days that all of the expressions allow together ("not before 1 March 2027 and not later than
// 20 March 2027"); both sides open when there is none.
[[nodiscard]] letter_of_credit::v1::DateSpan together(
    const std::vector<ShipmentWords>& expressions);

// "2027-03-10 to 2027-03-20", "not before ...", "not after ...", or that it is disregarded.
[[nodiscard]] std::string meaning_of(const ShipmentWords& expression);

}  // namespace usance::documents
