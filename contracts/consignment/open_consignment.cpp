#include "contracts/consignment/open_consignment.h"

#include <utility>

namespace usance::consignment::v1 {

using contract::Context;
using contract::fail;

OpenConsignment::OpenConsignment(Context& context, std::string_view consignment)
    : ctx(context), name(consignment) {
  shipment =
      contract::Record<Shipment>(ctx, name).get([&] { return errors::unknown_consignment(name); });
}

OpenConsignment::OpenConsignment(Context& context, Shipment stated)
    : ctx(context),
      name(stated.carrier + "/" + stated.bill_of_lading),
      shipment(std::move(stated)) {}

void OpenConsignment::require_carrier(Action action) const {
  if (ctx.organisation() == shipment.carrier) return;
  fail(errors::not_the_carrier(action, shipment.carrier, ctx.organisation()));
}

bool OpenConsignment::caller_is_party() const {
  const std::string& caller = ctx.organisation();
  return caller == shipment.carrier || caller == shipment.shipper.organisation ||
         caller == shipment.consignee.organisation || caller == shipment.notify.organisation;
}

void OpenConsignment::record(Action action, ConsignmentChanged event) {
  ++shipment.version;
  event.consignment = name;
  event.version = shipment.version;
  event.action = action;
  event.by = ctx.actor();
  event.previous = shipment.last_event;
  shipment.last_event = ctx.sha256(contract::to_wire(event));
  contract::Record<Shipment>(ctx, name).put(shipment);
  ctx.emit(event);
}

ConsignmentReply OpenConsignment::reply() const {
  ConsignmentReply out;
  out.consignment = name;
  out.version = shipment.version;
  return out;
}

std::vector<CustomsStatus> customs_of(const OpenConsignment& open) {
  std::vector<CustomsStatus> all;
  contract::Collection<CustomsStatus>(open.ctx, open.name)
      .each([&all](const contract::Bytes&, const CustomsStatus& status) {
        all.push_back(status);
        return true;
      });
  return all;
}

}  // namespace usance::consignment::v1
