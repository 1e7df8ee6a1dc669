// What customs authorities say about a consignment. Each speaks for itself: one authority's release
// does not lift another's hold.
#include "contracts/consignment/contract.h"
#include "contracts/consignment/open_consignment.h"

namespace usance::consignment::v1 {

using contract::Context;
using contract::fail;

namespace {

ConsignmentReply decide(Context& ctx, const CustomsRequest& request, CustomsState state,
                        Action action) {
  OpenConsignment open(ctx, request.consignment);
  contract::Collection<CustomsStatus> statuses(ctx, open.name);
  if (!statuses.exists(ctx.organisation()) && customs_of(open).size() == kMaxAuthorities) {
    fail(errors::too_many(kMaxAuthorities, "customs authorities"));
  }
  CustomsStatus status;
  status.authority = ctx.organisation();
  status.state = state;
  status.reference = request.reference;
  status.by = ctx.actor();
  status.at = ctx.now_ms();
  statuses.put(ctx.organisation(), status);
  ConsignmentChanged event;
  event.customs = state;
  event.reference = request.reference;
  open.record(action, event);
  return open.reply();
}

}  // namespace

ConsignmentReply Contract::hold_by_customs(Context& ctx, const CustomsRequest& request) {
  return decide(ctx, request, CustomsState::kCustomsHeld, Action::kHoldByCustoms);
}

ConsignmentReply Contract::release_by_customs(Context& ctx, const CustomsRequest& request) {
  return decide(ctx, request, CustomsState::kCustomsReleased, Action::kReleaseByCustoms);
}

}  // namespace usance::consignment::v1
