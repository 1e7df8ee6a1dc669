#include "contracts/letter_of_credit/transport_checks.h"

#include <algorithm>

#include "contracts/letter_of_credit/words.h"

namespace usance::letter_of_credit::v1 {
namespace {

using contract::Date;
using contract::to_text;

// What the articles on the kinds of document ask for.
struct Demands {
  const char* carrier;  // where the signature stands too
  const char* on_board;
  const char* ports;
  const char* charter_party;
  const char* signers;
  bool names_carrier = true;
  bool at_sea = false;  // from port to port; else from place to place where no ports are stated
  bool to_destination = true;
};

constexpr const char* kByCarrierOrMaster = "carrier, master or their agent";
constexpr const char* kByCarrier = "carrier or its agent";

Demands demands_of(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::kMultimodalTransport:
      return {"19(a)(i)", "19(a)(ii)", "19(a)(iii)", "19(a)(vi)", kByCarrierOrMaster};
    case DocumentKind::kSeaWaybill:
      return {"21(a)(i)", "21(a)(ii)", "21(a)(iii)", "21(a)(vi)", kByCarrierOrMaster, true, true};
    case DocumentKind::kCharterPartyBillOfLading:
      return {
          "22(a)(i)", "22(a)(ii)", "22(a)(iii)", nullptr, "master, owner, charterer or their agent",
          false,      true};
    case DocumentKind::kAirWaybill:
      return {"23(a)(i)", "23(a)(iii)", "23(a)(iv)", "23", kByCarrier};
    case DocumentKind::kRoadRailWaterwayDocument:
      return {"24(a)(i)", "24(a)(ii)", "24(a)(iii)", "24", kByCarrier};
    case DocumentKind::kCourierOrPostReceipt:
      return {"25(a)(i)", "25(a)(ii)", "25(a)(i)", "25", kByCarrier, true, false, false};
    default:
      return {"20(a)(i)", "20(a)(ii)", "20(a)(iii)", "20(a)(vi)", kByCarrierOrMaster, true, true};
  }
}

bool may_sign(DocumentKind kind, SignedBy who) {
  const bool carrier = who == SignedBy::kCarrier || who == SignedBy::kAgentOfCarrier;
  const bool master = who == SignedBy::kMaster || who == SignedBy::kAgentOfMaster;
  switch (kind) {
    case DocumentKind::kCharterPartyBillOfLading:
      return !carrier && who != SignedBy::kNotSignedByAnybody;
    case DocumentKind::kAirWaybill:
    case DocumentKind::kRoadRailWaterwayDocument:
    case DocumentKind::kCourierOrPostReceipt: return carrier;
    default: return carrier || master;
  }
}

Date latest(const std::vector<Document>& documents, bool originals_only) {
  Date date;
  for (const Document& document : documents) {
    if (!is_transport_document(document.kind)) continue;
    if (originals_only && document.originals == 0) continue;
    date = std::max(date, document.transport.on_board);
  }
  return date;
}

}  // namespace

bool is_transport_document(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::kBillOfLading:
    case DocumentKind::kMultimodalTransport:
    case DocumentKind::kSeaWaybill:
    case DocumentKind::kCharterPartyBillOfLading:
    case DocumentKind::kAirWaybill:
    case DocumentKind::kRoadRailWaterwayDocument:
    case DocumentKind::kCourierOrPostReceipt: return true;
    default: return false;
  }
}

Date latest_shipment_date(const std::vector<Document>& documents) {
  return latest(documents, false);
}

Date latest_original_shipment(const std::vector<Document>& documents) {
  return latest(documents, true);
}

void check_transport(const Terms& terms, const RequiredDocument& required, const Document& document,
                     Findings& findings) {
  const TransportData& transport = document.transport;
  const Demands demands = demands_of(required.kind);
  const std::string& title = required.title;
  if (demands.names_carrier && transport.carrier.empty()) {
    findings.add(DiscrepancyCode::kCarrierNotNamed, demands.carrier, title, "carrier",
                 "the carrier's name", "none");
  }
  if (!may_sign(required.kind, transport.signed_by)) {
    const bool nobody = transport.signed_by == SignedBy::kNotSignedByAnybody;
    findings.add(DiscrepancyCode::kNotSigned, demands.carrier, title, "signed by", demands.signers,
                 nobody ? "no signature" : std::string(to_text(transport.signed_by)));
  }
  if (!transport.on_board.is_set()) {
    findings.add(DiscrepancyCode::kNotOnBoard, demands.on_board, title, "shipped on board",
                 "a date", "none");
  } else if (terms.latest_shipment.is_set() && transport.on_board > terms.latest_shipment) {
    findings.add(DiscrepancyCode::kLateShipment, demands.on_board, title, "shipped on board",
                 "not after " + to_text(terms.latest_shipment), to_text(transport.on_board));
  }
  const bool places = !demands.at_sea && terms.port_of_loading.empty();
  const std::string& from = places ? terms.place_of_receipt : terms.port_of_loading;
  if (!from.empty() && !words_agree(from, transport.port_of_loading)) {
    findings.add(DiscrepancyCode::kWrongPortOfLoading, demands.ports, title, "port of loading",
                 from, transport.port_of_loading);
  }
  const bool ends_at_place = !demands.at_sea && terms.port_of_discharge.empty();
  const std::string& to = ends_at_place ? terms.final_destination : terms.port_of_discharge;
  if (demands.to_destination && !to.empty() && !words_agree(to, transport.port_of_discharge)) {
    findings.add(DiscrepancyCode::kWrongPortOfDischarge, demands.ports, title, "port of discharge",
                 to, transport.port_of_discharge);
  }
  if (transport.charter_party && demands.charter_party != nullptr) {
    findings.add(DiscrepancyCode::kCharterPartyClause, demands.charter_party, title,
                 "charter party", "none", "subject to a charter party");
  }
  if (transport.on_deck) {
    findings.add(DiscrepancyCode::kOnDeck, "26(a)", title, "stowage", "not on deck", "on deck");
  }
  if (transport.claused) {
    findings.add(DiscrepancyCode::kNotClean, "27", title, "condition", "a clean document",
                 "a clause on defective goods or packaging");
  }
}

}  // namespace usance::letter_of_credit::v1
