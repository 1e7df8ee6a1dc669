#include "tools/documents/swift/shipment_terms.h"

#include "tools/documents/swift/mt_text.h"
#include "tools/documents/swift/shipment_words.h"
#include "tools/documents/utf8.h"

namespace usance::documents {

namespace {

std::string spaced(const MtField& field) {
  std::string out;
  for (const std::string& line : field.lines) out += (out.empty() ? "" : " ") + line;
  return out;
}

// What Art. 3 says of the words, for a person to look at.
void explain(MtTerms& terms, const MtField& field, const std::vector<ShipmentWords>& words,
             bool plain) {
  for (const ShipmentWords& expression : words)
    if (expression.explained || plain)
      terms.remark(field, "'" + cut(expression.words, 60) + "' is " + meaning_of(expression) +
                              (expression.explained ? " (UCP 600 Art. 3)" : ""));
}

// Days of shipment as terms: up to the last, or from the first on to the last or the expiry.
void allow(Json& out, const letter_of_credit::v1::DateSpan& span, const std::string& expiry) {
  const std::string last = span.last.is_set() ? iso_date(span.last.iso) : expiry;
  if (span.first.is_set())
    out["shipment_periods"] = Json::array({Json{{"from", iso_date(span.first.iso)}, {"to", last}}});
  else
    out["latest_shipment"] = last;
}

// (44C) is a date; where lenient reading lets words stand there, they mean what Art. 3 says.
void latest_shipment(MtTerms& terms, Json& out, const std::string& expiry) {
  const MtField* field = terms.message().find("44C");
  if (field == nullptr) return;
  const auto words = read_shipment_words(field->text());
  const Result<std::string> latest = terms.date("44C");
  if (latest) {
    out["latest_shipment"] = *latest;
  } else if (together(words).last.is_set()) {
    explain(terms, *field, words, true);
    allow(out, together(words), expiry);
  } else {
    terms.error(latest.error());
  }
}

// Instalments: each line has its first and last day, and perhaps its amount.
bool lines_are_periods(const MtField& field, Json& out, const std::string& currency) {
  if (field.lines.size() < 2 && field.text().find(" FOR ") == std::string::npos) return false;
  Json periods = Json::array();
  for (const std::string& line : field.lines) {
    const auto span = together(read_shipment_words(line));
    if (!span.first.is_set() || !span.last.is_set()) return false;
    Json period{{"from", iso_date(span.first.iso)}, {"to", iso_date(span.last.iso)}};
    const std::size_t behind = line.find(" FOR ");
    if (behind != std::string::npos) {
      const auto amount = parse_mt_amount(line.substr(behind + 5));
      if (!amount || (!currency.empty() && amount->currency != currency)) return false;
      period["minor_units"] = amount->minor_units;
    }
    periods.push_back(std::move(period));
  }
  out["shipment_periods"] = std::move(periods);
  return true;
}

}  // namespace

void read_shipment_places(MtTerms& terms, Json& out) {
  for (const auto& [tag, term] :
       {std::pair("44A", "place_of_receipt"), std::pair("44E", "port_of_loading"),
        std::pair("44F", "port_of_discharge"), std::pair("44B", "final_destination")})
    if (const MtField* field = terms.message().find(tag)) out[term] = terms.within(*field, 140);
}

bool read_shipment_terms(MtTerms& terms, Json& out, const std::string& expiry,
                         const std::string& currency) {
  latest_shipment(terms, out, expiry);
  const MtField* field = terms.message().find("44D");
  if (field == nullptr) return true;
  const auto words = read_shipment_words(spaced(*field));
  explain(terms, *field, words, true);
  if (out.contains("latest_shipment")) return true;
  if (lines_are_periods(*field, out, currency)) return true;
  const auto span = together(words);
  if (!span.last.is_set() && (!span.first.is_set() || expiry.empty())) return false;
  allow(out, span, expiry);
  return true;
}

void explain_shipment_words(MtTerms& terms, const MtField& field) {
  explain(terms, field, read_shipment_words(spaced(field)), false);
}

}  // namespace usance::documents
