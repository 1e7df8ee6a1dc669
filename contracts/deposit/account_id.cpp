#include "deposit/account_id.h"

namespace usance::deposit::v1 {

AccountId::AccountId(std::string_view from) : text(from) {
  const std::string_view whole = text;
  const std::size_t first = whole.find('/');
  const std::size_t second = first == std::string_view::npos ? first : whole.find('/', first + 1);
  if (second == std::string_view::npos || whole.find('/', second + 1) != std::string_view::npos)
    sdk::fail(errors::account_malformed(from));
  bank = whole.substr(0, first);
  holder = whole.substr(first + 1, second - first - 1);
  currency = whole.substr(second + 1);
  if (bank.empty() || holder.empty() || currency.empty())
    sdk::fail(errors::account_malformed(from));
}

AccountId::AccountId(std::string_view bank_name, std::string_view holder_name,
                     std::string_view currency_code)
    : AccountId(std::string(bank_name) + '/' + std::string(holder_name) + '/' +
                std::string(currency_code)) {}

}  // namespace usance::deposit::v1
