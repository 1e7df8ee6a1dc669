// The deposit contract's methods. The interface, deposit.proto, says who may call which.
#include <algorithm>

#include "deposit/books.h"

namespace usance::deposit::v1 {
namespace {

using sdk::Context;
using sdk::Empty;

// Not through a contract: one that a user calls for something else must not move his money.
void require_direct(Context& ctx) {
  if (!ctx.calling_contract().empty()) sdk::fail(errors::not_for_contracts(ctx.calling_contract()));
}

void require_bank(Context& ctx, const AccountId& id) {
  require_direct(ctx);
  if (ctx.organisation() != id.bank) sdk::fail(errors::not_bank(ctx.organisation(), id.text));
}

// A contract's holds have names of its own choosing, so its own name comes first.
std::string hold_key(std::string_view contract, std::string_view hold) {
  return std::string(contract) + '/' + std::string(hold);
}

std::string bank_scope(std::string_view bank) {
  return "bank/" + std::string(bank);
}

class DepositContract final : public Deposit {
 public:
  Empty open_account(Context& ctx, const OpenAccountRequest& request) override {
    require_direct(ctx);
    const AccountId id(ctx.organisation(), request.holder, request.currency);
    sdk::Record<Account> record(ctx, id.scope());
    if (record.exists()) sdk::fail(errors::account_exists(id.text));
    const sdk::Money none = sdk::money(id.currency, 0);
    record.put({none, none, false});
    ctx.emit(AccountOpened{id.text});
    return {};
  }

  Empty mint(Context& ctx, const MintRequest& request) override {
    const AccountId id(request.account);
    require_bank(ctx, id);
    Books::require_positive(id, request.amount);
    Books books(ctx);
    Account account = books.account(id);
    Books::credit(account, request.amount);
    books.store(id, account);
    books.issue(id, request.amount);
    ctx.emit(Minted{id.text, request.amount, request.reference});
    return {};
  }

  Empty burn(Context& ctx, const BurnRequest& request) override {
    const AccountId id(request.account);
    require_bank(ctx, id);
    Books::require_positive(id, request.amount);
    Books books(ctx);
    Account account = books.account(id);
    Books::debit(id, account, request.amount);
    books.store(id, account);
    books.redeem(id, request.amount);
    ctx.emit(Burnt{id.text, request.amount, request.reference});
    return {};
  }

  Empty set_blocked(Context& ctx, const SetBlockedRequest& request) override {
    const AccountId id(request.account);
    require_bank(ctx, id);
    Books books(ctx);
    Account account = books.account(id);
    account.blocked = request.blocked;
    books.store(id, account);
    ctx.emit(AccountBlocked{id.text, request.blocked, request.reason});
    return {};
  }

  Empty trust_contract(Context& ctx, const TrustContractRequest& request) override {
    require_direct(ctx);
    sdk::Collection<TrustedContract> trusted(ctx, bank_scope(ctx.organisation()));
    if (request.trusted)
      trusted.put(request.contract, {request.contract, request.charges_own_account});
    else
      trusted.erase(request.contract);
    ctx.emit(ContractTrusted{ctx.organisation(), request.contract, request.trusted,
                             request.trusted && request.charges_own_account});
    return {};
  }

  Empty grant_limit(Context& ctx, const GrantLimitRequest& request) override {
    require_direct(ctx);
    if (request.limit.minor_units < 0) sdk::fail(errors::amount_not_positive(request.limit));
    Books(ctx).grant(request.debtor, ctx.organisation(), request.limit);
    ctx.emit(LimitGranted{request.debtor, ctx.organisation(), request.limit});
    return {};
  }

  Empty settle_position(Context& ctx, const SettlePositionRequest& request) override {
    require_direct(ctx);
    if (request.amount.minor_units <= 0) sdk::fail(errors::amount_not_positive(request.amount));
    Books(ctx).settle(request.debtor, ctx.organisation(), request.amount);
    ctx.emit(
        PositionSettled{request.debtor, ctx.organisation(), request.amount, request.reference});
    return {};
  }

  Empty transfer(Context& ctx, const TransferRequest& request) override {
    require_direct(ctx);
    const AccountId from(request.from);
    if (ctx.organisation() != from.holder)
      sdk::fail(errors::not_holder(ctx.organisation(), from.text));
    if (request.from == request.to) sdk::fail(errors::same_account(from.text));
    const AccountId to(request.to);
    Books::require_positive(from, request.amount);
    Books::require_positive(to, request.amount);
    Books books(ctx);
    Account account = books.account(from);
    Books::debit(from, account, request.amount);
    books.store(from, account);
    books.receive(from, to, request.amount);
    ctx.emit(Transferred{from.text, to.text, request.amount, request.reference});
    return {};
  }

  Empty hold(Context& ctx, const HoldRequest& request) override {
    const AccountId id(request.account);
    const std::string& contract = ctx.calling_contract();
    const auto trusted = sdk::Collection<TrustedContract>(ctx, bank_scope(id.bank)).find(contract);
    const bool own = id.holder == id.bank && trusted && trusted->charges_own_account;
    const bool by_timer = ctx.organisation().empty();
    if (!by_timer && ctx.organisation() != id.holder && ctx.organisation() != id.bank && !own)
      sdk::fail(errors::not_authorised(ctx.organisation(), id.text));
    if (!trusted) sdk::fail(errors::contract_not_trusted(id.bank, contract));
    if (by_timer && !own) sdk::fail(errors::not_authorised("a timer of " + contract, id.text));
    Books::require_positive(id, request.amount);
    sdk::Collection<HeldAmount> holds(ctx, id.scope());
    const std::string key = hold_key(contract, request.hold);
    if (holds.exists(key)) sdk::fail(errors::hold_exists(contract, request.hold, id.text));
    Books books(ctx);
    Account account = books.account(id);
    Books::debit(id, account, request.amount);
    account.held = sdk::add(account.held, request.amount);
    books.store(id, account);
    holds.put(key, {request.amount});
    ctx.emit(Held{id.text, contract, request.hold, request.amount});
    return {};
  }

  Empty release(Context& ctx, const ReleaseRequest& request) override {
    const AccountId id(request.account);
    Books books(ctx);
    Account account = books.account(id);
    const sdk::Money amount = take_from_hold(ctx, id, request.hold, request.amount, account);
    Books::credit(account, amount);
    books.store(id, account);
    ctx.emit(Released{id.text, ctx.calling_contract(), request.hold, amount});
    return {};
  }

  Empty pay(Context& ctx, const PayRequest& request) override {
    const AccountId id(request.account);
    if (request.account == request.to) sdk::fail(errors::same_account(id.text));
    const AccountId to(request.to);
    Books::require_positive(to, request.amount);
    Books books(ctx);
    Account account = books.account(id);
    take_from_hold(ctx, id, request.hold, request.amount, account);
    books.store(id, account);
    books.receive(id, to, request.amount);
    ctx.emit(Paid{id.text, ctx.calling_contract(), request.hold, to.text, request.amount,
                  request.reference});
    return {};
  }

  Account get_account(Context& ctx, const AccountRequest& request) override {
    return Books(ctx).account(AccountId(request.account));
  }

  HeldAmount get_hold(Context& ctx, const GetHoldRequest& request) override {
    const AccountId id(request.account);
    return sdk::Collection<HeldAmount>(ctx, id.scope())
        .get(hold_key(request.contract, request.hold),
             [&] { return errors::hold_not_found(request.contract, request.hold, id.text); });
  }

  Ledger get_ledger(Context& ctx, const GetLedgerRequest& request) override {
    return Books(ctx).ledger(request.bank, request.currency);
  }

  Position get_position(Context& ctx, const GetPositionRequest& request) override {
    return Books(ctx).position(request.debtor, request.creditor, request.currency);
  }

 private:
  // Takes an amount, or all that is left, out of the calling contract's hold and of the account's
  // held sum. A hold that becomes empty is gone.
  static sdk::Money take_from_hold(Context& ctx, const AccountId& id, const std::string& hold,
                                   const std::optional<sdk::Money>& wanted, Account& account) {
    const std::string& contract = ctx.calling_contract();
    sdk::Collection<HeldAmount> holds(ctx, id.scope());
    const std::string key = hold_key(contract, hold);
    HeldAmount held =
        holds.get(key, [&] { return errors::hold_not_found(contract, hold, id.text); });
    const sdk::Money amount = wanted.value_or(held.amount);
    Books::require_positive(id, amount);
    if (sdk::compare(amount, held.amount) > 0)
      sdk::fail(errors::hold_too_small(hold, held.amount, amount));
    held.amount = sdk::subtract(held.amount, amount);
    if (held.amount.minor_units == 0)
      holds.erase(key);
    else
      holds.put(key, held);
    account.held = sdk::subtract(account.held, amount);
    return amount;
  }
};

}  // namespace

void invoke(Context& ctx) {
  DepositContract contract;
  dispatch(ctx, contract);
}

}  // namespace usance::deposit::v1
