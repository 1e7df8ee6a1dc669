// AdminService: for this node's operator, on its own port.
#include <algorithm>
#include <set>

#include "base/readiness.h"
#include "node/log.h"
#include "node/services/reading.h"
#include "node/services/services.h"
#include "node/services/why_stalled.h"
#include "node/version.h"
#include "proto/bytes.h"
#include "usance/v1/admin.grpc.pb.h"

namespace usance::node {

namespace {

using proto::Api;

constexpr std::int64_t kLongestAdvance = 10LL * 366 * 86'400'000;  // ten years

bool is_behind(const ServiceContext& services, const consensus::StatusReport& report) {
  return is_catching_up(report) || services.joining.fetching;
}

Api<void> node_status(const ServiceContext& services, v1::GetNodeStatusResponse& out) {
  const consensus::StatusReport report = services.core.status();
  out.set_node(services.self.name);
  out.set_organisation(services.self.org.value);
  out.set_chain_id(proto::to_string(services.genesis.chain_id));
  out.set_version(kVersion);
  out.set_validator(report.self.has_value());
  out.set_epoch(report.epoch.value);
  out.set_view(report.view.value);
  out.set_decided_height(report.height.value == 0 ? 0 : report.height.value - 1);
  out.set_executed_height(services.store.executed()->value);
  const Height certified = services.delivery.certified_height();
  out.set_certified_height(certified.value);
  USANCE_ASSIGN(const ResultHeader result, services.store.result_header(certified));
  out.set_certified_hash(proto::to_string(result_hash(result)));
  out.set_state_root(proto::to_string(result.state_root));
  out.set_mempool_bundles(static_cast<std::uint32_t>(report.mempool_bundles));
  out.set_mempool_bytes(report.mempool_bytes);
  out.set_peers_connected(static_cast<std::uint32_t>(services.peers.connected()));
  out.set_catching_up(is_behind(services, report));
  out.set_amnesiac(report.amnesiac);
  out.set_time_ms(services.clock.wall().value);
  out.set_halted(report.halted);
  out.set_disk_full(services.room.full());
  out.set_voting(report.voting);
  out.set_consensus_key(
      proto::to_string(services.keys.in_force(*services.directory.get()).public_key()));
  return {};
}

Api<void> for_development(const ServiceContext& services) {
  if (services.genesis.development) return {};
  return proto::refuse(v1::REASON_NOT_DEVELOPMENT,
                       "the genesis of this network does not say development = true");
}

Api<void> advance_clock(const ServiceContext& services, std::int64_t by_ms,
                        v1::AdvanceClockResponse& out) {
  if (auto allowed = for_development(services); !allowed) return allowed;
  if (by_ms <= 0 || by_ms > kLongestAdvance)
    return proto::refuse(v1::REASON_INVALID_ARGUMENT,
                         "a clock is advanced by 1 ms to ten years at a time");
  out.set_offset_ms(services.clock.advance(by_ms));
  out.set_time_ms(services.clock.wall().value);
  log::warning("clock.advanced", "the development clock was advanced",
               {{"by_ms", by_ms}, {"offset_ms", out.offset_ms()}});
  return {};
}

Api<void> cut_peers(const ServiceContext& services, const v1::CutPeersRequest& request) {
  if (auto allowed = for_development(services); !allowed) return allowed;
  std::set<std::string> nodes;
  const auto directory = services.directory.get();
  for (const std::string& name : request.nodes()) {
    const bool known = std::any_of(directory->nodes.begin(), directory->nodes.end(),
                                   [&](const KnownNode& node) { return node.name == name; });
    if (!known || name == services.self.name)
      return proto::refuse(v1::REASON_INVALID_ARGUMENT, "'" + name + "' is no other node");
    nodes.insert(name);
  }
  log::warning("peers.cut", "connections are kept from nodes", {{"nodes", nodes.size()}});
  services.peers.cut(std::move(nodes));
  return {};
}

Api<void> set_level(const std::string& text) {
  USANCE_ASSIGN(const log::Level level, log::parse_level(text));
  log::set_level(level);
  log::info("log.level", "the log level was changed", {{"level", text}});
  return {};
}

Api<void> readiness(const ServiceContext& services, v1::GetReadinessResponse& out) {
  const consensus::StatusReport report = services.core.status();
  const KnownNode* self = services.keys.entry(*services.directory.get());
  if (self == nullptr)
    return proto::refuse(v1::REASON_NOT_FOUND,
                         "the ledger, as far as it is here, does not name "
                         "this node; is it admitted, and has it caught up?");
  if (!report.halted.empty())
    return proto::refuse(v1::REASON_CORRUPT, "this node has stopped: " + report.halted);
  if (is_behind(services, report))
    return proto::refuse(v1::REASON_CATCHING_UP, "this node is catching up with the others");
  const Height certified = services.delivery.certified_height();
  USANCE_ASSIGN(const ResultHeader result, services.store.result_header(certified));
  const Hash32 hash = result_hash(result);
  const auto sign = [&](const Signer& signer, v1::SignedReadiness& by) {
    const Readiness content{self->id, signer.public_key(), certified, hash};
    by.set_consensus_key(proto::to_string(content.key));
    by.set_signature(
        proto::to_string(signer.sign(readiness_digest(services.genesis.chain_id, content))));
  };
  out.set_node(self->id);
  out.set_height(certified.value);
  out.set_result_hash(proto::to_string(hash));
  sign(services.keys.in_force(*services.directory.get()), *out.mutable_current());
  if (services.keys.next && services.keys.next->public_key() != self->key)
    sign(*services.keys.next, *out.mutable_next());
  return {};
}

v1::FoundContradiction to_proto(const governance::v1::Contradiction& found) {
  v1::FoundContradiction out;
  const auto text = [](const Bytes& bytes) { return proto::to_string(ByteView(bytes)); };
  out.set_consensus_key(text(found.consensus_key));
  out.set_kind(static_cast<std::uint32_t>(found.kind));
  out.set_epoch(found.epoch);
  out.set_view(found.view);
  out.set_height(found.height);
  out.set_first_hash(text(found.first_hash));
  out.set_first_signature(text(found.first_signature));
  out.set_second_hash(text(found.second_hash));
  out.set_second_signature(text(found.second_signature));
  return out;
}

Api<void> list_peers(const ServiceContext& services, v1::ListPeersResponse& out) {
  const consensus::StatusReport report = services.core.status();
  for (const PeerState& state : services.peers.peers()) {
    v1::PeerInfo& peer = *out.add_peers();
    peer.set_name(state.node.name);
    peer.set_organisation(state.node.org.value);
    peer.set_address(state.address);
    peer.set_validator(state.node.validator);
    peer.set_connected(state.connected);
    if (const auto told = report.peers.find(state.node.key); told != report.peers.end())
      peer.set_decided_height(told->second.value);
    peer.set_last_heard_ms(
        state.last_heard_ms == 0 ? 0 : services.clock.monotonic_ms() - state.last_heard_ms);
    peer.set_frames_in(state.counters.frames_in);
    peer.set_frames_out(state.counters.frames_out);
    peer.set_bytes_in(state.counters.bytes_in);
    peer.set_bytes_out(state.counters.bytes_out);
    peer.set_dropped(state.counters.dropped);
    peer.set_last_error(state.last_error);
    peer.set_certificate_not_after_ms(state.certificate_not_after.value);
  }
  return {};
}

class AdminService final : public v1::AdminService::CallbackService {
 public:
  explicit AdminService(const ServiceContext& services) : services_(services) {}

  grpc::ServerUnaryReactor* GetNodeStatus(grpc::CallbackServerContext* call,
                                          const v1::GetNodeStatusRequest*,
                                          v1::GetNodeStatusResponse* response) override {
    return at_once(call, [&] { return node_status(services_, *response); });
  }
  grpc::ServerUnaryReactor* WhyStalled(grpc::CallbackServerContext* call,
                                       const v1::WhyStalledRequest*,
                                       v1::WhyStalledResponse* response) override {
    return at_once(call, [&]() -> Api<void> {
      StallSigns signs;
      signs.disk_full = services_.room.full();
      signs.snapshot_pieces = services_.joining.pieces_here();
      const std::uint64_t now = services_.clock.monotonic_ms();
      for (const PeerState& peer : services_.peers.peers()) {
        if (!peer.connected)
          signs.unconnected[peer.node.name] = peer.last_error;
        else if (now < peer.connected_ms + consensus::kSilentAfterMs)
          signs.just_connected[peer.node.name] = now - std::min(now, peer.connected_ms);
      }
      signs.unanswered = services_.peers.unanswered();
      explain_stall(services_.core.status(), *services_.directory.get(), signs, *response);
      return {};
    });
  }
  grpc::ServerUnaryReactor* AdvanceClock(grpc::CallbackServerContext* call,
                                         const v1::AdvanceClockRequest* request,
                                         v1::AdvanceClockResponse* response) override {
    return at_once(call, [&] { return advance_clock(services_, request->by_ms(), *response); });
  }
  grpc::ServerUnaryReactor* SetLogLevel(grpc::CallbackServerContext* call,
                                        const v1::SetLogLevelRequest* request,
                                        v1::SetLogLevelResponse*) override {
    return at_once(call, [&] { return set_level(request->level()); });
  }
  grpc::ServerUnaryReactor* ListPeers(grpc::CallbackServerContext* call,
                                      const v1::ListPeersRequest*,
                                      v1::ListPeersResponse* response) override {
    return at_once(call, [&] { return list_peers(services_, *response); });
  }
  grpc::ServerUnaryReactor* CutPeers(grpc::CallbackServerContext* call,
                                     const v1::CutPeersRequest* request,
                                     v1::CutPeersResponse*) override {
    return at_once(call, [&] { return cut_peers(services_, *request); });
  }

  grpc::ServerUnaryReactor* GetReadiness(grpc::CallbackServerContext* call,
                                         const v1::GetReadinessRequest*,
                                         v1::GetReadinessResponse* response) override {
    return at_once(call, [&] { return readiness(services_, *response); });
  }
  grpc::ServerUnaryReactor* ListMisbehaviour(grpc::CallbackServerContext* call,
                                             const v1::ListMisbehaviourRequest*,
                                             v1::ListMisbehaviourResponse* response) override {
    return at_once(call, [&]() -> Api<void> {
      for (const auto& kept : kept_contradictions(services_.config.data_dir, kMostCases))
        *response->add_cases() = to_proto(contradiction_of(kept.found));
      return {};
    });
  }

 private:
  // Answered on gRPC's thread: an operator must be heard also when every queue is full.
  template <class Work>
  grpc::ServerUnaryReactor* at_once(grpc::CallbackServerContext* call, Work work) {
    grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
    PendingCall pending(reactor);
    const auto caller = services_.access.operator_of_node(*call);
    pending.finish(caller ? services_.damage.watch(work)
                          : Api<void>(tl::unexpected(caller.error())));
    return reactor;
  }

  const ServiceContext& services_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_admin_service(const ServiceContext& services) {
  return std::make_unique<AdminService>(services);
}

}  // namespace usance::node
