// An account's name: "bank/holder/currency".
#pragma once

#include <string>
#include <string_view>

#include "deposit/deposit.usance.h"

namespace usance::deposit::v1 {

struct AccountId {
  std::string text;
  // Parts of `text`, which they look at: an AccountId stays where it is.
  std::string_view bank;
  std::string_view holder;
  std::string_view currency;

  // Ends the call with ACCOUNT_MALFORMED unless there are three parts.
  explicit AccountId(std::string_view from);
  AccountId(std::string_view bank, std::string_view holder, std::string_view currency);
  AccountId(const AccountId&) = delete;
  AccountId& operator=(const AccountId&) = delete;

  // The scope of all its state, so that the scope's history is the account's.
  [[nodiscard]] std::string scope() const { return "account/" + text; }
};

}  // namespace usance::deposit::v1
