#include "payment_undertaking/open_undertaking.h"

#include <utility>

namespace usance::payment_undertaking::v1 {

OpenUndertaking::OpenUndertaking(sdk::Context& context, std::string_view undertaking)
    : ctx(context), name(undertaking) {
  record = sdk::Record<Undertaking>(ctx, name).get([&] { return errors::no_undertaking(name); });
}

OpenUndertaking::OpenUndertaking(sdk::Context& context, Undertaking undertaking)
    : ctx(context),
      name(undertaking.obligor + "/" + undertaking.terms.reference),
      record(std::move(undertaking)) {}

void OpenUndertaking::require(State state, std::string_view wanted) const {
  if (has_ended()) sdk::fail(errors::closed(name, record.state));
  if (record.state != state) sdk::fail(errors::wrong_state(name, record.state, wanted));
}

void OpenUndertaking::require_obligor() const {
  if (ctx.organisation() != record.obligor)
    sdk::fail(errors::not_the_obligor(ctx.organisation(), record.obligor));
}

void OpenUndertaking::require_beneficiary() const {
  if (ctx.organisation() != record.terms.beneficiary)
    sdk::fail(errors::not_the_beneficiary(ctx.organisation(), record.terms.beneficiary));
}

void OpenUndertaking::changed(Action action, std::string detail) {
  ++record.version;
  UndertakingChanged event;
  event.undertaking = name;
  event.version = record.version;
  event.action = action;
  event.state = record.state;
  event.by = ctx.actor();
  event.amount = record.terms.amount;
  event.detail = std::move(detail);
  event.previous = record.last_event;
  record.last_event = ctx.sha256(sdk::to_wire(event));
  sdk::Record<Undertaking>(ctx, name).put(record);
  ctx.emit(event);
}

UndertakingReply OpenUndertaking::reply() const {
  return {name, record.state, record.version, record.draft_version};
}

}  // namespace usance::payment_undertaking::v1
