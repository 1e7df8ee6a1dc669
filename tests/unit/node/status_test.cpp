#include "proto/status.h"

#include <gtest/gtest.h>

namespace usance::proto {
namespace {

TEST(ApiErrors, TravelWithReasonRetryAndMetadata) {
  ApiError error =
      ApiError(v1::REASON_MEMPOOL_FULL, "later").retry(std::chrono::milliseconds(1'250));
  error.metadata["org"] = "bank-a";
  const grpc::Status status = grpc_status(error);
  EXPECT_EQ(status.error_code(), grpc::RESOURCE_EXHAUSTED);
  const ApiError read = read_status(status);
  EXPECT_EQ(read.reason, v1::REASON_MEMPOOL_FULL);
  EXPECT_EQ(read.message, "later");
  EXPECT_EQ(read.retry_after, std::chrono::milliseconds(1'250));
  EXPECT_EQ(read.metadata.at("org"), "bank-a");
}

TEST(ApiErrors, EveryReasonHasItsOwnNameAndACodeThatIsAnError) {
  for (int i = v1::Reason_MIN + 1; i <= v1::Reason_MAX; ++i) {
    const auto reason = static_cast<v1::Reason>(i);
    EXPECT_NE(reason_name(reason), "UNSPECIFIED");
    EXPECT_NE(status_code(reason), grpc::OK);
    if (reason != v1::REASON_INTERNAL) {
      EXPECT_NE(status_code(reason), grpc::INTERNAL) << reason_name(reason);
    }
    EXPECT_EQ(read_status(grpc_status(ApiError(reason, ""))).reason, reason);
  }
}

TEST(ApiErrors, AForeignStatusKeepsItsText) {
  const ApiError read = read_status(grpc::Status(grpc::UNAVAILABLE, "no route"));
  EXPECT_EQ(read.reason, v1::REASON_UNSPECIFIED);
  EXPECT_EQ(read.message, "no route");
  EXPECT_EQ(read_status(grpc::Status(grpc::UNAVAILABLE, "x", "not a status")).message, "x");
}

}  // namespace
}  // namespace usance::proto
