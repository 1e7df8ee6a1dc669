#include "tools/usance-wasm/host_programs.h"

#include "contracts/host/wasm_host.h"

namespace usance::tools {

namespace {

constexpr std::uint32_t kSelector = 1;
constexpr std::uint32_t kPages = 5;

void text(BodyWriter& out, std::string_view words) {
  out.unsigned_number(words.size());
  for (const char c : words) out.op({static_cast<unsigned char>(c)});
}

void types(BodyWriter& out, const std::vector<vm::ValueType>& list) {
  out.unsigned_number(list.size());
  for (const vm::ValueType type : list) out.op({type == vm::ValueType::kI64 ? 0x7e : 0x7f});
}

BodyWriter body_of(const std::vector<HostProgram>& programs) {
  BodyWriter body;
  body.op({2, 2, 0x7f, 2, 0x7e});  // locals: two i32, two i64
  body.append(buffer(kArgumentsAt, 65536)).append(host("arguments")).op({0x1a});
  body.i32(kArgumentsAt).memory(0x28).set(kSelector);
  body.i32(kArgumentsAt + 4).memory(0x28).set(0);
  body.i32(kArgumentsAt + 8).memory(0x29).set(kCounter);
  for (std::size_t i = 0; i < programs.size(); ++i) {
    BodyWriter step = programs[i].step;
    step.get(kCounter).i64(1).op({0x7c}).set(kCounter);
    body.get(kSelector).i32(static_cast<std::int32_t>(i + 1)).op({0x46, 0x04, 0x40});
    body.countdown(step).op({0x0b});
  }
  return body.op({0x0b});
}

}  // namespace

BodyWriter host(std::string_view name) {
  std::uint64_t index = 0;
  for (const vm::HostDefinition& definition : host_definitions()) {
    if (definition.name == name) break;
    ++index;
  }
  return BodyWriter().index(0x10, index);
}

BodyWriter buffer(std::int32_t at, std::int32_t bytes) {
  return BodyWriter().i32(at).i32(bytes);
}

BodyWriter key(std::int32_t at, char letter, std::uint64_t many) {
  BodyWriter b;
  b.i32(at).i32(letter).memory(0x3a).i32(at + 1);
  // An odd factor makes a permutation of the numbers below a power of two.
  b.get(kCounter).i64(static_cast<std::int64_t>(0x9e3779b97f4a7c15)).op({0x7e});
  if (many != 0) b.i64(static_cast<std::int64_t>(many - 1)).op({0x83});
  return b.memory(0x37);
}

Bytes program_module(const std::vector<HostProgram>& programs) {
  const auto definitions = host_definitions();
  BodyWriter function_types;
  BodyWriter imports;
  function_types.unsigned_number(definitions.size() + 1);
  imports.unsigned_number(definitions.size());
  std::uint64_t type = 0;
  for (const vm::HostDefinition& definition : definitions) {
    function_types.op({0x60});
    types(function_types, definition.params);
    types(function_types, definition.results);
    text(imports, definition.module);
    text(imports, definition.name);
    imports.op({0}).unsigned_number(type++);
  }
  function_types.op({0x60, 0, 0});

  BodyWriter out;
  out.op({0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0});
  out.section(1, function_types);
  out.section(2, imports);
  out.section(3, BodyWriter().op({1}).unsigned_number(type));
  out.section(5, BodyWriter().op({1, 0}).unsigned_number(kPages));
  BodyWriter exports;
  exports.op({2});
  text(exports, "memory");
  exports.op({2, 0});
  text(exports, "invoke");
  exports.op({0}).unsigned_number(definitions.size());
  out.section(7, exports);
  const BodyWriter body = body_of(programs);
  out.section(10, BodyWriter().op({1}).unsigned_number(body.code().size()).append(body));
  return out.code();
}

Bytes program_arguments(std::uint32_t number, std::uint32_t count, std::uint64_t start,
                        ByteView payload) {
  Encoder out;
  out(number);
  out(count);
  out(start);
  out.raw(payload);
  return std::move(out).take();
}

}  // namespace usance::tools
