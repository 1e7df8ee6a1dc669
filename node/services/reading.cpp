#include "node/services/reading.h"

#include <algorithm>
#include <charconv>

#include "proto/bytes.h"

namespace usance::node {

proto::Api<Height> read_height(const ServiceContext& services, std::uint64_t requested) {
  const Height latest = services.delivery.certified_height();
  if (requested == 0) return latest;
  if (requested > latest.value)
    return proto::refuse(v1::REASON_NOT_YET,
                         "the highest certified height here is " + std::to_string(latest.value));
  return Height(requested);
}

proto::Api<void> fill_read_point(const ServiceContext& services, Height height, v1::ReadPoint& at) {
  USANCE_ASSIGN(const ResultHeader header, services.store.result_header(height));
  at.set_height(height.value);
  at.set_time_ms(header.time.value);
  at.set_state_root(proto::to_string(header.state_root));
  at.set_certified(true);
  return {};
}

proto::Api<void> fill_certified(const ServiceContext& services, Height height,
                                v1::CertifiedResult& certified) {
  USANCE_ASSIGN(const ResultHeader header, services.store.result_header(height));
  certified.set_result_header(proto::canonical(header));
  if (height.value == 0) return {};
  const auto certificate = services.store.result_certificate(height);
  const bool by_members = std::ranges::any_of(
      services.recoveries.all(),
      [&](const RecoveryRecord& record) { return height <= record.last.height; });
  if (!certificate && certificate.error().code == ErrorCode::kNotFound && by_members) return {};
  if (!certificate) return tl::unexpected<proto::ApiError>(proto::ApiError(certificate.error()));
  certified.set_result_certificate(proto::canonical(*certificate));
  return {};
}

std::string write_page_token(const PageToken& token) {
  return std::to_string(token.height.value) + "-" + to_hex(ByteView(token.after));
}

proto::Api<std::optional<PageToken>> read_page_token(const std::string& text) {
  if (text.empty()) return std::optional<PageToken>();
  PageToken token;
  const std::size_t dash = text.find('-');
  const char* digits_end = text.data() + std::min(dash, text.size());
  const auto [end, error] = std::from_chars(text.data(), digits_end, token.height.value);
  if (dash == std::string::npos || error != std::errc() || end != digits_end ||
      text.size() > 2'000 || !from_hex(std::string_view(text).substr(dash + 1), token.after))
    return proto::refuse(v1::REASON_INVALID_ARGUMENT, "not a page token of this service");
  return std::optional<PageToken>(std::move(token));
}

proto::Api<std::size_t> page_size(std::uint32_t requested) {
  if (requested > 1'000)
    return proto::refuse(v1::REASON_INVALID_ARGUMENT, "a page has at most 1000 entries");
  return requested == 0 ? std::size_t{100} : std::size_t{requested};
}

proto::Api<void> check_object(const std::string& contract, const std::string& scope) {
  if (!is_wellformed_name(contract))
    return proto::refuse(v1::REASON_INVALID_ARGUMENT, "'" + contract + "' is no contract's name");
  if (scope.size() > limits::kMaxScopeBytes)
    return proto::refuse(v1::REASON_TOO_LARGE, "a scope has at most 256 bytes");
  return {};
}

}  // namespace usance::node
