#include "tools/usance/typed_identifiers.h"

#include <optional>

#include "tools/documents/identifiers.h"

namespace usance::cli {

namespace {

namespace pb = google::protobuf;
using documents::IdentifierKind;

std::optional<IdentifierKind> kind_of(const pb::FieldDescriptor& field) {
  const std::string& name = field.name();
  if (field.type() != pb::FieldDescriptor::TYPE_STRING) return std::nullopt;
  if (name == "lei") return IdentifierKind::kLei;
  if (name == "bic") return IdentifierKind::kBic;
  if (name == "iban") return IdentifierKind::kIban;
  if (name == "vessel_imo") return IdentifierKind::kImoNumber;
  if (name == "container" || name == "containers") return IdentifierKind::kContainer;
  if (name == "number" && field.containing_type()->name() == "Container")
    return IdentifierKind::kContainer;
  if (name == "gtin") return IdentifierKind::kGtin;
  return std::nullopt;
}

class Walk {
 public:
  Result<void> message(const pb::Message& message, const std::string& path, bool quoted) {
    std::vector<const pb::FieldDescriptor*> set;
    message.GetReflection()->ListFields(message, &set);
    quoted = quoted || message.GetDescriptor()->name() == "Document";
    for (const pb::FieldDescriptor* field : set) {
      const std::string where = path.empty() ? field->name() : path + "." + field->name();
      const int count =
          field->is_repeated() ? message.GetReflection()->FieldSize(message, field) : 1;
      for (int i = 0; i < count; ++i) USANCE_TRY(value(message, *field, i, where, quoted));
    }
    return {};
  }

  std::vector<std::string> take() { return std::move(remarks_); }

 private:
  Result<void> value(const pb::Message& parent, const pb::FieldDescriptor& field, int index,
                     const std::string& path, bool quoted) {
    const pb::Reflection& reflection = *parent.GetReflection();
    if (field.cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE)
      return message(field.is_repeated() ? reflection.GetRepeatedMessage(parent, &field, index)
                                         : reflection.GetMessage(parent, &field),
                     path, quoted);
    const std::optional<IdentifierKind> kind = kind_of(field);
    if (!kind) return {};
    const std::string text = field.is_repeated()
                                 ? reflection.GetRepeatedString(parent, &field, index)
                                 : reflection.GetString(parent, &field);
    const Result<void> checked = text.empty() ? Result<void>{} : check_identifier(*kind, text);
    if (checked) return {};
    const std::string what = path + ": " + checked.error().message;
    if (!quoted) return fail(checked.error().code, what);
    remarks_.push_back(what);
    return {};
  }

  std::vector<std::string> remarks_;
};

}  // namespace

Result<std::vector<std::string>> check_identifiers(const pb::Message& request) {
  Walk walk;
  USANCE_TRY(walk.message(request, "", false));
  return walk.take();
}

}  // namespace usance::cli
