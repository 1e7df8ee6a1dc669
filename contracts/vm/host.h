// How a running module reaches its host: typed imports, and what a host function can see and do.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/receipt.h"
#include "contracts/vm/types.h"

namespace usance::vm {

class Memory;

// One function a host offers. `id` is the number with which HostInterface::call names it; `gas` is
// charged before the call (what depends on sizes the host charges itself).
struct HostDefinition {
  std::string_view module;
  std::string_view name;
  std::vector<ValueType> params;
  std::vector<ValueType> results;
  std::uint32_t id = 0;
  std::uint64_t gas = 0;
};

// What a host function wants next. Results are only looked at when it continues.
struct [[nodiscard]] HostResult {
  enum class Next : std::uint8_t { kContinue, kTrap, kEnd };
  Next next = Next::kContinue;
  TrapCode trap = TrapCode::kNone;

  static HostResult proceed() { return {}; }
  static HostResult fail(TrapCode code) { return {Next::kTrap, code}; }
  // Ends the whole call at once, without a trap: Outcome::ended_by_host.
  static HostResult end() { return {Next::kEnd, TrapCode::kNone}; }
};

// The calling instance as a host function sees it. Valid during the call only. Spans into the
// memory are valid until another instance call or the end of the function.
class HostFrame {
 public:
  HostFrame(Slot* slots, Memory* memory, std::int64_t& gas) noexcept
      : slots_(slots), memory_(memory), gas_(gas) {}

  // Arguments, and afterwards the results, by position. Nothing checks positions: the linker has
  // checked the types.
  [[nodiscard]] std::uint32_t u32(std::size_t i) const {
    return static_cast<std::uint32_t>(slots_[i]);
  }
  [[nodiscard]] std::int32_t i32(std::size_t i) const { return static_cast<std::int32_t>(u32(i)); }
  [[nodiscard]] std::uint64_t u64(std::size_t i) const { return slots_[i]; }
  [[nodiscard]] std::int64_t i64(std::size_t i) const {
    return static_cast<std::int64_t>(slots_[i]);
  }
  void set_i32(std::int32_t value, std::size_t i = 0) {
    slots_[i] = static_cast<std::uint32_t>(value);
  }
  void set_u32(std::uint32_t value, std::size_t i = 0) { slots_[i] = value; }
  void set_i64(std::int64_t value, std::size_t i = 0) {
    slots_[i] = static_cast<std::uint64_t>(value);
  }

  // Memory of the caller; nothing when the range is outside it (the host then fails with
  // kMemoryOutOfBounds) or the caller has no memory.
  [[nodiscard]] std::optional<ByteView> read(std::uint32_t pointer, std::uint32_t length) const;
  // Copies into the caller's memory; false when the range is outside it.
  [[nodiscard]] bool write(std::uint32_t pointer, ByteView bytes);

  // Takes gas; false when there is not enough left, and the host then fails with kOutOfGas.
  [[nodiscard]] bool charge(std::uint64_t gas) {
    if (gas > gas_left()) return false;
    gas_ -= static_cast<std::int64_t>(gas);
    return true;
  }
  // What a nested call may use at most.
  [[nodiscard]] std::uint64_t gas_left() const { return static_cast<std::uint64_t>(gas_); }

 private:
  Slot* slots_;
  Memory* memory_;
  std::int64_t& gas_;
};

// Implemented by whoever runs a contract. A host function may run other instances.
class HostInterface {
 public:
  HostInterface() = default;
  HostInterface(const HostInterface&) = delete;
  HostInterface& operator=(const HostInterface&) = delete;
  virtual ~HostInterface() = default;
  // `function` is the id of the definition that the import was resolved to.
  virtual HostResult call(std::uint32_t function, HostFrame& frame) = 0;
};

}  // namespace usance::vm
