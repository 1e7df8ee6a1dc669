// EnvelopeService: envelopes beside the ledger, kept here or, for a client's get and list, by the
// nodes that this one is connected with (node/envelope_relay.h).
#include <mutex>

#include "node/services/envelope_reading.h"
#include "node/services/services.h"
#include "proto/bytes.h"
#include "usance/v1/envelope.grpc.pb.h"

namespace usance::node {

namespace {

using proto::Api;

Result<KeptReceipt> sign_kept(const ServiceContext& services, const Hash32& id, TimeMs at,
                              TimeMs until) {
  const auto directory = services.directory.get();
  const KnownNode* self = services.keys.entry(*directory);
  if (self == nullptr)
    return fail(ErrorCode::kUnavailable,
                "the ledger, as far as it is here, does not name this node: its receipts would "
                "prove nothing; use another node");
  return KeptReceipt::by(services.keys.in_force(*directory), services.genesis.chain_id,
                         {id, self->id, at, until});
}

Api<Envelope> read_envelope(const ServiceContext& services, const Caller& caller,
                            const std::string& bytes) {
  if (bytes.size() > limits::kMaxEnvelopeBytes)
    return proto::refuse(
        v1::REASON_TOO_LARGE,
        "an envelope has at most " + std::to_string(limits::kMaxEnvelopeBytes) + " bytes");
  USANCE_ASSIGN(Envelope envelope, decode<Envelope>(as_bytes(bytes)));
  if (envelope.header.sender != caller.org)
    return proto::refuse(v1::REASON_NOT_PERMITTED, "'" + caller.org.value +
                                                       "' cannot put an envelope of '" +
                                                       envelope.header.sender.value + "'");
  const auto directory = services.directory.get();
  for (const EnvelopeRecipient& recipient : envelope.header.recipients)
    if (!directory->authorities.contains(recipient.org))
      return proto::refuse(v1::REASON_INVALID_ARGUMENT,
                           "'" + recipient.org.value + "' is no member of this network");
  USANCE_TRY(verify_envelope(services.genesis.chain_id, envelope, ed25519_verifier()));
  if (auto known = check_signer(services, caller.org, envelope.header.sender_key); !known)
    return tl::unexpected(known.error());
  return envelope;
}

Api<void> put(const ServiceContext& services, const Caller& caller,
              const v1::PutEnvelopeRequest& request, v1::PutEnvelopeResponse& response) {
  if (caller.role == x509::kRoleAuditor)
    return proto::refuse(v1::REASON_NOT_PERMITTED, "an auditor's certificate reads only");
  if (services.room.full())
    return tl::unexpected(proto::ApiError(v1::REASON_DISK_FULL, "this node's disk is full")
                              .retry(std::chrono::seconds(10)));
  charge(services, caller.org, request.envelope().size());
  const auto envelope = read_envelope(services, caller, request.envelope());
  if (!envelope) return tl::unexpected(envelope.error());
  const Hash32 id = envelope_id(services.genesis.chain_id, *envelope);
  USANCE_ASSIGN(const KeptReceipt receipt,
                services.envelopes.keep(id, *envelope, services.clock.wall(),
                                        [&](const Hash32& what, TimeMs at, TimeMs until) {
                                          return sign_kept(services, what, at, until);
                                        }));
  response.set_receipt(proto::canonical(receipt));
  return {};
}

// What this node and the others keep for the caller, as their answers come in.
class Gathering {
 public:
  Gathering(EnvelopeList own, std::size_t open, std::shared_ptr<PendingCall> call,
            v1::ListEnvelopesResponse& response)
      : list_(std::move(own)), open_(open), call_(std::move(call)), response_(response) {}

  void add(const std::string& node, Api<v1::EnvelopeAnswer> answer) {
    const std::lock_guard lock(mutex_);
    if (answer && answer->has_listed()) {
      for (v1::KeptEnvelope& one : *answer->mutable_listed()->mutable_envelopes())
        list_.add(std::move(one));
      if (answer->listed().more()) list_.more();
    } else {
      v1::UnheardNode& unheard = *response_.add_unheard();
      unheard.set_name(node);
      unheard.set_why(answer ? "it answered with something else" : answer.error().message);
    }
    if (--open_ != 0) return;
    std::move(list_).fill(response_);
    call_->finish({});
  }

 private:
  std::mutex mutex_;
  EnvelopeList list_;
  std::size_t open_;
  const std::shared_ptr<PendingCall> call_;
  v1::ListEnvelopesResponse& response_;
};

std::vector<KnownNode> other_nodes(const Directory& directory, std::uint32_t self) {
  std::vector<KnownNode> out;
  for (const KnownNode& node : directory.nodes)
    if (node.id != self) out.push_back(node);
  return out;
}

Api<void> list(const ServiceContext& services, const Caller& caller,
               const v1::ListEnvelopesRequest& request, v1::ListEnvelopesResponse& response,
               const std::shared_ptr<PendingCall>& call) {
  const auto directory = services.directory.get();
  const KnownNode* self = services.keys.entry(*directory);
  const std::uint32_t own_id = self == nullptr ? 0 : self->id;
  response.set_node(own_id);
  response.set_now_ms(services.clock.wall().value);
  auto kept = list_kept(services, caller.org, request);
  if (!kept) return tl::unexpected(kept.error());
  std::vector<KnownNode> others;
  if (!request.ask().empty()) {
    const auto ask = read_ask(services, request, own_id);
    if (!ask) return tl::unexpected(ask.error());
    if (ask->statement.org != caller.org)
      return proto::refuse(v1::REASON_NOT_PERMITTED,
                           "the word to ask others is of another organisation");
    others = other_nodes(*directory, own_id);
  }
  if (others.empty()) {
    std::move(*kept).fill(response);
    call->finish({});
    return {};
  }
  static_cast<void>(services.query_rate.take(caller.org, others.size()));
  const auto gathering =
      std::make_shared<Gathering>(*std::move(kept), others.size(), call, response);
  v1::EnvelopeQuestion question;
  *question.mutable_list() = request;
  for (const KnownNode& node : others)
    services.relay.ask(node, caller.org, question,
                       [gathering, name = node.name](Api<v1::EnvelopeAnswer> answer) {
                         gathering->add(name, std::move(answer));
                       });
  return {};
}

Api<void> get(const ServiceContext& services, const Caller& caller,
              const v1::GetEnvelopeRequest& request, v1::GetEnvelopeResponse& response,
              const std::shared_ptr<PendingCall>& call) {
  const auto receipt = read_receipt(caller.org, request);
  if (!receipt) return tl::unexpected(receipt.error());
  const auto directory = services.directory.get();
  const KnownNode* self = services.keys.entry(*directory);
  if (request.node() == 0 || (self != nullptr && self->id == request.node())) {
    auto handed = hand_over(services, *receipt, response);
    if (handed) call->finish({});
    return handed;
  }
  const KnownNode* keeper = directory->by_id(request.node());
  if (keeper == nullptr)
    return proto::refuse(v1::REASON_INVALID_ARGUMENT,
                         "the ledger has no node " + std::to_string(request.node()));
  v1::EnvelopeQuestion question;
  *question.mutable_get() = request;
  services.relay.ask(
      *keeper, caller.org, question,
      [&services, &response, call, org = caller.org](Api<v1::EnvelopeAnswer> answer) {
        if (!answer) return call->finish(tl::unexpected(answer.error()));
        if (!answer->has_got())
          return call->finish(
              proto::refuse(v1::REASON_NO_ANSWER, "the node answered with something else"));
        response = std::move(*answer->mutable_got());
        charge(services, org, response.envelope().size());
        call->finish({});
      });
  return {};
}

// For work that answers the call itself unless it fails at once.
template <class Work>
void begin(const ServiceContext& services, const std::shared_ptr<PendingCall>& call, Work work) {
  const auto begun = services.damage.watch(work);
  if (!begun) call->finish(begun);
}

Api<void> erase(const ServiceContext& services, const Caller& caller,
                const v1::EraseEnvelopeRequest& request) {
  Hash32 id;
  if (!fixed_from(as_bytes(request.id()), id))
    return proto::refuse(v1::REASON_INVALID_ARGUMENT, "an envelope's id has 32 bytes");
  if (caller.role == x509::kRoleAuditor)
    return proto::refuse(v1::REASON_NOT_PERMITTED, "an auditor's certificate reads only");
  USANCE_TRY(services.envelopes.erase(id, caller.org));
  return {};
}

class EnvelopeService final : public v1::EnvelopeService::CallbackService {
 public:
  explicit EnvelopeService(const ServiceContext& services) : services_(services) {}

  grpc::ServerUnaryReactor* PutEnvelope(grpc::CallbackServerContext* call,
                                        const v1::PutEnvelopeRequest* request,
                                        v1::PutEnvelopeResponse* response) override {
    return answer(services_, call,
                  note("PutEnvelope", std::to_string(request->envelope().size()) + " bytes"),
                  [=, this](Executor&, const Caller& caller) {
                    return put(services_, caller, *request, *response);
                  });
  }
  grpc::ServerUnaryReactor* GetEnvelope(grpc::CallbackServerContext* call,
                                        const v1::GetEnvelopeRequest* request,
                                        v1::GetEnvelopeResponse* response) override {
    const auto receipt = decode<DeliveryReceipt>(as_bytes(request->receipt()));
    return answer_later(
        services_, call, note("GetEnvelope", receipt ? to_hex(receipt->statement.envelope) : ""),
        [=, this](Executor&, const Caller& caller, const std::shared_ptr<PendingCall>& pending) {
          begin(services_, pending,
                [&] { return get(services_, caller, *request, *response, pending); });
        });
  }
  grpc::ServerUnaryReactor* ListEnvelopes(grpc::CallbackServerContext* call,
                                          const v1::ListEnvelopesRequest* request,
                                          v1::ListEnvelopesResponse* response) override {
    return answer_later(
        services_, call, note("ListEnvelopes", request->ask().empty() ? "" : "of all nodes"),
        [=, this](Executor&, const Caller& caller, const std::shared_ptr<PendingCall>& pending) {
          begin(services_, pending,
                [&] { return list(services_, caller, *request, *response, pending); });
        });
  }
  grpc::ServerUnaryReactor* EraseEnvelope(grpc::CallbackServerContext* call,
                                          const v1::EraseEnvelopeRequest* request,
                                          v1::EraseEnvelopeResponse*) override {
    return answer(
        services_, call, note("EraseEnvelope", to_hex(as_bytes(request->id().substr(0, 32)))),
        [=, this](Executor&, const Caller& caller) { return erase(services_, caller, *request); });
  }

 private:
  [[nodiscard]] AccessNote note(std::string method, std::string what) const {
    return {services_.access_log, services_.clock, std::move(method), std::move(what)};
  }

  const ServiceContext& services_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_envelope_service(const ServiceContext& services) {
  return std::make_unique<EnvelopeService>(services);
}

}  // namespace usance::node
