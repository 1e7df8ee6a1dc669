// What the methods on presentations share.
#pragma once

#include "contracts/letter_of_credit/open_credit.h"

namespace usance::letter_of_credit::v1 {

[[nodiscard]] PresentationReply reply_of(const OpenCredit& open, const Presentation& presentation);
[[nodiscard]] CreditChanged event_of(const Presentation& presentation);

// The examination is over: its timer and its entry in the bank's work list go.
void end_examination(const OpenCredit& open, Presentation& presentation);

}  // namespace usance::letter_of_credit::v1
