// The register's state: entries with their flags, token uses, mandates.
#pragma once

#include <string>

#include "contracts/sdk/storage.h"
#include "invoice_registry/invoice_registry.usance.h"

namespace usance::invoice_registry::v1 {

[[nodiscard]] inline std::string entry_name(std::string_view bank, std::string_view reference) {
  std::string name(bank);
  name += '/';
  name += reference;
  return name;
}

[[nodiscard]] inline sdk::Record<Entry> entry_record(sdk::Context& ctx, const std::string& entry) {
  return sdk::Record<Entry>(ctx, "entry/" + entry);
}
[[nodiscard]] inline sdk::Collection<Flag> flags_of(sdk::Context& ctx, const std::string& entry) {
  return sdk::Collection<Flag>(ctx, "entry/" + entry);
}
[[nodiscard]] inline Entry load_entry(sdk::Context& ctx, const std::string& entry) {
  return entry_record(ctx, entry).get(errors::entry_not_found(entry));
}
[[nodiscard]] inline sdk::Collection<TokenUse> uses_of(sdk::Context& ctx, const Token& token) {
  sdk::Bytes scope = sdk::copy(sdk::view("token/"));
  scope.push_back(static_cast<std::uint8_t>(token.kind));
  scope.push_back('/');
  scope.insert(scope.end(), token.value.begin(), token.value.end());
  return sdk::Collection<TokenUse>(ctx, scope);
}
[[nodiscard]] inline sdk::Collection<Mandate> mandates_of(sdk::Context& ctx,
                                                          const std::string& client) {
  return sdk::Collection<Mandate>(ctx, "client/" + client);
}
[[nodiscard]] inline sdk::Bytes mandate_key(std::string_view bank, const sdk::Bytes& commitment) {
  sdk::Bytes key = sdk::copy(sdk::view(bank));
  key.push_back('/');
  key.insert(key.end(), commitment.begin(), commitment.end());
  return key;
}

// The flag waits for an explanation and its release. A corrected invoice and the one it names are
// one sale, so a link of two invoices asks as well.
[[nodiscard]] inline bool asks(const Flag& flag) {
  return flag.colour == Colour::kAmber || flag.reason == Reason::kRefersTo;
}

// Out of the register: no longer compared with others.
[[nodiscard]] inline bool is_gone(Status status) {
  return status == Status::kCancelled || status == Status::kLapsed;
}

// Stores the new status, tells it, and ends the lapse timer where it has no more to do.
void change_status(sdk::Context& ctx, const std::string& name, Entry& entry, Status to,
                   bool by_user = true);
// The entry, which the caller's bank must have registered.
[[nodiscard]] Entry load_own(sdk::Context& ctx, const std::string& name);

RegisterResponse register_entry(sdk::Context& ctx, const RegisterRequest& request);
FinanceResponse finance_entry(sdk::Context& ctx, const FinanceRequest& request);

}  // namespace usance::invoice_registry::v1
