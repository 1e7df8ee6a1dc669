// The documents behind a financing. Title (bill of lading, warehouse receipt, presentation) secures
// one financing; of the others each financing draws a share. Who makes such documents may put them
// on the register, and then takes out what is no longer there.
#include <algorithm>

#include "contracts/invoice_registry/book.h"
#include "contracts/invoice_registry/matching.h"

namespace usance::invoice_registry::v1 {

namespace {

constexpr std::int64_t kInspectionDays = 90;

std::string_view issuing_role(TokenKind kind) {
  switch (kind) {
    case TokenKind::kWarehouseReceipt: return "warehouse";
    case TokenKind::kBillOfLading: return "carrier";
    case TokenKind::kCustomsDeclaration: return "customs";
    case TokenKind::kCredit:
    case TokenKind::kCreditPresentation: return "bank";
    default: return "";
  }
}

sdk::Record<Holding> holding_record(sdk::Context& ctx, const Token& token) {
  return sdk::Record<Holding>(ctx, token_scope(token));
}

void store(sdk::Context& ctx, const Token& token, const Holding& holding) {
  holding_record(ctx, token).put(holding);
  ctx.emit(DocumentChanged{token.value, holding, ctx.actor()});
}

void check_token(const Token& token) {
  if (const char* fault = token_fault({token})) fail(errors::tokens_malformed(fault));
}

// What financings hold of the document.
std::uint32_t pledged(sdk::Context& ctx, const Token& token, const Holding& holding) {
  if (!is_title(token.kind)) return holding.drawn;
  std::uint32_t sum = 0;
  uses_of(ctx, token).each([&](const sdk::Bytes&, const TokenUse& use) {
    const Entry entry = load_entry(ctx, use.entry);
    if (is_financed(standing_of(entry))) sum += entry.financed;
    return true;
  });
  return std::min(sum, kWhole);
}

}  // namespace

Holding holding_of(sdk::Context& ctx, const Token& token) {
  std::optional<Holding> found = holding_record(ctx, token).find();
  if (found) return *std::move(found);
  Holding whole;
  whole.outstanding = kWhole;
  return whole;
}

std::uint32_t title_cap(sdk::Context& ctx, const Entry& entry) {
  std::uint32_t cap = kWhole;
  for (const Draw& document : entry.documents) {
    if (!is_title(document.token.kind)) continue;
    const Holding holding = holding_of(ctx, document.token);
    cap = std::min(cap, holding.outstanding);
    if (document.token.kind == TokenKind::kWarehouseReceipt) cap = std::min(cap, holding.present);
  }
  return cap;
}

void check_titles(sdk::Context& ctx, const Entry& entry) {
  for (const Draw& document : entry.documents) {
    if (document.token.kind != TokenKind::kWarehouseReceipt) continue;
    const Holding holding = holding_of(ctx, document.token);
    if (holding.issuer.empty()) fail(errors::not_issued());
    if (ctx.now_ms() - holding.inspected_at > kInspectionDays * sdk::kDayMs)
      fail(errors::inspection_overdue(kInspectionDays));
  }
}

void draw_balances(sdk::Context& ctx, Entry& entry, const std::vector<Draw>& draws) {
  std::size_t next = 0;
  for (Draw& document : entry.documents) {
    if (is_title(document.token.kind)) continue;
    if (next == draws.size() || !(draws[next].token == document.token) || draws[next].share == 0)
      fail(errors::draws_mismatch());
    const std::uint32_t share = draws[next++].share;
    Holding holding = holding_of(ctx, document.token);
    const std::uint32_t left = balance_left(holding);
    if (share > left) fail(errors::over_balance(left, share));
    holding.drawn += share;
    document.share += share;
    store(ctx, document.token, holding);
  }
  if (next != draws.size()) fail(errors::draws_mismatch());
}

void return_draws(sdk::Context& ctx, Entry& entry) {
  for (Draw& document : entry.documents) {
    if (document.share == 0) continue;
    Holding holding = holding_of(ctx, document.token);
    holding.drawn -= std::min(holding.drawn, document.share);
    document.share = 0;
    store(ctx, document.token, holding);
  }
}

void issue_document(sdk::Context& ctx, const IssueDocumentRequest& request) {
  check_token(request.token);
  const std::string_view role = issuing_role(request.token.kind);
  if (role.empty() || !ctx.has_role(role)) fail(errors::not_the_issuer(ctx.organisation()));
  Holding holding = holding_of(ctx, request.token);
  if (!holding.issuer.empty()) fail(errors::document_exists(holding.issuer));
  holding.issuer = ctx.organisation();
  holding.particulars = request.particulars;
  store(ctx, request.token, holding);
}

void redeem_document(sdk::Context& ctx, const RedeemDocumentRequest& request) {
  check_token(request.token);
  Holding holding = holding_of(ctx, request.token);
  if (holding.issuer != ctx.organisation()) fail(errors::not_the_issuer(ctx.organisation()));
  const std::uint32_t held = pledged(ctx, request.token, holding);
  if (request.share > holding.outstanding || held > holding.outstanding - request.share)
    fail(errors::document_pledged(held, request.share));
  holding.outstanding -= request.share;
  store(ctx, request.token, holding);
}

void inspect_document(sdk::Context& ctx, const InspectDocumentRequest& request) {
  check_token(request.token);
  Holding holding = holding_of(ctx, request.token);
  if (request.token.kind != TokenKind::kWarehouseReceipt || holding.issuer.empty())
    fail(errors::not_issued());
  holding.present = std::min(request.present, kWhole);
  holding.inspected_by = ctx.organisation();
  holding.inspected_at = ctx.now_ms();
  store(ctx, request.token, holding);
}

}  // namespace usance::invoice_registry::v1
