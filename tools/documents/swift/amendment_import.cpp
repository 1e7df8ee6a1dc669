// MT707: what an amendment changes.
#include "tools/documents/swift/amendment_import.h"

#include "tools/documents/swift/clauses.h"
#include "tools/documents/swift/goods_words.h"
#include "tools/documents/swift/mt_text.h"
#include "tools/documents/swift/shipment_terms.h"
#include "tools/documents/utf8.h"

namespace usance::documents {

namespace {

// "/ADD/", "/DELETE/" or "/REPALL/" at the beginning of a line, and the lines behind it.
struct Instruction {
  std::string code;
  std::vector<std::string> lines;
};

Result<std::vector<Instruction>> instructions_of(const MtField& field) {
  std::vector<Instruction> out;
  for (const std::string& line : field.lines) {
    bool begins = false;
    for (const char* code : {"/ADD/", "/DELETE/", "/REPALL/"}) {
      if (!line.starts_with(code)) continue;
      out.push_back({code, {line.substr(std::string_view(code).size())}});
      begins = true;
    }
    if (begins) continue;
    if (out.empty()) return field_error(field, "it begins with /ADD/, /DELETE/ or /REPALL/");
    out.back().lines.push_back(line);
  }
  return out;
}

std::string joined(const std::vector<std::string>& clauses) {
  std::string out;
  for (const std::string& clause : clauses) out += (out.empty() ? "" : "\n") + clause;
  return out;
}

Result<void> documents(MtTerms& terms, const MtField& field, Json& change) {
  USANCE_ASSIGN(const std::vector<Instruction> instructions, instructions_of(field));
  std::vector<std::string> titles;
  for (const Instruction& instruction : instructions) {
    if (instruction.code == "/REPALL/")
      return field_error(field,
                         "the ledger's amendment adds and deletes documents; it cannot "
                         "replace all: send it as /DELETE/ and /ADD/",
                         ErrorCode::kUnsupported);
    for (const std::string& clause : split_clauses(instruction.lines)) {
      if (instruction.code == "/ADD/") {
        change["add_documents"].push_back(terms.required_document(field, clause, titles));
      } else {
        const std::string title = read_required(clause).title;
        change["delete_documents"].push_back(title);
        terms.remark(field, "'" + cut(clause, 80) + "' is taken for the credit's '" + title + "'");
      }
    }
  }
  return {};
}

Result<void> goods(const MtField& field, Json& change) {
  USANCE_ASSIGN(const std::vector<Instruction> instructions, instructions_of(field));
  if (instructions.size() != 1 || instructions.front().code != "/REPALL/")
    return field_error(field,
                       "the ledger's amendment states the goods anew: /REPALL/ and the whole",
                       ErrorCode::kUnsupported);
  std::vector<std::string> clauses = split_clauses(instructions.front().lines);
  std::erase_if(clauses,
                [&](const std::string& clause) { return read_goods_clause(clause, change); });
  change["goods"] = joined(clauses);
  return {};
}

// (44C) or (44D): each takes the place of the other. What the terms know of a period is its days.
void shipment(MtTerms& terms, Json& change) {
  if (!read_shipment_terms(terms, change, change.value("expiry_date", std::string()), ""))
    terms.error(*terms.message().find("44D"),
                "no days that the ledger knows: say from when to when, one period a line",
                ErrorCode::kUnsupported);
}

// The ledger numbers and dates a credit's amendments itself, in the order of their proposal.
void remark_on_numbering(MtTerms& terms) {
  const MtField* number = terms.message().find("26E");
  if (number != nullptr)
    terms.remark(*number, "it says amendment " + cut(number->text(), 16) +
                              "; the ledger counts a credit's amendments itself");
}

// "harbour-bank/HB-2026-0417". (20) is the sender's, (21) the receiver's reference; (23) is the
// issuing bank's, since 2018.
std::string credit_of(MtTerms& terms) {
  const MtMessage& message = terms.message();
  const MtField* number = message.find("23") != nullptr ? message.find("23") : message.find("20");
  if (number == nullptr) {
    terms.error({ErrorCode::kMalformed, "the message needs field 20 or 23"});
    return "";
  }
  std::string bank;
  if (const MtField* issuer = message.find_any("52")) {
    const auto known = terms.value(terms.bank(*issuer, "the issuing bank"));
    if (known) bank = known->value("organisation", std::string());
  } else if (const DirectoryBank* known = terms.directory().bank(message.sender)) {
    bank = known->organisation;
  }
  if (bank.empty())
    terms.remark(
        "the issuing bank is not in the directory: put its organisation before the slash of "
        "credit");
  return bank + "/" + number->text();
}

}  // namespace

Json import_amendment(MtTerms& terms) {
  const MtMessage& message = terms.message();
  if (const MtField* cancel = message.find("23S"))
    terms.error(*cancel, "it asks to cancel: usance call letter_of_credit Cancel",
                ErrorCode::kUnsupported);
  Json change = Json::object();
  for (const auto& [tag, term] : {std::pair("32B", "increase"), std::pair("33B", "decrease")}) {
    const std::int64_t units = terms.value(terms.minor_units(tag)).value_or(0);
    if (units > 0) change[term] = units;
  }
  if (const MtField* expiry = message.find("31D")) {
    const Result<std::int32_t> date = parse_mt_date(expiry->text().substr(0, 6));
    if (date)
      change["expiry_date"] = iso_date(*date);
    else
      terms.error(*expiry, date.error().message, ErrorCode::kMalformed);
    if (expiry->text().size() > 6)
      terms.remark(*expiry, "the place of expiry stays as it is: " + expiry->text().substr(6));
  }
  shipment(terms, change);
  const unsigned days = terms.value(terms.presentation_days()).value_or(0);
  if (days > 0) change["presentation_days"] = days;
  read_shipment_places(terms, change);
  if (const MtField* field = message.find("45B")) terms.check(goods(*field, change));
  if (const MtField* field = message.find("46B")) terms.check(documents(terms, *field, change));
  // Terms that would change without the ledger's amendment saying so: an error in either reading.
  for (const char* tag :
       {"40A", "40E", "50", "59", "39A", "42C", "43P", "43T", "47B", "49", "41A", "41B", "41D"})
    if (const MtField* field = message.find(tag))
      terms.error(*field, "the ledger's amendment cannot change this term",
                  ErrorCode::kUnsupported);
  terms.not_carried({"50B", "39C", "42M", "42P", "42A", "42B", "42D", "49M", "49N", "71D", "71N",
                     "58a", "53a", "78", "57a", "72Z", "72", "34B", "79"});
  if (change.empty()) terms.error({ErrorCode::kMalformed, "the amendment changes nothing"});
  remark_on_numbering(terms);
  return Json{{"credit", credit_of(terms)}, {"change", change}};
}

}  // namespace usance::documents
