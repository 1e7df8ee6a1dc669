#include "fields.h"

#include "names.h"
#include "usance/contract/options.pb.h"

namespace usance::generator {
namespace {

namespace pb = google::protobuf;
namespace options = usance::contract;

constexpr std::uint32_t kDefaultTextBytes = 1'024;
constexpr std::uint32_t kDefaultBytes = 4'096;
constexpr std::uint32_t kDefaultItems = 256;

const options::FieldOptions& options_of(const pb::FieldDescriptor& field) {
  return field.options().GetExtension(options::field);
}

}  // namespace

Kind kind_of(const pb::FieldDescriptor& field) {
  const options::Format format = options_of(field).format();
  switch (field.type()) {
    case pb::FieldDescriptor::TYPE_BOOL: return Kind::kBool;
    case pb::FieldDescriptor::TYPE_INT32:
      return format == options::FORMAT_DATE ? Kind::kDate : Kind::kInt32;
    case pb::FieldDescriptor::TYPE_INT64: return Kind::kInt64;
    case pb::FieldDescriptor::TYPE_UINT32: return Kind::kUint32;
    case pb::FieldDescriptor::TYPE_UINT64: return Kind::kUint64;
    case pb::FieldDescriptor::TYPE_SINT32: return Kind::kSint32;
    case pb::FieldDescriptor::TYPE_SINT64: return Kind::kSint64;
    case pb::FieldDescriptor::TYPE_FIXED32: return Kind::kFixed32;
    case pb::FieldDescriptor::TYPE_FIXED64: return Kind::kFixed64;
    case pb::FieldDescriptor::TYPE_SFIXED32: return Kind::kSfixed32;
    case pb::FieldDescriptor::TYPE_SFIXED64: return Kind::kSfixed64;
    case pb::FieldDescriptor::TYPE_ENUM: return Kind::kEnum;
    case pb::FieldDescriptor::TYPE_STRING:
      if (format == options::FORMAT_CURRENCY) return Kind::kCurrency;
      if (format == options::FORMAT_ORGANISATION) return Kind::kOrganisation;
      return Kind::kString;
    case pb::FieldDescriptor::TYPE_BYTES:
      return format == options::FORMAT_HASH ? Kind::kHash : Kind::kBytes;
    default: return Kind::kMessage;  // float, double and groups are refused before
  }
}

bool is_packed(const pb::FieldDescriptor& field) {
  return field.is_repeated() && kind_of(field) < Kind::kString;
}

bool is_optional(const pb::FieldDescriptor& field) {
  return field.containing_oneof() != nullptr;  // `optional` is a oneof of one
}

std::string member(const pb::FieldDescriptor& field) {
  return identifier(field.name());
}

std::string element_type(const pb::FieldDescriptor& field) {
  switch (kind_of(field)) {
    case Kind::kBool: return "bool";
    case Kind::kInt32:
    case Kind::kSint32:
    case Kind::kSfixed32: return "std::int32_t";
    case Kind::kInt64:
    case Kind::kSint64:
    case Kind::kSfixed64: return "std::int64_t";
    case Kind::kUint32:
    case Kind::kFixed32: return "std::uint32_t";
    case Kind::kUint64:
    case Kind::kFixed64: return "std::uint64_t";
    case Kind::kDate: return "sdk::Date";
    case Kind::kEnum: return type_name(*field.enum_type(), *field.file());
    case Kind::kString:
    case Kind::kCurrency:
    case Kind::kOrganisation: return "std::string";
    case Kind::kBytes:
    case Kind::kHash: return "sdk::Bytes";
    case Kind::kMessage: return type_name(*field.message_type(), *field.file());
  }
  return {};
}

std::string member_type(const pb::FieldDescriptor& field) {
  if (field.is_repeated()) return "std::vector<" + element_type(field) + ">";
  if (is_optional(field)) return "std::optional<" + element_type(field) + ">";
  return element_type(field);
}

std::string initialiser(const pb::FieldDescriptor& field) {
  const bool plain = !field.is_repeated() && !is_optional(field);
  const Kind kind = kind_of(field);
  if (plain && kind == Kind::kBool) return " = false";
  if (plain && kind < Kind::kDate) return " = 0";
  return "{}";  // so that aggregates may be initialised in part
}

std::uint32_t max_bytes(const pb::FieldDescriptor& field) {
  if (const std::uint32_t given = options_of(field).max_bytes(); given != 0) return given;
  return field.type() == pb::FieldDescriptor::TYPE_STRING ? kDefaultTextBytes : kDefaultBytes;
}

std::uint32_t max_items(const pb::FieldDescriptor& field) {
  const std::uint32_t given = options_of(field).max_items();
  return given != 0 ? given : kDefaultItems;
}

bool is_required(const pb::FieldDescriptor& field) {
  return options_of(field).required();
}

}  // namespace usance::generator
