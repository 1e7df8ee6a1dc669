// What a transferable credit may become in a second beneficiary's hands (UCP 600 Art. 38). Pure: no
// host access.
#pragma once

#include <cstdint>
#include <optional>

#include "contracts/sdk/failure.h"
#include "letter_of_credit/letter_of_credit.usance.h"

namespace usance::letter_of_credit::v1 {

// The terms as they would be transferred: the credit's own, cut as the first beneficiary asks
// (Art. 38(g)), or TRANSFER_TERM_CHANGED. Everything not named in the request stays verbatim.
struct Cut {
  Terms terms;
  std::optional<contract::Failure> problem;
};
[[nodiscard]] Cut cut_terms(const Terms& original, const TransferRequest& request);

// TRANSFER_TERM_CHANGED when transferred terms no longer lie within the credit's own.
[[nodiscard]] std::optional<contract::Failure> check_within(const Terms& original,
                                                            const Terms& cut);

// The percentage of insurance cover that a credit asks for, in basis points (Art. 28(f)).
[[nodiscard]] std::uint32_t insurance_cover(const Terms& terms);

// Whether the transfer, asked for or made, takes part of the credit: it was not declined, and not
// given back before anything was drawn.
[[nodiscard]] bool takes_part(const Transfer& transfer);

// What a second beneficiary may draw under its transfer, in minor units, and what of it is left.
[[nodiscard]] std::int64_t transferred_amount(const Transfer& transfer);
[[nodiscard]] std::int64_t left_of(const Transfer& transfer);

}  // namespace usance::letter_of_credit::v1
