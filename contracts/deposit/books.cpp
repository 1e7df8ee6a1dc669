#include "deposit/books.h"

#include <algorithm>
#include <utility>

namespace usance::deposit::v1 {
namespace {

std::string ledger_scope(std::string_view bank, std::string_view currency) {
  return "ledger/" + std::string(bank) + '/' + std::string(currency);
}

// Two banks have one position in a currency, under both names in alphabetical order.
std::string position_scope(std::string_view a, std::string_view b, std::string_view currency) {
  if (b < a) std::swap(a, b);
  return "position/" + std::string(a) + '/' + std::string(b) + '/' + std::string(currency);
}

// The amounts of a position as one of the two banks' debt sees them.
struct Side {
  sdk::Money& owes;
  sdk::Money& owed;
  sdk::Money& may_owe;
};
Side side_of(Position& position, std::string_view debtor, std::string_view creditor) {
  if (debtor < creditor) return {position.first_owes, position.second_owes, position.first_may_owe};
  return {position.second_owes, position.first_owes, position.second_may_owe};
}

}  // namespace

Account Books::account(const AccountId& id) {
  return sdk::Record<Account>(ctx_, id.scope()).get([&] {
    return errors::account_not_found(id.text);
  });
}

void Books::store(const AccountId& id, const Account& account) {
  sdk::Record<Account>(ctx_, id.scope()).put(account);
}

void Books::require_positive(const AccountId& id, const sdk::Money& amount) {
  if (amount.currency != id.currency)
    sdk::fail(sdk::errors::currency_mismatch(amount.currency, id.currency));
  if (amount.minor_units <= 0) sdk::fail(errors::amount_not_positive(amount));
}

void Books::debit(const AccountId& id, Account& account, const sdk::Money& amount) {
  if (account.blocked) sdk::fail(errors::account_blocked(id.text));
  if (account.available.minor_units < amount.minor_units)
    sdk::fail(errors::insufficient_funds(id.text, account.available, amount));
  account.available = sdk::subtract(account.available, amount);
}

void Books::credit(Account& account, const sdk::Money& amount) {
  account.available = sdk::add(account.available, amount);
}

Ledger Books::ledger(std::string_view bank, std::string_view currency) {
  return sdk::Record<Ledger>(ctx_, ledger_scope(bank, currency))
      .find()
      .value_or(Ledger{sdk::money(currency, 0)});
}

void Books::change_ledger(std::string_view bank, const sdk::Money& amount, bool issued) {
  Ledger ledger = this->ledger(bank, amount.currency);
  ledger.issued = issued ? sdk::add(ledger.issued, amount) : sdk::subtract(ledger.issued, amount);
  sdk::Record<Ledger>(ctx_, ledger_scope(bank, amount.currency)).put(ledger);
}

void Books::issue(const AccountId& id, const sdk::Money& amount) {
  change_ledger(id.bank, amount, true);
}

void Books::redeem(const AccountId& id, const sdk::Money& amount) {
  change_ledger(id.bank, amount, false);
}

void Books::receive(const AccountId& from, const AccountId& to, const sdk::Money& amount) {
  Account account = this->account(to);
  credit(account, amount);
  store(to, account);
  if (from.bank == to.bank) return;
  redeem(from, amount);
  owe(from.bank, to.bank, amount);
  issue(to, amount);
}

Position Books::position(std::string_view debtor, std::string_view creditor,
                         std::string_view currency) {
  if (debtor == creditor) sdk::fail(errors::same_bank(debtor));
  const sdk::Money none = sdk::money(currency, 0);
  return sdk::Record<Position>(ctx_, position_scope(debtor, creditor, currency))
      .find()
      .value_or(Position{none, none, none, none});
}

void Books::owe(std::string_view debtor, std::string_view creditor, const sdk::Money& amount) {
  Position position = this->position(debtor, creditor, amount.currency);
  const Side side = side_of(position, debtor, creditor);
  // What the creditor owes goes down first; only the rest is new debt.
  const std::int64_t netted = std::min(side.owed.minor_units, amount.minor_units);
  side.owed.minor_units -= netted;
  const sdk::Money rest = sdk::money(amount.currency, amount.minor_units - netted);
  if (rest.minor_units != 0) {
    side.owes = sdk::add(side.owes, rest);
    if (sdk::compare(side.owes, side.may_owe) > 0)
      sdk::fail(errors::limit_exceeded(creditor, debtor, side.may_owe, side.owes));
  }
  sdk::Record<Position>(ctx_, position_scope(debtor, creditor, amount.currency)).put(position);
}

void Books::grant(std::string_view debtor, std::string_view creditor, const sdk::Money& limit) {
  Position position = this->position(debtor, creditor, limit.currency);
  side_of(position, debtor, creditor).may_owe = limit;
  sdk::Record<Position>(ctx_, position_scope(debtor, creditor, limit.currency)).put(position);
}

void Books::settle(std::string_view debtor, std::string_view creditor, const sdk::Money& amount) {
  Position position = this->position(debtor, creditor, amount.currency);
  const Side side = side_of(position, debtor, creditor);
  if (sdk::compare(amount, side.owes) > 0)
    sdk::fail(errors::position_too_small(debtor, creditor, side.owes, amount));
  side.owes = sdk::subtract(side.owes, amount);
  sdk::Record<Position>(ctx_, position_scope(debtor, creditor, amount.currency)).put(position);
}

}  // namespace usance::deposit::v1
