// Writes small WebAssembly modules byte by byte, for programs that no compiler would produce.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "base/types.h"

namespace usance::tools {

// The instructions of one function body.
class BodyWriter {
 public:
  BodyWriter& op(std::initializer_list<int> bytes) {
    for (const int b : bytes) code_.push_back(static_cast<std::uint8_t>(b));
    return *this;
  }
  BodyWriter& index(int opcode, std::uint64_t index) { return op({opcode}).unsigned_number(index); }
  BodyWriter& get(std::uint32_t local) { return index(0x20, local); }
  BodyWriter& set(std::uint32_t local) { return index(0x21, local); }
  BodyWriter& tee(std::uint32_t local) { return index(0x22, local); }
  BodyWriter& i32(std::int32_t value) { return op({0x41}).signed_number(value); }
  BodyWriter& i64(std::int64_t value) { return op({0x42}).signed_number(value); }
  // Memory instructions: alignment 0, offset 0.
  BodyWriter& memory(int opcode) { return op({opcode, 0, 0}); }
  // A loop around `body` that counts local 0 down from its value to 0.
  BodyWriter& countdown(const BodyWriter& body) {
    op({0x03, 0x40}).append(body);
    return get(0).i32(1).op({0x6b}).tee(0).op({0x0d, 0x00, 0x0b});
  }
  BodyWriter& append(const BodyWriter& other) {
    code_.insert(code_.end(), other.code_.begin(), other.code_.end());
    return *this;
  }
  BodyWriter& repeat(int times, const BodyWriter& other) {
    for (int i = 0; i < times; ++i) append(other);
    return *this;
  }
  // A section of a module.
  BodyWriter& section(int id, const BodyWriter& content) {
    return op({id}).unsigned_number(content.code_.size()).append(content);
  }
  [[nodiscard]] const Bytes& code() const { return code_; }
  BodyWriter& unsigned_number(std::uint64_t value);
  BodyWriter& signed_number(std::int64_t value);

 private:
  Bytes code_;
};

// A module with functions of type [i32] -> [i32], a table of all of them, one page or more of
// memory and the import env.host: [] -> []. Function 0 is the import.
class ModuleWriter {
 public:
  explicit ModuleWriter(std::uint32_t pages) : pages_(pages) {}
  // Adds a function with that many i64 locals behind its parameter; returns its index.
  std::uint32_t function(const BodyWriter& body, std::uint32_t i64_locals = 4);
  // The module; the function added last is exported as "run".
  [[nodiscard]] Bytes module() const;

 private:
  std::uint32_t pages_;
  std::vector<Bytes> bodies_;
};

}  // namespace usance::tools
