// The rules that keep every bank's books balanced: accounts, ledgers, interbank positions.
#pragma once

#include "contracts/sdk/money.h"
#include "contracts/sdk/storage.h"
#include "deposit/account_id.h"

namespace usance::deposit::v1 {

// Loads, changes and stores. Each function ends the call with a named error rather than leave the
// sum of a bank's accounts different from its ledger.
class Books {
 public:
  explicit Books(sdk::Context& ctx) : ctx_(ctx) {}

  [[nodiscard]] Account account(const AccountId& id);
  void store(const AccountId& id, const Account& account);

  // AMOUNT_NOT_POSITIVE, CURRENCY_MISMATCH.
  static void require_positive(const AccountId& id, const sdk::Money& amount);
  // Takes from what is available: INSUFFICIENT_FUNDS, ACCOUNT_BLOCKED.
  static void debit(const AccountId& id, Account& account, const sdk::Money& amount);
  // Adds to what is available.
  static void credit(Account& account, const sdk::Money& amount);

  // What the bank owes in all its accounts changes by a mint or a burn.
  void issue(const AccountId& id, const sdk::Money& amount);
  void redeem(const AccountId& id, const sdk::Money& amount);

  [[nodiscard]] Ledger ledger(std::string_view bank, std::string_view currency);

  // Credits `to` with money that was taken from `from`. Between two banks the liability
  // moves: LIMIT_EXCEEDED when the receiving bank does not take so large a claim.
  void receive(const AccountId& from, const AccountId& to, const sdk::Money& amount);

  // What two banks owe each other; all zero when they never met. SAME_BANK for one bank.
  [[nodiscard]] Position position(std::string_view debtor, std::string_view creditor,
                                  std::string_view currency);
  void grant(std::string_view debtor, std::string_view creditor, const sdk::Money& limit);
  void settle(std::string_view debtor, std::string_view creditor, const sdk::Money& amount);

 private:
  void owe(std::string_view debtor, std::string_view creditor, const sdk::Money& amount);
  void change_ledger(std::string_view bank, const sdk::Money& amount, bool issued);

  sdk::Context& ctx_;
};

}  // namespace usance::deposit::v1
