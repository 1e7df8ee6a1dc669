// What the methods on presentations share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/letter_of_credit/data_checks.h"
#include "contracts/letter_of_credit/open_credit.h"

namespace usance::letter_of_credit::v1 {

[[nodiscard]] PresentationReply reply_of(const OpenCredit& open, const Presentation& presentation);
[[nodiscard]] CreditChanged event_of(const Presentation& presentation);

// BAD_PRESENTATION when the documents' data is beyond kMaxDocumentsBytes.
void require_room_for(const std::vector<Document>& documents);

// The place of a bank at which documents under the credit may be presented; `asked` is the place of
// the request, which counts in a credit available with any bank. NOT_PRESENTABLE_AT otherwise.
[[nodiscard]] std::string place_of(const OpenCredit& open, const std::string& bank,
                                   const std::string& asked);

// The documents arrive at a bank: gives the presentation its number, its dates and its deadline,
// and the bank its task. The caller has filled in what is presented and writes it. Returns the
// calendar that the dates were counted on.
Calendar receive(OpenCredit& open, Presentation& presentation, const std::string& bank,
                 const std::string& place);

// Where documents go when the presenter names no bank.
[[nodiscard]] const std::string& usual_bank(const OpenCredit& open);

// A presentation under a transfer uses this much of the second beneficiary's part up, or gives it
// back when negative.
void use_transfer(OpenCredit& open, const Presentation& presentation, std::int64_t amount);

// The examining bank is bound to pay what is claimed: sets it aside, or OVERDRAWN.
void take_as_complying(OpenCredit& open, Presentation& presentation);

// What may be drawn on the credit at the bank that examines this presentation.
[[nodiscard]] std::int64_t balance_for(OpenCredit& open, const Presentation& presentation);

// What the tests of the data are made on. Refers to the presentation's documents, which must
// outlive it.
[[nodiscard]] Drawing drawing_of(OpenCredit& open, const Presentation& presentation);

// What the examining bank has still to pay of what is set aside, in minor units.
[[nodiscard]] std::int64_t due_now(const OpenCredit& open, const Presentation& presentation);

// A discount is at least 0 and less than the amount.
void require_discount(std::int64_t discount, std::int64_t amount);

// Whether the examining bank was asked to negotiate the drafts; the issuing bank honours them.
[[nodiscard]] bool negotiates(const Terms& terms, const Presentation& presentation);

// The method by which the examining bank pays documents that comply.
[[nodiscard]] std::string_view way_to_pay(const Terms& terms, const Presentation& presentation);

// The issuing bank pays, or undertakes to pay, what was claimed of the reimbursing bank (Art.
// 13(c)): that claim is over, and only the interest it has lost can still be claimed.
void end_claim(OpenCredit& open, const Presentation& presentation);

// Puts the documents' way to the issuing bank on a nominated bank's work list.
void ask_to_forward(const OpenCredit& open, const Presentation& presentation);

// Refused documents leave the bank, or the books are closed: what the bank and the applicant had to
// decide on them leaves their work lists.
void finish_held(const OpenCredit& open, const Presentation& presentation);

// The examination is over: its timer and its entry in the bank's work list go.
void end_examination(const OpenCredit& open, Presentation& presentation);

}  // namespace usance::letter_of_credit::v1
