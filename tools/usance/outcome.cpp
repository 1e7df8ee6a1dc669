#include "tools/usance/outcome.h"

namespace usance::cli {

Failure to_failure(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kMalformed: return {ExitCode::kUsage, error.message};
    case ErrorCode::kPermissionDenied:
    case ErrorCode::kFailedPrecondition:
    case ErrorCode::kBadSignature: return {ExitCode::kRejected, error.message};
    case ErrorCode::kNotFound:
    case ErrorCode::kPruned: return {ExitCode::kNotFound, error.message};
    case ErrorCode::kUnavailable:
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kExpired: return {ExitCode::kUnavailable, error.message};
    default: return {ExitCode::kFailed, error.message};
  }
}

}  // namespace usance::cli
