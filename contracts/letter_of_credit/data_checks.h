// The tests that a program can make on the data of presented documents (UCP 600 Art. 14, 18 to 20,
// 26 to 31). What they find are suggestions: the examining bank looks at the documents themselves,
// and its signed decision is what counts.
//
// Pure: no host access.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "letter_of_credit/letter_of_credit.usance.h"

namespace usance::letter_of_credit::v1 {

inline constexpr std::size_t kMaxFindings = 24;

// One presentation as the examiner sees it.
struct Drawing {
  const std::vector<Document>& documents;
  contract::Money claimed;
  contract::Date received;             // on the examining bank's calendar (Art. 33)
  std::int64_t balance = 0;            // minor units that may still be drawn
  bool first_drawing = true;           // nothing was drawn or set aside before
  std::uint64_t instalments_made = 0;  // as in Credit
};

// Which shipment period (44D) the goods were shipped in, from 0; nothing when in none.
[[nodiscard]] std::optional<std::uint32_t> instalment_of(const Terms& terms,
                                                         const std::vector<Document>& documents);

// Whether the documents came in time only because a last day on which the bank is closed moved to
// the next banking day, which a forwarding bank states (Art. 29(b)).
[[nodiscard]] bool in_extended_time(const Terms& terms, const Calendar& calendar,
                                    const Drawing& drawing);

// Everything that does not fit, at most kMaxFindings, in the order of the credit's terms. Documents
// that the credit does not ask for are disregarded (Art. 14(g)).
[[nodiscard]] std::vector<Discrepancy> examine(const Terms& terms, const Calendar& calendar,
                                               const Drawing& drawing);

}  // namespace usance::letter_of_credit::v1
