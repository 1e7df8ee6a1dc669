// Disputes: nothing moves until one is withdrawn, conceded or decided, or its time is over.
#include "contracts/invoice_registry/book.h"
#include "contracts/invoice_registry/matching.h"

namespace usance::invoice_registry::v1 {

namespace {

constexpr int kBarredWeekdays = 10;

int term_of(Ground ground) {
  switch (ground) {
    case Ground::kGoods: return 20;
    case Ground::kToken: return 5;
    default: return 10;
  }
}

bool is_buyer(sdk::Context& ctx, const Entry& entry, const sdk::Bytes& salt) {
  if (entry.buyer_seal.empty() || salt.size() != 32) return false;
  sdk::Bytes opened = salt;
  const sdk::ByteView name = sdk::view(ctx.organisation());
  opened.insert(opened.end(), name.begin(), name.end());
  return ctx.sha256(opened) == entry.buyer_seal;
}

bool has_match(sdk::Context& ctx, const std::string& entry) {
  bool found = false;
  flags_of(ctx, entry).each([&](const sdk::Bytes&, const Flag& flag) {
    found = is_of(flag.other, ctx.organisation());
    return !found;
  });
  return found;
}

bool may_raise(sdk::Context& ctx, const Entry& entry, const RaiseDisputeRequest& request) {
  switch (request.ground) {
    case Ground::kGoods: return is_buyer(ctx, entry, request.salt);
    case Ground::kToken: return ctx.has_role("bank") && has_match(ctx, request.entry);
    case Ground::kAudit: return ctx.has_role("auditor");
    default: return false;
  }
}

Entry load_disputed(sdk::Context& ctx, const std::string& name) {
  Entry entry = load_entry(ctx, name);
  require_status(name, entry, entry.status == Status::kDisputed);
  return entry;
}

void clear(sdk::Context& ctx, Entry& entry) {
  (void)ctx.cancel(sdk::TimerId{entry.dispute_timer});
  entry.dispute_timer = 0;
  entry.disputed_by.clear();
  entry.ground = Ground::kGroundUnset;
}

void restore(sdk::Context& ctx, const std::string& name, Entry& entry, bool by_user) {
  clear(ctx, entry);
  const Status to = filled_status(ctx, entry);
  entry.before_dispute = Status::kStatusUnset;
  change_status(ctx, name, entry, to, by_user);
  ctx.emit(DisputeEnded{name, false, by_user ? ctx.actor() : sdk::Actor{}});
}

sdk::Record<Standing> standing_record(sdk::Context& ctx, std::string_view bank) {
  return sdk::Record<Standing>(ctx, "bank/" + std::string(bank));
}

// Registering what one does not hold blocks the honest: the register is closed to it for a while.
void bar(sdk::Context& ctx, const std::string& entry) {
  const std::string bank = entry.substr(0, entry.find('/'));
  Standing standing = standing_record(ctx, bank).find().value_or(Standing{});
  ++standing.false_tokens;
  standing.barred_until = end_of_weekday(ctx.now_ms(), kBarredWeekdays);
  standing_record(ctx, bank).put(standing);
  ctx.emit(BankBarred{bank, entry, standing.barred_until});
}

void uphold(sdk::Context& ctx, const std::string& name, Entry& entry) {
  const Ground ground = entry.ground;
  clear(ctx, entry);
  entry.before_dispute = Status::kStatusUnset;
  cancel_entry(ctx, name, entry);
  ctx.emit(DisputeEnded{name, true, ctx.actor()});
  if (ground == Ground::kToken) bar(ctx, name);
}

}  // namespace

void raise_dispute(sdk::Context& ctx, const RaiseDisputeRequest& request) {
  Entry entry = load_entry(ctx, request.entry);
  const std::string& claimant = ctx.organisation();
  if (!may_raise(ctx, entry, request))
    fail(errors::not_concerned(claimant, request.entry, to_text(request.ground)));
  require_status(request.entry, entry,
                 !is_closed(entry.status) && entry.status != Status::kDisputed);
  std::string key = claimant;
  key += '/';
  key += to_text(request.ground);
  auto disputes = parts_of<Dispute>(ctx, request.entry);
  if (disputes.exists(key)) fail(errors::already_disputed(claimant, request.entry));
  const std::int64_t ends_at = end_of_weekday(ctx.now_ms(), term_of(request.ground));
  disputes.put(key, Dispute{ctx.actor(), request.ground, request.statement, ends_at});
  entry.before_dispute = entry.status;
  entry.disputed_by = claimant;
  entry.ground = request.ground;
  entry.dispute_timer =
      ctx.schedule<method::EndDispute>(ends_at, EntryRequest{request.entry}).value;
  change_status(ctx, request.entry, entry, Status::kDisputed);
  ctx.emit(DisputeRaised{request.entry, request.ground, request.statement, ends_at, ctx.actor()});
}

void withdraw_dispute(sdk::Context& ctx, const std::string& name) {
  Entry entry = load_disputed(ctx, name);
  if (entry.disputed_by != ctx.organisation()) fail(errors::not_the_claimant(ctx.organisation()));
  restore(ctx, name, entry, /*by_user=*/true);
}

void concede_dispute(sdk::Context& ctx, const std::string& name) {
  if (!is_of(name, ctx.organisation())) fail(errors::not_the_bank(ctx.organisation(), name));
  Entry entry = load_disputed(ctx, name);
  uphold(ctx, name, entry);
}

void decide_dispute(sdk::Context& ctx, const DecideDisputeRequest& request) {
  Entry entry = load_disputed(ctx, request.entry);
  if (entry.disputed_by == ctx.organisation()) fail(errors::own_dispute());
  if (!request.uphold) return restore(ctx, request.entry, entry, /*by_user=*/true);
  uphold(ctx, request.entry, entry);
}

void end_dispute(sdk::Context& ctx, const std::string& name) {
  Entry entry = load_entry(ctx, name);
  if (entry.status == Status::kDisputed) restore(ctx, name, entry, /*by_user=*/false);
}

void refuse_barred(sdk::Context& ctx) {
  const std::optional<Standing> standing = standing_record(ctx, ctx.organisation()).find();
  if (standing && ctx.now_ms() < standing->barred_until) fail(errors::barred(ctx.organisation()));
}

}  // namespace usance::invoice_registry::v1
