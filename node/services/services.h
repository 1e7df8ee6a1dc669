// The gRPC services of usance/v1. All are callbacks on gRPC's threads that hand work to the node's
// own; they hold no state but the context.
#pragma once

#include <memory>

#include "node/services/context.h"
#include "usance/v1/query.pb.h"

namespace grpc {
class Service;
}

namespace usance::node {

// `services` outlives what is made.
[[nodiscard]] std::unique_ptr<grpc::Service> make_transaction_service(const ServiceContext&);
[[nodiscard]] std::unique_ptr<grpc::Service> make_query_service(const ServiceContext&);
[[nodiscard]] std::unique_ptr<grpc::Service> make_block_service(const ServiceContext&);
[[nodiscard]] std::unique_ptr<grpc::Service> make_event_service(const ServiceContext&);
[[nodiscard]] std::unique_ptr<grpc::Service> make_contract_service(const ServiceContext&);
[[nodiscard]] std::unique_ptr<grpc::Service> make_audit_service(const ServiceContext&);
[[nodiscard]] std::unique_ptr<grpc::Service> make_governance_service(const ServiceContext&);
[[nodiscard]] std::unique_ptr<grpc::Service> make_envelope_service(const ServiceContext&);
[[nodiscard]] std::unique_ptr<grpc::Service> make_admin_service(const ServiceContext&);

// A peer's question about envelopes that are kept here; relay.reply() sends the answer. The charge
// is kept as long as the question waits.
void serve_envelopes(const ServiceContext& services, const KnownNode& from,
                     v1::EnvelopeQuestion question, ByteCharge charge);

// The error of a view or simulation that did not end with kOk.
[[nodiscard]] proto::ApiError receipt_error(const Receipt& receipt);
[[nodiscard]] proto::Api<void> fill_history_entry(const ServiceContext& services,
                                                  const ScopeChange& change,
                                                  v1::HistoryEntry& entry);
// Outcomes as messages: transactions `first` .. `first + count` of a certified block.
void fill_action(const ResultHeader& result, std::uint32_t action, const Receipt& receipt,
                 bool with_receipt, v1::ActionResult& out);

}  // namespace usance::node
