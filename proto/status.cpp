#include "proto/status.h"

#include "google/rpc/error_details.pb.h"

namespace usance::proto {

namespace {

constexpr const char* kDomain = "usance.v1";
constexpr std::string_view kPrefix = "REASON_";

}  // namespace

grpc::StatusCode status_code(v1::Reason reason) {
  using enum grpc::StatusCode;
  switch (reason) {
    case v1::REASON_MALFORMED:
    case v1::REASON_INVALID_ARGUMENT:
    case v1::REASON_TOO_LARGE:
    case v1::REASON_BAD_SIGNATURE:
    case v1::REASON_BAD_ARGUMENTS: return INVALID_ARGUMENT;
    case v1::REASON_EXPIRED:
    case v1::REASON_HORIZON:
    case v1::REASON_NOT_DEVELOPMENT:
    case v1::REASON_CONTRACT_ERROR:
    case v1::REASON_TRAP: return FAILED_PRECONDITION;
    case v1::REASON_DUPLICATE: return ALREADY_EXISTS;
    case v1::REASON_UNKNOWN_KEY:
    case v1::REASON_NOT_PERMITTED: return PERMISSION_DENIED;
    case v1::REASON_UNKNOWN_CONTRACT:
    case v1::REASON_UNKNOWN_METHOD:
    case v1::REASON_NOT_FOUND: return NOT_FOUND;
    case v1::REASON_MEMPOOL_FULL:
    case v1::REASON_QUOTA: return RESOURCE_EXHAUSTED;
    case v1::REASON_PRUNED:
    case v1::REASON_NOT_YET: return OUT_OF_RANGE;
    case v1::REASON_CATCHING_UP:
    case v1::REASON_SHUTTING_DOWN:
    case v1::REASON_NO_ANSWER:
    case v1::REASON_DISK_FULL: return UNAVAILABLE;
    case v1::REASON_DEADLINE: return DEADLINE_EXCEEDED;
    case v1::REASON_EVICTED: return ABORTED;
    case v1::REASON_CORRUPT: return DATA_LOSS;
    default: return INTERNAL;
  }
}

std::string reason_name(v1::Reason reason) {
  std::string name = v1::Reason_Name(reason);
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : "UNSPECIFIED";
}

// The reason that fits an error of ours best, for errors that no service maps more exactly.
ApiError::ApiError(const Error& error) : message(error.message) {
  switch (error.code) {
    case ErrorCode::kInvalidArgument: reason = v1::REASON_INVALID_ARGUMENT; break;
    case ErrorCode::kMalformed: reason = v1::REASON_MALFORMED; break;
    case ErrorCode::kBadSignature: reason = v1::REASON_BAD_SIGNATURE; break;
    case ErrorCode::kPermissionDenied: reason = v1::REASON_NOT_PERMITTED; break;
    case ErrorCode::kNotFound: reason = v1::REASON_NOT_FOUND; break;
    case ErrorCode::kPruned: reason = v1::REASON_PRUNED; break;
    case ErrorCode::kAlreadyExists: reason = v1::REASON_DUPLICATE; break;
    case ErrorCode::kFailedPrecondition: reason = v1::REASON_INVALID_ARGUMENT; break;
    case ErrorCode::kResourceExhausted:
      reason = v1::REASON_QUOTA;
      retry_after = std::chrono::milliseconds(200);
      break;
    case ErrorCode::kUnavailable:
      reason = v1::REASON_CATCHING_UP;
      retry_after = std::chrono::milliseconds(1000);
      break;
    case ErrorCode::kExpired: reason = v1::REASON_EXPIRED; break;
    case ErrorCode::kCorrupt: reason = v1::REASON_CORRUPT; break;
    case ErrorCode::kIo:
    case ErrorCode::kUnsupported:
    case ErrorCode::kInternal: reason = v1::REASON_INTERNAL; break;
  }
}

ApiError ApiError::retry(std::chrono::milliseconds after) && {
  retry_after = after;
  return std::move(*this);
}

google::rpc::Status rpc_status(const ApiError& error) {
  google::rpc::Status status;
  status.set_code(static_cast<int>(status_code(error.reason)));
  status.set_message(error.message);
  google::rpc::ErrorInfo info;
  info.set_reason(reason_name(error.reason));
  info.set_domain(kDomain);
  for (const auto& [key, value] : error.metadata) (*info.mutable_metadata())[key] = value;
  status.add_details()->PackFrom(info);
  if (error.retry_after) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(error.retry_after->count() / 1000);
    retry.mutable_retry_delay()->set_nanos(
        static_cast<std::int32_t>(error.retry_after->count() % 1000) * 1'000'000);
    status.add_details()->PackFrom(retry);
  }
  return status;
}

grpc::Status grpc_status(const ApiError& error) {
  return {status_code(error.reason), error.message, rpc_status(error).SerializeAsString()};
}

ApiError read_status(const grpc::Status& status) {
  google::rpc::Status rich;
  if (!status.error_details().empty() && rich.ParseFromString(status.error_details()))
    return read_status(rich);
  return {v1::REASON_UNSPECIFIED, status.error_message()};
}

ApiError read_status(const google::rpc::Status& status) {
  ApiError error(v1::REASON_UNSPECIFIED, status.message());
  for (const auto& detail : status.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::RetryInfo retry;
    if (detail.UnpackTo(&info)) {
      v1::Reason reason{};
      if (v1::Reason_Parse(std::string(kPrefix) + info.reason(), &reason)) error.reason = reason;
      error.metadata.insert(info.metadata().begin(), info.metadata().end());
    } else if (detail.UnpackTo(&retry)) {
      error.retry_after = std::chrono::milliseconds(retry.retry_delay().seconds() * 1000 +
                                                    retry.retry_delay().nanos() / 1'000'000);
    }
  }
  return error;
}

}  // namespace usance::proto
