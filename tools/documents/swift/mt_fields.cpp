#include "tools/documents/swift/mt_fields.h"

#include <algorithm>

#include "contracts/sdk/currency.h"
#include "tools/documents/identifiers.h"
#include "tools/documents/swift/clauses.h"
#include "tools/documents/swift/mt_text.h"
#include "tools/documents/swift/tenor_text.h"
#include "tools/documents/utf8.h"

namespace usance::documents {

namespace {

std::string decimal(const MtAmount& amount) {
  const int exponent = contract::currency_exponent(amount.currency);
  const auto places = static_cast<std::size_t>(exponent < 0 ? 0 : exponent);
  std::string digits = std::to_string(amount.minor_units);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return amount.currency + ":" + digits;
}

// Lines behind an account ("/123456") that may stand first.
std::vector<std::string> without_account(const MtField& field) {
  std::vector<std::string> out = field.lines;
  if (!out.empty() && out.front().starts_with("/")) out.erase(out.begin());
  return out;
}

}  // namespace

tl::unexpected<Error> field_error(const MtField& field, const std::string& what, ErrorCode code) {
  return fail(code, at_field(field, what));
}

std::string iso_date(std::int32_t date) {
  const std::string digits = std::to_string(date);
  return digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6, 2);
}

Result<std::string> MtTerms::date(const char* tag) const {
  const MtField* field = message_.find(tag);
  if (field == nullptr) return std::string();
  const Result<std::int32_t> out = parse_mt_date(field->text());
  if (!out) return field_error(*field, out.error().message);
  return iso_date(*out);
}

Result<std::string> MtTerms::money(const char* tag) const {
  const MtField* field = message_.find(tag);
  if (field == nullptr) return std::string();
  const Result<MtAmount> out = parse_mt_amount(field->text());
  if (!out) return field_error(*field, out.error().message);
  return decimal(*out);
}

Result<std::int64_t> MtTerms::minor_units(const char* tag) const {
  const MtField* field = message_.find(tag);
  if (field == nullptr) return std::int64_t{0};
  const Result<MtAmount> out = parse_mt_amount(field->text());
  if (!out) return field_error(*field, out.error().message);
  return out->minor_units;
}

Json MtTerms::bank(const std::string& bic, const std::string& name, const std::string& what) {
  Json out = Json::object();
  const DirectoryBank* known = bic.empty() ? nullptr : directory_.bank(bic);
  if (known != nullptr) out["organisation"] = known->organisation;
  const std::string shown = known != nullptr && !known->name.empty() ? known->name : name;
  if (!shown.empty()) out["name"] = cut(shown, 140);
  if (!bic.empty()) out["bic"] = bic;
  if (known != nullptr && !known->place.empty()) out["place"] = known->place;
  if (known == nullptr)
    remark(what + " " + (bic.empty() ? name : bic) +
           " is not in the directory: its organisation and place are left empty");
  return out;
}

Result<Json> MtTerms::bank(const MtField& field, const std::string& what) {
  const std::vector<std::string> lines = without_account(field);
  if (lines.empty()) return field_error(field, "it names no bank");
  if (lines.size() < field.lines.size())
    lose(field,
         "the ledger's terms have no place for an account of " + what + ": " + field.lines.front());
  if (field.tag.ends_with("A")) {
    if (const auto checked = check_identifier(IdentifierKind::kBic, lines.front()); !checked)
      return field_error(field, checked.error().message);
    return bank(lines.front(), "", what);
  }
  MtField named = field;
  named.lines = lines;
  return bank("", named.text(), what);
}

Json MtTerms::party(const MtField& field, const std::string& what) {
  const std::vector<std::string> lines = without_account(field);
  Json out = Json::object();
  if (lines.size() < field.lines.size()) out["account"] = field.lines.front().substr(1);
  if (lines.empty()) return out;
  out["name"] = lines.front();
  std::string address;
  std::string country;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    address += (address.empty() ? "" : ", ") + lines[i];
    // "SG/SINGAPORE" ends the address of those who follow the structured form.
    if (lines[i].size() > 2 && lines[i][2] == '/' && is_country(lines[i].substr(0, 2)))
      country = lines[i].substr(0, 2);
  }
  if (!address.empty()) out["address"] = address;
  const DirectoryParty* known = directory_.party(lines.front());
  if (known != nullptr && !known->country.empty()) country = known->country;
  if (!country.empty()) out["country"] = country;
  if (known == nullptr) {
    remark(field, what + " " + lines.front() + " is not in the directory: no member of the ledger");
    return out;
  }
  if (!known->lei.empty()) out["lei"] = known->lei;
  if (!known->organisation.empty()) out["organisation"] = known->organisation;
  return out;
}

std::string MtTerms::within(const MtField& field, std::size_t limit) {
  const std::string text = field.text();
  if (text.size() > limit)
    lose(field, "it is longer than the " + std::to_string(limit) +
                    " characters that the ledger's terms hold, and is cut");
  return cut(text, limit);
}

void MtTerms::not_carried(std::initializer_list<const char*> tags) {
  for (const char* tag : tags) {
    const std::string_view name = tag;
    const MtField* field =
        name.ends_with("a") ? message_.find_any(name.substr(0, 2)) : message_.find(name);
    if (field != nullptr)
      lose(*field, "the ledger's terms have no place for it: " + cut(field->text(), 200));
  }
}

Json MtTerms::required_document(const MtField& field, const std::string& clause,
                                std::vector<std::string>& titles) {
  RequiredClause required = read_required(clause);
  const std::string base = required.title;
  for (int count = 2; std::find(titles.begin(), titles.end(), required.title) != titles.end();
       ++count)
    required.title = base + " (" + std::to_string(count) + ")";
  titles.push_back(required.title);
  Json out{{"title", required.title}, {"kind", required.kind}};
  if (required.originals > 0) out["originals"] = required.originals;
  if (required.copies > 0) out["copies"] = required.copies;
  if (required.originals == 0 && required.copies == 0)
    remark(field, "'" + required.title + "' does not say how many originals: one is enough");
  if (clause.size() > 1'024)
    lose(field, "the wording of '" + required.title + "' is cut to 1024 characters");
  out["wording"] = cut(clause, 1'024);
  return out;
}

Json MtTerms::condition(const MtField& field, const std::string& clause,
                        const std::string& shown_by) {
  Json out{{"text", cut(clause, 1'024)}};
  if (clause.size() > 1'024)
    lose(field, "the condition '" + cut(clause, 80) + "' is cut to 1024 characters");
  if (!shown_by.empty())
    out["shown_by"] = shown_by;
  else
    remark(field, "no required document shows '" + cut(clause, 80) +
                      "': name it in shown_by or take the condition out (Art. 14(h))");
  return out;
}

void MtTerms::payment(const MtField& field, Json& out) {
  const std::optional<Json> tenor = read_tenor(field.text());
  if (!tenor)
    remark(field, "no tenor that the ledger knows: fill payment");
  else if (!tenor->empty())
    out["payment"] = Json::array({Json{{"tenor", *tenor}}});
}

Result<unsigned> MtTerms::presentation_days() {
  const MtField* field = message_.find("48");
  if (field == nullptr) return 0U;
  const std::string text = field->text();
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  if (digits == 0 || digits > 3)
    return field_error(*field, "it begins with the number of days, at most three digits");
  if (digits < text.size()) {
    const std::string what = "the period is counted from the date of shipment; the message says '" +
                             text.substr(digits) + "'";
    if (text.find("SHIPMENT") == std::string::npos)
      lose(*field, what);
    else
      remark(*field, what);
  }
  return static_cast<unsigned>(std::stoul(text.substr(0, digits)));
}

}  // namespace usance::documents
