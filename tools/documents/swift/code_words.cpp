#include "tools/documents/swift/code_words.h"

#include "tools/documents/utf8.h"

namespace usance::documents {

namespace {

using Words = std::initializer_list<std::pair<const char*, const char*>>;

Result<std::string> code_of(const MtField& field, const std::string& text, const Words& words) {
  for (const auto& [code, value] : words)
    if (text == code) return std::string(value);
  return field_error(field, "the ledger's terms cannot say '" + cut(text, 60) + "'",
                     ErrorCode::kUnsupported);
}

}  // namespace

Result<std::string> form_of(const MtField& field, const std::string& word) {
  return code_of(field, word,
                 {{"IRREVOCABLE", "IRREVOCABLE"},
                  {"IRREVOCABLE TRANSFERABLE", "IRREVOCABLE_TRANSFERABLE"},
                  {"IRREVOCABLE STANDBY", "IRREVOCABLE_STANDBY"}});
}

Result<std::string> rules_of(const MtField& field) {
  return code_of(field, field.text(),
                 {{"UCP LATEST VERSION", "UCP"},
                  {"EUCP LATEST VERSION", "EUCP"},
                  {"UCPURR LATEST VERSION", "UCPURR"},
                  {"EUCPURR LATEST VERSION", "EUCPURR"},
                  {"ISP LATEST VERSION", "ISP"}});
}

Result<std::string> availability_of(const MtField& field) {
  return code_of(field, field.lines.back(),
                 {{"BY PAYMENT", "SIGHT_PAYMENT"},
                  {"BY DEF PAYMENT", "DEFERRED_PAYMENT"},
                  {"BY ACCEPTANCE", "ACCEPTANCE"},
                  {"BY NEGOTIATION", "NEGOTIATION"},
                  {"BY MIXED PYMT", "MIXED_PAYMENT"}});
}

Result<std::string> confirmation_of(const MtField& field) {
  return code_of(field, field.text(),
                 {{"CONFIRM", "CONFIRM"}, {"MAY ADD", "MAY_ADD"}, {"WITHOUT", "WITHOUT"}});
}

void read_tolerance(MtTerms& terms, Json& out) {
  const MtField* field = terms.message().find("39A");
  if (field == nullptr) return;
  const std::string text = field->text();
  const std::size_t slash = text.find('/');
  const std::string plus = text.substr(0, slash);
  const std::string minus = slash == std::string::npos ? "" : text.substr(slash + 1);
  const auto percent = [](const std::string& digits) {
    return !digits.empty() && digits.size() <= 2 &&
           digits.find_first_not_of("0123456789") == std::string::npos;
  };
  if (!percent(plus) || !percent(minus))
    return terms.error(*field, "it is two percentages, such as 05/05", ErrorCode::kMalformed);
  out["plus_tolerance"] = std::stoi(plus) * 100;  // basis points
  out["minus_tolerance"] = std::stoi(minus) * 100;
}

void read_allowed(MtTerms& terms, Json& out) {
  for (const auto& [tag, term] :
       {std::pair("43P", "partial_shipments"), std::pair("43T", "transhipment")}) {
    const MtField* field = terms.message().find(tag);
    if (field == nullptr) continue;
    const auto word = terms.value(
        code_of(*field, field->text(), {{"ALLOWED", "ALLOWED"}, {"NOT ALLOWED", "NOT_ALLOWED"}}));
    if (word) out[term] = *word;
  }
}

}  // namespace usance::documents
