// The register's state: entries with their flags, token uses, holdings, mandates. Shares are basis
// points of a document's face.
#pragma once

#include <string>

#include "contracts/sdk/storage.h"
#include "invoice_registry/invoice_registry.usance.h"

namespace usance::invoice_registry::v1 {

inline constexpr std::uint32_t kWhole = 10'000;

[[nodiscard]] inline std::string entry_name(std::string_view bank, std::string_view reference) {
  std::string name(bank);
  name += '/';
  name += reference;
  return name;
}
// Whether the bank registered the entry of this name.
[[nodiscard]] inline bool is_of(std::string_view name, std::string_view bank) {
  return name.size() > bank.size() && name.starts_with(bank) && name[bank.size()] == '/';
}

[[nodiscard]] inline sdk::Record<Entry> entry_record(sdk::Context& ctx, const std::string& entry) {
  return sdk::Record<Entry>(ctx, "entry/" + entry);
}
// What belongs to an entry stands in its scope.
template <class T>
[[nodiscard]] sdk::Collection<T> parts_of(sdk::Context& ctx, const std::string& entry) {
  return sdk::Collection<T>(ctx, "entry/" + entry);
}
[[nodiscard]] inline sdk::Collection<Flag> flags_of(sdk::Context& ctx, const std::string& entry) {
  return parts_of<Flag>(ctx, entry);
}
[[nodiscard]] inline Entry load_entry(sdk::Context& ctx, const std::string& entry) {
  return entry_record(ctx, entry).get([&] { return errors::entry_not_found(entry); });
}

[[nodiscard]] inline sdk::Bytes token_scope(const Token& token) {
  sdk::Bytes scope = sdk::copy(sdk::view("token/"));
  scope.push_back(static_cast<std::uint8_t>(token.kind));
  scope.push_back('/');
  scope.insert(scope.end(), token.value.begin(), token.value.end());
  return scope;
}
[[nodiscard]] inline sdk::Collection<TokenUse> uses_of(sdk::Context& ctx, const Token& token) {
  return sdk::Collection<TokenUse>(ctx, token_scope(token));
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

// The status; of a disputed entry the one that it returns to when the dispute fails.
[[nodiscard]] inline Status standing_of(const Entry& entry) {
  return entry.status == Status::kDisputed ? entry.before_dispute : entry.status;
}
// Out of the register: no longer compared with others.
[[nodiscard]] inline bool is_gone(Status status) {
  return status == Status::kCancelled || status == Status::kLapsed;
}
[[nodiscard]] inline bool is_closed(Status status) {
  return is_gone(status) || status == Status::kSettled;
}
// Money is out, or was and did not come back.
[[nodiscard]] inline bool is_financed(Status status) {
  return status == Status::kFinanced || status == Status::kPartFinanced ||
         status == Status::kDefaulted;
}
// Money may still go out or come back.
[[nodiscard]] inline bool is_open(Status status) {
  return status == Status::kRegistered || status == Status::kPartFinanced ||
         status == Status::kFinanced;
}
inline void require_status(const std::string& name, const Entry& entry, bool fits) {
  if (!fits) fail(errors::wrong_status(name, to_text(entry.status)));
}

// financing.cpp. Stores the entry with its new status, tells it, and ends the lapse timer where it
// has no more to do.
void change_status(sdk::Context& ctx, const std::string& name, Entry& entry, Status to,
                   bool by_user = true);
// The same for an entry that may be disputed: what it returns to changes.
void change_standing(sdk::Context& ctx, const std::string& name, Entry& entry, Status to,
                     bool by_user = true);
// Stores the entry after what may be financed of it changed, with the status that follows.
void store_filled(sdk::Context& ctx, const std::string& name, Entry& entry);
// Out of the register for good: its draws and, of a credit note, its effects go.
void cancel_entry(sdk::Context& ctx, const std::string& name, Entry& entry);
void start_lapse(sdk::Context& ctx, const std::string& name, Entry& entry);
// The entry, which the caller's bank must have registered.
[[nodiscard]] Entry load_own(sdk::Context& ctx, const std::string& name);

// financing.cpp: the methods.
FinanceResponse finance_entry(sdk::Context& ctx, const FinanceRequest& request);
FinanceResponse record_payment(sdk::Context& ctx, const RecordPaymentRequest& request);
FinanceResponse set_reserve(sdk::Context& ctx, const SetReserveRequest& request);

// reductions.cpp: what may be financed of an entry, and how credit notes lower it.
[[nodiscard]] std::uint32_t remaining_of(sdk::Context& ctx, const Entry& entry);
// FINANCED when nothing remains, else PART_FINANCED; of entries that neither is, their status.
[[nodiscard]] Status filled_status(sdk::Context& ctx, const Entry& entry);
void tell_eligible(sdk::Context& ctx, const std::string& name, const Entry& entry);
// The note credits the invoice, when both are of one client and the invoice is not closed.
void apply_credit(sdk::Context& ctx, const std::string& invoice, const std::string& note,
                  const Entry& note_entry);
void withdraw_credits(sdk::Context& ctx, const std::string& note);

// documents.cpp: documents of title and with a balance.
[[nodiscard]] Holding holding_of(sdk::Context& ctx, const Token& token);
// What titles leave of the entry's eligible share.
[[nodiscard]] std::uint32_t title_cap(sdk::Context& ctx, const Entry& entry);
void check_titles(sdk::Context& ctx, const Entry& entry);
void draw_balances(sdk::Context& ctx, Entry& entry, const std::vector<Draw>& draws);
void return_draws(sdk::Context& ctx, Entry& entry);
void issue_document(sdk::Context& ctx, const IssueDocumentRequest& request);
void redeem_document(sdk::Context& ctx, const RedeemDocumentRequest& request);
void inspect_document(sdk::Context& ctx, const InspectDocumentRequest& request);

// participation.cpp
[[nodiscard]] bool finance_together(const std::string& a, const Entry& entry_a,
                                    const std::string& b, const Entry& entry_b);
[[nodiscard]] std::uint32_t next_lien_rank(sdk::Context& ctx, const std::string& name,
                                           const Entry& entry);
void offer_participation(sdk::Context& ctx, const OfferParticipationRequest& request);
void accept_participation(sdk::Context& ctx, const AcceptParticipationRequest& request);

// disputes.cpp
void raise_dispute(sdk::Context& ctx, const RaiseDisputeRequest& request);
void withdraw_dispute(sdk::Context& ctx, const std::string& name);
void concede_dispute(sdk::Context& ctx, const std::string& name);
void decide_dispute(sdk::Context& ctx, const DecideDisputeRequest& request);
void end_dispute(sdk::Context& ctx, const std::string& name);
void refuse_barred(sdk::Context& ctx);

// registering.cpp
RegisterResponse register_entry(sdk::Context& ctx, const RegisterRequest& request);
[[nodiscard]] GetEpochsResponse epochs_now(sdk::Context& ctx);

}  // namespace usance::invoice_registry::v1
