// EnvelopeService: envelopes beside the ledger. The ledger says who may sign for whom; the store
// (node/envelope_store.h) says what is kept.
#include "contracts/system/governance_view.h"
#include "node/services/reading.h"
#include "node/services/services.h"
#include "proto/bytes.h"
#include "usance/v1/envelope.grpc.pb.h"

namespace usance::node {

namespace {

using proto::Api;

// An envelope counts against its organisation's rate as so many queries as it has parts of this
// size: a large one costs the disk as much as they do.
constexpr std::size_t kBytesPerQuery = 16 * 1024;

void charge(const ServiceContext& services, const OrgId& org, std::size_t bytes) {
  static_cast<void>(services.query_rate.take(org, bytes / kBytesPerQuery));
}

// The key must be registered for the caller's organisation, as of the latest certified height.
Api<void> check_signer(const ServiceContext& services, const OrgId& org, const PublicKey& key) {
  const Height height = services.delivery.certified_height();
  USANCE_ASSIGN(const auto state, services.store.view(height));
  const auto known = governance::key(*state, org, key);
  if (!known || !known->life.active_after(height))
    return proto::refuse(
        v1::REASON_UNKNOWN_KEY,
        "the key " + to_hex(key) + " is not, or no longer, registered for '" + org.value + "'");
  return {};
}

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

Api<void> get(const ServiceContext& services, const Caller& caller,
              const v1::GetEnvelopeRequest& request, v1::GetEnvelopeResponse& response) {
  USANCE_ASSIGN(const DeliveryReceipt receipt,
                decode<DeliveryReceipt>(as_bytes(request.receipt())));
  if (receipt.statement.org != caller.org)
    return proto::refuse(v1::REASON_NOT_PERMITTED, "the receipt is of '" +
                                                       receipt.statement.org.value + "', not of '" +
                                                       caller.org.value + "'");
  if (!receipt.verifies(services.genesis.chain_id, ed25519_verifier()))
    return proto::refuse(v1::REASON_BAD_SIGNATURE, "the receipt's signature does not verify");
  if (auto known = check_signer(services, caller.org, receipt.key); !known) return known;
  USANCE_ASSIGN(const Envelope envelope,
                services.envelopes.hand_over(receipt, services.clock.wall()));
  charge(services, caller.org, envelope.body.size());
  USANCE_ASSIGN(const EnvelopeRecord record, services.envelopes.record(receipt.statement.envelope));
  response.set_envelope(proto::canonical(envelope));
  response.set_kept(proto::canonical(record.kept));
  return {};
}

Api<void> list(const ServiceContext& services, const Caller& caller,
               const v1::ListEnvelopesRequest& request, v1::ListEnvelopesResponse& response) {
  const auto limit = page_size(request.limit());
  if (!limit) return tl::unexpected(limit.error());
  const TimeMs before(request.before_ms() == 0 ? ~std::uint64_t{0} : request.before_ms());
  for (const EnvelopeRecord& record : services.envelopes.list(caller.org, before, *limit + 1)) {
    if (static_cast<std::size_t>(response.envelopes_size()) == *limit) {
      response.set_more(true);
      break;
    }
    v1::KeptEnvelope& out = *response.add_envelopes();
    out.set_header(proto::canonical(record.header));
    out.set_kept(proto::canonical(record.kept));
    out.set_bytes(record.bytes);
    for (const TakenDelivery& delivery : record.deliveries) {
      v1::EnvelopeDelivery& taken = *out.add_deliveries();
      taken.set_receipt(proto::canonical(delivery.receipt));
      taken.set_at_ms(delivery.at.value);
    }
  }
  return {};
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
    return answer(services_, call,
                  note("GetEnvelope", receipt ? to_hex(receipt->statement.envelope) : ""),
                  [=, this](Executor&, const Caller& caller) {
                    return get(services_, caller, *request, *response);
                  });
  }
  grpc::ServerUnaryReactor* ListEnvelopes(grpc::CallbackServerContext* call,
                                          const v1::ListEnvelopesRequest* request,
                                          v1::ListEnvelopesResponse* response) override {
    return answer(services_, call, note("ListEnvelopes", ""),
                  [=, this](Executor&, const Caller& caller) {
                    return list(services_, caller, *request, *response);
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
