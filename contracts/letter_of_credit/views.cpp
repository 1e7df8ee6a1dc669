// What members read. Nothing here changes anything.
#include <cstddef>
#include <utility>

#include "contracts/letter_of_credit/calendar.h"
#include "contracts/letter_of_credit/contract.h"
#include "contracts/letter_of_credit/open_credit.h"
#include "contracts/letter_of_credit/undertaking.h"

namespace usance::letter_of_credit::v1 {

using contract::Context;

namespace {

constexpr std::size_t kMaxEntries = 200;

std::string bank_of(const std::string& credit) {
  return credit.substr(0, credit.find('/'));
}

bool moves_money(Task task) {
  return task == Task::kPay || task == Task::kPayAtMaturityDue || task == Task::kReimburseClaim;
}

WorkEntry entry_of(Context& ctx, const WorkItem& item, std::string_view organisation) {
  WorkEntry entry;
  entry.item = item;
  if (moves_money(item.task)) {
    const auto credit = contract::Record<Credit>(ctx, item.credit).find();
    const PaymentHold* hold = credit ? hold_of(*credit, organisation) : nullptr;
    if (hold != nullptr) entry.on_hold = hold->reference;
  }
  if (item.due == 0) return entry;
  entry.overdue = ctx.now_ms() >= item.due;
  const Calendar calendar =
      calendar_of(ctx, item.bank.empty() ? bank_of(item.credit) : item.bank, item.place);
  entry.banking_days_left =
      banking_days_left(calendar, local_date(calendar, ctx.now_ms()), item.due_on);
  return entry;
}

// Entries with a deadline before those without, the nearest first.
bool more_urgent(const WorkEntry& a, const WorkEntry& b) {
  if ((a.item.due == 0) != (b.item.due == 0)) return b.item.due == 0;
  return a.item.due < b.item.due;
}

}  // namespace

CreditView Contract::get_credit(Context& ctx, const CreditRequest& request) {
  const OpenCredit open(ctx, request.credit);
  CreditView view;
  view.credit = open.credit;
  view.terms = open.terms;
  view.funding = open.funding;
  view.balance = open.amount(open.balance());
  return view;
}

Presentation Contract::get_presentation(Context& ctx, const PresentationRequest& request) {
  return OpenCredit(ctx, request.credit).presentation(request.presentation);
}

PresentationList Contract::list_presentations(Context& ctx, const CreditRequest& request) {
  PresentationList list;
  OpenCredit(ctx, request.credit).each_presentation([&list](const Presentation& presentation) {
    PresentationSummary summary;
    summary.number = presentation.number;
    summary.state = presentation.state;
    summary.claimed = presentation.claimed;
    summary.received_on = presentation.received_on;
    summary.notice_due_on = presentation.notice_due_on;
    summary.findings = static_cast<std::uint32_t>(presentation.findings.size());
    summary.refused_for = static_cast<std::uint32_t>(presentation.refused_for.size());
    summary.paid = presentation.paid;
    summary.examining_bank = presentation.examining_bank;
    for (const Undertaking& undertaking : presentation.undertakings) {
      if (owed(undertaking) == 0) continue;
      if (!summary.next_maturity.is_set() || undertaking.maturity < summary.next_maturity) {
        summary.next_maturity = undertaking.maturity;
      }
    }
    list.presentations.push_back(summary);
    return true;
  });
  return list;
}

Amendment Contract::get_amendment(Context& ctx, const AmendmentRequest& request) {
  return OpenCredit(ctx, request.credit).amendment(request.amendment);
}

AmendmentList Contract::list_amendments(Context& ctx, const CreditRequest& request) {
  AmendmentList list;
  OpenCredit(ctx, request.credit).each_amendment([&list](const Amendment& amendment) {
    list.amendments.push_back({amendment.number, amendment.state});
    return true;
  });
  return list;
}

Calendar Contract::get_calendar(Context& ctx, const GetCalendarRequest& request) {
  return calendar_of(ctx, request.bank, request.place);
}

WorkListReply Contract::work_list(Context& ctx, const WorkListRequest& request) {
  const std::string& organisation =
      request.organisation.empty() ? ctx.organisation() : request.organisation;
  WorkListReply reply;
  contract::Collection<WorkItem>(ctx, "@work/" + organisation)
      .each([&](const contract::Bytes&, const WorkItem& item) {
        if (reply.entries.size() == kMaxEntries) {
          reply.more = true;
          return false;
        }
        // In its place by urgency, behind its equals: the list is short and so is the code.
        auto& entries = reply.entries;
        entries.push_back(entry_of(ctx, item, organisation));
        for (std::size_t at = entries.size() - 1;
             at > 0 && more_urgent(entries[at], entries[at - 1]); --at) {
          std::swap(entries[at], entries[at - 1]);
        }
        return true;
      });
  return reply;
}

}  // namespace usance::letter_of_credit::v1
