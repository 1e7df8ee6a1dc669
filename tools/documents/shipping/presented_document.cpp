#include "tools/documents/shipping/presented_document.h"

#include "base/hash.h"
#include "contracts/sdk/currency.h"
#include "tools/documents/invoice.h"
#include "tools/documents/utf8.h"

namespace usance::documents {

namespace {

std::string iso_day(std::int32_t date) {
  const std::string digits = std::to_string(date);
  return digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6, 2);
}

PresentedDocument of_invoice(const Invoice& invoice) {
  PresentedDocument out;
  out.document = Json{{"kind", "COMMERCIAL_INVOICE"},
                      {"number", cut(invoice.number, 70)},
                      {"issuer", cut(invoice.seller.name, 140)},
                      {"date", iso_day(invoice.issue_date)},
                      {"originals", 1}};
  out.document["invoice"] =
      Json{{"issued_by", cut(invoice.seller.name, 140)},
           {"issued_to", cut(invoice.buyer.name, 140)},
           {"total", Json{{"currency", invoice.currency}, {"minor_units", invoice.amount}}}};
  out.remarks.emplace_back(
      "goods and quantity of the invoice are for a person to fill in: beside its total write "
      "\"goods\": "
      "\"...\", and \"quantity\": {\"value\": \"19200\", \"unit\": \"KGM\"} where the credit "
      "states one");
  if (invoice.document_class != "380")
    out.remarks.push_back("it is a document of class " + invoice.document_class +
                          ", not a commercial invoice (380)");
  return out;
}

const char* usual_title(const std::string& kind) {
  if (kind == "BILL_OF_LADING") return "Bill of lading";
  if (kind == "SEA_WAYBILL") return "Sea waybill";
  return kind == "COMMERCIAL_INVOICE" ? "Commercial invoice" : "";
}

bool begins_like_json(std::string_view bytes) {
  const std::size_t first = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first != std::string_view::npos && bytes[first] == '{';
}

}  // namespace

Result<PresentedDocument> read_presented(std::string_view bytes, const std::string& title) {
  PresentedDocument out;
  Result<PresentedDocument> bill = fail(ErrorCode::kUnsupported, "");
  if (begins_like_json(bytes)) bill = read_bill_of_lading(bytes);
  const Result<Invoice> invoice = read_invoice(bytes);
  if (bill) {
    out = std::move(*bill);
  } else if (bill.error().code == ErrorCode::kMalformed) {
    return tl::unexpected<Error>(bill.error());
  } else if (invoice) {
    out = of_invoice(*invoice);
    USANCE_ASSIGN(const std::vector<std::string> remarks, invoice_remarks(bytes));
    out.remarks.insert(out.remarks.end(), remarks.begin(), remarks.end());
  } else if (invoice.error().code == ErrorCode::kInvalidArgument) {
    return tl::unexpected<Error>(invoice.error());
  } else {
    out.document = Json{{"kind", "OTHER_DOCUMENT"}, {"originals", 1}};
    out.remarks.emplace_back(
        "only its hash is taken: fill in kind, number, issuer and date (usance call "
        "letter_of_credit "
        "Present --help names the kinds)");
  }
  const std::string kind = out.document["kind"].get<std::string>();
  out.document["title"] = title.empty() ? std::string(usual_title(kind)) : cut(title, 70);
  out.document["sha256"] = to_hex(sha256(as_bytes(bytes)));
  return out;
}

}  // namespace usance::documents
