// DCSA Bill of Lading 3.0 (and 2.0 where it differs): https://github.com/dcsaorg/DCSA-OpenAPI
#include <algorithm>
#include <cctype>

#include "tools/documents/identifiers.h"
#include "tools/documents/invoice.h"
#include "tools/documents/shipping/presented_document.h"
#include "tools/documents/utf8.h"

namespace usance::documents {

namespace {

// The transport document may be wrapped by an issuance or transfer request.
const Json& transport_document(const Json& root) {
  for (const char* wrapper : {"document", "transportDocument"})
    if (at(root, wrapper).is_object()) return at(root, wrapper);
  return root;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string place_name(const Json& location) {
  const std::string name = text_at(location, "locationName");
  return name.empty() ? text_at(location, "UNLocationCode") : name;
}

class BillReader {
 public:
  explicit BillReader(const Json& bill) : bill_(bill) {}

  Result<PresentedDocument> read() {
    const std::string type = text_at(bill_, "transportDocumentTypeCode");
    if (type != "BOL" && type != "SWB")
      return fail(ErrorCode::kUnsupported, "it is no DCSA transport document (BOL or SWB)");
    Json& document = out_.document;
    document["kind"] = type == "BOL" ? "BILL_OF_LADING" : "SEA_WAYBILL";
    put(document, "number", text_at(bill_, "transportDocumentReference"), 70);
    if (!document.contains("number")) remark("it has no number (transportDocumentReference)");
    USANCE_TRY(date(document, "date", "issueDate"));
    originals(document);
    Json transport = Json::object();
    carrier(document, transport);
    USANCE_TRY(date(transport, "on_board", "shippedOnBoardDate"));
    if (!transport.contains("on_board")) remark("it has no date of shipment on board");
    if (at(bill_, "isShippedOnBoardType") == false)
      remark("it is of the kind received for shipment, not shipped on board");
    ports(transport);
    vessel(transport);
    containers(transport);
    if (!list_at(bill_, "carrierClauses").empty() || at(bill_, "carrierClauses").is_array())
      clauses(transport);
    document["transport"] = transport;
    return std::move(out_);
  }

 private:
  void remark(const std::string& text) { out_.remarks.push_back(text); }

  static void put(Json& into, const char* name, const std::string& text, std::size_t limit) {
    if (!text.empty()) into[name] = cut(text, limit);
  }

  Result<void> date(Json& into, const char* name, const char* member) const {
    const std::string text = text_at(bill_, member);
    if (text.empty()) return {};
    const Result<std::int32_t> parsed = parse_date(text);
    if (!parsed)
      return fail(ErrorCode::kMalformed, std::string(member) + ": " + parsed.error().message);
    into[name] = text.substr(0, 10);
    return {};
  }

  unsigned count(const char* member) const {
    const Json& value = at(bill_, member);
    if (!value.is_number_integer()) return 0;
    return static_cast<unsigned>(std::clamp<std::int64_t>(value.get<std::int64_t>(), 0, 99));
  }

  void originals(Json& document) {
    unsigned originals =
        count("numberOfOriginalsWithCharges") + count("numberOfOriginalsWithoutCharges");
    // An electronic bill is one record, whatever a paper one would have been issued in.
    if (originals == 0 && at(bill_, "isElectronic") == true) originals = 1;
    if (originals == 0) remark("it does not say in how many originals it was issued");
    if (originals > 0) document["originals"] = originals;
    const unsigned copies =
        count("numberOfCopiesWithCharges") + count("numberOfCopiesWithoutCharges");
    if (copies > 0) document["copies"] = copies;
  }

  // Who issued it, and as what: "Blue Line Shipping, as carrier".
  void carrier(Json& document, Json& transport) {
    std::string name = text_at(at(bill_, "documentParties", "issuingParty"), "partyName");
    for (const Json& party : list_at(bill_, "documentParties"))  // 2.0: a list with functions
      if (name.empty() && text_at(party, "partyFunction") == "DDR")
        name = text_at(at(party, "party"), "partyName");
    const std::string words = lower(name);
    const std::size_t as = words.rfind(" as ");
    std::string capacity;
    if (as != std::string::npos) {
      const std::string stated = words.substr(as + 4);
      const bool agent = stated.find("agent") != std::string::npos;
      if (stated.find("master") != std::string::npos)
        capacity = agent ? "AGENT_OF_MASTER" : "MASTER";
      else if (stated.find("carrier") != std::string::npos)
        capacity = agent ? "AGENT_OF_CARRIER" : "CARRIER";
      if (!capacity.empty()) name.resize(as);
      while (name.ends_with(",") || name.ends_with(" ")) name.pop_back();
    }
    if (name.empty()) {
      remark("it names no carrier in words; its code is '" + text_at(bill_, "carrierCode") + "'");
      return;
    }
    put(document, "issuer", name, 140);
    if (capacity.empty()) {
      remark("it does not say as what '" + name + "' signed: fill carrier and signed_by");
      return;
    }
    transport["signed_by"] = capacity;
    if (capacity == "CARRIER") put(transport, "carrier", name, 140);
    if (capacity != "CARRIER") remark("'" + name + "' signed as an agent or master: fill carrier");
  }

  void ports(Json& transport) {
    const Json& legs = at(bill_, "transports");
    std::string loading = place_name(at(legs, "portOfLoading"));
    std::string discharge = place_name(at(legs, "portOfDischarge"));
    for (const Json& stop : list_at(bill_, "shipmentLocations")) {  // 2.0
      const std::string type = text_at(stop, "locationTypeCode");
      if (type == "POL" && loading.empty()) loading = place_name(at(stop, "location"));
      if (type == "POD" && discharge.empty()) discharge = place_name(at(stop, "location"));
    }
    if (loading.empty()) remark("it names no port of loading");
    if (discharge.empty()) remark("it names no port of discharge");
    put(transport, "port_of_loading", loading, 140);
    put(transport, "port_of_discharge", discharge, 140);
  }

  void vessel(Json& transport) {
    const Json& legs = at(bill_, "transports");
    std::vector<Json> voyages = list_at(bill_, "vesselVoyages");
    if (voyages.empty()) voyages = list_at(legs, "vesselVoyages");
    for (const Json& voyage : voyages) {
      if (!transport.contains("vessel"))
        put(transport, "vessel", text_at(voyage, "vesselName"), 70);
      check(IdentifierKind::kImoNumber, text_at(voyage, "vesselIMONumber"));
    }
  }

  void check(IdentifierKind kind, const std::string& text) {
    if (text.empty()) return;
    if (const Result<void> checked = check_identifier(kind, text); !checked)
      remark(checked.error().message);
  }

  void containers(Json& transport) {
    std::vector<std::string> numbers;
    for (const Json& used : list_at(bill_, "utilizedTransportEquipments")) {
      std::string number = text_at(at(used, "equipment"), "equipmentReference");
      if (number.empty()) number = text_at(used, "equipmentReference");
      if (number.empty() || std::find(numbers.begin(), numbers.end(), number) != numbers.end())
        continue;
      check(IdentifierKind::kContainer, number);
      if (number.size() <= 11 && numbers.size() < 64) numbers.push_back(number);
    }
    if (!numbers.empty()) transport["containers"] = numbers;
  }

  // Carriers put their terms here too: whether a clause declares the goods defective (Art. 27) or
  // names a charter party is for a person to say; loading on deck has words of its own.
  void clauses(Json& transport) {
    for (const Json& clause : at(bill_, "carrierClauses")) {
      if (!clause.is_string()) continue;
      const std::string text = clause.get<std::string>();
      if (lower(text).find("loaded on deck") != std::string::npos) transport["on_deck"] = true;
      remark("a clause of the carrier, is it clean (Art. 27)? '" + cut(text, 80) + "'");
    }
  }

  const Json& bill_;
  PresentedDocument out_;
};

}  // namespace

Result<PresentedDocument> read_bill_of_lading(std::string_view bytes) {
  USANCE_ASSIGN(const Json root, load_json(bytes));
  return BillReader(transport_document(root)).read();
}

}  // namespace usance::documents
