#include <map>

#include "fields.h"
#include "generator.h"
#include "names.h"

namespace usance::generator {
namespace {

namespace pb = google::protobuf;
using Variables = std::map<std::string, std::string>;

// The Writer's function for a field of this kind, without the prefix "packed_" of elements.
std::string writer_function(Kind kind) {
  switch (kind) {
    case Kind::kSint32:
    case Kind::kSint64: return "zigzag";
    case Kind::kFixed32:
    case Kind::kSfixed32: return "fixed32";
    case Kind::kFixed64:
    case Kind::kSfixed64: return "fixed64";
    case Kind::kString:
    case Kind::kCurrency:
    case Kind::kOrganisation: return "text";
    case Kind::kBytes:
    case Kind::kHash: return "bytes";
    case Kind::kMessage: return "message";
    default: return "number";
  }
}

// A value as the Writer takes it: signed numbers extend to 64 bits.
std::string written(Kind kind, const std::string& value) {
  switch (kind) {
    case Kind::kBool: return value + " ? 1U : 0U";
    case Kind::kInt32:
    case Kind::kInt64: return "static_cast<std::uint64_t>(std::int64_t{" + value + "})";
    case Kind::kEnum: return "static_cast<std::uint64_t>(static_cast<std::int64_t>(" + value + "))";
    case Kind::kDate: return "static_cast<std::uint64_t>(std::int64_t{" + value + ".iso})";
    case Kind::kSfixed32: return "static_cast<std::uint32_t>(" + value + ")";
    case Kind::kSfixed64: return "static_cast<std::uint64_t>(" + value + ")";
    default: return value;
  }
}

// "in.text(target, 140, presence)".
std::string read_call(const pb::FieldDescriptor& field, const std::string& in,
                      const std::string& target, const std::string& presence) {
  const std::string tail = ", sdk::Presence::" + presence + ")";
  switch (kind_of(field)) {
    case Kind::kBool: return in + ".boolean(" + target + tail;
    case Kind::kSint32:
    case Kind::kSint64: return in + ".zigzag(" + target + tail;
    case Kind::kFixed32:
    case Kind::kSfixed32: return in + ".fixed32(" + target + tail;
    case Kind::kFixed64:
    case Kind::kSfixed64: return in + ".fixed64(" + target + tail;
    case Kind::kDate: return in + ".date(" + target + tail;
    case Kind::kEnum: return in + ".enumeration(" + target + tail;
    case Kind::kString:
      return in + ".text(" + target + ", " + std::to_string(max_bytes(field)) + tail;
    case Kind::kCurrency: return in + ".currency(" + target + tail;
    case Kind::kOrganisation: return in + ".organisation(" + target + tail;
    case Kind::kBytes:
      return in + ".bytes(" + target + ", " + std::to_string(max_bytes(field)) + tail;
    case Kind::kHash: return in + ".hash(" + target + tail;
    case Kind::kMessage: return in + ".message(" + target + tail;
    default: return in + ".number(" + target + tail;
  }
}

void print_write_field(const pb::FieldDescriptor& field, pb::io::Printer& out) {
  const Kind kind = kind_of(field);
  const std::string object = "m." + member(field);
  Variables v{{"n", std::to_string(field.number())}, {"m", object}, {"f", writer_function(kind)}};
  if (is_packed(field)) {
    v["value"] = written(kind, "v");
    out.Print(v,
              "  if (!$m$.empty()) {\n"
              "    const sdk::Writer::Mark mark = out.open($n$);\n"
              "    for (const auto v : $m$) out.packed_$f$($value$);\n"
              "    out.close(mark, sdk::Presence::kImplicit);\n"
              "  }\n");
  } else if (field.is_repeated()) {
    out.Print(v, "  for (const auto& v : $m$) out.$f$($n$, v, sdk::Presence::kExplicit);\n");
  } else if (is_optional(field)) {
    v["value"] = written(kind, kind == Kind::kDate ? "(*" + object + ")" : "*" + object);
    out.Print(v, "  if ($m$) out.$f$($n$, $value$, sdk::Presence::kExplicit);\n");
  } else {
    v["value"] = written(kind, object);
    out.Print(v, "  out.$f$($n$, $value$, sdk::Presence::kImplicit);\n");
  }
}

void print_read_field(const pb::FieldDescriptor& field, pb::io::Printer& out) {
  const std::string object = "m." + member(field);
  Variables v{{"n", std::to_string(field.number())},
              {"m", object},
              {"items", std::to_string(max_items(field))},
              {"type", element_type(field)}};
  out.Print(v, "      case $n$:\n");
  if (is_packed(field)) {
    v["read"] = read_call(field, "element", "v", "kExplicit");
    out.Print(
        v,
        "        in.packed([&m](sdk::Reader& element) {\n"
        "          if ($m$.size() >= $items$) return element.refuse(sdk::WireError::kTooMany);\n"
        "          $type$ v{};\n"
        "          $read$;\n"
        "          $m$.push_back(v);\n"
        "        });\n");
  } else if (field.is_repeated()) {
    v["read"] = read_call(field, "in", object + ".emplace_back()", "kExplicit");
    out.Print(v,
              "        if ($m$.size() >= $items$) {\n"
              "          in.refuse(sdk::WireError::kTooMany);\n"
              "          break;\n"
              "        }\n"
              "        $read$;\n"
              "        in.repeatable();\n");
  } else if (is_optional(field)) {
    v["read"] = read_call(field, "in", object + ".emplace()", "kExplicit");
    out.Print(v, "        $read$;\n");
  } else {
    v["read"] = read_call(field, "in", object, "kImplicit");
    out.Print(v, "        $read$;\n");
  }
  out.Print("        break;\n");
}

void print_required(const pb::FieldDescriptor& field, pb::io::Printer& out) {
  const std::string object = "m." + member(field);
  std::string absent = object + " == " + element_type(field) + "{}";
  if (field.is_repeated() || field.cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING)
    absent = object + ".empty()";
  if (is_optional(field)) absent = "!" + object;
  out.Print("  if ($absent$) in.refuse(sdk::WireError::kMissing, $n$);\n", "absent", absent, "n",
            std::to_string(field.number()));
}

void print_oneof(const pb::OneofDescriptor& oneof, pb::io::Printer& out) {
  std::string sum;
  for (int i = 0; i < oneof.field_count(); ++i) {
    if (i != 0) sum += " + ";
    sum += "(m." + member(*oneof.field(i)) + " ? 1 : 0)";
  }
  out.Print("  if ($sum$ > 1) in.refuse(sdk::WireError::kOneof, $n$);\n", "sum", sum, "n",
            std::to_string(oneof.field(0)->number()));
}

// Fields of a message in the order of their numbers.
std::map<int, const pb::FieldDescriptor*> ordered_fields(const pb::Descriptor& message) {
  std::map<int, const pb::FieldDescriptor*> out;
  for (int i = 0; i < message.field_count(); ++i)
    out.emplace(message.field(i)->number(), message.field(i));
  return out;
}

}  // namespace

void print_codec(const pb::Descriptor& message, pb::io::Printer& out) {
  const Variables v{{"name", message.name()}};
  if (message.field_count() == 0) {
    out.Print(v,
              "void write(sdk::Writer&, const $name$&) {}\n"
              "void read(sdk::Reader& in, $name$&) {\n"
              "  while (in.next()) in.unknown();\n"
              "}\n\n");
    return;
  }
  const auto fields = ordered_fields(message);
  out.Print(v, "void write(sdk::Writer& out, const $name$& m) {\n");
  for (const auto& [number, field] : fields) print_write_field(*field, out);
  out.Print(v,
            "}\n"
            "void read(sdk::Reader& in, $name$& m) {\n"
            "  while (in.next()) {\n"
            "    switch (in.field()) {\n");
  for (const auto& [number, field] : fields) print_read_field(*field, out);
  out.Print(
      "      default:\n"
      "        in.unknown();\n"
      "    }\n"
      "  }\n");
  for (int i = 0; i < message.real_oneof_decl_count(); ++i)
    print_oneof(*message.oneof_decl(i), out);
  for (const auto& [number, field] : fields)
    if (is_required(*field)) print_required(*field, out);
  out.Print("}\n\n");
}

}  // namespace usance::generator
