// From which bank to which a message about a presentation goes, by the banks' names in the terms of
// its credit and in the presentation itself.
#pragma once

#include <string>

#include "tools/usance/context.h"

namespace usance::cli {

struct MessageParties {
  std::string sender;    // BIC; empty when the terms do not know the bank's
  std::string receiver;  // BIC, likewise
};

// Of MT734, 750, 752 and 754. kUsage for a report to the issuing bank on what it has examined
// itself.
[[nodiscard]] Outcome<MessageParties> message_parties(const std::string& type, const Json& terms,
                                                      const Json& presentation);

// Who pays whom between banks for a presentation (pacs.009), and how much in minor units. kUsage
// when nothing was paid, or no money moves between two banks.
struct BankPayment {
  MessageParties parties;
  std::int64_t minor_units = 0;
};
[[nodiscard]] Outcome<BankPayment> bank_payment(const Json& terms, const Json& presentation);

}  // namespace usance::cli
