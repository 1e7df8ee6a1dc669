#include "tools/documents/swift/mt_writer.h"

#include <algorithm>
#include <charconv>

#include "contracts/sdk/currency.h"
#include "tools/documents/invoice.h"
#include "tools/documents/swift/mt_rules.h"
#include "tools/documents/swift/mt_text.h"

namespace usance::documents {

std::int64_t integer_at(const Json& object, const char* name) {
  const Json& value = at(object, name);
  if (value.is_number_integer()) return value.get<std::int64_t>();
  std::string text = text_at(object, name);
  if (const Result<std::int32_t> date = parse_date(text); date && text.size() == 10) return *date;
  std::int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

JsonMoney money_at(const Json& object, const char* name) {
  const Json& money = at(object, name);
  if (!money.is_string()) return {text_at(money, "currency"), integer_at(money, "minor_units")};
  const std::string text = text_at(object, name);
  const int exponent = contract::currency_exponent(text.substr(0, 3));
  if (exponent < 0 || text.size() < 5) return {};
  return {text.substr(0, 3), parse_amount(text.substr(4), exponent).value_or(0)};
}

MtWriter::MtWriter(const char* type, const MtAddress& address) {
  out_.type = type;
  out_.sender = address.sender;
  out_.receiver = address.receiver;
}

void MtWriter::add(const char* tag, std::string line) {
  if (!line.empty()) out_.fields.push_back({tag, {std::move(line)}, 0});
}

void MtWriter::add(const char* tag, std::vector<std::string> lines) {
  if (!lines.empty()) out_.fields.push_back({tag, std::move(lines), 0});
}

std::vector<std::string> clause_lines(const std::string& code, const std::string& clause) {
  const std::string whole = code + "+" + clause;
  std::vector<std::string> lines = wrap(whole, 65, true);
  const auto plus = [](const std::string& line) { return line.starts_with("+"); };
  // A plus that the break put in front would begin another clause.
  if (std::any_of(lines.begin() + 1, lines.end(), plus)) {
    lines = wrap(whole, 64, true);
    for (std::size_t i = 1; i < lines.size(); ++i)
      if (plus(lines[i])) lines[i].insert(0, ".");
  }
  return lines;
}

void MtWriter::narrative(const char* tag, const std::vector<std::string>& clauses) {
  std::vector<std::string> lines;
  for (const std::string& clause : clauses)
    for (std::string& line : clause_lines("", clause)) lines.push_back(std::move(line));
  add(tag, std::move(lines));
}

void MtWriter::text(const char* tag, const std::string& text, std::size_t width, bool z) {
  add(tag, wrap(text, width, z));
}

void MtWriter::date(const char* tag, const Json& object, const char* member) {
  const std::int64_t date = integer_at(object, member);
  if (date != 0) add(tag, write_mt_date(static_cast<std::int32_t>(date)));
}

void MtWriter::money(const char* tag, const std::string& currency, std::int64_t units) {
  if (units != 0) add(tag, write_mt_amount(currency, units));
}

void MtWriter::party(const char* tag, const Json& party) {
  std::vector<std::string> lines = wrap(text_at(party, "name"), 35, false);
  // An address comes in parts between commas; each begins a line while there is room.
  const std::string address = text_at(party, "address");
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (from < address.size()) {
    const std::size_t comma = std::min(address.find(", ", from), address.size());
    parts.push_back(address.substr(from, comma - from));
    from = comma + 2;
  }
  std::vector<std::string> spread;
  for (const std::string& part : parts)
    for (std::string& line : wrap(part, 35, false)) spread.push_back(std::move(line));
  if (lines.size() + spread.size() > 4) spread = wrap(address, 35, false);
  std::string cut;
  for (std::string& line : spread) {
    if (lines.size() < 4)
      lines.push_back(std::move(line));
    else
      cut += (cut.empty() ? "" : " ") + line;
  }
  if (!cut.empty())
    out_.remarks.push_back("field " + std::string(tag) + ": its four lines have no room for '" +
                           cut + "'");
  // Of the parties the beneficiary alone has an account in the message.
  const std::string account = text_at(party, "account");
  if (!account.empty() && std::string_view(tag) == "59") lines.insert(lines.begin(), "/" + account);
  add(tag, std::move(lines));
}

void MtWriter::bank(const char* number, const Json& bank) {
  const std::string bic = text_at(bank, "bic");
  if (!bic.empty())
    add((std::string(number) + "A").c_str(), bic);
  else
    text((std::string(number) + "D").c_str(), text_at(bank, "name"), 35, false);
}

Result<MtMessage> MtWriter::take() {
  std::vector<std::string> none;
  const Result<void> checked = check_mt(out_, MtReading::kStrict, none);
  if (!checked) {
    // Lines are those of a file that there is none of.
    constexpr std::string_view kNoLine = "line 0, ";
    std::string why = checked.error().message;
    for (std::size_t at = why.find(kNoLine); at != std::string::npos; at = why.find(kNoLine))
      why.erase(at, kNoLine.size());
    return fail(ErrorCode::kInvalidArgument, "the message cannot be written: " + why);
  }
  return std::move(out_);
}

}  // namespace usance::documents
