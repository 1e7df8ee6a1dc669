// A credit while a method works on it: its records read once, changed in memory, written back with
// one event per change.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "contracts/sdk/context.h"
#include "contracts/sdk/storage.h"
#include "letter_of_credit/letter_of_credit.usance.h"

namespace usance::letter_of_credit::v1 {

class OpenCredit {
 public:
  // Ends the call with UNKNOWN_CREDIT when there is none of this name ("issuing bank/number").
  OpenCredit(contract::Context& ctx, std::string_view name);
  // A credit that does not exist yet.
  OpenCredit(contract::Context& ctx, std::string issuing_bank, const Terms& terms);

  contract::Context& ctx;
  std::string name;  // also its scope
  Credit credit;
  Terms terms;  // in force
  Funding funding;

  // The bank of a role, or the member that a party is; empty when there is none.
  [[nodiscard]] const std::string& organisation_of(PartyRole role) const;
  // What a bank is to the credit as an examiner of documents: the issuing bank, the confirming one,
  // or a nominated one.
  [[nodiscard]] PartyRole examiner_role(std::string_view bank) const;
  // The terms that a presentation is examined under: those that bind its bank (Art. 10(b)), or
  // those of the transfer while the second beneficiary's documents are in it (Art. 38(g)).
  [[nodiscard]] const Terms& terms_for(const Presentation& presentation);
  void put_confirmed(Terms confirmed);

  // What may still be drawn and is not set aside, in minor units.
  [[nodiscard]] std::int64_t balance() const {
    return credit.ceiling.minor_units - credit.honoured - credit.committed;
  }
  [[nodiscard]] contract::Money amount(std::int64_t minor_units) const;

  // Takes the credit to the state that the action leads to; WRONG_STATE when it is not possible.
  void move(Action action);
  void move(Presentation& presentation, Action action);
  // For what follows from a move by itself, such as the last payment of an undertaking.
  void set_state(Presentation& presentation, PresentationState state);
  // The claim on the reimbursing bank: whether it is made, and what was paid on it, in minor units.
  void set_claim(Presentation& presentation, bool claimed, std::int64_t reimbursed);
  void move(Amendment& amendment, Action action) const;

  // In which role the caller acts: the one that was required of it, else what its organisation is
  // to this credit first of all.
  [[nodiscard]] PartyRole role() const;
  // WRONG_PARTY unless the caller is this party.
  void require_role(PartyRole role, Action action);
  void act_as(PartyRole role) { acting_ = role; }
  // WRONG_PARTY unless the caller is the bank that examines the presentation.
  void require_examiner(const Presentation& presentation, Action action);
  // PAYMENT_ON_HOLD when the bank has stopped its payments.
  void require_no_hold(std::string_view bank) const;
  [[nodiscard]] const PaymentHold* hold_of(std::string_view bank) const;
  // WRONG_PARTY unless the caller speaks for the beneficiary: the beneficiary itself, or the
  // advising bank for one that is no member (an MT730 in its name).
  void require_voice_of_beneficiary(Action action);
  // Who speaks for a second beneficiary: it itself, or the transferring bank for one that is no
  // member.
  [[nodiscard]] const std::string& voice_of(const Transfer& transfer) const;
  // SAME_PERSON when the caller is the person who took the step before.
  void require_second_person(const contract::Actor& first, Action action) const;

  [[nodiscard]] Presentation presentation(std::uint32_t number) const;
  [[nodiscard]] Amendment amendment(std::uint32_t number) const;
  [[nodiscard]] Transfer transfer(std::uint32_t number) const;
  [[nodiscard]] Assignment assignment(std::uint32_t number) const;
  void put(const Presentation& presentation) const;
  void put(const Transfer& transfer) const;
  void put(const Assignment& assignment) const;
  void put(const Amendment& amendment) const;
  void put_terms() const;
  // Visits in ascending order until `visit` is false.
  template <class Visit>
  void each_presentation(Visit visit) const {
    for (std::uint32_t number = 1; number <= credit.presentations; ++number) {
      if (!visit(presentation(number))) return;
    }
  }
  template <class Visit>
  void each_amendment(Visit visit) const {
    for (std::uint32_t number = 1; number <= credit.amendments; ++number) {
      if (!visit(amendment(number))) return;
    }
  }

  // Counts the version up, writes the credit and emits the event with who, version and the hash of
  // the event before. The caller has set what is particular to the change.
  void record(Action action, CreditChanged event = {});
  [[nodiscard]] CreditReply reply() const;

 private:
  contract::Bytes key(std::uint32_t number) const;

  std::string nobody_;
  PartyRole acting_ = PartyRole::kPartyRoleNone;
  std::optional<Terms> confirmed_;
  std::optional<Transfer> transferred_;
};

// What the credit's parties have to do. Each entry is found by task, credit and number.
// The hold of a bank on its payments under a credit, or null.
[[nodiscard]] const PaymentHold* hold_of(const Credit& credit, std::string_view bank);

void add_task(contract::Context& ctx, std::string_view organisation, const WorkItem& item);
void finish_task(contract::Context& ctx, std::string_view organisation, Task task,
                 std::string_view credit, std::uint32_t number);
[[nodiscard]] WorkItem task_of(const OpenCredit& open, Task task, std::uint32_t number = 0);

[[nodiscard]] Calendar calendar_of(contract::Context& ctx, std::string_view bank,
                                   std::string_view place);

}  // namespace usance::letter_of_credit::v1
