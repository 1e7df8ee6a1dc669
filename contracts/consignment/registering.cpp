// Registering a shipment, what pays for it, and finding it again.
#include <string>

#include "contracts/consignment/contract.h"
#include "contracts/consignment/identifiers.h"
#include "contracts/consignment/open_consignment.h"

namespace usance::consignment::v1 {

void invoke(contract::Context& ctx) {
  Contract contract;
  dispatch(ctx, contract);
}

using contract::Context;
using contract::fail;

namespace {

constexpr std::size_t kMaxInvoices = 16;
constexpr std::size_t kMaxFound = 16;

bool is_bill_number(std::string_view text) {
  if (text.empty() || text.size() > 20) return false;
  for (const char c : text) {
    const bool alphanumeric =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!alphanumeric && c != '-') return false;
  }
  return true;
}

std::string index_scope(const std::string& bill_of_lading) {
  return "@bl/" + bill_of_lading;
}

std::vector<std::string> warnings_of(const RegisterRequest& request) {
  std::vector<std::string> warnings;
  for (const Container& container : request.containers) {
    if (!is_container_number(container.number)) {
      warnings.push_back("container " + container.number +
                         ": its check digit does not fit (ISO 6346)");
    }
  }
  if (!request.vessel_imo.empty() && !is_imo_number(request.vessel_imo)) {
    warnings.push_back("vessel " + request.vessel_imo +
                       ": its check digit does not fit (IMO number)");
  }
  return warnings;
}

Shipment shipment_of(Context& ctx, const RegisterRequest& request) {
  Shipment shipment;
  shipment.carrier = ctx.organisation();
  shipment.bill_of_lading = request.bill_of_lading;
  shipment.carrier_name = request.carrier_name;
  shipment.vessel = request.vessel;
  shipment.vessel_imo = request.vessel_imo;
  shipment.voyage = request.voyage;
  shipment.place_of_receipt = request.place_of_receipt;
  shipment.port_of_loading = request.port_of_loading;
  shipment.port_of_discharge = request.port_of_discharge;
  shipment.place_of_delivery = request.place_of_delivery;
  shipment.shipper = request.shipper;
  shipment.consignee = request.consignee;
  shipment.notify = request.notify;
  shipment.goods = request.goods;
  shipment.packages = request.packages;
  shipment.gross_weight_grams = request.gross_weight_grams;
  shipment.containers = request.containers;
  shipment.links = request.links;
  shipment.warnings = warnings_of(request);
  shipment.registered_by = ctx.actor();
  shipment.registered_at = ctx.now_ms();
  return shipment;
}

ConsignmentView view_of(const OpenConsignment& open) {
  ConsignmentView view;
  view.consignment = open.name;
  view.shipment = open.shipment;
  view.customs = customs_of(open);
  const auto latest = contract::Collection<Milestone>(open.ctx, open.name)
                          .find(contract::ordered_key(open.shipment.milestones));
  if (latest) view.latest = *latest;
  return view;
}

}  // namespace

RegisterReply Contract::register_(Context& ctx, const RegisterRequest& request) {
  if (!is_bill_number(request.bill_of_lading)) fail(errors::bad_number(request.bill_of_lading));
  OpenConsignment open(ctx, shipment_of(ctx, request));
  if (contract::Record<Shipment>(ctx, open.name).exists()) {
    fail(errors::consignment_exists(ctx.organisation(), request.bill_of_lading));
  }
  NumberUse use;
  use.consignment = open.name;
  contract::Collection<NumberUse>(ctx, index_scope(request.bill_of_lading))
      .put(ctx.organisation(), use);
  for (const Document& document : request.documents) {
    static_cast<void>(add_version(open, document));
  }
  open.record(Action::kRegister, {});
  RegisterReply reply;
  reply.consignment = open.name;
  reply.warnings = open.shipment.warnings;
  return reply;
}

ConsignmentReply Contract::link(Context& ctx, const LinkRequest& request) {
  OpenConsignment open(ctx, request.consignment);
  if (!open.caller_is_party()) {
    fail(errors::not_a_party(Action::kLink, open.name, ctx.organisation()));
  }
  Links& links = open.shipment.links;
  if (request.links.credit.empty() && request.links.invoices.empty()) {
    fail(errors::nothing_to_link());
  }
  if (!request.links.credit.empty()) {
    if (!links.credit.empty() && links.credit != request.links.credit) {
      fail(errors::linked_otherwise(open.name, links.credit));
    }
    links.credit = request.links.credit;
  }
  if (links.invoices.size() + request.links.invoices.size() > kMaxInvoices) {
    fail(errors::too_many(kMaxInvoices, "linked invoices"));
  }
  links.invoices.insert(links.invoices.end(), request.links.invoices.begin(),
                        request.links.invoices.end());
  ConsignmentChanged event;
  event.reference = request.links.credit;
  open.record(Action::kLink, event);
  return open.reply();
}

ConsignmentView Contract::get_consignment(Context& ctx, const ConsignmentRequest& request) {
  return view_of(OpenConsignment(ctx, request.consignment));
}

FindReply Contract::find_by_bill_of_lading(Context& ctx, const FindRequest& request) {
  FindReply reply;
  contract::Collection<NumberUse>(ctx, index_scope(request.bill_of_lading))
      .each([&](const contract::Bytes&, const NumberUse& use) {
        if (reply.consignments.size() == kMaxFound) {
          reply.more = true;
          return false;
        }
        reply.consignments.push_back(view_of(OpenConsignment(ctx, use.consignment)));
        return true;
      });
  return reply;
}

}  // namespace usance::consignment::v1
