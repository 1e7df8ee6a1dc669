// Identifiers that an invoice names, checked.
#include <optional>

#include "tools/documents/identifiers.h"
#include "tools/documents/invoice_fields.h"
#include "tools/documents/xml_reader.h"

namespace usance::documents {

namespace {

constexpr std::size_t kMaxRemarks = 50;

// Schemes of ISO/IEC 6523, and where UBL and CII put accounts and banks.
std::optional<IdentifierKind> kind_of(const pugi::xml_node& node, const std::string& text) {
  const std::string_view name = local_name(node);
  const std::string_view scheme = node.attribute("schemeID").value();
  if (is_lei_scheme(scheme)) return IdentifierKind::kLei;
  if (scheme == "0088") return IdentifierKind::kGln;
  if (scheme == "0160") return IdentifierKind::kGtin;
  if (name == "IBANID") return IdentifierKind::kIban;
  if (name == "BICID") return IdentifierKind::kBic;
  if (name != "ID") return std::nullopt;
  const std::string_view parent = local_name(node.parent());
  if (parent == "FinancialInstitutionBranch" || parent == "FinancialInstitution")
    return IdentifierKind::kBic;
  // Not every account is an IBAN; what begins like one means to be one.
  if (parent == "PayeeFinancialAccount" && text.size() > 4 && is_country(text.substr(0, 2)))
    return IdentifierKind::kIban;
  return std::nullopt;
}

// Not deeper than kMaxXmlDepth: the reader has refused what is.
void collect(const pugi::xml_node& node, std::vector<std::string>& out) {
  for (const pugi::xml_node& inner : node.children()) {
    if (out.size() == kMaxRemarks || inner.type() != pugi::node_element) continue;
    collect(inner, out);
    const std::string text = text_of(inner);
    const std::optional<IdentifierKind> kind = kind_of(inner, text);
    if (!kind || text.empty()) continue;
    if (const Result<void> checked = check_identifier(*kind, text); !checked)
      out.push_back(std::string(local_name(inner.parent())) + "/" + std::string(local_name(inner)) +
                    ": " + checked.error().message);
  }
}

}  // namespace

Result<std::vector<std::string>> invoice_remarks(std::string_view xml) {
  pugi::xml_document document;
  USANCE_TRY(load_xml(document, xml));
  std::vector<std::string> out;
  collect(document, out);
  return out;
}

}  // namespace usance::documents
