#include "tools/usance-wasm/module_writer.h"

namespace usance::tools {

BodyWriter& BodyWriter::unsigned_number(std::uint64_t value) {
  while (value >= 0x80) {
    code_.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  code_.push_back(static_cast<std::uint8_t>(value));
  return *this;
}

BodyWriter& BodyWriter::signed_number(std::int64_t value) {
  for (;;) {
    const auto low = static_cast<std::uint8_t>(value & 0x7f);
    value >>= 7;
    const bool done = (value == 0 && (low & 0x40) == 0) || (value == -1 && (low & 0x40) != 0);
    code_.push_back(done ? low : static_cast<std::uint8_t>(low | 0x80));
    if (done) return *this;
  }
}

std::uint32_t ModuleWriter::function(const BodyWriter& body, std::uint32_t i64_locals) {
  BodyWriter whole;
  whole.op({1}).unsigned_number(i64_locals).op({0x7e}).append(body).op({0x0b});
  bodies_.push_back(whole.code());
  return static_cast<std::uint32_t>(bodies_.size());
}

Bytes ModuleWriter::module() const {
  BodyWriter out;
  out.op({0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0});
  BodyWriter types;
  types.op({2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 0, 0});
  out.section(1, types);
  BodyWriter imports;
  imports.op({1, 3, 'e', 'n', 'v', 4, 'h', 'o', 's', 't', 0, 1});
  out.section(2, imports);
  BodyWriter functions;
  functions.unsigned_number(bodies_.size());
  for (std::size_t i = 0; i < bodies_.size(); ++i) functions.op({0});
  out.section(3, functions);
  BodyWriter table;
  table.op({1, 0x70, 0}).unsigned_number(bodies_.size());
  out.section(4, table);
  BodyWriter memory;
  memory.op({1, 0}).unsigned_number(pages_);
  out.section(5, memory);
  BodyWriter globals;
  globals.op({1, 0x7e, 1, 0x42, 0, 0x0b});
  out.section(6, globals);
  BodyWriter exports;
  exports.op({1, 3, 'r', 'u', 'n', 0}).unsigned_number(bodies_.size());
  out.section(7, exports);
  BodyWriter elements;
  elements.op({1, 0, 0x41, 0, 0x0b}).unsigned_number(bodies_.size());
  for (std::size_t i = 0; i < bodies_.size(); ++i) elements.unsigned_number(i + 1);
  out.section(9, elements);
  BodyWriter code;
  code.unsigned_number(bodies_.size());
  for (const Bytes& body : bodies_) {
    BodyWriter raw;
    for (const std::uint8_t byte : body) raw.op({byte});
    code.unsigned_number(body.size()).append(raw);
  }
  out.section(10, code);
  return out.code();
}

}  // namespace usance::tools
