#include "check.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "usance/contract/options.pb.h"

namespace usance::generator {
namespace {

namespace pb = google::protobuf;
namespace options = usance::contract;

using Refusal = std::optional<std::string>;
constexpr int kLastContractError = 899;  // the library's own begin at 900

Refusal no(const std::string& where, std::string_view why) {
  return where + ": " + std::string(why);
}

Refusal check_format(const pb::FieldDescriptor& field) {
  const auto type = field.type();
  bool fits = true;
  std::string_view wants;
  switch (field.options().GetExtension(options::field).format()) {
    case options::FORMAT_PLAIN: break;
    case options::FORMAT_DATE:
      fits = type == pb::FieldDescriptor::TYPE_INT32;
      wants = "a date is an int32";
      break;
    case options::FORMAT_TIME_MS:
      fits = type == pb::FieldDescriptor::TYPE_INT64;
      wants = "an instant is an int64";
      break;
    case options::FORMAT_BASIS_POINTS:
      fits = field.cpp_type() <= pb::FieldDescriptor::CPPTYPE_UINT64;
      wants = "basis points are an integer";
      break;
    case options::FORMAT_ORGANISATION:
      fits = type == pb::FieldDescriptor::TYPE_STRING;
      wants = "an organisation is a string";
      break;
    case options::FORMAT_CURRENCY:
      fits = type == pb::FieldDescriptor::TYPE_STRING;
      wants = "a currency is a string";
      break;
    case options::FORMAT_HASH:
      fits = type == pb::FieldDescriptor::TYPE_BYTES;
      wants = "a hash is of type bytes";
      break;
    default: fits = false; wants = "unknown format";
  }
  return fits ? Refusal() : no(field.full_name(), wants);
}

// "claimed", "terms.amount": from this message or one that contains it, which a message does not
// know. A path that starts here ends here.
Refusal check_currency_of(const pb::FieldDescriptor& field) {
  const std::string& path = field.options().GetExtension(options::field).currency_of();
  if (path.empty()) return {};
  if (field.type() != pb::FieldDescriptor::TYPE_INT64)
    return no(field.full_name(), "currency_of is for an int64 of minor units");
  const pb::Descriptor* message = field.containing_type();
  const pb::FieldDescriptor* step = nullptr;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t dot = std::min(path.find('.', from), path.size());
    step = message == nullptr ? nullptr : message->FindFieldByName(path.substr(from, dot - from));
    if (step == nullptr && from == 0) return {};
    message = step == nullptr || step->is_repeated() ? nullptr : step->message_type();
    from = dot + 1;
  }
  return message != nullptr && message->full_name() == "usance.contract.Money"
             ? Refusal()
             : no(field.full_name(), "currency_of leads to no field of type Money");
}

Refusal check_field(const pb::FieldDescriptor& field) {
  if (field.is_map())
    return no(field.full_name(), "maps have no order; use a repeated message of key and value");
  switch (field.type()) {
    case pb::FieldDescriptor::TYPE_DOUBLE:
    case pb::FieldDescriptor::TYPE_FLOAT:
      return no(field.full_name(),
                "floating point differs between machines; use integers, such as minor units or "
                "basis points");
    case pb::FieldDescriptor::TYPE_GROUP:
      return no(field.full_name(), "groups are not supported; use a message");
    default: break;
  }
  const pb::FileDescriptor* home = nullptr;
  if (field.message_type() != nullptr) home = field.message_type()->file();
  if (field.enum_type() != nullptr) home = field.enum_type()->file();
  if (home != nullptr && home->package() == "google.protobuf")
    return no(field.full_name(),
              "Any and the other well-known types have no canonical form; declare a message");
  if (field.options().has_packed() && !field.options().packed())
    return no(field.full_name(), "numbers are packed; remove packed = false");
  const options::FieldOptions& option = field.options().GetExtension(options::field);
  const bool text = field.type() == pb::FieldDescriptor::TYPE_STRING ||
                    field.type() == pb::FieldDescriptor::TYPE_BYTES;
  if (option.max_bytes() != 0 && !text)
    return no(field.full_name(), "max_bytes is for string and bytes");
  if (option.max_items() != 0 && !field.is_repeated())
    return no(field.full_name(), "max_items is for repeated fields");
  Refusal currency = check_currency_of(field);
  return currency ? currency : check_format(field);
}

Refusal check_options(const pb::Descriptor& message) {
  if (message.options().HasExtension(options::event)) {
    const std::string& key = message.options().GetExtension(options::event).key();
    const pb::FieldDescriptor* field = message.FindFieldByName(key);
    if (field == nullptr)
      return no(message.full_name(), "the event's key is not one of its fields");
    const bool plain = !field->is_repeated() && !field->has_presence();
    if (!plain || (field->type() != pb::FieldDescriptor::TYPE_STRING &&
                   field->type() != pb::FieldDescriptor::TYPE_BYTES))
      return no(field->full_name(), "an event's key is a plain string or bytes");
  }
  if (message.options().HasExtension(options::record)) {
    const options::RecordOptions& record = message.options().GetExtension(options::record);
    if (record.item().empty() == record.item_prefix().empty())
      return no(message.full_name(), "a record has either an item or an item_prefix");
    if (!record.item_prefix().empty() && !record.item_prefix().ends_with('/'))
      return no(message.full_name(), "an item_prefix ends with '/'");
  }
  return {};
}

// True when the message contains itself, through whatever fields.
bool reaches(const pb::Descriptor& from, const pb::Descriptor& target,
             std::vector<const pb::Descriptor*>& seen) {
  for (int i = 0; i < from.field_count(); ++i) {
    const pb::Descriptor* next = from.field(i)->message_type();
    if (next == nullptr) continue;
    if (next == &target) return true;
    if (std::find(seen.begin(), seen.end(), next) != seen.end()) continue;
    seen.push_back(next);
    if (reaches(*next, target, seen)) return true;
  }
  return false;
}

Refusal check_message(const pb::Descriptor& message) {
  for (int i = 0; i < message.field_count(); ++i)
    if (Refusal r = check_field(*message.field(i))) return r;
  if (message.nested_type_count() != 0 || message.enum_type_count() != 0)
    return no(message.full_name(), "declare its nested messages and enums at the top level");
  if (message.extension_range_count() != 0 || message.extension_count() != 0)
    return no(message.full_name(), "extensions are not supported");
  std::vector<const pb::Descriptor*> seen;
  if (reaches(message, message, seen))
    return no(message.full_name(), "contains itself; records refer to others by key");
  return check_options(message);
}

Refusal check_enum(const pb::EnumDescriptor& type, int& error_enums) {
  if (type.options().allow_alias())
    return no(type.full_name(), "two names for one number are ambiguous");
  if (!type.options().GetExtension(options::errors)) return {};
  ++error_enums;
  const bool library = type.file()->package() == "usance.contract";
  for (int i = 0; i < type.value_count(); ++i) {
    const pb::EnumValueDescriptor& value = *type.value(i);
    if (value.number() == 0) continue;
    if (value.number() < 0 || (!library && value.number() > kLastContractError))
      return no(value.full_name(), "an error's number is 1 to 899");
    if (value.options().GetExtension(options::message).empty())
      return no(value.full_name(), "an error has a message: [(usance.contract.message) = \"...\"]");
    const std::string& text = value.options().GetExtension(options::message);
    bool open = false;
    for (const char c : text) {
      if (c == (open ? '{' : '}'))
        return no(value.full_name(), "the message's braces do not match");
      if (c == '{' || c == '}') open = !open;
    }
    if (open) return no(value.full_name(), "the message's braces do not match");
  }
  return {};
}

Refusal check_method(const pb::MethodDescriptor& method) {
  if (method.client_streaming() || method.server_streaming())
    return no(method.full_name(), "a contract's methods do not stream");
  const options::MethodOptions& option = method.options().GetExtension(options::method);
  const int kinds = option.view() + option.timer() + option.contracts_only() + option.migrate();
  if (kinds > 1)
    return no(method.full_name(), "is one of view, timer, contracts_only and migrate, not two");
  if ((option.timer() || option.migrate()) &&
      (option.roles_size() != 0 || option.permissions_size() != 0))
    return no(method.full_name(), "has no caller, so it cannot ask for roles or permissions");
  if (option.migrate() != (method.name() == "Migrate"))
    return no(method.full_name(), "the method named Migrate has the option migrate, and no other");
  if (option.migrate() && method.input_type()->full_name() != "usance.contract.MigrateRequest")
    return no(method.full_name(), "a migration takes usance.contract.MigrateRequest");
  return {};
}

}  // namespace

Refusal refusal(const pb::FileDescriptor& file) {
  if (file.syntax() != pb::FileDescriptor::SYNTAX_PROTO3)
    return no(file.name(), "a contract's interface is proto3");
  if (file.package().empty())
    return no(file.name(), "declare a package, such as usance.deposit.v1");
  if (file.extension_count() != 0) return no(file.name(), "extensions are not supported");
  for (int i = 0; i < file.message_type_count(); ++i)
    if (Refusal r = check_message(*file.message_type(i))) return r;
  int error_enums = 0;
  for (int i = 0; i < file.enum_type_count(); ++i)
    if (Refusal r = check_enum(*file.enum_type(i), error_enums)) return r;
  if (error_enums > 1) return no(file.name(), "has one enum of errors, not several");
  if (file.service_count() > 1) return no(file.name(), "declares one service, not several");
  for (int i = 0; i < file.service_count(); ++i)
    for (int j = 0; j < file.service(i)->method_count(); ++j)
      if (Refusal r = check_method(*file.service(i)->method(j))) return r;
  return {};
}

}  // namespace usance::generator
