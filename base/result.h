// Errors are values. Every fallible function returns Result<T>; exceptions of libraries are caught
// by the adapter that calls the library.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace usance {

// What went wrong, for programs. The text beside it is for people and says what to do.
enum class ErrorCode {
  kInvalidArgument,     // the caller's value is malformed, out of range or of the wrong type
  kMalformed,           // bytes that do not decode
  kBadSignature,        // a signature or certificate does not verify
  kPermissionDenied,    // known caller, not allowed
  kNotFound,            // never existed
  kPruned,              // existed, history no longer held here
  kAlreadyExists,       // duplicate
  kFailedPrecondition,  // not in this state
  kResourceExhausted,   // a quota, queue or limit is full; a retry may help
  kUnavailable,         // a peer or the network cannot serve now; a retry may help
  kExpired,             // a deadline or validity has passed
  kCorrupt,             // stored data contradicts itself
  kIo,                  // the disk or the operating system refused
  kUnsupported,         // a version or algorithm this program does not know
  kInternal,            // our own mistake
};

[[nodiscard]] std::string_view to_string(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

// Adds the outer context in front of an error's text: "opening the store: <what the store said>".
[[nodiscard]] inline tl::unexpected<Error> fail_with(std::string_view context, const Error& cause) {
  return tl::unexpected<Error>(Error{cause.code, std::string(context) + ": " + cause.message});
}

// A broken invariant of our own logic ends the process, in release builds too. Never for bytes
// that came from somebody else.
[[noreturn]] void invariant_failed(const char* expression, const char* file, int line);

}  // namespace usance

#define USANCE_INVARIANT(expression)                    \
  (static_cast<bool>(expression) ? static_cast<void>(0) \
                                 : ::usance::invariant_failed(#expression, __FILE__, __LINE__))

// Returns the error of a Result<...> expression from the enclosing function.
#define USANCE_TRY(expression)                                                        \
  do {                                                                                \
    if (auto usance_try_result = (expression); !usance_try_result)                    \
      return ::tl::unexpected<::usance::Error>(std::move(usance_try_result).error()); \
  } while (false)

// USANCE_ASSIGN(auto x, f()): x is f()'s value, or the enclosing function returns f()'s error.
#define USANCE_CONCAT_INNER(a, b) a##b
#define USANCE_CONCAT(a, b) USANCE_CONCAT_INNER(a, b)
#define USANCE_ASSIGN(declaration, expression)                       \
  auto USANCE_CONCAT(usance_assign_, __LINE__) = (expression);       \
  if (!USANCE_CONCAT(usance_assign_, __LINE__))                      \
    return ::tl::unexpected<::usance::Error>(                        \
        std::move(USANCE_CONCAT(usance_assign_, __LINE__)).error()); \
  declaration = *std::move(USANCE_CONCAT(usance_assign_, __LINE__))
