// What happens to the goods on their way, as the carrier says it.
#include "contracts/consignment/contract.h"
#include "contracts/consignment/open_consignment.h"

namespace usance::consignment::v1 {

using contract::Context;
using contract::fail;

namespace {

// Stages of the way: what is of an earlier stage happened no later. Departures, transhipments and
// arrivals alternate on the way, so they are one stage.
int stage(MilestoneKind kind) {
  switch (kind) {
    case MilestoneKind::kMilestoneNotStated: return 0;
    case MilestoneKind::kGateIn: return 1;
    case MilestoneKind::kLoadedOnBoard: return 2;
    case MilestoneKind::kDeparted:
    case MilestoneKind::kTranshipped:
    case MilestoneKind::kArrived: return 3;
    case MilestoneKind::kDischarged: return 4;
    case MilestoneKind::kGateOut: return 5;
    case MilestoneKind::kDelivered: return 6;
  }
  return 0;
}

std::string time_text(std::int64_t time_ms) {
  return to_text(contract::Date::from_ms(time_ms));
}

// Whether two milestones can be about the same container.
bool overlap(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() || a == b;
}

void require_order(const OpenConsignment& open, const AddMilestoneRequest& request) {
  bool on_board = false;
  contract::Collection<Milestone>(open.ctx, open.name)
      .each([&](const contract::Bytes&, const Milestone& other) {
        if (!overlap(other.container, request.container)) return true;
        on_board = on_board || other.kind == MilestoneKind::kLoadedOnBoard;
        if (stage(other.kind) < stage(request.kind) && request.at < other.at) {
          fail(errors::out_of_order(request.kind, time_text(request.at), other.kind,
                                    time_text(other.at)));
        }
        if (stage(other.kind) > stage(request.kind) && request.at > other.at) {
          fail(errors::out_of_order(other.kind, time_text(other.at), request.kind,
                                    time_text(request.at)));
        }
        return true;
      });
  if (stage(request.kind) > stage(MilestoneKind::kLoadedOnBoard) && !on_board) {
    fail(errors::not_on_board(request.kind));
  }
}

void require_container(const OpenConsignment& open, const std::string& number) {
  if (number.empty()) return;
  for (const Container& container : open.shipment.containers) {
    if (container.number == number) return;
  }
  fail(errors::unknown_container(number, open.name));
}

}  // namespace

ConsignmentReply Contract::add_milestone(Context& ctx, const AddMilestoneRequest& request) {
  OpenConsignment open(ctx, request.consignment);
  open.require_carrier(Action::kAddMilestone);
  require_container(open, request.container);
  if (request.at > ctx.now_ms()) fail(errors::in_the_future(time_text(request.at)));
  require_order(open, request);
  if (stage(request.kind) >= stage(MilestoneKind::kGateOut)) {
    for (const CustomsStatus& status : customs_of(open)) {
      if (status.state == CustomsState::kCustomsHeld) {
        fail(errors::held_by_customs(open.name, status.authority, status.reference));
      }
    }
  }
  if (open.shipment.milestones == kMaxMilestones) {
    fail(errors::too_many(kMaxMilestones, "milestones"));
  }
  Milestone milestone;
  milestone.number = ++open.shipment.milestones;
  milestone.kind = request.kind;
  milestone.place = request.place;
  milestone.at = request.at;
  milestone.container = request.container;
  milestone.vessel = request.vessel;
  milestone.by = ctx.actor();
  milestone.recorded_at = ctx.now_ms();
  contract::Collection<Milestone>(ctx, open.name)
      .put(contract::ordered_key(milestone.number), milestone);
  ConsignmentChanged event;
  event.milestone = milestone.kind;
  event.place = milestone.place;
  event.at = milestone.at;
  event.reference = milestone.container;
  open.record(Action::kAddMilestone, event);
  return open.reply();
}

MilestoneList Contract::list_milestones(Context& ctx, const ConsignmentRequest& request) {
  const OpenConsignment open(ctx, request.consignment);
  MilestoneList list;
  contract::Collection<Milestone>(ctx, open.name)
      .each([&list](const contract::Bytes&, const Milestone& milestone) {
        list.milestones.push_back(milestone);
        return true;
      });
  return list;
}

}  // namespace usance::consignment::v1
