#include <set>
#include <vector>

#include "errors.h"
#include "fields.h"
#include "generator.h"
#include "names.h"
#include "usance/contract/options.pb.h"

namespace usance::generator {
namespace {

namespace pb = google::protobuf;
namespace options = usance::contract;

// Before each message those that it contains: members are plain values.
void visit(const pb::Descriptor& message, std::set<const pb::Descriptor*>& done,
           std::vector<const pb::Descriptor*>& order) {
  if (!done.insert(&message).second) return;
  for (int i = 0; i < message.field_count(); ++i) {
    const pb::Descriptor* inner = message.field(i)->message_type();
    if (inner != nullptr && inner->file() == message.file()) visit(*inner, done, order);
  }
  order.push_back(&message);
}

void print_includes(const pb::FileDescriptor& file, pb::io::Printer& out) {
  out.Print(
      "#include <cstdint>\n#include <optional>\n#include <string>\n#include <string_view>\n"
      "#include <vector>\n\n");
  if (file.service_count() != 0)
    out.Print("#include \"contracts/sdk/context.h\"\n#include \"contracts/sdk/method_rules.h\"\n");
  out.Print("#include \"contracts/sdk/failure.h\"\n#include \"contracts/sdk/wire.h\"\n");
  for (int i = 0; i < file.dependency_count(); ++i) {
    const pb::FileDescriptor& import = *file.dependency(i);
    if (import.name() == "usance/contract/options.proto" || import.package() == "google.protobuf")
      continue;
    out.Print("#include \"$stem$.usance.h\"\n", "stem", stem(import));
  }
  out.Print("\n");
}

// The interface's own comment on a declaration, if it has one.
template <class Descriptor>
void print_comment(const Descriptor& of, pb::io::Printer& out) {
  pb::SourceLocation location;
  if (!of.GetSourceLocation(&location)) return;
  std::string text = location.leading_comments;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  if (text.empty()) return;
  std::string line;
  for (const char c : text + '\n') {
    if (c != '\n') {
      line += c;
      continue;
    }
    out.PrintRaw("//" + line + '\n');
    line.clear();
  }
}

void print_enum(const pb::EnumDescriptor& type, pb::io::Printer& out) {
  print_comment(type, out);
  out.Print("enum class $name$ : std::int32_t {\n", "name", type.name());
  for (int i = 0; i < type.value_count(); ++i)
    out.Print("  $value$ = $number$,\n", "value", enumerator(*type.value(i)), "number",
              std::to_string(type.value(i)->number()));
  out.Print(
      "};\n"
      "[[nodiscard]] bool is_known($name$ value);\n"
      "// The name in the interface; empty when unknown.\n"
      "[[nodiscard]] std::string_view to_text($name$ value);\n\n",
      "name", type.name());
}

void print_message(const pb::Descriptor& message, pb::io::Printer& out) {
  print_comment(message, out);
  out.Print("struct $name$ {\n", "name", message.name());
  if (message.options().HasExtension(options::event))
    out.Print("  static constexpr std::string_view kEvent = \"$name$\";\n", "name", message.name());
  if (message.options().HasExtension(options::record)) {
    const options::RecordOptions& record = message.options().GetExtension(options::record);
    if (!record.item().empty())
      out.Print("  static constexpr std::string_view kItem = \"$item$\";\n", "item", record.item());
    else
      out.Print("  static constexpr std::string_view kItemPrefix = \"$item$\";\n", "item",
                record.item_prefix());
  }
  for (int i = 0; i < message.field_count(); ++i) {
    const pb::FieldDescriptor& field = *message.field(i);
    out.Print("  $type$ $member$$init$;\n", "type", member_type(field), "member", member(field),
              "init", initialiser(field));
  }
  out.Print(
      "\n  friend bool operator==(const $name$&, const $name$&) = default;\n"
      "};\n"
      "void write(sdk::Writer& out, const $name$& m);\n"
      "void read(sdk::Reader& in, $name$& m);\n",
      "name", message.name());
  if (message.options().HasExtension(options::event)) {
    const std::string key = message.options().GetExtension(options::event).key();
    out.Print("[[nodiscard]] inline sdk::Key event_key(const $name$& m) { return m.$key$; }\n",
              "name", message.name(), "key", identifier(key));
  }
  out.Print("\n");
}

std::string flag(bool value) {
  return value ? "true" : "false";
}

std::string lines(const pb::RepeatedPtrField<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += name + "\\n";
  return out;
}

void print_method_rules(const pb::MethodDescriptor& method, pb::io::Printer& out) {
  const options::MethodOptions& option = method.options().GetExtension(options::method);
  out.Print("struct $name$ {\n", "name", method.name());
  out.Print(
      "  using Request = $request$;\n"
      "  using Response = $response$;\n"
      "  static constexpr sdk::MethodRules kRules{\n"
      "      \"$name$\", \"$request_name$\", /*view=*/$view$, /*timer=*/$timer$,\n"
      "      /*contracts_only=*/$only$, /*migrate=*/$migrate$, \"$roles$\", \"$permissions$\"};\n"
      "};\n",
      "request", type_name(*method.input_type(), *method.file()), "response",
      type_name(*method.output_type(), *method.file()), "name", method.name(), "request_name",
      method.input_type()->name(), "view", flag(option.view()), "timer", flag(option.timer()),
      "only", flag(option.contracts_only()), "migrate", flag(option.migrate()), "roles",
      lines(option.roles()), "permissions", lines(option.permissions()));
}

void print_service(const pb::ServiceDescriptor& service, pb::io::Printer& out) {
  out.Print("namespace method {\n");
  for (int i = 0; i < service.method_count(); ++i) print_method_rules(*service.method(i), out);
  out.Print("}  // namespace method\n\n");

  print_comment(service, out);
  out.Print(
      "// A contract implements it; a method returns its response or ends the call with fail().\n"
      "class $name$ {\n public:\n",
      "name", service.name());
  for (int i = 0; i < service.method_count(); ++i) {
    const pb::MethodDescriptor& method = *service.method(i);
    out.Print("  virtual $response$ $name$(sdk::Context& ctx, const $request$& request) = 0;\n",
              "response", type_name(*method.output_type(), *method.file()), "name",
              identifier(snake_case(method.name())), "request",
              type_name(*method.input_type(), *method.file()));
  }
  out.Print(
      "\n protected:\n  ~$name$() = default;\n};\n\n"
      "// Runs the method that the invocation names.\n"
      "void dispatch(sdk::Context& ctx, $name$& contract);\n"
      "// One invocation of the contract. Its own source defines this.\n"
      "void invoke(sdk::Context& ctx);\n\n",
      "name", service.name());

  out.Print(
      "// For other contracts: calls to the contract registered under a name.\n"
      "class $name$Client {\n public:\n"
      "  $name$Client(sdk::Context& ctx, std::string_view contract) : ctx_(ctx), "
      "contract_(contract) {}\n",
      "name", service.name());
  for (int i = 0; i < service.method_count(); ++i) {
    const pb::MethodDescriptor& method = *service.method(i);
    const options::MethodOptions& option = method.options().GetExtension(options::method);
    if (option.timer() || option.migrate()) continue;
    out.Print(
        "  sdk::CallResult<$response$> $name$(const $request$& request) {\n"
        "    return ctx_.call<method::$method$>(contract_, request);\n"
        "  }\n",
        "response", type_name(*method.output_type(), *method.file()), "name",
        identifier(snake_case(method.name())), "request",
        type_name(*method.input_type(), *method.file()), "method", method.name());
  }
  out.Print("\n private:\n  sdk::Context& ctx_;\n  std::string contract_;\n};\n\n");
}

}  // namespace

void print_header(const pb::FileDescriptor& file, pb::io::Printer& out) {
  out.Print("// Generated by protoc-gen-usance from $file$.\n#pragma once\n\n", "file",
            file.name());
  print_includes(file, out);
  out.Print("namespace $namespace$ {\n\nnamespace sdk = ::usance::contract;\n\n", "namespace",
            namespace_of(file));
  for (int i = 0; i < file.enum_type_count(); ++i) print_enum(*file.enum_type(i), out);

  std::set<const pb::Descriptor*> done;
  std::vector<const pb::Descriptor*> order;
  for (int i = 0; i < file.message_type_count(); ++i) visit(*file.message_type(i), done, order);
  for (const pb::Descriptor* message : order) print_message(*message, out);

  for (int i = 0; i < file.enum_type_count(); ++i)
    print_error_declarations(*file.enum_type(i), out);
  if (file.service_count() != 0) print_service(*file.service(0), out);
  out.Print("}  // namespace $namespace$\n", "namespace", namespace_of(file));
}

void print_entry(const pb::FileDescriptor& file, pb::io::Printer& out) {
  out.Print(
      "// Generated by protoc-gen-usance from $file$.\n"
      "#include \"$stem$.usance.h\"\n\n"
      "extern \"C\" void __wasm_call_ctors();\n\n"
      "extern \"C\" __attribute__((export_name(\"invoke\"))) void usance_invoke() {\n"
      "  __wasm_call_ctors();\n"
      "  ::usance::contract::Context ctx;\n"
      "  ::$namespace$::invoke(ctx);\n"
      "}\n",
      "file", file.name(), "stem", stem(file), "namespace", namespace_of(file));
}

}  // namespace usance::generator
