// The small formats inside FIN fields (SWIFT User Handbook, FIN Service Description): numbers
// behind commas, dates of six digits, narrative of so many lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace usance::documents {

// Characters of sets x and z. Set z adds = ! " % & * < > ; @ # _ {.
[[nodiscard]] bool in_charset_x(char c);
[[nodiscard]] bool in_charset_z(char c);
// ASCII letters and digits stay; German and similar letters lose their marks; what the set does not
// have becomes a full stop. UTF-8 in.
[[nodiscard]] std::string to_charset(std::string_view text, bool z);

// "261215" as 20261215: 80 to 99 are of the last century.
[[nodiscard]] Result<std::int32_t> parse_mt_date(std::string_view text);
[[nodiscard]] std::string write_mt_date(std::int32_t date);
// "USD93120,5" as currency and minor units. The comma must be there.
struct MtAmount {
  std::string currency;
  std::int64_t minor_units = 0;
};
[[nodiscard]] Result<MtAmount> parse_mt_amount(std::string_view text);
[[nodiscard]] std::string write_mt_amount(std::string_view currency, std::int64_t minor_units);

// Text as lines of at most `width` characters, broken at blanks where there are some; in set z or
// x. A line that would begin with a colon or hyphen, which FIN reserves, begins with a full stop.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width, bool z);

}  // namespace usance::documents
