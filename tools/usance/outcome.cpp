#include "tools/usance/outcome.h"

namespace usance::cli {

Failure to_failure(const Error& error) {
  // What libraries say of files and words is about this command line. What a node or the ledger
  // answers arrives as a Failure (rpc_failure, exit_of) and alone gives 6 and 7.
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kMalformed:
    case ErrorCode::kNotFound:
    case ErrorCode::kPermissionDenied: return {ExitCode::kUsage, error.message, std::nullopt};
    case ErrorCode::kFailedPrecondition:
    case ErrorCode::kBadSignature: return {ExitCode::kRejected, error.message, std::nullopt};
    case ErrorCode::kPruned: return {ExitCode::kNotFound, error.message, std::nullopt};
    case ErrorCode::kUnavailable:
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kExpired: return {ExitCode::kUnavailable, error.message, std::nullopt};
    default: return {ExitCode::kFailed, error.message, std::nullopt};
  }
}

}  // namespace usance::cli
