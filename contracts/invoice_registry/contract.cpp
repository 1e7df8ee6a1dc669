#include "contracts/invoice_registry/book.h"
#include "contracts/invoice_registry/matching.h"

namespace usance::invoice_registry::v1 {

namespace {

Flag load_amber(sdk::Context& ctx, const std::string& name, const std::string& other) {
  Flag flag = flags_of(ctx, name).get(other, [&] { return errors::flag_not_found(name, other); });
  if (!asks(flag)) fail(errors::flag_not_amber());
  return flag;
}

void close_financed(sdk::Context& ctx, const std::string& name, Status to) {
  Entry entry = load_own(ctx, name);
  require_status(name, entry,
                 entry.status == Status::kFinanced || entry.status == Status::kPartFinanced);
  change_status(ctx, name, entry, to);
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

  sdk::Empty withdraw_mandate(sdk::Context& ctx, const GrantMandateRequest& request) override {
    const std::string& client = ctx.organisation();
    if (!mandates_of(ctx, client).erase(mandate_key(request.bank, request.commitment)))
      fail(errors::mandate_missing(client, request.bank));
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

  FinanceResponse record_payment(sdk::Context& ctx, const RecordPaymentRequest& request) override {
    return v1::record_payment(ctx, request);
  }

  FinanceResponse set_reserve(sdk::Context& ctx, const SetReserveRequest& request) override {
    return v1::set_reserve(ctx, request);
  }

  sdk::Empty settle(sdk::Context& ctx, const EntryRequest& request) override {
    close_financed(ctx, request.entry, Status::kSettled);
    return {};
  }

  sdk::Empty mark_defaulted(sdk::Context& ctx, const EntryRequest& request) override {
    close_financed(ctx, request.entry, Status::kDefaulted);
    return {};
  }

  sdk::Empty attest_repayment(sdk::Context& ctx, const AttestRepaymentRequest& request) override {
    Entry entry = load_entry(ctx, request.entry);
    if (entry.client != ctx.organisation())
      fail(errors::not_the_client(ctx.organisation(), request.entry));
    require_status(request.entry, entry, is_financed(entry.status));
    entry.repayment = request.proof;
    entry_record(ctx, request.entry).put(entry);
    ctx.emit(RepaymentAttested{request.entry, request.proof, ctx.actor()});
    return {};
  }

  // Before payout as the bank likes, afterwards with the client's word that the money came back.
  sdk::Empty cancel(sdk::Context& ctx, const CancelRequest& request) override {
    Entry entry = load_own(ctx, request.entry);
    const bool paid_out = is_financed(entry.status);
    require_status(request.entry, entry, paid_out || entry.status == Status::kRegistered);
    if (paid_out && (entry.repayment.empty() || entry.repayment != request.proof))
      fail(errors::repayment_unproven(request.entry));
    cancel_entry(ctx, request.entry, entry);
    return {};
  }

  sdk::Empty offer_participation(sdk::Context& ctx,
                                 const OfferParticipationRequest& request) override {
    v1::offer_participation(ctx, request);
    return {};
  }

  sdk::Empty accept_participation(sdk::Context& ctx,
                                  const AcceptParticipationRequest& request) override {
    v1::accept_participation(ctx, request);
    return {};
  }

  sdk::Empty issue_document(sdk::Context& ctx, const IssueDocumentRequest& request) override {
    v1::issue_document(ctx, request);
    return {};
  }

  sdk::Empty redeem_document(sdk::Context& ctx, const RedeemDocumentRequest& request) override {
    v1::redeem_document(ctx, request);
    return {};
  }

  sdk::Empty inspect_document(sdk::Context& ctx, const InspectDocumentRequest& request) override {
    v1::inspect_document(ctx, request);
    return {};
  }

  sdk::Empty raise_dispute(sdk::Context& ctx, const RaiseDisputeRequest& request) override {
    v1::raise_dispute(ctx, request);
    return {};
  }

  sdk::Empty withdraw_dispute(sdk::Context& ctx, const EntryRequest& request) override {
    v1::withdraw_dispute(ctx, request.entry);
    return {};
  }

  sdk::Empty concede_dispute(sdk::Context& ctx, const EntryRequest& request) override {
    v1::concede_dispute(ctx, request.entry);
    return {};
  }

  sdk::Empty decide_dispute(sdk::Context& ctx, const DecideDisputeRequest& request) override {
    v1::decide_dispute(ctx, request);
    return {};
  }

  sdk::Empty end_dispute(sdk::Context& ctx, const EntryRequest& request) override {
    v1::end_dispute(ctx, request.entry);
    return {};
  }

  sdk::Empty lapse(sdk::Context& ctx, const EntryRequest& request) override {
    Entry entry = load_entry(ctx, request.entry);
    if (standing_of(entry) == Status::kRegistered)
      change_standing(ctx, request.entry, entry, Status::kLapsed, /*by_user=*/false);
    return {};
  }

  GetEntryResponse get_entry(sdk::Context& ctx, const EntryRequest& request) override {
    GetEntryResponse response;
    response.entry = load_entry(ctx, request.entry);
    response.remaining = remaining_of(ctx, response.entry);
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

  GetDocumentResponse get_document(sdk::Context& ctx, const DocumentRequest& request) override {
    if (const char* fault = token_fault({request.token})) fail(errors::tokens_malformed(fault));
    const Holding holding = holding_of(ctx, request.token);
    return GetDocumentResponse{holding, balance_left(holding)};
  }

  GetEpochsResponse get_epochs(sdk::Context& ctx, const sdk::Empty&) override {
    return epochs_now(ctx);
  }
};

}  // namespace

void invoke(sdk::Context& ctx) {
  Contract contract;
  dispatch(ctx, contract);
}

}  // namespace usance::invoice_registry::v1
