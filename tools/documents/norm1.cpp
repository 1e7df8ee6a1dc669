#include "tools/documents/norm1.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include <utf8proc.h>

#include "tools/documents/ascii.h"
#include "tools/documents/utf8.h"

namespace usance::documents {

namespace {

// Compatibility decomposition, marks stripped, case folded; then ASCII letters upper. Invalid
// UTF-8 gives an empty text, which the callers refuse as a missing field.
std::string fold(std::string_view text) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto options =
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                     UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  const utf8proc_ssize_t length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &mapped, options);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  if (length < 0) return {};
  std::string out(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length));
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

// Bytes of letters beyond ASCII: names in other scripts keep them.
bool is_letter_beyond_ascii(char c) {
  return (static_cast<unsigned char>(c) & 0x80) != 0;
}

// Legal forms as they look after folding, the dots gone. One or several may end a name.
constexpr std::array<std::string_view, 42> kLegalForms = {
    "LTD",     "LIMITED", "LLC",  "LLP", "INC",   "INCORPORATED", "CORP", "CORPORATION", "CO",
    "COMPANY", "PLC",     "GMBH", "MBH", "AG",    "KG",           "KGAA", "OHG",         "EK",
    "EG",      "UG",      "SE",   "SA",  "SAS",   "SARL",         "SRL",  "SPA",         "SL",
    "BV",      "NV",      "AB",   "AS",  "ASA",   "APS",          "OY",   "OYJ",         "PTE",
    "PVT",     "PTY",     "KFT",  "SRO", "SPZOO", "PJSC"};

bool is_legal_form(std::string_view word) {
  for (const std::string_view form : kLegalForms)
    if (word == form) return true;
  return false;
}

std::string party_id(const InvoiceParty& party) {
  const std::string lei = alphanumeric_key(party.lei);
  return lei.empty() ? alphanumeric_key(party.tax_id) : lei;
}

}  // namespace

std::string alphanumeric_key(std::string_view text) {
  std::string out;
  for (const char c : fold(text))
    if (is_alphanumeric(c)) out.push_back(c);
  return out;
}

std::string name_key(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : fold(text)) {
    if (is_alphanumeric(c) || is_letter_beyond_ascii(c)) {
      words.back().push_back(c);
    } else if (c != '.' && c != '\'' && !words.back().empty()) {
      words.emplace_back();  // "S.A." is one word, "A-B" two
    }
  }
  while (!words.empty() && words.back().empty()) words.pop_back();
  while (words.size() > 1 && is_legal_form(words.back())) {
    words.pop_back();
    while (words.size() > 1 && words.back().empty()) words.pop_back();
  }
  std::string out;
  for (const std::string& word : words) {
    if (word.empty()) continue;
    if (!out.empty()) out.push_back(' ');
    out += word;
  }
  return out;
}

Result<NormalisedInvoice> normalise(const Invoice& invoice) {
  NormalisedInvoice out;
  out.document_class = alphanumeric_key(invoice.document_class);
  out.document_class.erase(0, out.document_class.find_first_not_of('0'));
  out.number = alphanumeric_key(invoice.number);
  for (const char c : out.number)
    if (c >= '0' && c <= '9' && !(out.skeleton.empty() && c == '0')) out.skeleton.push_back(c);
  out.date = invoice.issue_date;
  out.currency = invoice.currency;
  out.amount = invoice.amount;
  out.seller_id = party_id(invoice.seller);
  out.seller_name = name_key(invoice.seller.name);
  out.buyer_id = party_id(invoice.buyer);
  out.buyer_name = name_key(invoice.buyer.name);
  for (const std::string& number : invoice.preceding) {
    std::string key = alphanumeric_key(number);
    if (!key.empty()) out.preceding.push_back(std::move(key));
  }
  std::sort(out.preceding.begin(), out.preceding.end());
  out.preceding.erase(std::unique(out.preceding.begin(), out.preceding.end()), out.preceding.end());
  const auto empty = [](const char* field) {
    return fail(ErrorCode::kInvalidArgument,
                std::string("nothing is left of the ") + field + " after normalisation");
  };
  if (out.document_class.empty()) return empty("document type code");
  if (out.document_class.size() > 4 ||
      out.document_class.find_first_not_of("0123456789") != std::string::npos)
    return fail(ErrorCode::kInvalidArgument, "'" + cut(invoice.document_class, 24) +
                                                 "' is no document type code of UNTDID 1001");
  if (out.number.empty()) return empty("number");
  if (out.seller_name.empty()) return empty("seller's name");
  if (out.buyer_name.empty()) return empty("buyer's name");
  return out;
}

}  // namespace usance::documents
