// MT707: what an amendment changes.
#include "tools/documents/swift/amendment_import.h"

#include <algorithm>
#include <tuple>

#include "tools/documents/swift/clauses.h"
#include "tools/documents/swift/code_words.h"
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

// /REPALL/ stands alone: what it names is all that is left.
Result<bool> replaces_all(const MtField& field, const std::vector<Instruction>& instructions) {
  const bool replaces = std::ranges::any_of(
      instructions, [](const Instruction& one) { return one.code == "/REPALL/"; });
  if (replaces && instructions.size() > 1)
    return field_error(field, "/REPALL/ states the whole anew: nothing stands beside it");
  return replaces;
}

Result<void> documents(MtTerms& terms, const MtField& field, Json& change) {
  USANCE_ASSIGN(const std::vector<Instruction> instructions, instructions_of(field));
  USANCE_ASSIGN(const bool replaces, replaces_all(field, instructions));
  if (replaces) change["replace_documents"] = true;
  std::vector<std::string> titles;
  for (const Instruction& instruction : instructions) {
    for (const std::string& clause : split_clauses(instruction.lines)) {
      if (instruction.code == "/DELETE/") {
        const std::string title = read_required(clause).title;
        change["delete_documents"].push_back(title);
        terms.remark(field, "'" + cut(clause, 80) + "' is taken for the credit's '" + title + "'");
      } else {
        change["add_documents"].push_back(terms.required_document(field, clause, titles));
      }
    }
  }
  return {};
}

Result<void> conditions(MtTerms& terms, const MtField& field, Json& change) {
  USANCE_ASSIGN(const std::vector<Instruction> instructions, instructions_of(field));
  USANCE_ASSIGN(const bool replaces, replaces_all(field, instructions));
  if (replaces) change["replace_conditions"] = true;
  for (const Instruction& instruction : instructions) {
    for (const std::string& clause : split_clauses(instruction.lines)) {
      if (instruction.code == "/DELETE/") {
        change["delete_conditions"].push_back(cut(clause, 1'024));
        continue;
      }
      const RequiredClause named = read_required(clause);
      const std::string shown_by = named.kind == "OTHER_DOCUMENT" ? "" : named.title;
      if (!shown_by.empty())
        terms.remark(field, "'" + cut(clause, 80) + "' is taken to be shown by the credit's '" +
                                shown_by + "'");
      change["add_conditions"].push_back(terms.condition(field, clause, shown_by));
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

// The form, the rules and the instructions on confirmation: a code word each.
void code_words(MtTerms& terms, Json& change) {
  const MtMessage& message = terms.message();
  const auto put = [&](const char* term, Result<std::string> word) {
    if (auto read = terms.value(std::move(word))) change[term] = std::move(*read);
  };
  if (const MtField* form = message.find("40A")) put("form", form_of(*form, form->text()));
  if (const MtField* rules = message.find("40E")) put("rules", rules_of(*rules));
  if (const MtField* field = message.find("49")) put("confirmation", confirmation_of(*field));
}

// How drawings are paid: the message's words, and what they say plainly.
void payment(MtTerms& terms, Json& change) {
  const MtMessage& message = terms.message();
  if (const MtField* mixed = message.find("42M")) {
    change["mixed_payment"] = terms.within(*mixed, 150);
    terms.remark(*mixed, "fill payment with its parts and their tenors");
  }
  for (const auto& [tag, term, limit] : {std::tuple("42C", "drafts_at", std::size_t{105}),
                                         std::tuple("42P", "deferred_payment", std::size_t{150})}) {
    const MtField* field = message.find(tag);
    if (field == nullptr) continue;
    change[term] = terms.within(*field, limit);
    terms.payment(*field, change);
  }
}

// (50), (59): names and addresses. Who they are on the ledger stays.
void parties(MtTerms& terms, Json& change) {
  if (const MtField* field = terms.message().find("50"))
    change["applicant"] = terms.party(*field, "the applicant");
  if (const MtField* field = terms.message().find("59"))
    change["beneficiary"] = terms.party(*field, "the beneficiary");
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
  if (const MtField* field = message.find("47B")) terms.check(conditions(terms, *field, change));
  code_words(terms, change);
  read_allowed(terms, change);
  read_tolerance(terms, change);
  payment(terms, change);
  parties(terms, change);
  if (const MtField* field = message.find("71D")) change["charges"] = terms.within(*field, 220);
  // A term that would change without the ledger's amendment saying so: an error in either reading.
  if (const MtField* field = message.find_any("41"))
    terms.error(*field,
                "another bank or another way of paying is another credit on the ledger: cancel "
                "this one and issue anew",
                ErrorCode::kUnsupported);
  terms.not_carried({"50B", "39C", "42A", "42B", "42D", "49M", "49N", "71N", "58a", "53a", "78",
                     "57a", "72Z", "72", "34B", "79"});
  if (change.empty()) terms.error({ErrorCode::kMalformed, "the amendment changes nothing"});
  remark_on_numbering(terms);
  return Json{{"credit", credit_of(terms)}, {"change", change}};
}

}  // namespace usance::documents
