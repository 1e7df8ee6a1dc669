#include "tools/documents/iso20022/pacs009.h"

#include <pugixml.hpp>
#include <sstream>

#include "base/hash.h"
#include "contracts/sdk/currency.h"
#include "tools/documents/identifiers.h"
#include "tools/documents/swift/mt_text.h"

namespace usance::documents {

namespace {

// RFC 4122 version 4 in form; SWIFT gpi asks for nothing else of a UETR.
std::string uetr_of(const BankTransfer& transfer) {
  const std::string name = transfer.debtor_bic + "|" + transfer.creditor_bic + "|" +
                           transfer.instruction_id + "|" + transfer.end_to_end_id + "|" +
                           transfer.currency + "|" + std::to_string(transfer.minor_units);
  std::string hex = to_hex(sha256(as_bytes(name))).substr(0, 32);
  hex[12] = '4';
  hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) % 4];
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

std::string decimal(const BankTransfer& transfer) {
  const auto places =
      static_cast<std::size_t>(std::max(0, contract::currency_exponent(transfer.currency)));
  std::string digits = std::to_string(transfer.minor_units);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return digits;
}

pugi::xml_node put(pugi::xml_node parent, const char* name, const std::string& text = "") {
  pugi::xml_node node = parent.append_child(name);
  if (!text.empty()) node.text().set(text.c_str());
  return node;
}

void put_bank(pugi::xml_node parent, const char* name, const std::string& bic) {
  put(put(put(parent, name), "FinInstnId"), "BICFI", bic);
}

Result<void> check(const BankTransfer& transfer) {
  const auto bad = [](const std::string& field, const char* why) {
    return fail(ErrorCode::kInvalidArgument, field + ": " + why);
  };
  for (const auto& [name, text] :
       {std::pair<const char*, const std::string&>{"message_id", transfer.message_id},
        {"instruction_id", transfer.instruction_id},
        {"end_to_end_id", transfer.end_to_end_id}})
    if (text.empty() || text.size() > 35) return bad(name, "1 to 35 characters");
  if (transfer.remittance.size() > 140) return bad("remittance", "at most 140 characters");
  if (transfer.created.size() < 19)
    return bad("created", "an instant such as 2026-12-15T09:30:00Z");
  if (transfer.settlement_date < 1'000'01'01) return bad("settlement_date", "it is missing");
  if (transfer.minor_units <= 0) return bad("minor_units", "a positive amount");
  if (contract::currency_exponent(transfer.currency) < 0)
    return bad("currency", "an ISO 4217 currency");
  USANCE_TRY(check_identifier(IdentifierKind::kBic, transfer.debtor_bic));
  return check_identifier(IdentifierKind::kBic, transfer.creditor_bic);
}

}  // namespace

Result<std::string> write_pacs009(const BankTransfer& transfer) {
  USANCE_TRY(check(transfer));
  const std::string day = std::to_string(transfer.settlement_date);
  const std::string date = day.substr(0, 4) + "-" + day.substr(4, 2) + "-" + day.substr(6, 2);

  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = put(document, "Document");
  root.append_attribute("xmlns") = "urn:iso:std:iso:20022:tech:xsd:pacs.009.001.08";
  pugi::xml_node body = put(root, "FICdtTrf");
  pugi::xml_node header = put(body, "GrpHdr");
  put(header, "MsgId", transfer.message_id);
  put(header, "CreDtTm", transfer.created);
  put(header, "NbOfTxs", "1");
  put(put(header, "SttlmInf"), "SttlmMtd", "INDA");  // over the creditor's account with the debtor
  put_bank(header, "InstgAgt", transfer.debtor_bic);
  put_bank(header, "InstdAgt", transfer.creditor_bic);
  pugi::xml_node payment = put(body, "CdtTrfTxInf");
  pugi::xml_node ids = put(payment, "PmtId");
  put(ids, "InstrId", transfer.instruction_id);
  put(ids, "EndToEndId", transfer.end_to_end_id);
  put(ids, "UETR", uetr_of(transfer));
  put(payment, "IntrBkSttlmAmt", decimal(transfer)).append_attribute("Ccy") =
      transfer.currency.c_str();
  put(payment, "IntrBkSttlmDt", date);
  put_bank(payment, "Dbtr", transfer.debtor_bic);
  put_bank(payment, "Cdtr", transfer.creditor_bic);
  if (!transfer.remittance.empty())
    put(put(payment, "RmtInf"), "Ustrd", to_charset(transfer.remittance, false));
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return out.str();
}

}  // namespace usance::documents
