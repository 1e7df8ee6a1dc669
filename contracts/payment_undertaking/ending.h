// How an undertaking ends: paid, refunded or cancelled, and each at most once.
#pragma once

#include "payment_undertaking/open_undertaking.h"

namespace usance::payment_undertaking::v1 {

// Of an undertaking that is ISSUED: payable from here on whatever happens, and paid if the deposit
// contract lets it; otherwise the ledger tries again every hour.
void become_payable(OpenUndertaking& open, Reason reason);
// Of one that is PAYABLE. False when the payment does not go through; record.payment_failure says
// why.
bool try_to_pay(OpenUndertaking& open);
// By the timer of a payment that was refused.
void pay_again(OpenUndertaking& open);

// Gives the money back.
void refund(OpenUndertaking& open);
void agree_to_cancel(OpenUndertaking& open);
void cancel(OpenUndertaking& open);

// Ends the subscription to the feed, if any. Not while the feed's contract is calling.
void stop_asking(OpenUndertaking& open);

}  // namespace usance::payment_undertaking::v1
