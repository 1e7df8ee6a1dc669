// What the services work with, and the shape of a call that reads.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <utility>

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "node/config.h"
#include "node/core_loop.h"
#include "node/damage.h"
#include "node/delivery.h"
#include "node/envelope_relay.h"
#include "node/envelope_store.h"
#include "node/exec_loop.h"
#include "node/identity.h"
#include "node/misbehaviour.h"
#include "node/peer_hub.h"
#include "node/query_pool.h"
#include "node/rate_limit.h"
#include "node/recovery_records.h"
#include "node/services/access.h"
#include "node/services/access_note.h"
#include "node/snapshot_join.h"
#include "node/snapshot_server.h"
#include "node/verify_pool.h"
#include "proto/status.h"
#include "storage/ledger_store.h"

namespace usance::node {

struct ServiceContext {
  const Config& config;
  const Genesis& genesis;
  const KnownNode& self;
  const NodeKeys& keys;
  const RecoveryRecords& recoveries;
  const storage::LedgerStore& store;
  const DiskRoom& room;
  DamageAlarm& damage;
  const SharedDirectory& directory;
  const Access& access;
  AccessLog& access_log;
  RateLimit& query_rate;       // queries and messages of a stream
  RateLimit& submission_rate;  // bundles
  Clock& clock;
  CoreLoop& core;
  VerifyPool& verify;
  QueryPool& queries;
  Delivery& delivery;
  PeerHub& peers;
  EnvelopeStore& envelopes;
  const ByteBudget<std::uint32_t>& peer_bytes;
  EnvelopeRelay& relay;
  const SnapshotServer& snapshots;
  const SnapshotCounters& joining;
};

// A unary call that is answered from another thread. It is answered exactly once: a call whose
// work is dropped at shutdown gets SHUTTING_DOWN from the destructor.
class PendingCall {
 public:
  explicit PendingCall(grpc::ServerUnaryReactor* reactor,
                       std::optional<AccessNote> note = std::nullopt)
      : reactor_(reactor), note_(std::move(note)) {}
  PendingCall(const PendingCall&) = delete;
  PendingCall& operator=(const PendingCall&) = delete;
  ~PendingCall() {
    if (reactor_ != nullptr)
      finish(proto::refuse(v1::REASON_SHUTTING_DOWN, "the node is shutting down"));
  }
  void finish(const proto::Api<void>& outcome) {
    grpc::ServerUnaryReactor* reactor = std::exchange(reactor_, nullptr);
    if (note_) note_->ended(outcome);  // before the caller can see the answer
    reactor->Finish(outcome ? grpc::Status::OK : proto::grpc_status(outcome.error()));
  }

 private:
  grpc::ServerUnaryReactor* reactor_;
  std::optional<AccessNote> note_;
};

[[nodiscard]] inline proto::ApiError too_often(std::string_view what,
                                               std::chrono::milliseconds wait) {
  return proto::ApiError(v1::REASON_QUOTA,
                         "your organisation has sent this node more " + std::string(what) +
                             " than it serves each of its members; slow down, or use another node")
      .retry(wait);
}

// A caller who may read, and whose organisation has not asked too much of this node lately.
[[nodiscard]] inline proto::Api<Caller> paced_reader(const ServiceContext& services,
                                                     const grpc::CallbackServerContext& call,
                                                     AccessNote& note) {
  auto caller = services.access.reader(call);
  if (!caller) return caller;
  note.asked_by(*caller);
  if (const auto wait = services.query_rate.take(caller->org))
    return tl::unexpected(too_often("queries", *wait));
  return caller;
}

// Runs `work(Executor&, const Caller&, const shared_ptr<PendingCall>&)` on the query pool for a
// caller who may read; `work` answers the call, then or later. The request and response live until
// it is answered, which the access log then tells.
template <class Work>
grpc::ServerUnaryReactor* answer_later(const ServiceContext& services,
                                       grpc::CallbackServerContext* call, AccessNote note,
                                       Work work) {
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  const auto caller = paced_reader(services, *call, note);
  auto pending = std::make_shared<PendingCall>(reactor, std::move(note));
  if (!caller) {
    pending->finish(tl::unexpected(caller.error()));
    return reactor;
  }
  const bool queued = services.queries.submit([&services, call, pending, who = *caller,
                                               work = std::move(work)](Executor& executor) mutable {
    if (call->IsCancelled())  // the deadline passed in the queue: nobody reads the answer
      return pending->finish(proto::refuse(v1::REASON_DEADLINE, "too late"));
    work(executor, who, pending);
  });
  if (!queued)
    pending->finish(
        tl::unexpected(proto::ApiError(v1::REASON_QUOTA, "too many queries wait; try again later")
                           .retry(std::chrono::milliseconds(200))));
  return reactor;
}

// Answers with what `work(Executor&, const Caller&) -> Api<void>` ends with.
template <class Work>
  requires std::is_invocable_r_v<proto::Api<void>, Work, Executor&, const Caller&>
grpc::ServerUnaryReactor* answer(const ServiceContext& services, grpc::CallbackServerContext* call,
                                 AccessNote note, Work work) {
  return answer_later(
      services, call, std::move(note),
      [&services, work = std::move(work)](Executor& executor, const Caller& caller,
                                          const std::shared_ptr<PendingCall>& pending) mutable {
        pending->finish(
            services.damage.watch([&]() -> proto::Api<void> { return work(executor, caller); }));
      });
}

// The same with the request's words for the access log, and also for `work(Executor&)`, which does
// not ask who calls.
template <class Work>
  requires std::is_invocable_r_v<proto::Api<void>, Work, Executor&> ||
           std::is_invocable_r_v<proto::Api<void>, Work, Executor&, const Caller&>
grpc::ServerUnaryReactor* answer(const ServiceContext& services, grpc::CallbackServerContext* call,
                                 const google::protobuf::Message& request, Work work) {
  AccessNote note(services.access_log, services.clock, request);
  if constexpr (std::is_invocable_v<Work&, Executor&, const Caller&>)
    return answer(services, call, std::move(note), std::move(work));
  else
    return answer(services, call, std::move(note),
                  [work = std::move(work)](Executor& executor, const Caller&) mutable {
                    return work(executor);
                  });
}

}  // namespace usance::node
