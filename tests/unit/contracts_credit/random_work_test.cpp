// Work lists in the random sequences: what stands there, somebody can still do.
#include "random_actions.h"

namespace usance::letter_of_credit::v1::test {

void RandomActions::check_work() {
  for (const std::string& organisation :
       {std::string(kElbe), std::string(kNile), std::string("lake-bank"), std::string(kExporter),
        std::string(kRoaster), std::string("bugisu-farmers")}) {
    for (const WorkEntry& entry : view<method::WorkList>({organisation}).entries) {
      EXPECT_TRUE(is_possible(organisation, entry.item))
          << organisation << " is to " << to_text(entry.item.task) << " " << entry.item.credit
          << " " << entry.item.number;
    }
  }
}

// Written from what each task asks for, not from the contract's table.
bool RandomActions::is_possible(const std::string& organisation, const WorkItem& item) {
  using PS = PresentationState;
  const Credit credit = view<method::GetCredit>({item.credit}).credit;
  const CreditState state = credit.state;
  const bool live = state == CreditState::kIssued || state == CreditState::kAdvised ||
                    state == CreditState::kConfirmed;
  const auto presentation = [&] {
    return view<method::GetPresentation>({item.credit, item.number});
  };
  const auto amendment = [&] { return view<method::GetAmendment>({item.credit, item.number}); };
  switch (item.task) {
    case Task::kCheckDraft: return state == CreditState::kDraft;
    case Task::kAdviseCredit: return state == CreditState::kIssued;
    case Task::kAdviceDeclined: return state == CreditState::kIssued && credit.advice_declined;
    case Task::kCheckAmendment: return live && amendment().state == AmendmentState::kPrepared;
    case Task::kAnswerAmendment: return live && amendment().state == AmendmentState::kPending;
    case Task::kDecideConfirmation:
      if (item.number != 0) return live && amendment().state == AmendmentState::kPending;
      return state == CreditState::kIssued || state == CreditState::kAdvised;
    case Task::kExamineDocuments:
      return presentation().state == PS::kReceived || presentation().state == PS::kWaiverSought;
    case Task::kAnswerWaiverRequest:
      return presentation().state == PS::kWaiverSought || presentation().state == PS::kRefused;
    case Task::kPay:
      return presentation().state == PS::kComplying || presentation().state == PS::kPrecluded;
    case Task::kPayAtMaturityDue: return presentation().state == PS::kUndertaken;
    case Task::kForwardToIssuer: {
      const Presentation paid = presentation();
      return paid.forwarded_as == 0 &&
             (paid.state == PS::kHonoured || paid.state == PS::kNegotiated ||
              paid.state == PS::kUndertaken);
    }
    case Task::kReimburseClaim:
      return presentation().reimbursement_claimed && presentation().reimbursed == 0;
    case Task::kRefundReimbursement: {
      const Presentation paid = presentation();
      if (paid.state != PS::kForwarded || paid.reimbursed == 0) return false;
      const PS at_issuer = view<method::GetPresentation>({item.credit, paid.forwarded_as}).state;
      return at_issuer == PS::kRefused || at_issuer == PS::kReturned;
    }
    case Task::kTransferCredit:
      return live && view<method::GetTransfer>({item.credit, item.number}).state ==
                         TransferState::kRequested;
    case Task::kSubstituteInvoice:
      return presentation().state == PS::kReceived && !presentation().substituted;
    case Task::kAcknowledgeAssignmentOf:
      return state != CreditState::kClosed &&
             view<method::GetAssignment>({item.credit, item.number}).bank == organisation;
    case Task::kReturnCalledBack:
    case Task::kDecideOnWaiver: return presentation().state == PS::kRefused;
    case Task::kSettleInterest:
      return presentation().interest_claimed > presentation().interest_paid;
    case Task::kCloseBooks:
      return (state == CreditState::kExhausted || state == CreditState::kExpired ||
              state == CreditState::kCancelled) &&
             credit.open_presentations == 0;
    default: return false;
  }
}

}  // namespace usance::letter_of_credit::v1::test
