// The money of a credit, moved as tokenised deposits by nested calls of the contract `deposit`, and
// the timer of its expiry.
//
// From issue on the applicant's margin is held on its account at the issuing bank. A payment of the
// issuing bank comes from the margin first, the rest from the applicant's account; if that does not
// cover it, from the bank's own account, because the bank owes the beneficiary whatever its client
// can do (UCP 600 Art. 4, 7). A ledger timer has no caller who could charge a client, so it takes
// the rest from the bank's own account. Every other bank pays from its own account.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// A bank's own account in the credit's currency.
[[nodiscard]] std::string own_account(const OpenCredit& open, std::string_view bank);
// Who gets an amount (positive) that is owed on a presentation.
[[nodiscard]] std::vector<PaymentLeg> legs_of(const OpenCredit& open,
                                              const Presentation& presentation,
                                              std::int64_t amount);

// What came of payments. With a problem, `amount` was paid all the same: of the payment that met it
// none, or the part that was held as margin.
struct Paid {
  std::int64_t amount = 0;
  std::optional<contract::Failure> problem;  // CANNOT_PAY
  bool payer_short = false;  // the bank did not have the money; else the payee could not take it
};

// The examining bank pays what is not paid yet of the legs and counts it in them, as far as it can
// be paid.
[[nodiscard]] Paid pay_legs(OpenCredit& open, const Presentation& presentation,
                            std::vector<PaymentLeg>& legs);
// Pays an amount that is due now, and returns what was paid. What a payee cannot take, such as an
// assignee without an account, stays owed to that payee as an undertaking that is due (an
// assignment takes nothing from the beneficiary's right to its proceeds, UCP 600 Art. 39). Ends the
// call with CANNOT_PAY when the bank is short of funds, or nobody can be paid.
[[nodiscard]] std::int64_t pay_at_once(OpenCredit& open, Presentation& presentation,
                                       std::int64_t amount);
// From one account of which the caller is holder or bank to another, or the end of the call.
void pay_directly(OpenCredit& open, std::uint32_t presentation, const std::string& from,
                  const std::string& to, std::int64_t amount);

// The close of the expiry date, extended by Art. 29, where documents may be presented: at the bank
// with which the credit is available or at the issuing bank, whichever is later.
[[nodiscard]] std::int64_t expiry_instant(contract::Context& ctx, const Terms& terms);

// Sets the expiry of the credit and its timer, replacing an earlier one.
void schedule_expiry(OpenCredit& open);
void cancel_expiry(OpenCredit& open);

}  // namespace usance::letter_of_credit::v1
