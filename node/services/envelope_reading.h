// What this node keeps for an organisation and may hand over: asked by the organisation's clients
// here, or by another node for its clients (docs/spec/peer.md, P-3). The ledger says who may sign
// for whom; the store (node/envelope_store.h) says what is kept.
#pragma once

#include <vector>

#include "node/services/context.h"
#include "usance/v1/envelope.pb.h"

namespace usance::node {

// Envelopes of several nodes as one answer, the newest first.
class EnvelopeList {
 public:
  explicit EnvelopeList(std::size_t limit) : limit_(limit) {}
  // Drops what does not decode: another node may have sent it.
  void add(v1::KeptEnvelope envelope);
  void more() { more_ = true; }
  void fill(v1::ListEnvelopesResponse& response) &&;

 private:
  // A client takes 4 MiB; here is room for the rest of the answer and for one long record.
  static constexpr std::size_t kMostBytes = 2 << 20;
  struct Entry {
    TimeMs at;
    v1::KeptEnvelope envelope;
  };
  void shorten();

  const std::size_t limit_;
  std::vector<Entry> entries_;
  std::size_t bytes_ = 0;
  bool more_ = false;
};

// The key must be registered for the organisation, as of the latest certified height.
// REASON_UNKNOWN_KEY otherwise.
[[nodiscard]] proto::Api<void> check_signer(const ServiceContext& services, const OrgId& org,
                                            const PublicKey& key);
// An envelope counts against its organisation's rate once more for each 16 KiB.
void charge(const ServiceContext& services, const OrgId& org, std::size_t bytes);

// The receipt decodes and is of the organisation; what else it must be, the node that keeps the
// envelope checks.
[[nodiscard]] proto::Api<DeliveryReceipt> read_receipt(const OrgId& org,
                                                       const v1::GetEnvelopeRequest& request);
[[nodiscard]] proto::Api<void> hand_over(const ServiceContext& services,
                                         const DeliveryReceipt& receipt,
                                         v1::GetEnvelopeResponse& response);
[[nodiscard]] proto::Api<EnvelopeList> list_kept(const ServiceContext& services, const OrgId& org,
                                                 const v1::ListEnvelopesRequest& request);
// What the signed word in the request must be for this node to pass it on, or for `asking` to have
// passed it on: of the organisation, for that node, of now.
[[nodiscard]] proto::Api<SignedEnvelopeAsk> read_ask(const ServiceContext& services,
                                                     const v1::ListEnvelopesRequest& request,
                                                     std::uint32_t asking);

}  // namespace usance::node
