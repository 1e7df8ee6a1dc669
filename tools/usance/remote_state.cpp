#include "tools/usance/remote_state.h"

#include <algorithm>

#include "base/block.h"
#include "proto/bytes.h"
#include "usance/v1/block.grpc.pb.h"
#include "usance/v1/query.grpc.pb.h"

namespace usance::cli {

namespace {

constexpr std::size_t kMostItems = 1'000;  // of a page

Bytes bytes_of(const std::string& text) {
  return Bytes(text.begin(), text.end());
}

}  // namespace

std::optional<Bytes> RemoteState::get(const StateKey& key) const {
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  v1::GetStateRequest request;
  request.set_contract(key.contract);
  request.set_scope(proto::to_string(key.scope));
  request.set_item(proto::to_string(key.item));
  request.set_height(height_.value);
  const Outcome<v1::GetStateResponse> answer =
      client_.call(&v1::QueryService::Stub::GetState, request);
  if (!answer) throw StateUnavailable{answer.error()};
  std::optional<Bytes> value;
  if (answer->present()) value = bytes_of(answer->value());
  known_.emplace(key, value);
  return value;
}

std::vector<StateItem> RemoteState::list(const std::string& contract, const Bytes& scope,
                                         const Bytes& from, const Bytes& to,
                                         std::size_t limit) const {
  std::vector<StateItem> out;
  v1::ListKeysRequest request;
  request.set_contract(contract);
  request.set_scope(proto::to_string(scope));
  request.set_from(proto::to_string(from));
  request.set_to(proto::to_string(to));
  request.set_height(height_.value);
  do {
    request.set_page_size(static_cast<std::uint32_t>(std::min(limit - out.size(), kMostItems)));
    const Outcome<v1::ListKeysResponse> answer =
        client_.call(&v1::QueryService::Stub::ListKeys, request);
    if (!answer) throw StateUnavailable{answer.error()};
    for (const v1::StateItem& one : answer->items()) {
      StateItem item{bytes_of(one.item()), bytes_of(one.value())};
      const auto pretended = known_.find({contract, scope, item.item});
      if (pretended != known_.end() && pretended->second) item.value = *pretended->second;
      out.push_back(std::move(item));
    }
    request.set_page_token(answer->next_page_token());
  } while (!request.page_token().empty() && out.size() < limit);
  return out;
}

Outcome<SimulationPoint> point_after(const Client& client, Height height) {
  v1::GetHeaderRequest request;
  request.set_height(height.value);
  CLI_ASSIGN(const v1::GetHeaderResponse answer,
             client.call(&v1::BlockService::Stub::GetHeader, request));
  const Result<BlockHeader> header = decode<BlockHeader>(as_bytes(answer.block().header()));
  if (!header) return stop(ExitCode::kFailed, "the node sent a header that does not decode");
  return SimulationPoint{Height(height.value + 1), header->time};
}

}  // namespace usance::cli
