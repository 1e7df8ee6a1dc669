// How a command ends: an exit code that scripts rely on (docs/cli.md), and a message for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "base/result.h"

namespace usance::cli {

enum class ExitCode : int {
  kOk = 0,
  kFailed = 1,         // something that none of the others names
  kUsage = 2,          // the command line or a file named on it is wrong; nothing was sent
  kContractError = 3,  // the contract refused: Contract.Error with its message
  kTrap = 4,           // the VM stopped the call
  kOutOfGas = 5,
  kRejected = 6,  // the node or the ledger refused the transaction or the caller
  kNotFound = 7,
  kUnavailable = 8,  // no node answers, or not in time; trying again may help
  kNotProven = 9,    // evidence that does not verify
  kUnsafe = 10,      // a change of the validators that those online could not survive
};

// A contract's own error as a node reports it of a view, before its name is known.
struct ContractRefusal {
  std::string contract;
  std::uint32_t code = 0;
  std::string detail;
};

struct Failure {
  ExitCode exit = ExitCode::kFailed;
  std::string message;
  std::optional<ContractRefusal> refusal = std::nullopt;  // with kContractError, if at all
};

template <class T>
using Outcome = tl::expected<T, Failure>;

[[nodiscard]] inline tl::unexpected<Failure> stop(ExitCode exit, std::string message) {
  return tl::unexpected<Failure>(Failure{exit, std::move(message), std::nullopt});
}

// What an error of the libraries means for the exit code.
[[nodiscard]] Failure to_failure(const Error& error);
[[nodiscard]] inline Failure to_failure(Failure failure) {
  return failure;
}

}  // namespace usance::cli

// As USANCE_TRY and USANCE_ASSIGN, for Result and Outcome alike.
#define CLI_TRY(expression)                                              \
  do {                                                                   \
    if (auto cli_try_result = (expression); !cli_try_result)             \
      return ::tl::unexpected<::usance::cli::Failure>(                   \
          ::usance::cli::to_failure(std::move(cli_try_result).error())); \
  } while (false)

#define CLI_ASSIGN(declaration, expression)                                                  \
  auto USANCE_CONCAT(cli_assign_, __LINE__) = (expression);                                  \
  if (!USANCE_CONCAT(cli_assign_, __LINE__))                                                 \
    return ::tl::unexpected<::usance::cli::Failure>(                                         \
        ::usance::cli::to_failure(std::move(USANCE_CONCAT(cli_assign_, __LINE__)).error())); \
  declaration = *std::move(USANCE_CONCAT(cli_assign_, __LINE__))
