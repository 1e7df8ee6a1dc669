// The letter of credit as a contract: one method per act of a party, and the three ledger timers.
// docs/contracts/letter_of_credit.md tells a trade-finance officer the same story.
#pragma once

#include "contracts/letter_of_credit/bounds.h"
#include "contracts/sdk/context.h"
#include "letter_of_credit/letter_of_credit.usance.h"

namespace usance::letter_of_credit::v1 {

class Contract final : public LetterOfCredit {
 public:
  // calendar_methods.cpp
  contract::Empty set_calendar(contract::Context& ctx, const SetCalendarRequest& request) override;
  contract::Empty add_holidays(contract::Context& ctx, const AddHolidaysRequest& request) override;
  contract::Empty declare_interruption(contract::Context& ctx,
                                       const DeclareInterruptionRequest& request) override;

  // issue.cpp
  CreditReply draft_issue(contract::Context& ctx, const DraftIssueRequest& request) override;
  CreditReply issue(contract::Context& ctx, const IssueRequest& request) override;
  CreditReply advise(contract::Context& ctx, const AdviseRequest& request) override;
  CreditReply decline_advice(contract::Context& ctx, const DeclineAdviceRequest& request) override;

  // amendment.cpp
  AmendmentReply draft_amendment(contract::Context& ctx,
                                 const DraftAmendmentRequest& request) override;
  AmendmentReply propose_amendment(contract::Context& ctx,
                                   const AmendmentRequest& request) override;
  AmendmentReply accept_amendment(contract::Context& ctx,
                                  const AcceptAmendmentRequest& request) override;
  AmendmentReply reject_amendment(contract::Context& ctx,
                                  const RejectAmendmentRequest& request) override;

  // presentation.cpp
  PresentationReply present(contract::Context& ctx, const PresentRequest& request) override;

  // examination.cpp
  PresentationReply mark_complying(contract::Context& ctx,
                                   const PresentationRequest& request) override;
  PresentationReply refuse(contract::Context& ctx, const RefuseRequest& request) override;
  PresentationReply approach_applicant(contract::Context& ctx,
                                       const PresentationRequest& request) override;
  PresentationReply answer_waiver(contract::Context& ctx,
                                  const AnswerWaiverRequest& request) override;
  PresentationReply take_up(contract::Context& ctx, const PresentationRequest& request) override;
  PresentationReply call_back(contract::Context& ctx, const PresentationRequest& request) override;
  PresentationReply return_documents(contract::Context& ctx,
                                     const PresentationRequest& request) override;
  PresentationReply preclude(contract::Context& ctx, const PresentationRequest& request) override;
  PresentationReply on_notice_due(contract::Context& ctx,
                                  const PresentationRequest& request) override;

  // honour.cpp
  PresentationReply honour(contract::Context& ctx, const PresentationRequest& request) override;
  CreditReply hold_payment(contract::Context& ctx, const HoldPaymentRequest& request) override;
  CreditReply release_payment(contract::Context& ctx, const CreditRequest& request) override;
  // undertaking.cpp
  PresentationReply undertake(contract::Context& ctx, const PresentationRequest& request) override;
  PresentationReply pay_at_maturity(contract::Context& ctx,
                                    const PresentationRequest& request) override;
  PresentationReply prepay(contract::Context& ctx, const AdvanceRequest& request) override;
  PresentationReply on_maturity(contract::Context& ctx, const MaturityRequest& request) override;

  // confirming.cpp
  CreditReply confirm(contract::Context& ctx, const CreditRequest& request) override;
  AmendmentReply decide_confirmation(contract::Context& ctx,
                                     const DecideConfirmationRequest& request) override;

  // limits.cpp
  contract::Empty set_signing_limit(contract::Context& ctx,
                                    const SetSigningLimitRequest& request) override;

  // transfer.cpp
  TransferReply request_transfer(contract::Context& ctx, const TransferRequest& request) override;
  TransferReply transfer_credit(contract::Context& ctx, const TransferNumber& request) override;
  TransferReply decline_transfer(contract::Context& ctx,
                                 const DeclineTransferRequest& request) override;
  TransferReply return_transfer(contract::Context& ctx, const TransferNumber& request) override;
  TransferReply answer_amendment(contract::Context& ctx,
                                 const AnswerAmendmentRequest& request) override;
  PresentationReply demand_substitution(contract::Context& ctx,
                                        const PresentationRequest& request) override;
  PresentationReply substitute(contract::Context& ctx, const SubstituteRequest& request) override;
  AssignmentReply assign_proceeds(contract::Context& ctx, const AssignRequest& request) override;
  AssignmentReply acknowledge_assignment(contract::Context& ctx,
                                         const AssignmentNumber& request) override;
  Transfer get_transfer(contract::Context& ctx, const TransferNumber& request) override;
  Assignment get_assignment(contract::Context& ctx, const AssignmentNumber& request) override;

  // reimbursement.cpp
  PresentationReply negotiate(contract::Context& ctx, const AdvanceRequest& request) override;
  PresentationReply forward_documents(contract::Context& ctx,
                                      const ForwardRequest& request) override;
  PresentationReply claim_reimbursement(contract::Context& ctx,
                                        const PresentationRequest& request) override;
  PresentationReply reimburse(contract::Context& ctx, const PresentationRequest& request) override;
  PresentationReply claim_interest(contract::Context& ctx, const InterestRequest& request) override;
  PresentationReply pay_interest(contract::Context& ctx,
                                 const PresentationRequest& request) override;
  PresentationReply refund(contract::Context& ctx, const RefundRequest& request) override;

  // ending.cpp
  CreditReply consent_to_cancellation(contract::Context& ctx,
                                      const CreditRequest& request) override;
  CreditReply cancel(contract::Context& ctx, const CancelRequest& request) override;
  CreditReply expire(contract::Context& ctx, const CreditRequest& request) override;
  CreditReply on_expiry(contract::Context& ctx, const CreditRequest& request) override;
  CreditReply close(contract::Context& ctx, const CreditRequest& request) override;

  // views.cpp
  CreditView get_credit(contract::Context& ctx, const CreditRequest& request) override;
  Presentation get_presentation(contract::Context& ctx,
                                const PresentationRequest& request) override;
  PresentationList list_presentations(contract::Context& ctx,
                                      const CreditRequest& request) override;
  Amendment get_amendment(contract::Context& ctx, const AmendmentRequest& request) override;
  AmendmentList list_amendments(contract::Context& ctx, const CreditRequest& request) override;
  Calendar get_calendar(contract::Context& ctx, const GetCalendarRequest& request) override;
  WorkListReply work_list(contract::Context& ctx, const WorkListRequest& request) override;
};

}  // namespace usance::letter_of_credit::v1
