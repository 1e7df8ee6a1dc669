// Errors on the wire: google.rpc.Status with ErrorInfo (a Reason of usance/v1/common.proto) and
// RetryInfo, in grpc-status-details-bin. Both directions, for the node and its clients.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include <grpcpp/support/status.h>

#include "base/result.h"
#include "google/rpc/status.pb.h"
#include "usance/v1/common.pb.h"

namespace usance::proto {

struct ApiError {
  ApiError() = default;
  ApiError(v1::Reason why, std::string text) : reason(why), message(std::move(text)) {}
  ApiError(const Error& error);  // implicit: errors of ours pass through services unchanged
  // RESOURCE_EXHAUSTED and UNAVAILABLE say when to come back.
  [[nodiscard]] ApiError retry(std::chrono::milliseconds after) &&;

  v1::Reason reason = v1::REASON_INTERNAL;
  std::string message;  // for people: what is wrong and what to do
  std::optional<std::chrono::milliseconds> retry_after;
  std::map<std::string, std::string> metadata;
};

// The gRPC code that belongs to a reason; the table is part of the API (common.proto).
[[nodiscard]] grpc::StatusCode status_code(v1::Reason reason);
// "MEMPOOL_FULL" for REASON_MEMPOOL_FULL: how the reason stands in ErrorInfo.
[[nodiscard]] std::string reason_name(v1::Reason reason);
// What a service's work ends with. USANCE_TRY and USANCE_ASSIGN of a Result work inside.
template <class T>
using Api = tl::expected<T, ApiError>;
[[nodiscard]] inline tl::unexpected<ApiError> refuse(v1::Reason reason, std::string message) {
  return tl::unexpected<ApiError>(ApiError(reason, std::move(message)));
}

[[nodiscard]] google::rpc::Status rpc_status(const ApiError& error);
[[nodiscard]] grpc::Status grpc_status(const ApiError& error);
[[nodiscard]] inline grpc::Status grpc_status(const Error& error) {
  return grpc_status(ApiError(error));
}

// What a client reads back. A status without our details (a transport error, another server)
// gives REASON_UNSPECIFIED and the status' own message.
[[nodiscard]] ApiError read_status(const grpc::Status& status);
[[nodiscard]] ApiError read_status(const google::rpc::Status& status);

}  // namespace usance::proto
