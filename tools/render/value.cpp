#include "tools/render/value.h"

#include <cctype>
#include <charconv>

#include "base/file.h"
#include "base/hash.h"
#include "tools/render/base64.h"
#include "tools/render/calendar.h"
#include "tools/render/money.h"
#include "tools/render/suggest.h"

namespace usance::render {

namespace pb = google::protobuf;
using nlohmann::json;

namespace {

constexpr std::size_t kMaxFileBytes = 4 * 1024 * 1024;

tl::unexpected<Error> refuse(const FieldDescriptor& field, const std::string& why) {
  return fail(ErrorCode::kInvalidArgument, field.name() + ": " + why);
}

template <class Number>
bool parse_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size();
}

// One interface for set and add.
class Target {
 public:
  Target(Message& message, const FieldDescriptor& field)
      : message_(message), field_(field), reflection_(*message.GetReflection()) {}

#define USANCE_PUT(name, type)                                     \
  Result<void> put_##name(type value) {                            \
    if (field_.is_repeated())                                      \
      reflection_.Add##name(&message_, &field_, std::move(value)); \
    else                                                           \
      reflection_.Set##name(&message_, &field_, std::move(value)); \
    return {};                                                     \
  }
  USANCE_PUT(Int32, std::int32_t)
  USANCE_PUT(Int64, std::int64_t)
  USANCE_PUT(UInt32, std::uint32_t)
  USANCE_PUT(UInt64, std::uint64_t)
  USANCE_PUT(Bool, bool)
  USANCE_PUT(String, std::string)
  USANCE_PUT(EnumValue, int)
#undef USANCE_PUT
  Message& message() {
    return field_.is_repeated() ? *reflection_.AddMessage(&message_, &field_)
                                : *reflection_.MutableMessage(&message_, &field_);
  }
  // An integer of the field's width.
  Result<void> put_integer(std::string_view text) {
    const auto out_of_range = [&] {
      return refuse(field_, "'" + std::string(text) + "' is not " + value_hint(field_));
    };
    std::int64_t number = 0;
    std::uint64_t magnitude = 0;
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        if (!parse_number(text, number) || number < INT32_MIN || number > INT32_MAX)
          return out_of_range();
        return put_Int32(static_cast<std::int32_t>(number));
      case FieldDescriptor::CPPTYPE_INT64:
        if (!parse_number(text, number)) return out_of_range();
        return put_Int64(number);
      case FieldDescriptor::CPPTYPE_UINT32:
        if (!parse_number(text, magnitude) || magnitude > UINT32_MAX) return out_of_range();
        return put_UInt32(static_cast<std::uint32_t>(magnitude));
      case FieldDescriptor::CPPTYPE_UINT64:
        if (!parse_number(text, magnitude)) return out_of_range();
        return put_UInt64(magnitude);
      default: return refuse(field_, "is of a type that contracts do not use");
    }
  }

 private:
  Message& message_;
  const FieldDescriptor& field_;
  const pb::Reflection& reflection_;
};

Result<void> put_money(Target& target, const FieldDescriptor& field, std::string_view text) {
  Result<MoneyAmount> amount = parse_money(text);
  if (!amount) return refuse(field, amount.error().message);
  Message& money = target.message();
  const Descriptor& type = *money.GetDescriptor();
  const FieldDescriptor* currency = type.FindFieldByName("currency");
  const FieldDescriptor* units = type.FindFieldByName("minor_units");
  if (currency == nullptr || units == nullptr || currency->type() != FieldDescriptor::TYPE_STRING ||
      units->cpp_type() != FieldDescriptor::CPPTYPE_INT64)
    return refuse(field, "this interface's Money is not {currency, minor_units}");
  money.GetReflection()->SetString(&money, currency, amount->currency);
  money.GetReflection()->SetInt64(&money, units, amount->minor_units);
  return {};
}

// "at-sight", "AT_SIGHT" and "AVAILABILITY_AT_SIGHT" all name AVAILABILITY_AT_SIGHT.
Result<void> put_enum(Target& target, const FieldDescriptor& field, std::string_view text) {
  std::string wanted;
  for (const char c : text)
    wanted.push_back(c == '-' ? '_'
                              : static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  const pb::EnumDescriptor& type = *field.enum_type();
  if (const pb::EnumValueDescriptor* exact = type.FindValueByName(wanted))
    return target.put_EnumValue(exact->number());
  std::vector<std::string> names;
  std::vector<const pb::EnumValueDescriptor*> endings;
  for (int i = 0; i < type.value_count(); ++i) {
    names.push_back(type.value(i)->name());
    if (names.back().ends_with("_" + wanted)) endings.push_back(type.value(i));
  }
  if (endings.size() == 1) return target.put_EnumValue(endings.front()->number());
  if (endings.size() > 1)
    return refuse(field, "'" + std::string(text) + "' may be " + endings[0]->name() + " or " +
                             endings[1]->name() + "; write the whole name");
  return refuse(
      field, "'" + std::string(text) + "' is not " + value_hint(field) + did_you_mean(text, names));
}

Result<void> put_hash(Target& target, const FieldDescriptor& field, std::string_view text,
                      const FileReader& files) {
  Hash32 hash;
  constexpr std::string_view kOfFile = "sha256:";
  if (text.starts_with(kOfFile)) {
    Result<Bytes> content = files(std::string(text.substr(kOfFile.size())));
    if (!content) return refuse(field, content.error().message);
    hash = sha256(*content);
  } else if (!fixed_from_hex(text, hash)) {
    return refuse(field, "'" + std::string(text) + "' is not " + value_hint(field));
  }
  return target.put_String(std::string(as_text(hash.view())));
}

Result<void> put_bytes(Target& target, const FieldDescriptor& field, std::string_view text,
                       const FileReader& files) {
  if (options_of(field).format() == contract::FORMAT_HASH)
    return put_hash(target, field, text, files);
  Bytes value;
  if (text.starts_with("@")) {
    Result<Bytes> content = files(std::string(text.substr(1)));
    if (!content) return refuse(field, content.error().message);
    value = *std::move(content);
  } else if (!from_hex(text, value)) {
    return refuse(field, "'" + std::string(text) + "' is not " + value_hint(field));
  }
  return target.put_String(std::string(as_text(value)));
}

// Fields whose text form is not simply their type's.
Result<void> put_formatted_integer(Target& target, const FieldDescriptor& field,
                                   std::string_view text) {
  const contract::Format format = options_of(field).format();
  if (format == contract::FORMAT_DATE) {
    const Result<std::int32_t> date = parse_date(text);
    if (!date) return refuse(field, date.error().message);
    return target.put_integer(std::to_string(*date));
  }
  if (format == contract::FORMAT_TIME_MS && text.find('T') != std::string_view::npos) {
    const Result<std::int64_t> time = parse_time(text);
    if (!time) return refuse(field, time.error().message);
    return target.put_integer(std::to_string(*time));
  }
  return target.put_integer(text);
}

Result<void> put_json(Message& message, const FieldDescriptor& field, const json& value,
                      const std::string& where) {
  const auto wrong = [&] {
    return fail(ErrorCode::kInvalidArgument,
                where + ": " + value.dump().substr(0, 60) + " is not " + json_hint(field));
  };
  const FileReader none = [](const std::string&) -> Result<Bytes> {
    return fail(ErrorCode::kInvalidArgument, "files are named on the command line, not in JSON");
  };
  Target target(message, field);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && value.is_object())
    return set_from_json(target.message(), value, where);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL && value.is_boolean())
    return target.put_Bool(value.get<bool>());
  std::string text;
  if (value.is_number_integer()) {
    text = value.dump();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING ||
        field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
      return wrong();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      std::int32_t number = 0;
      if (!parse_number(text, number) || field.enum_type()->FindValueByNumber(number) == nullptr)
        return wrong();
      return target.put_EnumValue(number);
    }
  } else if (value.is_string()) {
    text = value.get<std::string>();
  } else {
    return wrong();
  }
  Bytes raw;
  if (field.type() == FieldDescriptor::TYPE_BYTES &&
      options_of(field).format() != contract::FORMAT_HASH) {
    if (!from_base64(text, raw))
      return fail(ErrorCode::kInvalidArgument, where + ": bytes are base64 in JSON");
    // Hexadecimal digits are base64, too, of other bytes and more of them.
    const std::uint32_t most = max_bytes(field);
    if (Bytes meant; raw.size() > most && from_hex(text, meant) && meant.size() <= most)
      return fail(ErrorCode::kInvalidArgument,
                  where +
                      ": bytes are base64 in JSON; in hexadecimal digits they are given on the "
                      "command line only");
    return target.put_String(std::string(as_text(raw)));
  }
  // Protobuf's own mapping of a hash is base64; hexadecimal is told apart by its length.
  if (field.type() == FieldDescriptor::TYPE_BYTES && text.size() != 64 && from_base64(text, raw) &&
      raw.size() == Hash32::kSize)
    return target.put_String(std::string(as_text(raw)));
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !is_money(*field.message_type()))
    return wrong();
  const Result<void> put = set_from_text(message, field, text, none);
  if (!put) {
    std::string message_text = put.error().message;
    if (message_text.starts_with(field.name() + ": "))
      message_text.erase(0, field.name().size() + 2);
    return fail(ErrorCode::kInvalidArgument, where + ": " + message_text);
  }
  return {};
}

}  // namespace

Result<Bytes> read_named_file(const std::string& path) {
  USANCE_ASSIGN(const std::string content, read_file(path, kMaxFileBytes));
  return to_bytes(content);
}

Result<json> parse_json(std::string_view text, const std::string& where) {
  try {
    return json::parse(text);
  } catch (const json::exception& error) {
    return fail(ErrorCode::kInvalidArgument, where + ": " + error.what());
  }
}

Result<void> set_from_text(Message& message, const FieldDescriptor& field, std::string_view text,
                           const FileReader& files) {
  Target target(message, field);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text == "true" || text == "yes") return target.put_Bool(true);
      if (text == "false" || text == "no") return target.put_Bool(false);
      return refuse(field, "'" + std::string(text) + "' is not true or false");
    case FieldDescriptor::CPPTYPE_ENUM: return put_enum(target, field, text);
    case FieldDescriptor::CPPTYPE_STRING: {
      if (field.type() == FieldDescriptor::TYPE_BYTES) return put_bytes(target, field, text, files);
      if (options_of(field).format() == contract::FORMAT_CURRENCY && !currency_decimals(text))
        return refuse(field, "'" + std::string(text) + "' is no ISO 4217 currency");
      return target.put_String(std::string(text));
    }
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      if (is_money(*field.message_type()) && !text.starts_with("{") && !text.starts_with("@"))
        return put_money(target, field, text);
      std::string content(text);
      std::string where = field.name();
      if (text.starts_with("@")) {
        where += " (" + content.substr(1) + ")";
        Result<Bytes> file = files(content.substr(1));
        if (!file) return refuse(field, file.error().message);
        content = std::string(as_text(*file));
      }
      USANCE_ASSIGN(const json value, parse_json(content, where));
      if (field.is_repeated() && value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i)
          USANCE_TRY(put_json(message, field, value[i], where + "[" + std::to_string(i) + "]"));
        return {};
      }
      return put_json(message, field, value, where);
    }
    default: return put_formatted_integer(target, field, text);
  }
}

Result<void> set_from_json(Message& message, const json& object, const std::string& where) {
  if (!object.is_object())
    return fail(ErrorCode::kInvalidArgument, where + " must be a JSON object {...}");
  const Descriptor& type = *message.GetDescriptor();
  for (const auto& [name, value] : object.items()) {
    const FieldDescriptor* field = type.FindFieldByName(name);
    if (field == nullptr) field = type.FindFieldByCamelcaseName(name);
    std::string here = where.empty() ? name : where;
    if (!where.empty()) here.append(".").append(name);
    if (field == nullptr) {
      std::vector<std::string> names;
      names.reserve(static_cast<std::size_t>(type.field_count()));
      for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
      std::string hint = did_you_mean(name, names);
      if (hint.empty()) {
        for (const std::string& one : names) hint += (hint.empty() ? ", which has " : ", ") + one;
      }
      return fail(ErrorCode::kInvalidArgument,
                  std::string(here).append(" is no field of ").append(type.name()).append(hint));
    }
    if (value.is_null()) continue;
    if (!field->is_repeated()) {
      USANCE_TRY(put_json(message, *field, value, here));
      continue;
    }
    if (!value.is_array()) return fail(ErrorCode::kInvalidArgument, here + " must be a list [...]");
    for (std::size_t i = 0; i < value.size(); ++i)
      USANCE_TRY(put_json(message, *field, value[i], here + "[" + std::to_string(i) + "]"));
  }
  return {};
}

namespace {

// A first value that only stands for "not given"; others, such as ALLOWED, are an answer.
bool says_nothing(std::string_view name) {
  for (const std::string_view end : {"NONE", "UNSET", "UNSPECIFIED", "NOT_STATED", "NOTHING"})
    if (name.ends_with(end)) return true;
  return false;
}

}  // namespace

std::string value_hint(const FieldDescriptor& field) {
  const contract::Format format = options_of(field).format();
  if (format == contract::FORMAT_DATE) return "a date such as 2026-11-21";
  if (format == contract::FORMAT_TIME_MS) return "an instant such as 2026-11-21T10:30:00Z";
  if (format == contract::FORMAT_BASIS_POINTS) return "hundredths of a percent, 500 for 5 %";
  if (format == contract::FORMAT_ORGANISATION) return "an organisation's id";
  if (format == contract::FORMAT_CURRENCY) return "an ISO 4217 currency such as USD";
  if (format == contract::FORMAT_HASH) return "64 hexadecimal digits, or sha256:FILE";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL: return "true or false";
    case FieldDescriptor::CPPTYPE_INT32: return "a 32-bit integer";
    case FieldDescriptor::CPPTYPE_INT64: return "a 64-bit integer";
    case FieldDescriptor::CPPTYPE_UINT32: return "a 32-bit integer, zero or more";
    case FieldDescriptor::CPPTYPE_UINT64: return "a 64-bit integer, zero or more";
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? "hexadecimal digits, or @FILE" : "text";
    case FieldDescriptor::CPPTYPE_ENUM: {
      std::string out = "one of";
      for (int i = 0; i < field.enum_type()->value_count(); ++i) {
        const pb::EnumValueDescriptor& value = *field.enum_type()->value(i);
        const bool unsaid = value.number() == 0;
        if (unsaid && (options_of(field).required() || says_nothing(value.name()))) continue;
        out += (out.size() > 6 ? ", " : " ") + value.name() + (unsaid ? " (if not given)" : "");
      }
      return out;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (is_money(*field.message_type())) return "an amount such as USD:1000.00";
      return "JSON of " + field.message_type()->name() + ", or @FILE.json";
    default: return "of a type that contracts do not use";
  }
}

std::string json_hint(const FieldDescriptor& field) {
  if (options_of(field).format() == contract::FORMAT_HASH) return "64 hexadecimal digits";
  if (field.type() == FieldDescriptor::TYPE_BYTES) return "bytes in base64";
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !is_money(*field.message_type()))
    return "JSON of " + field.message_type()->name();
  return value_hint(field);
}

namespace {

void collect_missing(const Message& message, const std::string& where,
                     std::vector<std::string>& out) {
  const Descriptor& type = *message.GetDescriptor();
  const pb::Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string name = where + field.name();
    const bool present = field.is_repeated() ? reflection.FieldSize(message, &field) > 0
                                             : reflection.HasField(message, &field);
    if (!present) {
      if (options_of(field).required()) out.push_back(name);
      continue;
    }
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field.is_repeated()) {
      collect_missing(reflection.GetMessage(message, &field), name + ".", out);
      continue;
    }
    for (int n = 0; n < reflection.FieldSize(message, &field); ++n)
      collect_missing(reflection.GetRepeatedMessage(message, &field, n),
                      name + "[" + std::to_string(n) + "].", out);
  }
}

}  // namespace

std::vector<std::string> missing_fields(const Message& message) {
  std::vector<std::string> out;
  collect_missing(message, "", out);
  return out;
}

}  // namespace usance::render
