// A bank's promise to pay at maturity: how it is made, and what is still owed of it.
#pragma once

#include <cstdint>

#include "contracts/letter_of_credit/open_credit.h"

namespace usance::letter_of_credit::v1 {

// What is still owed of an undertaking, in minor units.
[[nodiscard]] std::int64_t owed(const Undertaking& undertaking);
[[nodiscard]] std::int64_t owed(const Presentation& presentation);

// After payments: what is still owed goes on the bank's work list, or the presentation is paid and
// its entry there ends.
void follow_up(OpenCredit& open, Presentation& presentation);

// Books a payment of what was set aside for the presentation. A claim for reimbursement draws
// nothing: its drawing was counted when the nominated bank paid.
void book_payment(OpenCredit& open, Presentation& presentation, std::int64_t amount);

// What the credit's next state follows from: nothing can be drawn any more, or it goes on.
void end_if_used_up(OpenCredit& open);

}  // namespace usance::letter_of_credit::v1
