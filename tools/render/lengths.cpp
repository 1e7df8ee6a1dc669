#include "tools/render/value.h"

namespace usance::render {

namespace pb = google::protobuf;

namespace {

Result<void> within(std::size_t have, std::uint32_t limit, const std::string& where,
                    const char* unit) {
  if (have <= limit) return {};
  return fail(ErrorCode::kInvalidArgument, where + ": " + std::to_string(have) + " " + unit +
                                               "; at most " + std::to_string(limit) +
                                               " are allowed");
}

Result<void> check(const Message& message, const std::string& prefix) {
  const pb::Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> present;
  reflection.ListFields(message, &present);
  for (const FieldDescriptor* field : present) {
    const std::string path = prefix + field->name();
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    if (field->is_repeated())
      USANCE_TRY(within(static_cast<std::size_t>(count), max_items(*field), path, "elements"));
    for (int i = 0; i < count; ++i) {
      const std::string where = field->is_repeated() ? path + "[" + std::to_string(i) + "]" : path;
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        USANCE_TRY(check(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                              : reflection.GetMessage(message, field),
                         where + "."));
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        const std::string text = field->is_repeated()
                                     ? reflection.GetRepeatedString(message, field, i)
                                     : reflection.GetString(message, field);
        USANCE_TRY(within(text.size(), max_bytes(*field), where, "bytes"));
      }
    }
  }
  return {};
}

}  // namespace

Result<void> check_lengths(const Message& message) {
  return check(message, "");
}

}  // namespace usance::render
