// Fields of the credit messages as terms: what import of issues and of amendments share.
#pragma once

#include <optional>
#include <utility>

#include "tools/documents/json_reader.h"
#include "tools/documents/swift/directory.h"
#include "tools/documents/swift/mt_findings.h"
#include "tools/documents/swift/mt_message.h"

namespace usance::documents {

class MtTerms {
 public:
  MtTerms(const MtMessage& message, const Directory& directory, MtFindings& findings)
      : message_(message), directory_(directory), findings_(findings) {}

  [[nodiscard]] const MtMessage& message() const { return message_; }
  void remark(const MtField& field, const std::string& what) {
    findings_.remark(at_field(field, what));
  }
  void remark(const std::string& what) { findings_.remark(what); }
  // The terms do not hold what the field says: an error in strict reading, else a remark.
  void lose(const MtField& field, const std::string& what) {
    findings_.forgive(at_field(field, what));
  }
  void error(const Error& error) { findings_.error(error); }
  void error(const MtField& field, const std::string& what, ErrorCode code) {
    findings_.error({code, at_field(field, what)});
  }
  // The value, or nothing and its error among the findings.
  template <class T>
  [[nodiscard]] std::optional<T> value(Result<T> result) {
    if (result) return std::move(*result);
    error(result.error());
    return std::nullopt;
  }
  void check(const Result<void>& result) {
    if (!result) error(result.error());
  }
  // At most `limit` characters of the field; the rest is lost.
  [[nodiscard]] std::string within(const MtField& field, std::size_t limit);

  // Each returns the term or nothing where the message has no such field.
  [[nodiscard]] Result<std::string> date(const char* tag) const;   // "2026-12-15"
  [[nodiscard]] Result<std::string> money(const char* tag) const;  // "USD:93120.00"
  [[nodiscard]] Result<std::int64_t> minor_units(const char* tag) const;
  // BankAt, from a BIC or a name.
  [[nodiscard]] Json bank(const std::string& bic, const std::string& name, const std::string& what);
  [[nodiscard]] Result<Json> bank(const MtField& field, const std::string& what);
  // Party (50, 59): an account line, the name, the address.
  [[nodiscard]] Json party(const MtField& field, const std::string& what);
  // Fields that the terms have no place for: each is lost.
  void not_carried(std::initializer_list<const char*> tags);

  // RequiredDocument of a clause of 46A; titles stay apart by counting.
  [[nodiscard]] Json required_document(const MtField& field, const std::string& clause,
                                       std::vector<std::string>& titles);
  // Condition of a clause of 47A or 47B. One that no document shows is disregarded (Art. 14(h)):
  // with `shown_by` empty a person is asked to name it.
  [[nodiscard]] Json condition(const MtField& field, const std::string& clause,
                               const std::string& shown_by);
  // (42C), (42P): `out`'s payment as one part with the tenor of the field's words. What they do not
  // say plainly is for a person to say.
  void payment(const MtField& field, Json& out);
  // (48): days; text behind the slash is remarked on.
  [[nodiscard]] Result<unsigned> presentation_days();
  [[nodiscard]] const Directory& directory() const { return directory_; }

 private:
  const MtMessage& message_;
  const Directory& directory_;
  MtFindings& findings_;
};

// An error of the field, with its line and tag.
[[nodiscard]] tl::unexpected<Error> field_error(const MtField& field, const std::string& what,
                                                ErrorCode code = ErrorCode::kMalformed);
// 20261215 as "2026-12-15".
[[nodiscard]] std::string iso_date(std::int32_t date);

}  // namespace usance::documents
