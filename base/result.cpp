#include "base/result.h"

#include <cstdio>
#include <cstdlib>

namespace usance {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "INVALID_ARGUMENT";
    case ErrorCode::kMalformed: return "MALFORMED";
    case ErrorCode::kBadSignature: return "BAD_SIGNATURE";
    case ErrorCode::kPermissionDenied: return "PERMISSION_DENIED";
    case ErrorCode::kNotFound: return "NOT_FOUND";
    case ErrorCode::kPruned: return "PRUNED";
    case ErrorCode::kAlreadyExists: return "ALREADY_EXISTS";
    case ErrorCode::kFailedPrecondition: return "FAILED_PRECONDITION";
    case ErrorCode::kResourceExhausted: return "RESOURCE_EXHAUSTED";
    case ErrorCode::kUnavailable: return "UNAVAILABLE";
    case ErrorCode::kExpired: return "EXPIRED";
    case ErrorCode::kCorrupt: return "CORRUPT";
    case ErrorCode::kIo: return "IO";
    case ErrorCode::kUnsupported: return "UNSUPPORTED";
    case ErrorCode::kInternal: return "INTERNAL";
  }
  return "UNKNOWN";
}

void invariant_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "invariant broken: %s at %s:%d\n", expression, file, line);
  std::abort();
}

}  // namespace usance
