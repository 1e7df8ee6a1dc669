// Reads the WebAssembly binary format. The first failure sticks: later reads return zero and do not
// move, so a decoder checks `ok()` where it would loop or allocate, not after every read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "contracts/vm/types.h"

namespace usance::vm {

// Vectors of 128 bits, v128, and the reason for refusing them and what computes with them in both
// profiles.
inline constexpr std::uint8_t kVectorType = 0x7b;
inline constexpr std::string_view kSimdRefused = "SIMD is not supported";

class Reader {
 public:
  explicit Reader(ByteView bytes) : Reader(bytes, 0) {}
  // `base` is the position of the first byte in the module, for messages.
  Reader(ByteView bytes, std::size_t base)
      : begin_(bytes.data()), at_(bytes.data()), end_(bytes.data() + bytes.size()), base_(base) {}

  [[nodiscard]] bool ok() const { return message_.empty(); }
  [[nodiscard]] bool at_end() const { return at_ == end_; }
  [[nodiscard]] std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
  // Position in the module.
  [[nodiscard]] std::size_t offset() const {
    return base_ + static_cast<std::size_t>(at_ - begin_);
  }
  [[nodiscard]] const std::string& message() const { return message_; }
  [[nodiscard]] std::size_t failed_at() const { return failed_at_; }
  void fail(std::string message) { fail_at(std::move(message), offset()); }
  void fail_at(std::string message, std::size_t offset) {
    if (!ok()) return;
    message_ = std::move(message);
    failed_at_ = offset;
    at_ = end_;
  }

  std::uint8_t u8() {
    if (at_ == end_) {
      fail("unexpected end");
      return 0;
    }
    return *at_++;
  }
  [[nodiscard]] std::uint8_t peek() const { return at_ == end_ ? 0 : *at_; }
  std::uint32_t u32() {
    if (at_ != end_ && *at_ < 0x80) return *at_++;
    return static_cast<std::uint32_t>(unsigned_leb(32));
  }
  std::int32_t s32() {
    if (at_ != end_ && *at_ < 0x40) return *at_++;
    return static_cast<std::int32_t>(signed_leb(32));
  }
  std::int64_t s33() { return signed_leb(33); }
  std::int64_t s64() { return signed_leb(64); }
  std::uint32_t fixed32() { return static_cast<std::uint32_t>(fixed(4)); }
  std::uint64_t fixed64() { return fixed(8); }
  // One byte; a failure says so when the type is one of SIMD.
  ValueType value_type();
  // n bytes in place; empty on failure.
  ByteView bytes(std::size_t n);
  // A length and that many bytes of UTF-8.
  std::string_view name();
  // A vector's length, which can be neither above `limit` nor above the bytes that are left.
  std::uint32_t count(std::size_t limit, std::string_view of_what);

 private:
  std::uint64_t unsigned_leb(unsigned bits);
  std::int64_t signed_leb(unsigned bits);
  std::uint64_t fixed(std::size_t n);

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  std::size_t base_;
  std::size_t failed_at_ = 0;
  std::string message_;
};

[[nodiscard]] bool is_utf8(ByteView bytes);

}  // namespace usance::vm
