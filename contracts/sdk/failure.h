// Ending a call with a named error. The interface's error enum is generated into constructor
// functions, so that a method says
//   fail(errors::not_beneficiary(ctx.organisation(), credit.beneficiary));
// Everything the call did is rolled back; the receipt holds the number and the text.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace usance::contract {

[[nodiscard]] std::string decimal(std::int64_t number);
[[nodiscard]] std::string decimal(std::uint64_t number);

// A parameter of an error's text: a string, an integer, or whatever has a to_text().
class Text {
 public:
  Text(std::string_view text) : text_(text) {}
  Text(const char* text) : text_(text) {}
  Text(std::string text) : text_(std::move(text)) {}
  template <std::signed_integral T>
  Text(T number) : text_(decimal(static_cast<std::int64_t>(number))) {}
  template <std::unsigned_integral T>
  Text(T number) : text_(decimal(static_cast<std::uint64_t>(number))) {}
  template <class T>
    requires requires(const T& value) { to_text(value); }
  Text(const T& value) : text_(to_text(value)) {}

  [[nodiscard]] std::string_view view() const { return text_; }

 private:
  std::string text_;
};

struct Failure {
  std::int32_t code = 0;
  std::string detail;

  friend bool operator==(const Failure&, const Failure&) = default;
};

// Puts the parameters in order into a template's {places}.
[[nodiscard]] Failure make_failure(std::int32_t code, std::string_view message,
                                   const Text* const* parameters, std::size_t count);

// Does not return. In wasm the host ends the call; natively it throws Aborted.
[[noreturn]] void fail(const Failure& failure);

#ifndef __wasm__
// How a native call ends with an error: thrown by fail(), caught by whoever invoked the contract.
struct Aborted {
  Failure failure;
};
#endif

}  // namespace usance::contract
