// The confirming bank's own undertaking (UCP 600 Art. 8, 10(b)).
#include "contracts/letter_of_credit/amendments.h"
#include "contracts/letter_of_credit/contract.h"
#include "contracts/letter_of_credit/limits.h"
#include "contracts/letter_of_credit/open_credit.h"
#include "contracts/letter_of_credit/presentations.h"
#include "contracts/letter_of_credit/terms_check.h"

namespace usance::letter_of_credit::v1 {

using contract::Context;
using contract::fail;

CreditReply Contract::confirm(Context& ctx, const CreditRequest& request) {
  OpenCredit open(ctx, request.credit);
  if (open.terms.confirmation == Confirmation::kWithout) fail(errors::not_requested());
  if (ctx.organisation() != requested_confirming_bank(open.terms)) {
    fail(errors::wrong_party(Action::kConfirmCredit, PartyRole::kConfirmingBank,
                             ctx.organisation()));
  }
  open.move(Action::kConfirmCredit);
  require_limit(ctx, open.credit.ceiling);
  open.credit.confirming_bank = ctx.organisation();
  // Its own five days are counted on its own calendar.
  static_cast<void>(calendar_of(ctx, ctx.organisation(), place_of(open, ctx.organisation(), "")));
  finish_task(ctx, ctx.organisation(), Task::kDecideConfirmation, open.name, 0);
  finish_task(ctx, ctx.organisation(), Task::kAdviseCredit, open.name, 0);
  finish_task(ctx, open.credit.issuing_bank, Task::kAdviceDeclined, open.name, 0);
  CreditChanged event;
  event.amount = open.credit.ceiling;
  open.record(Action::kConfirmCredit, event);
  return open.reply();
}

AmendmentReply Contract::decide_confirmation(Context& ctx,
                                             const DecideConfirmationRequest& request) {
  OpenCredit open(ctx, request.credit);
  open.require_role(PartyRole::kConfirmingBank, Action::kDecideOnConfirmation);
  open.move(Action::kDecideOnConfirmation);
  Amendment amendment = open.amendment(request.amendment);
  open.move(amendment, Action::kDecideOnConfirmation);
  if (amendment.confirmation == ConfirmationOfAmendment::kExtended) {
    fail(errors::no_claim(Action::kDecideOnConfirmation, "an extension is not taken back"));
  }
  amendment.confirmation =
      request.extend ? ConfirmationOfAmendment::kExtended : ConfirmationOfAmendment::kNotExtended;
  open.put(amendment);
  finish_task(ctx, ctx.organisation(), Task::kDecideConfirmation, open.name, amendment.number);
  CreditChanged event = event_of(amendment);
  event.text = request.extend ? "extended" : "advised without confirmation";
  open.record(Action::kDecideOnConfirmation, event);
  return reply_of(open, amendment);
}

}  // namespace usance::letter_of_credit::v1
