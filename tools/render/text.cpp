#include "tools/render/text.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "tools/render/base64.h"
#include "tools/render/calendar.h"
#include "tools/render/money.h"

namespace usance::render {

namespace pb = google::protobuf;
using Json = nlohmann::ordered_json;

namespace {

// A message and those that contain it, innermost first.
struct Place {
  const Message& message;
  const Place* outer = nullptr;
};

// One value of a field; index -1 for a singular field.
class Value {
 public:
  Value(const Message& message, const FieldDescriptor& field, int index)
      : message_(message), field_(field), index_(index), reflection_(*message.GetReflection()) {}

#define USANCE_GET(name)                                                          \
  [[nodiscard]] auto name() const {                                               \
    return index_ < 0 ? reflection_.Get##name(message_, &field_)                  \
                      : reflection_.GetRepeated##name(message_, &field_, index_); \
  }
  USANCE_GET(Int32)
  USANCE_GET(Int64)
  USANCE_GET(UInt32)
  USANCE_GET(UInt64)
  USANCE_GET(Bool)
  USANCE_GET(String)
  USANCE_GET(EnumValue)
#undef USANCE_GET
  [[nodiscard]] const Message& message() const {
    return index_ < 0 ? reflection_.GetMessage(message_, &field_)
                      : reflection_.GetRepeatedMessage(message_, &field_, index_);
  }
  [[nodiscard]] std::string enum_name() const {
    const pb::EnumValueDescriptor* known = field_.enum_type()->FindValueByNumber(EnumValue());
    return known == nullptr ? std::to_string(EnumValue()) : known->name();
  }
  [[nodiscard]] const FieldDescriptor& field() const { return field_; }

 private:
  const Message& message_;
  const FieldDescriptor& field_;
  int index_;
  const pb::Reflection& reflection_;
};

bool is_present(const Message& message, const FieldDescriptor& field) {
  return field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) > 0
                             : message.GetReflection()->HasField(message, &field);
}

// Its default says something, too: ALLOWED, but not FORM_NOT_STATED.
bool is_said(const Message& message, const FieldDescriptor& field) {
  if (is_present(message, field)) return true;
  return !field.is_repeated() && !field.has_presence() &&
         field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM &&
         !field.default_value_enum()->name().ends_with("NOT_STATED");
}

// The fields that there are, by their names.
template <class Present, class ValueOf>
Json json_object(const Message& message, Present present, ValueOf value_of) {
  Json out = Json::object();
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!present(message, field)) continue;
    if (!field.is_repeated()) {
      out[field.name()] = value_of(Value(message, field, -1));
      continue;
    }
    Json list = Json::array();
    for (int n = 0; n < message.GetReflection()->FieldSize(message, &field); ++n)
      list.push_back(value_of(Value(message, field, n)));
    out[field.name()] = std::move(list);
  }
  return out;
}

Json json_value(const Value& value) {
  switch (value.field().cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: return value.Int32();
    case FieldDescriptor::CPPTYPE_INT64: return std::to_string(value.Int64());
    case FieldDescriptor::CPPTYPE_UINT32: return value.UInt32();
    case FieldDescriptor::CPPTYPE_UINT64: return std::to_string(value.UInt64());
    case FieldDescriptor::CPPTYPE_BOOL: return value.Bool();
    case FieldDescriptor::CPPTYPE_ENUM: return value.enum_name();
    case FieldDescriptor::CPPTYPE_MESSAGE: return to_json(value.message());
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = value.String();
      if (value.field().type() != FieldDescriptor::TYPE_BYTES) return text;
      return options_of(value.field()).format() == contract::FORMAT_HASH
                 ? to_hex(as_bytes(text))
                 : to_base64(as_bytes(text));
    }
    default: return nullptr;
  }
}

std::string money_text(const Message& money) {
  MoneyAmount amount;
  const Descriptor& type = *money.GetDescriptor();
  const FieldDescriptor* currency = type.FindFieldByName("currency");
  const FieldDescriptor* units = type.FindFieldByName("minor_units");
  if (currency != nullptr && currency->cpp_type() == FieldDescriptor::CPPTYPE_STRING)
    amount.currency = money.GetReflection()->GetString(money, currency);
  if (units != nullptr && units->cpp_type() == FieldDescriptor::CPPTYPE_INT64)
    amount.minor_units = money.GetReflection()->GetInt64(money, units);
  return format_money(amount);
}

// The Money at the end of a path such as "terms.amount", or null.
const Message* money_at(const Message& from, std::string_view path) {
  const Message* at = &from;
  while (!path.empty()) {
    const std::string_view name = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    const FieldDescriptor* step = at->GetDescriptor()->FindFieldByName(std::string(name));
    if (step == nullptr || step->is_repeated() ||
        step->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
      return nullptr;
    at = &at->GetReflection()->GetMessage(*at, step);
  }
  return is_money(*at->GetDescriptor()) ? at : nullptr;
}

// An integer of minor units whose currency stands elsewhere, as an amount.
std::optional<std::string> amount_text(const Value& value, const Place& place) {
  const std::string path = options_of(value.field()).currency_of();
  if (path.empty() || value.field().cpp_type() != FieldDescriptor::CPPTYPE_INT64)
    return std::nullopt;
  for (const Place* at = &place; at != nullptr; at = at->outer) {
    const Message* money = money_at(at->message, path);
    const FieldDescriptor* currency =
        money == nullptr ? nullptr : money->GetDescriptor()->FindFieldByName("currency");
    if (currency == nullptr || currency->cpp_type() != FieldDescriptor::CPPTYPE_STRING) continue;
    const std::string code = money->GetReflection()->GetString(*money, currency);
    if (!code.empty()) return format_money({code, value.Int64()});
  }
  return std::nullopt;
}

std::string scalar_text(const Value& value) {
  const contract::Format format = options_of(value.field()).format();
  switch (value.field().cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return format == contract::FORMAT_DATE ? format_date(value.Int32())
                                             : std::to_string(value.Int32());
    case FieldDescriptor::CPPTYPE_INT64:
      return format == contract::FORMAT_TIME_MS ? format_time(value.Int64())
                                                : std::to_string(value.Int64());
    case FieldDescriptor::CPPTYPE_UINT32: return std::to_string(value.UInt32());
    case FieldDescriptor::CPPTYPE_UINT64: return std::to_string(value.UInt64());
    case FieldDescriptor::CPPTYPE_BOOL: return value.Bool() ? "true" : "false";
    case FieldDescriptor::CPPTYPE_ENUM: return value.enum_name();
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = value.String();
      if (value.field().type() != FieldDescriptor::TYPE_BYTES) return text;
      return format == contract::FORMAT_HASH ? to_hex(as_bytes(text)) : show_bytes(as_bytes(text));
    }
    default: return "";
  }
}

// Text from the ledger may hold anything: control characters must not reach a terminal.
std::string printable(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x" + to_hex(ByteView(reinterpret_cast<const std::uint8_t*>(&c), 1));
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string line_of(const Place& place);

std::string line_value(const Value& value, const Place& place) {
  if (value.field().cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
    return is_money(*value.field().message_type()) ? money_text(value.message())
                                                   : line_of({value.message(), &place});
  if (const auto amount = amount_text(value, place)) return printable(*amount);
  return printable(scalar_text(value));
}

std::string line_of(const Place& place) {
  const Message& message = place.message;
  std::string out = "{";
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!is_present(message, field)) continue;
    if (out.size() > 1) out += ", ";
    out += field.name() + ": ";
    if (!field.is_repeated()) {
      out += line_value(Value(message, field, -1), place);
      continue;
    }
    out += "[";
    for (int n = 0; n < message.GetReflection()->FieldSize(message, &field); ++n)
      out += (n > 0 ? ", " : "") + line_value(Value(message, field, n), place);
    out += "]";
  }
  return out + "}";
}

Json reading_of(const Place& place);

Json reading_value(const Value& value, const Place& place) {
  if (value.field().cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
      !is_money(*value.field().message_type()))
    return reading_of({value.message(), &place});
  return line_value(value, place);
}

Json reading_of(const Place& place) {
  return json_object(place.message, is_said,
                     [&](const Value& value) { return reading_value(value, place); });
}

void append_text(std::string& out, const Place& place, unsigned indent);

void append_value(std::string& out, const std::string& label, const Value& value,
                  const Place& place, unsigned indent) {
  out += std::string(indent, ' ') + label + ":";
  if (value.field().cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
      is_money(*value.field().message_type())) {
    out += " " + line_value(value, place) + "\n";
    return;
  }
  out += "\n";
  append_text(out, {value.message(), &place}, indent + 2);
}

void append_text(std::string& out, const Place& place, unsigned indent) {
  const Message& message = place.message;
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!is_present(message, field)) continue;
    if (!field.is_repeated()) {
      append_value(out, field.name(), Value(message, field, -1), place, indent);
      continue;
    }
    for (int n = 0; n < message.GetReflection()->FieldSize(message, &field); ++n)
      append_value(out, field.name() + "[" + std::to_string(n) + "]", Value(message, field, n),
                   place, indent);
  }
}

}  // namespace

Json to_json(const Message& message) {
  return json_object(message, is_present, json_value);
}

Json to_reading(const Message& message) {
  return reading_of({message});
}

std::string to_text(const Message& message, unsigned indent) {
  std::string out;
  append_text(out, {message}, indent);
  return out;
}

std::string to_line(const Message& message, std::size_t limit) {
  std::string out = line_of({message});
  if (out.size() > limit) out = out.substr(0, limit) + "...";
  return out;
}

std::string show_bytes(ByteView bytes, std::size_t limit) {
  const bool text = !bytes.empty() && std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) {
    return b >= 0x20 && b < 0x7f;
  });
  std::string out = text ? std::string(as_text(bytes)) : to_hex(bytes);
  if (out.size() > limit)
    out = out.substr(0, limit) + "... (" + std::to_string(bytes.size()) + " bytes)";
  return out;
}

std::string show_name(ByteView bytes) {
  const auto printable = [](std::uint8_t b) { return b >= 0x20 && b < 0x7f; };
  const std::string_view text = as_text(bytes);
  const auto binary = std::find_if_not(bytes.begin(), bytes.end(), printable);
  // What would read back as hexadecimal is written as such.
  const bool looks_hex = text.starts_with("0x") || text.find("/0x") != std::string_view::npos;
  if (binary == bytes.end() && !looks_hex) return std::string(text);
  const std::size_t slash =
      looks_hex ? std::string_view::npos
                : text.substr(0, static_cast<std::size_t>(binary - bytes.begin())).find('/');
  const std::size_t prefix = slash == std::string_view::npos ? 0 : slash + 1;
  return std::string(text.substr(0, prefix)) + "0x" + to_hex(bytes.subspan(prefix));
}

}  // namespace usance::render
