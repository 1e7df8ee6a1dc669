// Several financiers of one document by agreement: the lead grants a share of its own eligible
// share, the other accepts it, and only then may both finance.
#include "contracts/invoice_registry/book.h"

namespace usance::invoice_registry::v1 {

bool finance_together(const std::string& a, const Entry& entry_a, const std::string& b,
                      const Entry& entry_b) {
  const std::string& lead_a = entry_a.lead.empty() ? a : entry_a.lead;
  const std::string& lead_b = entry_b.lead.empty() ? b : entry_b.lead;
  return lead_a == lead_b;
}

std::uint32_t next_lien_rank(sdk::Context& ctx, const std::string& name, const Entry& entry) {
  const std::string& lead = entry.lead.empty() ? name : entry.lead;
  std::uint32_t rank = 1;
  const auto count = [&](const std::string& other) {
    if (other != name && load_entry(ctx, other).lien_rank != 0) ++rank;
  };
  count(lead);
  parts_of<Participation>(ctx, lead).each([&](const sdk::Bytes&, const Participation& granted) {
    if (granted.accepted) count(granted.participant);
    return true;
  });
  return rank;
}

void offer_participation(sdk::Context& ctx, const OfferParticipationRequest& request) {
  const std::string name = entry_name(ctx.organisation(), request.reference);
  const Entry lead = load_entry(ctx, name);
  require_status(name, lead, is_open(lead.status));
  if (!lead.lead.empty()) fail(errors::already_participates(name));
  const std::optional<Flag> flag = flags_of(ctx, name).find(request.participant);
  if (!flag || flag->colour != Colour::kRed)
    fail(errors::no_shared_document(request.participant, name));
  const auto granted = parts_of<Participation>(ctx, name).find(request.participant);
  if (granted && granted->accepted) fail(errors::already_participates(request.participant));
  parts_of<Participation>(ctx, name).put(request.participant,
                                         Participation{request.participant, request.share, false});
  ctx.emit(ParticipationOffered{name, request.participant, request.share});
}

void accept_participation(sdk::Context& ctx, const AcceptParticipationRequest& request) {
  const std::string name = entry_name(ctx.organisation(), request.reference);
  Entry entry = load_entry(ctx, name);
  require_status(name, entry,
                 entry.status == Status::kRegistered || entry.status == Status::kDupFinanced);
  if (!entry.lead.empty() || entry.granted != 0) fail(errors::already_participates(name));
  Entry lead = load_entry(ctx, request.lead);
  auto offers = parts_of<Participation>(ctx, request.lead);
  std::optional<Participation> offer = offers.find(name);
  if (!offer || offer->accepted) fail(errors::participation_not_offered(request.lead, name));
  require_status(request.lead, lead, is_open(lead.status));
  if (!lead.lead.empty()) fail(errors::already_participates(request.lead));
  const std::uint32_t remaining = remaining_of(ctx, lead);
  if (offer->share > remaining) fail(errors::over_financed(remaining, offer->share));

  offer->accepted = true;
  offers.put(name, *offer);
  lead.granted += offer->share;
  store_filled(ctx, request.lead, lead);

  entry.lead = request.lead;
  entry.participation = offer->share;
  if (entry.status == Status::kDupFinanced) {
    start_lapse(ctx, name, entry);
    change_status(ctx, name, entry, Status::kRegistered);
  } else {
    entry_record(ctx, name).put(entry);
  }
  ctx.emit(ParticipationAccepted{request.lead, name, offer->share});
}

}  // namespace usance::invoice_registry::v1
