// Financing: the first financed wins, by block order; amber asks and never refuses for good.
#include "contracts/invoice_registry/book.h"

namespace usance::invoice_registry::v1 {

namespace {

constexpr std::uint32_t kWhole = 10'000;  // basis points

bool is_financed(Status status) {
  return status == Status::kFinanced || status == Status::kPartFinanced;
}

void check_flag(sdk::Context& ctx, const Flag& flag) {
  if (flag.colour == Colour::kRed) {
    const Status other = load_entry(ctx, flag.other).status;
    if (is_financed(other)) fail(errors::dup_financed_elsewhere(flag.other));
    if (other == Status::kSettled) fail(errors::already_settled(flag.other));
  }
  if (asks(flag) && flag.released_by.empty() && !is_gone(load_entry(ctx, flag.other).status))
    fail(errors::amber_open(flag.other, to_text(flag.reason)));
}

// The others that registered the same invoice learn that they are late.
void mark_duplicates(sdk::Context& ctx, const std::string& name) {
  flags_of(ctx, name).each([&](const sdk::Bytes&, const Flag& flag) {
    if (flag.colour != Colour::kRed) return true;
    Entry other = load_entry(ctx, flag.other);
    if (other.status == Status::kRegistered)
      change_status(ctx, flag.other, other, Status::kDupFinanced);
    return true;
  });
}

}  // namespace

void change_status(sdk::Context& ctx, const std::string& name, Entry& entry, Status to,
                   bool by_user) {
  const Status from = entry.status;
  entry.status = to;
  if (entry.has_lapse_timer && to != Status::kRegistered) {
    if (to != Status::kLapsed) (void)ctx.cancel(sdk::TimerId{entry.lapse_timer});
    entry.has_lapse_timer = false;
    entry.lapse_timer = 0;
  }
  entry_record(ctx, name).put(entry);
  ctx.emit(StatusChanged{name, from, to, entry.financed, by_user ? ctx.actor() : sdk::Actor{}});
}

Entry load_own(sdk::Context& ctx, const std::string& name) {
  Entry entry = load_entry(ctx, name);
  const std::string& bank = ctx.organisation();
  if (name.size() <= bank.size() || name.compare(0, bank.size(), bank) != 0 ||
      name[bank.size()] != '/')
    fail(errors::not_the_bank(bank, name));
  return entry;
}

FinanceResponse finance_entry(sdk::Context& ctx, const FinanceRequest& request) {
  const std::string name = entry_name(ctx.organisation(), request.reference);
  Entry entry = load_entry(ctx, name);
  // Flags first: "financed under another reference" says more than "is DUP_FINANCED".
  flags_of(ctx, name).each([&](const sdk::Bytes&, const Flag& flag) {
    check_flag(ctx, flag);
    return true;
  });
  if (entry.status != Status::kRegistered && entry.status != Status::kPartFinanced)
    fail(errors::wrong_status(name, to_text(entry.status)));
  if (request.share > kWhole || entry.financed + request.share > kWhole)
    fail(errors::over_financed(entry.financed, request.share));
  entry.financed += request.share;
  change_status(ctx, name, entry,
                entry.financed == kWhole ? Status::kFinanced : Status::kPartFinanced);
  mark_duplicates(ctx, name);
  return FinanceResponse{entry.status, entry.financed};
}

}  // namespace usance::invoice_registry::v1
