#include "tools/documents/swift/credit_export.h"

#include <algorithm>

#include "tools/documents/swift/goods_words.h"
#include "tools/documents/swift/mt_fields.h"
#include "tools/documents/swift/mt_text.h"
#include "tools/documents/swift/mt_writer.h"
#include "tools/documents/swift/tenor_text.h"

namespace usance::documents {

namespace {

// The code word of an enumerator; the enumerator itself where there is none, which the rules of the
// message then refuse or a person reads.
std::string word_of(const std::string& value,
                    std::initializer_list<std::pair<const char*, const char*>> words) {
  for (const auto& [enumerator, word] : words)
    if (value == enumerator) return word;
  return value;
}

std::string clause_of(const Json& document) {
  const std::string wording = text_at(document, "wording");
  return wording.empty() ? text_at(document, "title") : wording;
}

std::string two_digits(std::int64_t basis_points) {
  const std::string percent = std::to_string(basis_points / 100);
  return percent.size() == 1 ? "0" + percent : percent;
}

void available(MtWriter& out, const Json& terms) {
  const Json& bank = at(terms, "available_with");
  const std::string by =
      word_of(text_at(terms, "available_by"), {{"SIGHT_PAYMENT", "BY PAYMENT"},
                                               {"DEFERRED_PAYMENT", "BY DEF PAYMENT"},
                                               {"ACCEPTANCE", "BY ACCEPTANCE"},
                                               {"NEGOTIATION", "BY NEGOTIATION"},
                                               {"MIXED_PAYMENT", "BY MIXED PYMT"}});
  const std::string bic = text_at(bank, "bic");
  const bool any = at(terms, "available_with_any_bank") == Json(true);
  std::vector<std::string> lines = any           ? std::vector<std::string>{"ANY BANK"}
                                   : bic.empty() ? wrap(text_at(bank, "name"), 35, false)
                                                 : std::vector<std::string>{bic};
  if (lines.empty() || by.empty()) return;
  lines.push_back(by);
  out.add(bic.empty() ? "41D" : "41A", std::move(lines));
}

// Of a drawing that is paid as a whole.
std::string tenor_of(const Json& terms) {
  const std::vector<Json> parts = list_at(terms, "payment");
  return parts.size() == 1 ? tenor_words(at(parts.front(), "tenor")) : "";
}

std::string allowed(const Json& terms, const char* term) {
  // Proto leaves out the default: not stated is allowed (Art. 31(a)).
  return word_of(text_at(terms, term), {{"NOT_ALLOWED", "NOT ALLOWED"}, {"", "ALLOWED"}});
}

Result<std::string> percentages(std::int64_t plus_bp, std::int64_t minus_bp) {
  if (plus_bp % 100 != 0 || minus_bp % 100 != 0)
    return fail(ErrorCode::kInvalidArgument, "field 39A has whole percents only");
  return two_digits(plus_bp) + "/" + two_digits(minus_bp);
}

// (39A), which says "about" the amount as well (Art. 30(a)).
Result<std::string> tolerance_of(const Json& terms) {
  std::int64_t plus = integer_at(terms, "plus_tolerance");
  std::int64_t minus = integer_at(terms, "minus_tolerance");
  if (plus == 0 && minus == 0 && at(terms, "about_amount") == Json(true)) plus = minus = 1'000;
  if (plus == 0 && minus == 0) return std::string();
  return percentages(plus, minus);
}

// (44D): in the message's own words, else one line a period.
std::vector<std::string> shipment_periods(const Json& terms) {
  const std::string words = text_at(terms, "shipment_period");
  if (!words.empty()) return wrap(words, 65, true);
  std::vector<std::string> lines;
  for (const Json& period : list_at(terms, "shipment_periods")) {
    const auto day = [&period](const char* name) {
      return iso_date(static_cast<std::int32_t>(integer_at(period, name)));
    };
    std::string line = "FROM " + day("from") + " TO " + day("to");
    const std::int64_t units = integer_at(period, "minor_units");
    if (units != 0) line += " FOR " + write_mt_amount(money_at(terms, "amount").currency, units);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string rules_words(const Json& terms) {
  const std::string rules = text_at(terms, "rules");
  return rules.empty() ? "" : rules + " LATEST VERSION";
}

std::string expiry_of(const Json& terms) {
  const std::int64_t expiry = integer_at(terms, "expiry_date");
  if (expiry == 0) return "";
  return write_mt_date(static_cast<std::int32_t>(expiry)) + text_at(terms, "expiry_place");
}

std::string form_words(const Json& terms) {
  return word_of(text_at(terms, "form"), {{"IRREVOCABLE_TRANSFERABLE", "IRREVOCABLE TRANSFERABLE"},
                                          {"IRREVOCABLE_STANDBY", "IRREVOCABLE STANDBY"}});
}

// (42C) to (42P): how drawings are paid.
void write_drawings(MtWriter& out, const Json& terms) {
  const std::string tenor = tenor_of(terms);
  const bool deferred = text_at(terms, "available_by") == "DEFERRED_PAYMENT";
  const std::string drafts = text_at(terms, "drafts_at");
  out.text("42C", drafts.empty() && !deferred ? tenor : drafts, 35, false);
  out.text("42D", text_at(at(terms, "drawee"), "name"), 35, false);
  out.text("42M", text_at(terms, "mixed_payment"), 35, false);
  const std::string words = text_at(terms, "deferred_payment");
  out.text("42P", words.empty() && deferred ? tenor : words, 35, false);
}

// What 700 and 720 have in common: the amount to the instructions on confirmation (49).
Result<void> write_conditions(MtWriter& out, const Json& terms) {
  const JsonMoney amount = money_at(terms, "amount");
  out.money("32B", amount.currency, amount.minor_units);
  USANCE_ASSIGN(const std::string tolerance, tolerance_of(terms));
  out.add("39A", tolerance);
  out.text("39C", text_at(terms, "additional_amounts"), 35, false);
  available(out, terms);
  write_drawings(out, terms);
  out.add("43P", allowed(terms, "partial_shipments"));
  out.add("43T", allowed(terms, "transhipment"));
  out.text("44A", text_at(terms, "place_of_receipt"), 140, true);
  out.text("44E", text_at(terms, "port_of_loading"), 140, true);
  out.text("44F", text_at(terms, "port_of_discharge"), 140, true);
  out.text("44B", text_at(terms, "final_destination"), 140, true);
  out.date("44C", terms, "latest_shipment");
  out.add("44D", shipment_periods(terms));
  out.narrative("45A", goods_clauses(terms, amount.currency));
  std::vector<std::string> clauses;
  for (const Json& document : list_at(terms, "documents")) clauses.push_back(clause_of(document));
  out.narrative("46A", clauses);
  clauses.clear();
  for (const Json& condition : list_at(terms, "conditions"))
    clauses.push_back(text_at(condition, "text"));
  out.narrative("47A", clauses);
  out.text("49G", text_at(terms, "payment_conditions_beneficiary"), 65, true);
  out.text("49H", text_at(terms, "payment_conditions_bank"), 65, true);
  out.text("71D", text_at(terms, "charges"), 35, true);
  const std::int64_t days = integer_at(terms, "presentation_days");
  if (days != 0) out.add("48", std::to_string(days));
  out.add("49", word_of(text_at(terms, "confirmation"), {{"", "WITHOUT"}, {"MAY_ADD", "MAY ADD"}}));
  return {};
}

// The goods anew (/REPALL/) when an amendment changes them, their quantity or their unit price.
std::vector<std::string> changed_goods(const Json& terms, const Json& change,
                                       const std::string& currency) {
  Json anew{{"goods", at(terms, "goods")}, {"trade_term", at(terms, "trade_term")}};
  bool any = false;
  for (const char* term : {"goods", "quantity", "unit_price"}) {
    const bool changed = !at(change, term).is_null() && at(change, term) != Json("");
    if (at(change, term).is_object() && text_at(at(change, term), "value").empty()) continue;
    if (changed) anew[term] = at(change, term);
    any = any || changed;
  }
  return any ? goods_clauses(anew, currency) : std::vector<std::string>();
}

// (39A) anew: both percentages, of which the change may state one.
Result<std::string> changed_tolerance(const Json& terms, const Json& change) {
  if (at(change, "plus_tolerance").is_null() && at(change, "minus_tolerance").is_null())
    return std::string();
  const auto basis_points = [&](const char* term) {
    return integer_at(at(change, term).is_null() ? terms : change, term);
  };
  return percentages(basis_points("plus_tolerance"), basis_points("minus_tolerance"));
}

// The party as it will be, where the change says something of it.
Json changed_party(const Json& terms, const Json& change, const char* term) {
  const Json& with = at(change, term);
  Json party = at(terms, term);
  bool any = false;
  for (const char* part : {"name", "address", "country", "account"}) {
    if (text_at(with, part).empty()) continue;
    party[part] = at(with, part);
    any = true;
  }
  return any ? party : Json::object();
}

// Clauses behind the code of what becomes of them, in the lines of fields 45B, 46B and 47B.
class ChangedClauses {
 public:
  void add(const char* code, const std::string& clause) {
    for (std::string& line : clause_lines(code, clause)) lines_.push_back(std::move(line));
  }
  void replace_all(const std::vector<std::string>& clauses) {
    for (const std::string& clause : clauses) add(lines_.empty() ? "/REPALL/" : "", clause);
  }
  [[nodiscard]] std::vector<std::string> take() { return std::move(lines_); }

 private:
  std::vector<std::string> lines_;
};

std::vector<std::string> changed_documents(const Json& terms, const Json& change) {
  ChangedClauses out;
  std::vector<std::string> added;
  for (const Json& document : list_at(change, "add_documents"))
    added.push_back(clause_of(document));
  if (at(change, "replace_documents") == Json(true)) {
    out.replace_all(added);
    return out.take();
  }
  for (const Json& title : list_at(change, "delete_documents")) {
    std::string clause = title.is_string() ? title.get<std::string>() : "";
    for (const Json& document : list_at(terms, "documents"))
      if (title == at(document, "title")) clause = clause_of(document);
    out.add("/DELETE/", clause);
  }
  for (const std::string& clause : added) out.add("/ADD/", clause);
  return out.take();
}

std::vector<std::string> changed_conditions(const Json& terms, const Json& change) {
  ChangedClauses out;
  std::vector<std::string> added;
  for (const Json& condition : list_at(change, "add_conditions"))
    added.push_back(text_at(condition, "text"));
  const bool replaces = at(change, "replace_conditions") == Json(true);
  if (replaces && !added.empty()) {
    out.replace_all(added);
    return out.take();
  }
  if (replaces)  // by nothing, for which the message has no word
    for (const Json& condition : list_at(terms, "conditions"))
      out.add("/DELETE/", text_at(condition, "text"));
  for (const Json& text : list_at(change, "delete_conditions"))
    if (text.is_string()) out.add("/DELETE/", text.get<std::string>());
  for (const std::string& clause : added) out.add("/ADD/", clause);
  return out.take();
}

// What a message said that no other term holds.
void add_further(MtWriter& out, const Json& terms, std::initializer_list<std::string_view> tags) {
  for (const Json& field : list_at(terms, "further"))
    for (const std::string_view tag : tags)
      if (text_at(field, "tag") == tag)
        out.text(std::string(tag).c_str(), text_at(field, "text"), tag == "78D" ? 65 : 35, false);
}

void add_bank(MtWriter& out, const char* tag, const Json& terms, const char* term) {
  if (at(terms, term).is_object()) out.bank(tag, at(terms, term));
}

}  // namespace

Result<MtMessage> export_issue(const Json& terms, const MtAddress& address) {
  MtWriter out("700", address);
  out.add("27", "1/1");
  out.add("40A", form_words(terms));
  out.add("20", text_at(terms, "number"));
  add_further(out, terms, {"23"});
  if (address.date != 0) out.add("31C", write_mt_date(address.date));
  out.add("40E", rules_words(terms));
  out.add("31D", expiry_of(terms));
  add_further(out, terms, {"50B", "51A", "51D"});
  out.party("50", at(terms, "applicant"));
  out.party("59", at(terms, "beneficiary"));
  USANCE_TRY(write_conditions(out, terms));
  add_bank(out, "58", terms, "requested_confirming_bank");
  add_bank(out, "53", terms, "reimbursing_bank");
  out.text("78", text_at(terms, "bank_instructions"), 65, false);
  add_further(out, terms, {"78D"});
  add_bank(out, "57", terms, "second_advising_bank");
  out.text("72Z", text_at(terms, "sender_to_receiver"), 35, true);
  return out.take();
}

Result<MtMessage> export_transfer(const Json& credit_terms, const Json& transfer, bool confirmed,
                                  const MtAddress& address) {
  const std::string state = text_at(transfer, "state");
  if (state != "TRANSFERRED")
    return fail(ErrorCode::kInvalidArgument,
                "the bank has not transferred it: the transfer is " + state);
  const Json& terms = at(transfer, "terms");
  const std::string number = text_at(terms, "number");
  const std::string own = number + "-" + std::to_string(integer_at(transfer, "number"));
  if (address.reference.empty() && own.size() > 16)
    return fail(
        ErrorCode::kInvalidArgument,
        "field 20 is the transferring bank's own reference, at most 16 characters: name it");
  MtWriter out("720", address);
  out.add("27", "1/1");
  // A second beneficiary cannot transfer it on (Art. 38(d)).
  out.add("40B", std::vector<std::string>{"IRREVOCABLE", confirmed ? "ADDING OUR CONFIRMATION"
                                                                   : "WITHOUT OUR CONFIRMATION"});
  out.add("20", address.reference.empty() ? own : address.reference);
  out.add("21", number);
  if (address.issued != 0) out.add("31C", write_mt_date(address.issued));
  out.add("40E", rules_words(terms));
  out.add("31D", expiry_of(terms));
  add_bank(out, "52", terms, "issuing_bank");
  out.party("50", at(credit_terms, "beneficiary"));
  out.party("59", at(terms, "beneficiary"));
  USANCE_TRY(write_conditions(out, terms));
  add_bank(out, "58", terms, "requested_confirming_bank");
  out.text("78", text_at(terms, "bank_instructions"), 65, false);
  add_further(out, terms, {"78D"});
  return out.take();
}

Result<MtMessage> export_amendment(const Json& terms, const Json& amendment,
                                   const MtAddress& address) {
  const Json& change = at(amendment, "change");
  const std::string currency = money_at(terms, "amount").currency;
  MtWriter out("707", address);
  out.add("27", "1/1");
  out.add("20", text_at(terms, "number"));
  out.add("21", address.related);
  out.add("23", text_at(terms, "number"));
  if (address.issued != 0) out.add("31C", write_mt_date(address.issued));
  out.add("26E", std::to_string(integer_at(amendment, "number")));
  if (address.date != 0) out.add("30", write_mt_date(address.date));
  out.add("22A", "ISSU");
  out.add("40A", form_words(change));
  out.add("40E", rules_words(change));
  const std::int64_t expiry = integer_at(change, "expiry_date");
  if (expiry != 0)
    out.add("31D",
            write_mt_date(static_cast<std::int32_t>(expiry)) + text_at(terms, "expiry_place"));
  out.party("50", changed_party(terms, change, "applicant"));
  out.party("59", changed_party(terms, change, "beneficiary"));
  out.money("32B", currency, integer_at(change, "increase"));
  out.money("33B", currency, integer_at(change, "decrease"));
  USANCE_ASSIGN(const std::string tolerance, changed_tolerance(terms, change));
  out.add("39A", tolerance);
  Json drawings = change;
  drawings["available_by"] = at(terms, "available_by");
  write_drawings(out, drawings);
  for (const auto& [tag, term] :
       {std::pair("43P", "partial_shipments"), std::pair("43T", "transhipment")})
    if (!at(change, term).is_null()) out.add(tag, allowed(change, term));
  out.text("44A", text_at(change, "place_of_receipt"), 140, true);
  out.text("44E", text_at(change, "port_of_loading"), 140, true);
  out.text("44F", text_at(change, "port_of_discharge"), 140, true);
  out.text("44B", text_at(change, "final_destination"), 140, true);
  out.date("44C", change, "latest_shipment");
  out.add("44D", shipment_periods(Json{{"shipment_periods", list_at(change, "shipment_periods")},
                                       {"amount", at(terms, "amount")}}));
  ChangedClauses goods;
  goods.replace_all(changed_goods(terms, change, currency));
  out.add("45B", goods.take());
  out.add("46B", changed_documents(terms, change));
  out.add("47B", changed_conditions(terms, change));
  out.text("71D", text_at(change, "charges"), 35, true);
  const std::int64_t days = integer_at(change, "presentation_days");
  if (days != 0) out.add("48", std::to_string(days));
  out.add("49", word_of(text_at(change, "confirmation"), {{"MAY_ADD", "MAY ADD"}}));
  return out.take();
}

}  // namespace usance::documents
