// Fields of a message under construction, from the ledger's JSON. Shared by the exports.
#pragma once

#include "tools/documents/json_reader.h"
#include "tools/documents/swift/credit_export.h"

namespace usance::documents {

class MtWriter {
 public:
  MtWriter(const char* type, const MtAddress& address);

  // Nothing is written where there is nothing to write.
  void add(const char* tag, std::string line);
  void add(const char* tag, std::vector<std::string> lines);
  void narrative(const char* tag, const std::vector<std::string>& clauses);  // 65z, "+" each
  void text(const char* tag, const std::string& text, std::size_t width, bool z);
  void date(const char* tag, const Json& object, const char* member);
  void money(const char* tag, const std::string& currency, std::int64_t units);
  void party(const char* tag, const Json& party);   // 50, 59
  void bank(const char* number, const Json& bank);  // option A by BIC, D by name
  // The message, checked strictly.
  [[nodiscard]] Result<MtMessage> take();

 private:
  MtMessage out_;
};

// A clause in lines of fields 45 to 47: "+" in front, behind the `code` of an amendment ("/ADD/").
[[nodiscard]] std::vector<std::string> clause_lines(const std::string& code,
                                                    const std::string& clause);

// As views answer (64-bit integers are texts or numbers, dates numbers, Money an object) and as
// people write ("2026-12-15", "USD:93120.00"). 0 or empty where it is missing or neither.
[[nodiscard]] std::int64_t integer_at(const Json& object, const char* name);
struct JsonMoney {
  std::string currency;
  std::int64_t minor_units = 0;
};
[[nodiscard]] JsonMoney money_at(const Json& object, const char* name);

}  // namespace usance::documents
