// What banks tell each other about a presentation: MT734, 750, 752, 754.
#include "tools/documents/swift/credit_export.h"
#include "tools/documents/swift/mt_fields.h"
#include "tools/documents/swift/mt_text.h"
#include "tools/documents/swift/mt_writer.h"

namespace usance::documents {

namespace {

// One discrepancy as a sentence: what the bank of the other side reads.
std::string sentence_of(const Json& discrepancy) {
  std::string out = text_at(discrepancy, "code");
  for (char& c : out)
    if (c == '_') c = ' ';
  if (out.empty()) out = "OTHER DISCREPANCY";
  const std::string article = text_at(discrepancy, "article");
  if (!article.empty()) out += " (UCP 600 ART. " + article + ")";
  const std::string document = text_at(discrepancy, "document");
  if (!document.empty()) out += ", " + document;
  const std::string expected = text_at(discrepancy, "expected");
  if (!expected.empty()) out += ", EXPECTED " + expected;
  const std::string found = text_at(discrepancy, "found");
  if (!found.empty()) out += ", FOUND " + found;
  return out;
}

std::vector<std::string> discrepancies(const Json& presentation, const char* list) {
  std::vector<std::string> out;
  for (const Json& discrepancy : list_at(presentation, list))
    for (std::string& line : wrap("+" + sentence_of(discrepancy), 50, true))
      out.push_back(std::move(line));
  return out;
}

void references(MtWriter& out, const Json& terms, const MtAddress& address) {
  out.add("20", text_at(terms, "number"));
  out.add("21", address.related);
}

std::string dated_amount(std::int64_t date, const JsonMoney& amount) {
  return write_mt_date(static_cast<std::int32_t>(date)) +
         write_mt_amount(amount.currency, amount.minor_units);
}

// What the other bank may do now (23 of 752).
const char* authority(const Json& terms) {
  const std::string by = text_at(terms, "available_by");
  if (by == "ACCEPTANCE") return "ACCEPT";
  if (by == "NEGOTIATION") return "NEGOTIATE";
  return at(terms, "reimbursing_bank").is_object() ? "REIMBURSE" : "SEE72Z";
}

tl::unexpected<Error> not_yet(const char* what) {
  return fail(ErrorCode::kInvalidArgument, what);
}

}  // namespace

Result<MtMessage> export_refusal(const Json& terms, const Json& presentation,
                                 const MtAddress& address) {
  const std::string disposal = text_at(presentation, "disposal");
  const char* code = disposal == "HOLD_PRESENTER"      ? "/HOLD/"
                     : disposal == "HOLD_WAIVER"       ? "/NOTIFY/"
                     : disposal == "RETURN"            ? "/RETURN/"
                     : disposal == "PRIOR_INSTRUCTION" ? "/PREVINST/"
                                                       : nullptr;
  if (code == nullptr) return not_yet("the presentation was not refused: it has no disposal");
  MtWriter out("734", address);
  references(out, terms, address);
  out.add("32A",
          dated_amount(integer_at(presentation, "received_on"), money_at(presentation, "claimed")));
  out.add("77J", discrepancies(presentation, "refused_for"));
  out.add("77B", code);
  return out.take();
}

Result<MtMessage> export_discrepancies(const Json& terms, const Json& presentation,
                                       const MtAddress& address) {
  const std::vector<std::string> found = discrepancies(presentation, "findings");
  if (found.empty())
    return not_yet("the tests of the data found no discrepancy: an MT750 would report nothing");
  MtWriter out("750", address);
  references(out, terms, address);
  const JsonMoney claimed = money_at(presentation, "claimed");
  out.money("32B", claimed.currency, claimed.minor_units);
  out.add("77J", found);
  return out.take();
}

Result<MtMessage> export_authorisation(const Json& terms, const Json& presentation,
                                       const MtAddress& address) {
  const std::string state = text_at(presentation, "state");
  if (state != "COMPLYING" && state != "PRECLUDED" && state != "UNDERTAKEN" && state != "HONOURED")
    return not_yet("the bank has not taken the documents up");
  MtWriter out("752", address);
  references(out, terms, address);
  const std::string code = state == "HONOURED" ? "REMITTED" : authority(terms);
  out.add("23", code);
  if (address.date != 0) out.add("30", write_mt_date(address.date));
  const JsonMoney claimed = money_at(presentation, "claimed");
  out.money("32B", claimed.currency, claimed.minor_units);
  if (code == "SEE72Z")
    out.text("72Z", "DOCUMENTS TAKEN UP. PLEASE PAY AS THE CREDIT SAYS.", 35, true);
  return out.take();
}

Result<MtMessage> export_payment(const Json& terms, const Json& presentation,
                                 const MtAddress& address) {
  const std::int64_t paid = integer_at(presentation, "paid");
  const std::string currency = money_at(presentation, "claimed").currency;
  const std::vector<Json> undertakings = list_at(presentation, "undertakings");
  const bool undertaken = text_at(presentation, "state") == "UNDERTAKEN";
  if (paid <= 0 && !undertaken) return not_yet("nothing was paid under this presentation");
  MtWriter out("754", address);
  references(out, terms, address);
  if (!undertaken) {
    out.add("32A", dated_amount(address.date, {currency, paid}));
    return out.take();
  }
  // Accepted, or a deferred payment undertaken: the amount falls due at maturity.
  if (undertakings.size() == 1 && paid <= 0) {
    const Json& only = undertakings.front();
    out.add("32A",
            dated_amount(integer_at(only, "maturity"), {currency, integer_at(only, "amount")}));
    return out.take();
  }
  std::int64_t all = paid;
  std::vector<std::string> due;
  if (paid > 0) due.push_back(write_mt_amount(currency, paid) + " PAID");
  for (const Json& part : undertakings) {
    std::int64_t units = integer_at(part, "amount");
    for (const Json& leg : list_at(part, "legs")) units -= integer_at(leg, "paid");
    if (units == 0) continue;
    all += units;
    due.push_back(write_mt_amount(currency, units) + " DUE " +
                  iso_date(static_cast<std::int32_t>(integer_at(part, "maturity"))));
  }
  if (all == 0) return not_yet("nothing was undertaken under this presentation");
  out.money("32B", currency, all);
  out.add("77", due);
  return out.take();
}

}  // namespace usance::documents
