#include "tools/documents/swift/credit_import.h"

#include <array>

#include "tools/documents/swift/amendment_import.h"
#include "tools/documents/swift/clauses.h"
#include "tools/documents/swift/goods_words.h"
#include "tools/documents/swift/mt_fields.h"
#include "tools/documents/swift/mt_rules.h"
#include "tools/documents/swift/mt_text.h"
#include "tools/documents/swift/shipment_words.h"
#include "tools/documents/swift/tenor_text.h"
#include "tools/documents/utf8.h"

namespace usance::documents {

namespace {

using Words = std::initializer_list<std::pair<const char*, const char*>>;

// The enumerator that belongs to a code word.
Result<std::string> code_of(const MtField& field, const std::string& text, const Words& words) {
  for (const auto& [code, value] : words)
    if (text == code) return std::string(value);
  return field_error(field, "the ledger's terms cannot say '" + cut(text, 60) + "'",
                     ErrorCode::kUnsupported);
}

class CreditReader {
 public:
  CreditReader(MtTerms& terms, const MtMessage& message) : terms_(terms), message_(message) {}

  Result<Json> read() {
    USANCE_TRY(continuation());
    USANCE_TRY(head());
    USANCE_TRY(parties());
    USANCE_TRY(amounts());
    USANCE_TRY(availability());
    USANCE_TRY(shipment());
    USANCE_TRY(narrative());
    carried_in_words();
    terms_.not_carried({"23", "50B", "51a", "78D", "72", "39B"});
    return std::move(out_);
  }

 private:
  const MtField* find(const char* tag) const { return message_.find(tag); }

  Result<void> continuation() const {
    const MtField* field = find("27");
    if (field != nullptr && field->text() != "1/1")
      return field_error(*field,
                         "the credit goes on in further messages (MT701, 711, 721): put "
                         "their fields 45A, 46A and 47A into this file",
                         ErrorCode::kUnsupported);
    return {};
  }

  Result<void> head() {
    // 710 and 720: (20) is the advising bank's reference, (21) the credit's number.
    const MtField* number = find(message_.type == "700" ? "20" : "21");
    if (number != nullptr) out_["number"] = number->text();
    if (const MtField* form = find("40A")) {
      USANCE_ASSIGN(out_["form"], form_of(*form, form->text()));
    } else if (const MtField* advised = find("40B")) {
      USANCE_ASSIGN(out_["form"], form_of(*advised, advised->lines.front()));
      if (advised->lines.size() > 1)
        terms_.remark(*advised, "the sender says: " + advised->lines[1]);
    }
    if (const MtField* rules = find("40E")) {
      const Words words = {{"UCP LATEST VERSION", "UCP"},
                           {"EUCP LATEST VERSION", "EUCP"},
                           {"UCPURR LATEST VERSION", "UCPURR"},
                           {"EUCPURR LATEST VERSION", "EUCPURR"},
                           {"ISP LATEST VERSION", "ISP"}};
      USANCE_ASSIGN(out_["rules"], code_of(*rules, rules->text(), words));
    }
    return expiry();
  }

  static Result<std::string> form_of(const MtField& field, const std::string& text) {
    const Words words = {{"IRREVOCABLE", "IRREVOCABLE"},
                         {"IRREVOCABLE TRANSFERABLE", "IRREVOCABLE_TRANSFERABLE"},
                         {"IRREVOCABLE STANDBY", "IRREVOCABLE_STANDBY"}};
    return code_of(field, text, words);
  }

  Result<void> expiry() {
    const MtField* field = find("31D");
    if (field == nullptr) return {};
    const std::string text = field->text();
    const Result<std::int32_t> date = parse_mt_date(text.substr(0, 6));
    if (!date) return field_error(*field, date.error().message);
    out_["expiry_date"] = iso_date(*date);
    const std::string place = text.size() > 6 ? text.substr(6) : "";
    const std::string code = terms_.directory().place(place);
    if (!code.empty())
      out_["expiry_place"] = code;
    else
      terms_.remark(*field, "the place '" + place + "' is not in the directory: fill expiry_place");
    return {};
  }

  Result<void> parties() {
    if (const MtField* bank = message_.find_any("52"); bank != nullptr) {
      USANCE_ASSIGN(out_["issuing_bank"], terms_.bank(*bank, "the issuing bank"));
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
        USANCE_ASSIGN(out_[term], terms_.bank(*bank, what));
      }
    return {};
  }

  Result<void> amounts() {
    USANCE_ASSIGN(const std::string amount, terms_.money("32B"));
    if (!amount.empty()) out_["amount"] = amount;
    const MtField* tolerance = find("39A");
    if (tolerance == nullptr) return {};
    const std::string text = tolerance->text();
    const std::size_t slash = text.find('/');
    const std::string plus = text.substr(0, slash);
    const std::string minus = slash == std::string::npos ? "" : text.substr(slash + 1);
    const auto percent = [](const std::string& digits) {
      return !digits.empty() && digits.size() <= 2 &&
             digits.find_first_not_of("0123456789") == std::string::npos;
    };
    if (!percent(plus) || !percent(minus))
      return field_error(*tolerance, "it is two percentages, such as 05/05");
    out_["plus_tolerance"] = std::stoi(plus) * 100;  // basis points
    out_["minus_tolerance"] = std::stoi(minus) * 100;
    return {};
  }

  Result<void> availability() {
    if (const MtField* field = message_.find_any("41"); field != nullptr) {
      if (field->lines.size() < 2)
        return field_error(*field,
                           "it is a bank and, on the last line, how the credit is available");
      const Words words = {{"BY PAYMENT", "SIGHT_PAYMENT"},
                           {"BY DEF PAYMENT", "DEFERRED_PAYMENT"},
                           {"BY ACCEPTANCE", "ACCEPTANCE"},
                           {"BY NEGOTIATION", "NEGOTIATION"},
                           {"BY MIXED PYMT", "MIXED_PAYMENT"}};
      USANCE_ASSIGN(out_["available_by"], code_of(*field, field->lines.back(), words));
      MtField bank = *field;
      bank.lines.pop_back();
      if (bank.text() == "ANY BANK") {
        out_["available_with_any_bank"] = true;
      } else {
        USANCE_ASSIGN(out_["available_with"], terms_.bank(bank, "the nominated bank"));
      }
    }
    tenor();
    if (const MtField* field = find("42C")) out_["drafts_at"] = field->text();
    for (const char* tag : {"42A", "42D"})
      if (const MtField* field = find(tag)) {
        USANCE_ASSIGN(const Json bank, terms_.bank(*field, "the drawee"));
        Json drawee{{"name", bank.contains("name") ? bank["name"] : bank["bic"]}};
        if (bank.contains("organisation")) drawee["organisation"] = bank["organisation"];
        out_["drawee"] = drawee;
      }
    if (const MtField* field = find("49")) {
      const Words words = {{"CONFIRM", "CONFIRM"}, {"MAY ADD", "MAY_ADD"}, {"WITHOUT", "WITHOUT"}};
      USANCE_ASSIGN(out_["confirmation"], code_of(*field, field->text(), words));
    }
    return {};
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
    const std::optional<Json> tenor = read_tenor(field->text());
    if (!tenor) {
      terms_.remark(*field, "no tenor that the ledger knows: fill payment");
    } else if (!tenor->empty()) {
      out_["payment"] = Json::array({Json{{"tenor", *tenor}}});
    }
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
      const MtField* field = find(term.tag);
      if (field == nullptr) continue;
      out_[term.name] = cut(field->text(), term.limit);
      if (field->text().size() > term.limit)
        terms_.remark(*field, "it is longer than the ledger's terms hold, and is cut");
    }
  }

  Result<void> shipment() {
    const Words words = {{"ALLOWED", "ALLOWED"}, {"NOT ALLOWED", "NOT_ALLOWED"}};
    if (const MtField* field = find("43P")) {
      USANCE_ASSIGN(out_["partial_shipments"], code_of(*field, field->text(), words));
    }
    if (const MtField* field = find("43T")) {
      USANCE_ASSIGN(out_["transhipment"], code_of(*field, field->text(), words));
    }
    constexpr std::array<std::pair<const char*, const char*>, 4> kPlaces = {
        {{"44A", "place_of_receipt"},
         {"44E", "port_of_loading"},
         {"44F", "port_of_discharge"},
         {"44B", "final_destination"}}};
    for (const auto& [tag, term] : kPlaces)
      if (const MtField* field = find(tag)) out_[term] = cut(field->text(), 140);
    USANCE_TRY(latest_shipment());
    if (const MtField* field = find("44D")) shipment_period(*field);
    return {};
  }

  // (44C) is a date; where lenient reading lets words stand there, they mean what Art. 3 says.
  Result<void> latest_shipment() {
    const MtField* field = find("44C");
    if (field == nullptr) return {};
    const auto words = read_shipment_words(field->text());
    const Result<std::string> latest = terms_.date("44C");
    if (latest) {
      out_["latest_shipment"] = *latest;
    } else if (together(words).last.is_set()) {
      explain(*field, words, true);
      allow(together(words));
    } else {
      return tl::unexpected(latest.error());
    }
    return {};
  }

  // (44D) stays as it stands; the days that its words name become terms.
  void shipment_period(const MtField& field) {
    const auto words = read_shipment_words(spaced(field));
    explain(field, words, true);
    if (out_.contains("latest_shipment")) return;
    if (lines_are_periods(field)) return;
    const auto span = together(words);
    if (span.last.is_set() || (span.first.is_set() && out_.contains("expiry_date"))) {
      allow(span);
    } else {
      terms_.remark(field,
                    "no days that the ledger knows: fill shipment_periods or "
                    "latest_shipment");
    }
  }

  static std::string spaced(const MtField& field) {
    std::string out;
    for (const std::string& line : field.lines) out += (out.empty() ? "" : " ") + line;
    return out;
  }

  // Instalments: each line has its first and last day, and perhaps its amount.
  bool lines_are_periods(const MtField& field) {
    if (field.lines.size() < 2 && field.text().find(" FOR ") == std::string::npos) return false;
    Json periods = Json::array();
    for (const std::string& line : field.lines) {
      const auto span = together(read_shipment_words(line));
      if (!span.first.is_set() || !span.last.is_set()) return false;
      Json period{{"from", iso_date(span.first.iso)}, {"to", iso_date(span.last.iso)}};
      const std::size_t behind = line.find(" FOR ");
      if (behind != std::string::npos)
        if (const auto amount = parse_mt_amount(line.substr(behind + 5)))
          period["minor_units"] = amount->minor_units;
      periods.push_back(std::move(period));
    }
    out_["shipment_periods"] = std::move(periods);
    return true;
  }

  // Days of shipment as terms: up to the last, or from the first on to the last or the expiry.
  void allow(const letter_of_credit::v1::DateSpan& span) {
    const std::string last =
        span.last.is_set() ? iso_date(span.last.iso) : out_.value("expiry_date", std::string());
    if (span.first.is_set())
      out_["shipment_periods"] =
          Json::array({Json{{"from", iso_date(span.first.iso)}, {"to", last}}});
    else
      out_["latest_shipment"] = last;
  }

  // What Art. 3 says of the words, for a person to look at.
  void explain(const MtField& field, const std::vector<ShipmentWords>& words, bool plain = false) {
    for (const ShipmentWords& expression : words)
      if (expression.explained || plain)
        terms_.remark(field, "'" + cut(expression.words, 60) + "' is " + meaning_of(expression) +
                                 (expression.explained ? " (UCP 600 Art. 3)" : ""));
  }

  // "About" and "approximately" allow 10 % of the quantity or unit price they stand with.
  void remark_about(const MtField& field, const std::string& clause) {
    for (const char* word : {"ABOUT", "APPROXIMATELY", "APPROX"})
      if (clause.find(word) != std::string::npos)
        return terms_.remark(field, "'" + cut(clause, 80) +
                                        "': fill quantity or unit_price and say about there "
                                        "(UCP 600 Art. 30(a))");
  }

  Result<void> narrative() {
    for (const char* tag : {"45A", "46A", "47A"})
      if (const MtField* field = find(tag)) explain(*field, read_shipment_words(spaced(*field)));
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
      if (goods.size() > 4'096) return field_error(*field, "it is longer than 4096 characters");
      out_["goods"] = goods;
    }
    if (const MtField* field = find("46A")) {
      Json documents = Json::array();
      std::vector<std::string> titles;
      for (const std::string& clause : split_clauses(field->lines))
        documents.push_back(terms_.required_document(*field, clause, titles));
      if (documents.size() > 32) return field_error(*field, "it asks for more than 32 documents");
      out_["documents"] = documents;
    }
    if (const MtField* field = find("47A")) USANCE_TRY(conditions(*field));
    if (const MtField* field = find("71D")) out_["charges"] = cut(field->text(), 210);
    USANCE_ASSIGN(const unsigned days, terms_.presentation_days());
    if (days > 0) out_["presentation_days"] = days;
    return {};
  }

  // A condition that no document shows is disregarded (Art. 14(h)); which document shows it is for
  // a person to say unless the clause names one.
  Result<void> conditions(const MtField& field) {
    Json list = Json::array();
    for (const std::string& clause : split_clauses(field.lines)) {
      Json condition{{"text", cut(clause, 1'024)}};
      const RequiredClause named = read_required(clause);
      if (out_.contains("documents"))
        for (const Json& document : out_["documents"])
          if (named.kind != "OTHER_DOCUMENT" && document["kind"] == named.kind &&
              !condition.contains("shown_by"))
            condition["shown_by"] = document["title"];
      if (!condition.contains("shown_by"))
        terms_.remark(field, "no required document shows '" + cut(clause, 80) +
                                 "': name it in shown_by or take the condition out (Art. 14(h))");
      list.push_back(condition);
    }
    if (list.size() > 32) return field_error(field, "it has more than 32 conditions");
    out_["conditions"] = list;
    return {};
  }

  MtTerms& terms_;
  const MtMessage& message_;
  Json out_ = Json::object();
};

}  // namespace

Result<CreditImport> import_credit(const MtMessage& message, const Directory& directory) {
  CreditImport out;
  MtTerms terms(message, directory, out.remarks);
  if (message.type == "707") {
    out.method = "DraftAmendment";
    USANCE_ASSIGN(out.request, import_amendment(terms));
  } else if (message.type == "700" || message.type == "710" || message.type == "720") {
    out.method = "DraftIssue";
    USANCE_ASSIGN(out.request["terms"], CreditReader(terms, message).read());
  } else {
    return fail(ErrorCode::kUnsupported,
                "MT" + message.type + " neither issues nor amends a credit: 700, 707, 710, 720 do");
  }
  return out;
}

Result<CreditImport> import_credit_file(std::string_view bytes, MtReading reading,
                                        const std::string& type, const Directory& directory) {
  // What strangers wrote goes on as JSON: only in UTF-8.
  if (!is_utf8(bytes)) return fail(ErrorCode::kMalformed, "the message has bytes that are no text");
  std::vector<std::string> remarks;
  USANCE_ASSIGN(MtMessage message, read_mt(bytes, reading, remarks));
  if (message.type.empty()) message.type = type.empty() ? guess_mt_type(message) : type;
  USANCE_TRY(check_mt(message, reading, remarks));
  USANCE_ASSIGN(CreditImport out, import_credit(message, directory));
  out.remarks.insert(out.remarks.begin(), remarks.begin(), remarks.end());
  return out;
}

}  // namespace usance::documents
