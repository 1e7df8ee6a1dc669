// What the random sequences are made of: every act, mostly by who usually does it.
#include "random_actions.h"

namespace usance::letter_of_credit::v1::test {

Outcome RandomActions::act() {
  if (below(3) == 0) {
    // Mostly on the credits of more than one bank.
    const std::string& between = below(5) == 0 ? name() : names[3 + below(2)];
    return act_between_banks(between, some_presentation(between));
  }
  const std::string& credit_name = name();
  const std::uint32_t number = some_presentation(credit_name);
  switch (below(24)) {
    case 0:
    case 1:
      return call<method::DraftIssue>(mostly(elbe_maker),
                                      {all_terms[below(kCredits)], {below(3) * 2'500}});
    case 2:
    case 3: return call<method::Issue>(mostly(elbe_checker), {credit_name, 1 + below(3)});
    case 4: return call<method::Advise>(mostly(nile_checker), {credit_name, "ref"});
    case 5: {
      TermsChange change;
      if (below(2) == 0) change.increase = below(20'000'00);
      if (below(3) == 0) change.decrease = below(60'000'00);
      if (below(3) == 0) change.expiry_date = day(2027, 4, 1 + static_cast<int>(below(28)));
      if (below(3) == 0) change.port_of_discharge = "Bremerhaven";
      if (below(4) == 0) change.plus_tolerance = below(3) * 500;
      if (below(6) == 0)
        change.partial_shipments = below(2) == 0 ? Allowed::kAllowed : Allowed::kNotAllowed;
      if (below(8) == 0)
        change.confirmation = below(2) == 0 ? Confirmation::kMayAdd : Confirmation::kWithout;
      return call<method::DraftAmendment>(mostly(elbe_maker), {credit_name, change});
    }
    case 6: return call<method::ProposeAmendment>(mostly(elbe_checker), {credit_name, number});
    case 7: return call<method::AcceptAmendment>(voice(credit_name), {credit_name, number, {}});
    case 8: return call<method::RejectAmendment>(voice(credit_name), {credit_name, number, "no"});
    case 9: return call<method::ConsentToCancellation>(voice(credit_name), {credit_name});
    case 10:
      return below(4) == 0 ? Outcome(call<method::Cancel>(mostly(elbe_checker), {credit_name, ""}))
                           : Outcome(call<method::Expire>(anybody(), {credit_name}));
    case 11:
    case 12:
    case 13: {
      if (below(4) != 0) {  // documents take longer than decisions on them
        return call<method::MarkComplying>(examiner(credit_name, false), {credit_name, number});
      }
      std::vector<Document> documents = complying_set();
      if (below(3) == 0) documents[1].transport.port_of_discharge = "Bremerhaven";
      const std::int64_t claimed = below(3) == 0 ? 1 + below(200'000'00) : 50'000'00;
      PresentRequest request;
      request.credit = credit_name;
      request.claimed = usd(claimed);
      request.documents = documents;
      request.replaces = below(8) == 0;
      if (below(6) == 0) request.bank = kElbe;
      if (below(6) == 0) request.transfer = 1 + below(2);
      return call<method::Present>(request.transfer != 0 ? mostly(farmers) : presenter(credit_name),
                                   request);
    }
    case 14:
    case 15:
      return call<method::MarkComplying>(examiner(credit_name, false), {credit_name, number});
    case 16: {
      RefuseRequest request;
      request.credit = credit_name;
      request.presentation = number;
      request.disposal = below(2) == 0 ? Disposal::kHoldWaiver : Disposal::kReturn;
      request.adopt_findings = true;
      return call<method::Refuse>(examiner(credit_name, true), request);
    }
    case 17: return call<method::ApproachApplicant>(mostly(elbe_maker), {credit_name, number});
    case 18:
      return call<method::AnswerWaiver>(mostly(roaster), {credit_name, number, below(2) == 0});
    case 19: return call<method::TakeUp>(mostly(elbe_checker), {credit_name, number});
    case 20:
      if (number % 4 == 0) {
        return call<method::CallBack>(presenter(credit_name), {credit_name, number});
      }
      return call<method::ReturnDocuments>(mostly(elbe_maker), {credit_name, number});
    case 21: return call<method::Preclude>(anybody(), {credit_name, number});
    case 22: return call<method::Close>(mostly(elbe_maker), {credit_name});
    default: return call<method::Honour>(examiner(credit_name, true), {credit_name, number});
  }
}

Outcome RandomActions::act_between_banks(const std::string& credit_name, std::uint32_t number) {
  switch (below(24)) {
    case 20: return call<method::DeclineAdvice>(mostly(nile_checker), {credit_name, "no key"});
    case 21: {
      AssignRequest request{credit_name, "bugisu-farmers", std::string(kNile), below(4'000), ""};
      return call<method::AssignProceeds>(mostly(exporter), request);
    }
    case 22:
      return call<method::AcknowledgeAssignment>(examiner(credit_name, true),
                                                 {credit_name, 1 + below(3)});
    case 23: {
      const std::string& unpaid = below(8) == 0 ? credit_name : names[4];
      const std::uint32_t claimed = some_presentation(unpaid);
      if (below(2) == 0) return call<method::PayInterest>(mostly(elbe_checker), {unpaid, claimed});
      return call<method::ClaimInterest>(mostly(nile_checker),
                                         {unpaid, claimed, usd(1 + below(100'00))});
    }
    case 0: return call<method::Confirm>(mostly(nile_checker), {credit_name});
    case 1:
      return call<method::DecideConfirmation>(mostly(nile_checker),
                                              {credit_name, number, below(2) == 0});
    case 2:
    case 3: return call<method::Undertake>(examiner(credit_name, true), {credit_name, number});
    case 4:
    case 5: {
      // Only one of the credits is available by negotiation, and it alone has a reimbursing bank.
      const std::string& negotiated = below(8) == 0 ? credit_name : names[4];
      return call<method::Negotiate>(mostly(nile_checker),
                                     {negotiated, some_presentation(negotiated), below(200'00)});
    }
    case 6: return call<method::Prepay>(mostly(nile_checker), {credit_name, number, below(200'00)});
    case 7:
    case 8:
      return call<method::ForwardDocuments>(mostly(nile_maker),
                                            {credit_name, number, below(8) == 0});
    case 9: {
      if (below(4) == 0) return call<method::Close>(mostly(elbe_maker), {credit_name});
      const std::string& claimed = below(8) == 0 ? credit_name : names[4];
      return call<method::ClaimReimbursement>(mostly(nile_checker),
                                              {claimed, some_presentation(claimed)});
    }
    case 10:
    case 17:
    case 18: {
      // The reimbursing bank's work list names the presentation; now and then it takes another.
      std::string credit = credit_name;
      std::uint32_t claimed = number;
      for (const WorkEntry& entry : view<method::WorkList>({"lake-bank"}).entries) {
        if (entry.item.task != Task::kReimburseClaim || below(8) == 0) continue;
        credit = entry.item.credit;
        claimed = entry.item.number;
      }
      return call<method::Reimburse>(mostly(outsider), {credit, claimed});
    }
    case 11:
      return call<method::Refund>(mostly(nile_checker), {credit_name, number, below(100'00)});
    case 12: return call<method::PayAtMaturity>(examiner(credit_name, true), {credit_name, number});
    case 13: {
      TransferRequest request;
      request.credit = credit_name;
      request.second_beneficiary.name = "Bugisu Farmers Cooperative";
      request.second_beneficiary.organisation = "bugisu-farmers";
      request.second_beneficiary_bank = kNile;
      request.amount = usd(1 + below(60'000'00));
      return call<method::RequestTransfer>(mostly(exporter), request);
    }
    case 14: {
      const std::uint32_t asked = 1 + below(2);
      if (below(4) == 0) {
        return call<method::DeclineTransfer>(mostly(nile_checker), {credit_name, asked, "no"});
      }
      return call<method::TransferCredit>(mostly(nile_checker), {credit_name, asked});
    }
    case 15: {
      SubstituteRequest request;
      request.credit = credit_name;
      request.presentation = number;
      request.invoice = invoice();
      request.claimed = usd(50'000'00 + below(20'000'00));
      return call<method::Substitute>(mostly(exporter), request);
    }
    case 16:
      return below(3) == 0
                 ? Outcome(call<method::ReturnTransfer>(mostly(farmers), {credit_name, 1}))
                 : Outcome(
                       call<method::DemandSubstitution>(mostly(nile_maker), {credit_name, number}));
    default:
      return below(2) == 0
                 ? Outcome(call<method::HoldPayment>(mostly(elbe_checker), {credit_name, "CASE"}))
                 : Outcome(call<method::ReleasePayment>(mostly(elbe_checker), {credit_name}));
  }
}

}  // namespace usance::letter_of_credit::v1::test
