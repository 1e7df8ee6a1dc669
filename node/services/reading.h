// What answers share: the height they are read at, certified results, pages.
#pragma once

#include <optional>
#include <string>

#include "node/services/context.h"
#include "usance/v1/common.pb.h"

namespace usance::node {

// The height to read at: what was asked for, or the latest certified one for 0. REASON_NOT_YET
// above it.
[[nodiscard]] proto::Api<Height> read_height(const ServiceContext& services,
                                             std::uint64_t requested);
[[nodiscard]] proto::Api<void> fill_read_point(const ServiceContext& services, Height height,
                                               v1::ReadPoint& at);
// The result header and its certificate (none at the genesis).
[[nodiscard]] proto::Api<void> fill_certified(const ServiceContext& services, Height height,
                                              v1::CertifiedResult& certified);

// Page tokens: opaque to clients; bind the height that the first page was read at, so that all
// pages show one state.
struct PageToken {
  Height height;
  Bytes after;
};
[[nodiscard]] std::string write_page_token(const PageToken& token);
[[nodiscard]] proto::Api<std::optional<PageToken>> read_page_token(const std::string& text);
// 0 means 100; REASON_INVALID_ARGUMENT above 1,000.
[[nodiscard]] proto::Api<std::size_t> page_size(std::uint32_t requested);

// A contract's name and a scope within their limits.
[[nodiscard]] proto::Api<void> check_object(const std::string& contract, const std::string& scope);

}  // namespace usance::node
