// What may be financed of an entry: the face without credit notes, payments, the reserve and what
// participants were granted.
#include <algorithm>

#include "contracts/invoice_registry/book.h"

namespace usance::invoice_registry::v1 {

namespace {

std::uint32_t less(std::uint32_t from, std::uint32_t what) {
  return from > what ? from - what : 0;
}

std::uint32_t eligible_of(sdk::Context& ctx, const Entry& entry) {
  const std::uint32_t taken = entry.credited + entry.paid + entry.reserve;
  return std::min(less(kWhole, taken), title_cap(ctx, entry));
}

std::uint32_t sum_of_reductions(sdk::Context& ctx, const std::string& invoice) {
  std::uint32_t sum = 0;
  parts_of<Reduction>(ctx, invoice).each([&](const sdk::Bytes&, const Reduction& reduction) {
    sum = std::min(kWhole, sum + reduction.share);
    return true;
  });
  return sum;
}

void store_credited(sdk::Context& ctx, const std::string& name, Entry& invoice) {
  invoice.credited = sum_of_reductions(ctx, name);
  store_filled(ctx, name, invoice);
  tell_eligible(ctx, name, invoice);
}

}  // namespace

std::uint32_t remaining_of(sdk::Context& ctx, const Entry& entry) {
  if (entry.lead.empty()) return less(eligible_of(ctx, entry), entry.granted + entry.financed);
  // A participant's own share, as far as the whole that it shares still covers it.
  const std::uint32_t own = less(entry.participation, entry.paid + entry.financed);
  const Entry lead = load_entry(ctx, entry.lead);
  const std::uint32_t others =
      less(lead.granted, entry.participation) + (is_gone(standing_of(lead)) ? 0 : lead.financed);
  return std::min({own, less(eligible_of(ctx, lead), others + entry.financed),
                   less(eligible_of(ctx, entry), entry.financed)});
}

Status filled_status(sdk::Context& ctx, const Entry& entry) {
  const Status standing = standing_of(entry);
  if (standing != Status::kFinanced && standing != Status::kPartFinanced) return standing;
  return remaining_of(ctx, entry) == 0 ? Status::kFinanced : Status::kPartFinanced;
}

void tell_eligible(sdk::Context& ctx, const std::string& name, const Entry& entry) {
  ctx.emit(EligibleChanged{name, eligible_of(ctx, entry), entry.financed, ctx.actor()});
}

void apply_credit(sdk::Context& ctx, const std::string& invoice, const std::string& note,
                  const Entry& note_entry) {
  Entry entry = load_entry(ctx, invoice);
  if (note_entry.credits == 0 || entry.client != note_entry.client) return;
  if (is_closed(standing_of(entry))) return;
  parts_of<Reduction>(ctx, invoice).put(note, Reduction{note_entry.credits});
  store_credited(ctx, invoice, entry);
}

void withdraw_credits(sdk::Context& ctx, const std::string& note) {
  flags_of(ctx, note).each([&](const sdk::Bytes&, const Flag& flag) {
    if (flag.reason != Reason::kCreditNote) return true;
    Entry entry = load_entry(ctx, flag.other);
    if (!is_closed(standing_of(entry)) && parts_of<Reduction>(ctx, flag.other).erase(note))
      store_credited(ctx, flag.other, entry);
    return true;
  });
}

}  // namespace usance::invoice_registry::v1
