#include "contracts/invoice_registry/book.h"
#include "contracts/invoice_registry/matching.h"

namespace usance::invoice_registry::v1 {

namespace {

Flag load_amber(sdk::Context& ctx, const std::string& name, const std::string& other) {
  Flag flag = flags_of(ctx, name).get(other, errors::flag_not_found(name, other));
  if (!asks(flag)) fail(errors::flag_not_amber());
  return flag;
}

class Contract final : public InvoiceRegistry {
 public:
  sdk::Empty grant_mandate(sdk::Context& ctx, const GrantMandateRequest& request) override {
    const std::string& client = ctx.organisation();
    mandates_of(ctx, client)
        .put(mandate_key(request.bank, request.commitment),
             Mandate{request.bank, request.commitment});
    ctx.emit(MandateGranted{client, request.bank, request.commitment});
    return {};
  }

  RegisterResponse register_(sdk::Context& ctx, const RegisterRequest& request) override {
    return register_entry(ctx, request);
  }

  sdk::Empty explain(sdk::Context& ctx, const ExplainRequest& request) override {
    const std::string name = entry_name(ctx.organisation(), request.reference);
    Flag flag = load_amber(ctx, name, request.other);
    flag.explanation = request.explanation;
    flag.explained_by = ctx.user();
    flag.released_by.clear();
    flags_of(ctx, name).put(request.other, flag);
    ctx.emit(FlagExplained{name, request.other, request.explanation, ctx.actor()});
    return {};
  }

  sdk::Empty release_flag(sdk::Context& ctx, const ReleaseFlagRequest& request) override {
    const std::string name = entry_name(ctx.organisation(), request.reference);
    Flag flag = load_amber(ctx, name, request.other);
    if (flag.explained_by.empty()) fail(errors::not_explained(request.other));
    if (flag.explained_by == ctx.user()) fail(errors::same_person(flag.explained_by));
    flag.released_by = ctx.user();
    flags_of(ctx, name).put(request.other, flag);
    ctx.emit(FlagReleased{name, request.other, ctx.actor()});
    return {};
  }

  FinanceResponse finance(sdk::Context& ctx, const FinanceRequest& request) override {
    return finance_entry(ctx, request);
  }

  sdk::Empty settle(sdk::Context& ctx, const EntryRequest& request) override {
    Entry entry = load_own(ctx, request.entry);
    if (entry.status != Status::kFinanced && entry.status != Status::kPartFinanced)
      fail(errors::wrong_status(request.entry, to_text(entry.status)));
    change_status(ctx, request.entry, entry, Status::kSettled);
    return {};
  }

  sdk::Empty cancel(sdk::Context& ctx, const EntryRequest& request) override {
    Entry entry = load_own(ctx, request.entry);
    if (entry.status != Status::kRegistered)
      fail(errors::wrong_status(request.entry, to_text(entry.status)));
    change_status(ctx, request.entry, entry, Status::kCancelled);
    return {};
  }

  sdk::Empty lapse(sdk::Context& ctx, const EntryRequest& request) override {
    Entry entry = load_entry(ctx, request.entry);
    if (entry.status == Status::kRegistered)
      change_status(ctx, request.entry, entry, Status::kLapsed, /*by_user=*/false);
    return {};
  }

  GetEntryResponse get_entry(sdk::Context& ctx, const EntryRequest& request) override {
    GetEntryResponse response;
    response.entry = load_entry(ctx, request.entry);
    flags_of(ctx, request.entry).each([&](const sdk::Bytes&, const Flag& flag) {
      response.flags.push_back(flag);
      return true;
    });
    return response;
  }

  FindByTokenResponse find_by_token(sdk::Context& ctx, const FindByTokenRequest& request) override {
    if (const char* fault = token_fault({request.token})) fail(errors::tokens_malformed(fault));
    FindByTokenResponse response;
    uses_of(ctx, request.token).each([&](const sdk::Bytes&, const TokenUse& use) {
      response.found.push_back(
          Found{use.entry, load_entry(ctx, use.entry).status, use.side, use.document_class});
      return response.found.size() < 256;
    });
    return response;
  }
};

}  // namespace

void invoke(sdk::Context& ctx) {
  Contract contract;
  dispatch(ctx, contract);
}

}  // namespace usance::invoice_registry::v1
