#include "tools/documents/swift/credit_import.h"

#include <array>

#include "tools/documents/swift/amendment_import.h"
#include "tools/documents/swift/clauses.h"
#include "tools/documents/swift/code_words.h"
#include "tools/documents/swift/goods_words.h"
#include "tools/documents/swift/mt_fields.h"
#include "tools/documents/swift/mt_rules.h"
#include "tools/documents/swift/mt_text.h"
#include "tools/documents/swift/shipment_terms.h"
#include "tools/documents/utf8.h"

namespace usance::documents {

namespace {

class CreditReader {
 public:
  CreditReader(MtTerms& terms, const MtMessage& message) : terms_(terms), message_(message) {}

  Json read() {
    continuation();
    head();
    parties();
    amounts();
    availability();
    shipment();
    narrative();
    carried_in_words();
    further();
    return std::move(out_);
  }

 private:
  const MtField* find(const char* tag) const { return message_.find(tag); }
  void put(const char* term, Result<std::string> value) {
    if (auto read = terms_.value(std::move(value))) out_[term] = std::move(*read);
  }
  void put(const char* term, Result<Json> value) {
    if (auto read = terms_.value(std::move(value))) out_[term] = std::move(*read);
  }

  void continuation() {
    const MtField* field = find("27");
    if (field != nullptr && field->text() != "1/1")
      terms_.error(*field,
                   "the credit goes on in further messages (MT701, 711, 721): put "
                   "their fields 45A, 46A and 47A into this file",
                   ErrorCode::kUnsupported);
  }

  void head() {
    // 710 and 720: (20) is the advising bank's reference, (21) the credit's number.
    const MtField* number = find(message_.type == "700" ? "20" : "21");
    if (number != nullptr) out_["number"] = number->text();
    if (const MtField* form = find("40A")) {
      put("form", form_of(*form, form->text()));
    } else if (const MtField* advised = find("40B")) {
      put("form", form_of(*advised, advised->lines.front()));
      if (advised->lines.size() > 1)
        terms_.remark(*advised, "the sender says: " + advised->lines[1]);
    }
    if (const MtField* rules = find("40E")) {
      put("rules", rules_of(*rules));
    }
    expiry();
  }

  void expiry() {
    const MtField* field = find("31D");
    if (field == nullptr) return;
    const std::string text = field->text();
    const Result<std::int32_t> date = parse_mt_date(text.substr(0, 6));
    if (!date) return terms_.error(*field, date.error().message, ErrorCode::kMalformed);
    out_["expiry_date"] = iso_date(*date);
    const std::string place = text.size() > 6 ? text.substr(6) : "";
    const std::string code = terms_.directory().place(place);
    if (!code.empty())
      out_["expiry_place"] = code;
    else
      terms_.remark(*field, "the place '" + place + "' is not in the directory: fill expiry_place");
  }

  void parties() {
    if (const MtField* bank = message_.find_any("52"); bank != nullptr) {
      put("issuing_bank", terms_.bank(*bank, "the issuing bank"));
      if (!message_.sender.empty())
        out_["advising_bank"] = terms_.bank(message_.sender, "", "the advising bank");
    } else if (!message_.sender.empty()) {
      out_["issuing_bank"] = terms_.bank(message_.sender, "", "the issuing bank");
      out_["advising_bank"] = terms_.bank(message_.receiver, "", "the advising bank");
    } else {
      terms_.remark("the file has no envelope: issuing_bank and advising_bank are left empty");
    }
    if (const MtField* field = find("50"))
      out_["applicant"] = terms_.party(*field, "the applicant");
    if (const MtField* field = find("59")) {
      out_["beneficiary"] = terms_.party(*field, "the beneficiary");
      const DirectoryParty* known =
          terms_.directory().party(out_["beneficiary"].value("name", std::string()));
      if (known != nullptr && !known->bank.empty())
        out_["beneficiary_bank"] = known->bank;
      else
        terms_.remark(*field,
                      "the directory does not say which bank keeps the beneficiary's "
                      "account: fill beneficiary_bank");
    }
    constexpr std::array<std::array<const char*, 3>, 3> kBanks = {
        {{"53", "reimbursing_bank", "the reimbursing bank"},
         {"57", "second_advising_bank", "the bank that advises through"},
         {"58", "requested_confirming_bank", "the bank that is asked to confirm"}}};
    for (const auto& [tag, term, what] : kBanks)
      if (const MtField* bank = message_.find_any(tag)) {
        put(term, terms_.bank(*bank, what));
      }
  }

  void amounts() {
    const std::string amount = terms_.value(terms_.money("32B")).value_or("");
    if (!amount.empty()) out_["amount"] = amount;
    read_tolerance(terms_, out_);
  }

  void availability() {
    if (const MtField* field = message_.find_any("41"); field != nullptr) {
      if (field->lines.size() < 2)
        return terms_.error(*field,
                            "it is a bank and, on the last line, how the credit is available",
                            ErrorCode::kMalformed);
      put("available_by", availability_of(*field));
      MtField bank = *field;
      bank.lines.pop_back();
      if (bank.text() == "ANY BANK") {
        out_["available_with_any_bank"] = true;
      } else {
        put("available_with", terms_.bank(bank, "the nominated bank"));
      }
    }
    tenor();
    if (const MtField* field = find("42C")) out_["drafts_at"] = field->text();
    for (const char* tag : {"42A", "42B", "42D"})
      if (const MtField* field = find(tag)) {
        const auto bank = terms_.value(terms_.bank(*field, "the drawee"));
        if (!bank) continue;
        Json drawee{{"name", bank->contains("name") ? (*bank)["name"] : (*bank)["bic"]}};
        if (bank->contains("organisation")) drawee["organisation"] = (*bank)["organisation"];
        out_["drawee"] = drawee;
      }
    if (const MtField* field = find("49")) {
      put("confirmation", confirmation_of(*field));
    }
  }

  // When drawings are paid. What the words do not say plainly is for a person to say.
  void tenor() {
    const std::string by = out_.value("available_by", std::string());
    const MtField* field = by == "DEFERRED_PAYMENT" ? find("42P") : find("42C");
    if (by == "MIXED_PAYMENT") {
      const MtField* mixed = find("42M");
      if (mixed != nullptr) terms_.remark(*mixed, "fill payment with its parts and their tenors");
      return;
    }
    if (field == nullptr || by == "SIGHT_PAYMENT") return;
    terms_.payment(*field, out_);
  }

  // What no program carries out stays in the terms as the message says it.
  void carried_in_words() {
    struct Term {
      const char* tag;
      const char* name;
      std::size_t limit;
    };
    constexpr std::array<Term, 8> kTerms = {{{"39C", "additional_amounts", 150},
                                             {"42M", "mixed_payment", 150},
                                             {"42P", "deferred_payment", 150},
                                             {"44D", "shipment_period", 400},
                                             {"49G", "payment_conditions_beneficiary", 6'600},
                                             {"49H", "payment_conditions_bank", 6'600},
                                             {"78", "bank_instructions", 800},
                                             {"72Z", "sender_to_receiver", 220}}};
    for (const Term& term : kTerms) {
      if (const MtField* field = find(term.tag))
        out_[term.name] = terms_.within(*field, term.limit);
    }
  }

  // What no other term holds stays as it stands.
  void further() {
    for (const char* tag : {"23", "50B", "51A", "51D", "78D", "72", "39B"})
      if (const MtField* field = find(tag))
        out_["further"].push_back(Json{{"tag", tag}, {"text", terms_.within(*field, 800)}});
  }

  void shipment() {
    read_allowed(terms_, out_);
    read_shipment_places(terms_, out_);
    const std::string expiry = out_.value("expiry_date", std::string());
    const std::string currency = out_.value("amount", std::string()).substr(0, 3);
    if (!read_shipment_terms(terms_, out_, expiry, currency))
      terms_.remark(*find("44D"),
                    "no days that the ledger knows: fill shipment_periods or latest_shipment");
  }

  // "About" and "approximately" allow 10 % of the quantity or unit price they stand with.
  void remark_about(const MtField& field, const std::string& clause) {
    for (const char* word : {"ABOUT", "APPROXIMATELY", "APPROX"})
      if (clause.find(word) != std::string::npos)
        return terms_.remark(field, "'" + cut(clause, 80) +
                                        "': fill quantity or unit_price and say about there "
                                        "(UCP 600 Art. 30(a))");
  }

  void narrative() {
    for (const char* tag : {"45A", "46A", "47A"})
      if (const MtField* field = find(tag)) explain_shipment_words(terms_, *field);
    if (const MtField* field = find("45A")) {
      const std::vector<std::string> clauses = split_clauses(field->lines);
      std::string goods;
      for (const std::string& clause : clauses) {
        if (read_goods_clause(clause, out_)) continue;
        remark_about(*field, clause);
        goods += (goods.empty() ? "" : "\n") + clause;
        if (const std::string term = trade_term_of(clause); !term.empty())
          out_["trade_term"] = term;
      }
      if (goods.size() > 4'096)
        terms_.error(*field, "it is longer than 4096 characters", ErrorCode::kMalformed);
      out_["goods"] = goods;
    }
    if (const MtField* field = find("46A")) {
      Json documents = Json::array();
      std::vector<std::string> titles;
      for (const std::string& clause : split_clauses(field->lines))
        documents.push_back(terms_.required_document(*field, clause, titles));
      if (documents.size() > 32)
        terms_.error(*field, "it asks for more than 32 documents", ErrorCode::kMalformed);
      out_["documents"] = documents;
    }
    if (const MtField* field = find("47A")) conditions(*field);
    if (const MtField* field = find("71D")) out_["charges"] = terms_.within(*field, 220);
    const unsigned days = terms_.value(terms_.presentation_days()).value_or(0);
    if (days > 0) out_["presentation_days"] = days;
  }

  void conditions(const MtField& field) {
    Json list = Json::array();
    for (const std::string& clause : split_clauses(field.lines)) {
      const RequiredClause named = read_required(clause);
      std::string shown_by;
      if (out_.contains("documents"))
        for (const Json& document : out_["documents"])
          if (named.kind != "OTHER_DOCUMENT" && document["kind"] == named.kind && shown_by.empty())
            shown_by = document["title"];
      list.push_back(terms_.condition(field, clause, shown_by));
    }
    if (list.size() > 32)
      terms_.error(field, "it has more than 32 conditions", ErrorCode::kMalformed);
    out_["conditions"] = list;
  }

  MtTerms& terms_;
  const MtMessage& message_;
  Json out_ = Json::object();
};

Result<CreditImport> import_credit(const MtMessage& message, const Directory& directory,
                                   MtFindings& findings) {
  CreditImport out;
  MtTerms terms(message, directory, findings);
  if (message.type == "707") {
    out.method = "DraftAmendment";
    out.request = import_amendment(terms);
  } else if (message.type == "700" || message.type == "710" || message.type == "720") {
    out.method = "DraftIssue";
    out.request["terms"] = CreditReader(terms, message).read();
  } else {
    return fail(ErrorCode::kUnsupported,
                "MT" + message.type + " neither issues nor amends a credit: 700, 707, 710, 720 do");
  }
  return out;
}

}  // namespace

Result<CreditImport> import_credit_file(std::string_view bytes, MtReading reading,
                                        const std::string& type, const Directory& directory) {
  // What strangers wrote goes on as JSON: only in UTF-8.
  if (!is_utf8(bytes)) return fail(ErrorCode::kMalformed, "the message has bytes that are no text");
  MtFindings findings(reading);
  const auto read = [&]() -> Result<CreditImport> {
    USANCE_ASSIGN(MtMessage message, read_mt(bytes, findings));
    if (message.type.empty()) message.type = type.empty() ? guess_mt_type(message) : type;
    USANCE_TRY(check_mt(message, findings));
    return import_credit(message, directory, findings);
  };
  Result<CreditImport> out = read();
  if (!out) findings.error(out.error());
  USANCE_TRY(findings.verdict());
  out->remarks = std::move(findings.remarks());
  return out;
}

}  // namespace usance::documents
