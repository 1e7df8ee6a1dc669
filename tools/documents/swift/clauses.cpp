#include "tools/documents/swift/clauses.h"

#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "tools/documents/ascii.h"
#include "tools/documents/utf8.h"

namespace usance::documents {

namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

// How a line that begins a clause is marked.
enum class Mark { kNone, kPlus, kHyphen, kNumber };

// The mark at the beginning of a line and its length.
std::pair<Mark, std::size_t> mark_of(std::string_view line) {
  if (line.starts_with("+")) return {Mark::kPlus, 1};
  if (line.starts_with("- ")) return {Mark::kHyphen, 1};
  std::size_t digits = 0;
  while (digits < line.size() && is_digit(line[digits])) ++digits;
  if (digits == 0 || digits > 2 || digits + 1 >= line.size()) return {Mark::kNone, 0};
  const bool closed = line[digits] == ')' || line[digits] == '.';
  if (!closed || line[digits + 1] != ' ') return {Mark::kNone, 0};
  return {Mark::kNumber, digits + 1};
}

void append(std::string& clause, std::string_view line) {
  const std::size_t first = line.find_first_not_of(' ');
  if (first == std::string_view::npos) return;
  if (!clause.empty()) clause.push_back(' ');
  clause += line.substr(first, line.find_last_not_of(' ') - first + 1);
}

struct Word {
  const char* text;
  const char* kind;
  const char* title;
};
// What names a document. The earliest in a clause wins, so a clause on a certificate that mentions
// the invoice is about the certificate.
constexpr std::array<Word, 28> kWords = {{
    {"COMMERCIAL INVOICE", "COMMERCIAL_INVOICE", "Commercial invoice"},
    {"INVOICE", "COMMERCIAL_INVOICE", "Commercial invoice"},
    {"SEA WAYBILL", "SEA_WAYBILL", "Sea waybill"},
    {"AIR WAYBILL", "AIR_WAYBILL", "Air waybill"},
    {"AIRWAY BILL", "AIR_WAYBILL", "Air waybill"},
    {"AIRWAYBILL", "AIR_WAYBILL", "Air waybill"},
    {"CHARTER PARTY BILL", "CHARTER_PARTY_BILL_OF_LADING", "Charter party bill of lading"},
    {"CHARTER PARTY B/L", "CHARTER_PARTY_BILL_OF_LADING", "Charter party bill of lading"},
    {"CMR", "ROAD_RAIL_WATERWAY_DOCUMENT", "Road transport document"},
    {"ROAD TRANSPORT DOCUMENT", "ROAD_RAIL_WATERWAY_DOCUMENT", "Road transport document"},
    {"RAIL TRANSPORT DOCUMENT", "ROAD_RAIL_WATERWAY_DOCUMENT", "Rail transport document"},
    {"RAILWAY BILL", "ROAD_RAIL_WATERWAY_DOCUMENT", "Rail transport document"},
    {"COURIER RECEIPT", "COURIER_OR_POST_RECEIPT", "Courier receipt"},
    {"POST RECEIPT", "COURIER_OR_POST_RECEIPT", "Post receipt"},
    {"BILL OF LADING", "BILL_OF_LADING", "Bill of lading"},
    {"BILLS OF LADING", "BILL_OF_LADING", "Bill of lading"},
    {"MULTIMODAL", "MULTIMODAL_TRANSPORT", "Multimodal transport document"},
    {"COMBINED TRANSPORT", "MULTIMODAL_TRANSPORT", "Multimodal transport document"},
    {"INSURANCE", "INSURANCE_DOCUMENT", "Insurance document"},
    {"CERTIFICATE OF ORIGIN", "CERTIFICATE_OF_ORIGIN", "Certificate of origin"},
    {"PHYTOSANITARY", "PHYTOSANITARY_CERTIFICATE", "Phytosanitary certificate"},
    {"QUALITY CERTIFICATE", "QUALITY_CERTIFICATE", "Quality certificate"},
    {"CERTIFICATE OF QUALITY", "QUALITY_CERTIFICATE", "Quality certificate"},
    {"WEIGHT CERTIFICATE", "WEIGHT_CERTIFICATE", "Weight certificate"},
    {"CERTIFICATE OF WEIGHT", "WEIGHT_CERTIFICATE", "Weight certificate"},
    {"PACKING LIST", "PACKING_LIST", "Packing list"},
    {"BILL OF EXCHANGE", "BILL_OF_EXCHANGE", "Bill of exchange"},
    {"DRAFT", "BILL_OF_EXCHANGE", "Bill of exchange"},
}};

constexpr std::array<const char*, 11> kNumbers = {"ZERO", "ONE",   "TWO",   "THREE", "FOUR", "FIVE",
                                                  "SIX",  "SEVEN", "EIGHT", "NINE",  "TEN"};

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      out.back().push_back(c);
    else if (!out.back().empty())
      out.emplace_back();
  }
  return out;
}

std::optional<unsigned> number_in(const std::string& word) {
  for (unsigned i = 0; i < kNumbers.size(); ++i)
    if (word == kNumbers[i]) return i;
  if (word.empty() || word.size() > 2) return std::nullopt;
  unsigned out = 0;
  for (const char c : word) {
    if (!is_digit(c)) return std::nullopt;
    out = out * 10 + static_cast<unsigned>(c - '0');
  }
  return out;
}

// A number up to two words before `index`: "3 SIGNED ORIGINALS".
std::optional<unsigned> number_before(const std::vector<std::string>& words, std::size_t index) {
  for (std::size_t back = 1; back <= 2 && back <= index; ++back)
    if (const auto number = number_in(words[index - back])) return number;
  return std::nullopt;
}

void read_counts(const std::string& text, RequiredClause& out) {
  const std::vector<std::string> words = words_of(text);
  unsigned in_all = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "ORIGINAL" || word == "ORIGINALS") {
      if (const auto number = number_before(words, i)) out.originals = *number;
    } else if (word == "COPY" || word == "COPIES") {
      if (const auto number = number_before(words, i)) out.copies = *number;
    } else if (word == "FOLD") {
      if (const auto number = number_before(words, i)) in_all = *number;
    } else if (word == "DUPLICATE") {
      in_all = 2;
    } else if (word == "TRIPLICATE") {
      in_all = 3;
    } else if (word == "QUADRUPLICATE") {
      in_all = 4;
    }
  }
  // "In triplicate" is met by one original and copies (Art. 17(e)).
  if (in_all > 0 && out.originals == 0 && out.copies == 0) {
    out.originals = 1;
    out.copies = in_all - 1;
  }
}

}  // namespace

std::vector<std::string> split_clauses(const std::vector<std::string>& lines) {
  std::vector<std::string> out;
  // The first line's mark is the field's: a later line may begin with a number by chance.
  const Mark style = lines.empty() ? Mark::kNone : mark_of(lines.front()).first;
  for (const std::string& line : lines) {
    const auto [mark, length] = mark_of(line);
    const bool begins = mark != Mark::kNone && mark == style;
    if (begins || out.empty()) out.emplace_back();
    append(out.back(), std::string_view(line).substr(begins ? length : 0));
  }
  std::erase_if(out, [](const std::string& clause) { return clause.empty(); });
  return out;
}

RequiredClause read_required(std::string_view clause) {
  const std::string text = upper(clause);
  RequiredClause out;
  std::size_t earliest = std::string::npos;
  for (const Word& word : kWords) {
    const std::size_t found = text.find(word.text);
    if (found >= earliest) continue;
    earliest = found;
    out.kind = word.kind;
    out.title = word.title;
  }
  if (out.kind.empty()) {
    out.kind = "OTHER_DOCUMENT";
    out.title = cut(clause, 60);
    if (clause.size() > 60 && out.title.rfind(' ') != std::string::npos)
      out.title.resize(out.title.rfind(' '));
  }
  read_counts(text, out);
  return out;
}

std::string trade_term_of(std::string_view clause) {
  constexpr std::string_view kIncoterms = "EXW FCA FAS FOB CFR CIF CPT CIP DAP DPU DDP DAT DDU ";
  if (clause.size() < 5 || clause.size() > 65 || clause[3] != ' ') return "";
  for (std::size_t i = 0; i < kIncoterms.size(); i += 4)
    if (clause.substr(0, 3) == kIncoterms.substr(i, 3)) return std::string(clause);
  return "";
}

}  // namespace usance::documents
