// Financing and what follows: the first financed wins, by block order; amber asks and never
// refuses for good.
#include <optional>

#include "contracts/invoice_registry/book.h"
#include "contracts/invoice_registry/matching.h"

namespace usance::invoice_registry::v1 {

namespace {

// Refuses what another has financed. Whether the flag still waits for an explanation and a release.
bool still_asks(sdk::Context& ctx, const std::string& name, const Entry& entry, const Flag& flag) {
  if (flag.colour != Colour::kRed && !asks(flag)) return false;
  const Entry other = load_entry(ctx, flag.other);
  const Status standing = standing_of(other);
  if (flag.colour == Colour::kRed && !finance_together(name, entry, flag.other, other)) {
    if (is_financed(standing)) fail(errors::dup_financed_elsewhere(flag.other));
    if (standing == Status::kSettled) fail(errors::already_settled(flag.other));
  }
  return asks(flag) && flag.released_by.empty() && !is_gone(standing);
}

// The others that registered the same document learn that they are late.
void mark_duplicates(sdk::Context& ctx, const std::string& name, const Entry& entry) {
  flags_of(ctx, name).each([&](const sdk::Bytes&, const Flag& flag) {
    if (flag.colour != Colour::kRed) return true;
    Entry other = load_entry(ctx, flag.other);
    if (standing_of(other) == Status::kRegistered &&
        !finance_together(name, entry, flag.other, other))
      change_standing(ctx, flag.other, other, Status::kDupFinanced);
    return true;
  });
}

FinanceResponse answer(sdk::Context& ctx, const Entry& entry) {
  return FinanceResponse{entry.status, entry.financed, remaining_of(ctx, entry)};
}

// Stores the entry after its shares changed, and tells what is eligible now.
FinanceResponse store_shares(sdk::Context& ctx, const std::string& name, Entry& entry) {
  store_filled(ctx, name, entry);
  tell_eligible(ctx, name, entry);
  return answer(ctx, entry);
}

}  // namespace

void change_status(sdk::Context& ctx, const std::string& name, Entry& entry, Status to,
                   bool by_user) {
  const Status from = entry.status;
  entry.status = to;
  if (entry.has_lapse_timer && to != Status::kRegistered && to != Status::kDisputed) {
    if (to != Status::kLapsed) (void)ctx.cancel(sdk::TimerId{entry.lapse_timer});
    entry.has_lapse_timer = false;
    entry.lapse_timer = 0;
  }
  entry_record(ctx, name).put(entry);
  ctx.emit(StatusChanged{name, from, to, entry.financed, by_user ? ctx.actor() : sdk::Actor{}});
}

void change_standing(sdk::Context& ctx, const std::string& name, Entry& entry, Status to,
                     bool by_user) {
  if (entry.status != Status::kDisputed) return change_status(ctx, name, entry, to, by_user);
  entry.before_dispute = to;
  entry_record(ctx, name).put(entry);
}

void store_filled(sdk::Context& ctx, const std::string& name, Entry& entry) {
  const Status filled = filled_status(ctx, entry);
  if (filled != standing_of(entry)) {
    change_standing(ctx, name, entry, filled);
  } else {
    entry_record(ctx, name).put(entry);
  }
}

void cancel_entry(sdk::Context& ctx, const std::string& name, Entry& entry) {
  return_draws(ctx, entry);
  change_status(ctx, name, entry, Status::kCancelled);
  if (is_credit_note(entry.document_class)) withdraw_credits(ctx, name);
}

void start_lapse(sdk::Context& ctx, const std::string& name, Entry& entry) {
  entry.lapse_timer =
      ctx.schedule<method::Lapse>(lapse_time(ctx.now_ms()), EntryRequest{name}).value;
  entry.has_lapse_timer = true;
}

Entry load_own(sdk::Context& ctx, const std::string& name) {
  Entry entry = load_entry(ctx, name);
  const std::string& bank = ctx.organisation();
  if (!is_of(name, bank)) fail(errors::not_the_bank(bank, name));
  return entry;
}

FinanceResponse finance_entry(sdk::Context& ctx, const FinanceRequest& request) {
  const std::string name = entry_name(ctx.organisation(), request.reference);
  Entry entry = load_entry(ctx, name);
  if (is_credit_note(entry.document_class)) fail(errors::not_financeable(name));
  // Red flags first: "financed under another reference" says more than "is DUP_FINANCED". Amber
  // ones last: nobody is asked to explain and release what cannot be financed all the same.
  std::optional<Flag> waiting;
  flags_of(ctx, name).each([&](const sdk::Bytes&, const Flag& flag) {
    if (still_asks(ctx, name, entry, flag) && !waiting) waiting = flag;
    return true;
  });
  require_status(name, entry, is_open(entry.status));
  if (waiting) fail(errors::amber_open(waiting->other, to_text(waiting->reason)));
  check_titles(ctx, entry);
  const std::uint32_t remaining = remaining_of(ctx, entry);
  if (request.share > remaining) fail(errors::over_financed(remaining, request.share));
  draw_balances(ctx, entry, request.draws);
  if (entry.lien_rank == 0) entry.lien_rank = next_lien_rank(ctx, name, entry);
  entry.financed += request.share;
  change_status(ctx, name, entry,
                remaining == request.share ? Status::kFinanced : Status::kPartFinanced);
  mark_duplicates(ctx, name, entry);
  return answer(ctx, entry);
}

FinanceResponse record_payment(sdk::Context& ctx, const RecordPaymentRequest& request) {
  const std::string name = entry_name(ctx.organisation(), request.reference);
  Entry entry = load_entry(ctx, name);
  require_status(name, entry, is_open(entry.status));
  const std::uint32_t settled = entry.credited + entry.paid;
  const std::uint32_t unpaid = settled < kWhole ? kWhole - settled : 0;
  if (request.share > unpaid || request.repaid > request.share || request.repaid > entry.financed)
    fail(errors::over_paid(request.share));
  entry.paid += request.share;
  entry.financed -= request.repaid;
  return store_shares(ctx, name, entry);
}

FinanceResponse set_reserve(sdk::Context& ctx, const SetReserveRequest& request) {
  const std::string name = entry_name(ctx.organisation(), request.reference);
  Entry entry = load_entry(ctx, name);
  require_status(name, entry, is_open(entry.status));
  if (request.share > kWhole) fail(errors::over_financed(kWhole, request.share));
  entry.reserve = request.share;
  return store_shares(ctx, name, entry);
}

}  // namespace usance::invoice_registry::v1
