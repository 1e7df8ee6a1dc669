// The C++ side of one field.
#pragma once

#include <cstdint>
#include <string>

#include <google/protobuf/descriptor.h>

namespace usance::generator {

// How a value is written; each kind has its own functions in contracts/sdk/wire.h.
enum class Kind {
  kBool,
  kInt32,
  kInt64,
  kUint32,
  kUint64,
  kSint32,
  kSint64,
  kFixed32,
  kFixed64,
  kSfixed32,
  kSfixed64,
  kDate,
  kEnum,
  kString,
  kCurrency,
  kOrganisation,
  kBytes,
  kHash,
  kMessage,
};

[[nodiscard]] Kind kind_of(const google::protobuf::FieldDescriptor& field);
// Repeated numbers share one length-delimited field.
[[nodiscard]] bool is_packed(const google::protobuf::FieldDescriptor& field);
// The member is a std::optional: `optional`, or part of a oneof.
[[nodiscard]] bool is_optional(const google::protobuf::FieldDescriptor& field);
[[nodiscard]] std::string member(const google::protobuf::FieldDescriptor& field);
// "std::int64_t", "::usance::contract::Money": of one element.
[[nodiscard]] std::string element_type(const google::protobuf::FieldDescriptor& field);
[[nodiscard]] std::string member_type(const google::protobuf::FieldDescriptor& field);
// " = false", " = 0" or "{}".
[[nodiscard]] std::string initialiser(const google::protobuf::FieldDescriptor& field);
[[nodiscard]] std::uint32_t max_bytes(const google::protobuf::FieldDescriptor& field);
[[nodiscard]] std::uint32_t max_items(const google::protobuf::FieldDescriptor& field);
[[nodiscard]] bool is_required(const google::protobuf::FieldDescriptor& field);

}  // namespace usance::generator
