#include "contracts/letter_of_credit/transport_checks.h"

#include <algorithm>

#include "contracts/letter_of_credit/words.h"

namespace usance::letter_of_credit::v1 {
namespace {

using contract::Date;
using contract::to_text;

// Where the articles on the kinds of document say the same thing.
struct Articles {
  const char* carrier;
  const char* on_board;
  const char* ports;
  const char* charter_party;
};

Articles articles_of(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::kMultimodalTransport:
      return {"19(a)(i)", "19(a)(ii)", "19(a)(iii)", "19(a)(vi)"};
    case DocumentKind::kSeaWaybill: return {"21(a)(i)", "21(a)(ii)", "21(a)(iii)", "21(a)(vi)"};
    case DocumentKind::kAirWaybill: return {"23(a)(i)", "23(a)(iii)", "23(a)(iv)", "23"};
    default: return {"20(a)(i)", "20(a)(ii)", "20(a)(iii)", "20(a)(vi)"};
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
  return kind == DocumentKind::kBillOfLading || kind == DocumentKind::kMultimodalTransport ||
         kind == DocumentKind::kSeaWaybill || kind == DocumentKind::kAirWaybill;
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
  const Articles articles = articles_of(required.kind);
  const std::string& title = required.title;
  if (transport.carrier.empty()) {
    findings.add(DiscrepancyCode::kCarrierNotNamed, articles.carrier, title, "carrier",
                 "the carrier's name", "none");
  }
  if (transport.signed_by == SignedBy::kNotSignedByAnybody) {
    findings.add(DiscrepancyCode::kNotSigned, articles.carrier, title, "signed by",
                 "carrier, master or their agent", "no signature");
  }
  if (!transport.on_board.is_set()) {
    findings.add(DiscrepancyCode::kNotOnBoard, articles.on_board, title, "shipped on board",
                 "a date", "none");
  } else if (terms.latest_shipment.is_set() && transport.on_board > terms.latest_shipment) {
    findings.add(DiscrepancyCode::kLateShipment, articles.on_board, title, "shipped on board",
                 "not after " + to_text(terms.latest_shipment), to_text(transport.on_board));
  }
  if (!terms.port_of_loading.empty() &&
      !words_agree(terms.port_of_loading, transport.port_of_loading)) {
    findings.add(DiscrepancyCode::kWrongPortOfLoading, articles.ports, title, "port of loading",
                 terms.port_of_loading, transport.port_of_loading);
  }
  if (!terms.port_of_discharge.empty() &&
      !words_agree(terms.port_of_discharge, transport.port_of_discharge)) {
    findings.add(DiscrepancyCode::kWrongPortOfDischarge, articles.ports, title, "port of discharge",
                 terms.port_of_discharge, transport.port_of_discharge);
  }
  if (transport.charter_party) {
    findings.add(DiscrepancyCode::kCharterPartyClause, articles.charter_party, title,
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
