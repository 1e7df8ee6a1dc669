// The money of a credit, moved as tokenised deposits by nested calls of the contract `deposit`, and
// the timer of its expiry.
//
// From issue on the applicant's margin is held on its account at the issuing bank. A payment comes
// from the margin first, the rest from the applicant's account; if that does not cover it, from the
// issuing bank's own account, because the bank owes the beneficiary whatever its client can do
// (UCP 600 Art. 4, 7).
#pragma once

#include "contracts/letter_of_credit/open_credit.h"
#include "letter_of_credit/letter_of_credit.usance.h"

namespace usance::letter_of_credit::v1 {

inline constexpr std::string_view kDepositContract = "deposit";

// Brings the held margin up to its share of what could still be drawn under `ceiling` minor units.
// Ends the call with MARGIN_NOT_COVERED when the account does not have it. The caller is the
// account's bank.
void hold_margin(OpenCredit& open, std::int64_t ceiling);

// Gives held margin back down to `keep` minor units. False, with nothing changed, when the deposit
// contract refuses.
bool release_margin_down_to(OpenCredit& open, std::int64_t keep);

// Pays a presentation's amount (positive) to the beneficiary, or ends the call with CANNOT_PAY.
void pay_beneficiary(OpenCredit& open, std::uint32_t presentation, std::int64_t amount);

// The close of the expiry date at the place of expiry, extended by Art. 29.
[[nodiscard]] std::int64_t expiry_instant(const Terms& terms, const Calendar& calendar);

// Sets the expiry of the credit and its timer, replacing an earlier one.
void schedule_expiry(OpenCredit& open);
void cancel_expiry(OpenCredit& open);

}  // namespace usance::letter_of_credit::v1
