#include "node/services/envelope_reading.h"

#include <algorithm>

#include "contracts/system/governance_view.h"
#include "node/services/reading.h"
#include "node/services/services.h"
#include "proto/bytes.h"

namespace usance::node {

namespace {

using proto::Api;

constexpr std::size_t kBytesPerQuery = 16 * 1024;

v1::KeptEnvelope message_of(const EnvelopeRecord& record) {
  v1::KeptEnvelope out;
  out.set_header(proto::canonical(record.header));
  out.set_kept(proto::canonical(record.kept));
  out.set_bytes(record.bytes);
  for (const TakenDelivery& delivery : record.deliveries) {
    v1::EnvelopeDelivery& taken = *out.add_deliveries();
    taken.set_receipt(proto::canonical(delivery.receipt));
    taken.set_at_ms(delivery.at.value);
  }
  return out;
}

Api<void> answer_list(const ServiceContext& services, const KnownNode& from,
                      const v1::ListEnvelopesRequest& request, v1::ListEnvelopesResponse& out) {
  const auto ask = read_ask(services, request, from.id);
  if (!ask) return tl::unexpected(ask.error());
  auto kept = list_kept(services, ask->statement.org, request);
  if (!kept) return tl::unexpected(kept.error());
  std::move(*kept).fill(out);
  return {};
}

Api<void> answer_get(const ServiceContext& services, const v1::GetEnvelopeRequest& request,
                     v1::GetEnvelopeResponse& out) {
  USANCE_ASSIGN(const DeliveryReceipt receipt,
                decode<DeliveryReceipt>(as_bytes(request.receipt())));
  return hand_over(services, receipt, out);
}

Api<v1::EnvelopeAnswer> answer_of(const ServiceContext& services, const KnownNode& from,
                                  const v1::EnvelopeQuestion& question) {
  v1::EnvelopeAnswer answer;
  Api<void> done = proto::refuse(v1::REASON_INVALID_ARGUMENT, "a question of a later version");
  if (question.has_list())
    done = answer_list(services, from, question.list(), *answer.mutable_listed());
  else if (question.has_get())
    done = answer_get(services, question.get(), *answer.mutable_got());
  if (!done) return tl::unexpected(done.error());
  return answer;
}

void reply(const ServiceContext& services, const KnownNode& to, std::uint64_t number,
           Api<v1::EnvelopeAnswer> outcome) {
  v1::EnvelopeAnswer answer;
  if (outcome) {
    answer = *std::move(outcome);
  } else {
    answer.mutable_refused()->set_reason(outcome.error().reason);
    answer.mutable_refused()->set_message(outcome.error().message);
  }
  answer.set_number(number);
  services.relay.reply(to.id, std::move(answer));
}

}  // namespace

void EnvelopeList::add(v1::KeptEnvelope envelope) {
  const auto kept = decode<KeptReceipt>(as_bytes(envelope.kept()));
  if (!kept) return;
  const auto place =
      std::ranges::upper_bound(entries_, kept->statement.at, std::ranges::greater(), &Entry::at);
  bytes_ += envelope.ByteSizeLong();
  entries_.insert(place, {kept->statement.at, std::move(envelope)});
  shorten();
}

void EnvelopeList::shorten() {
  while (entries_.size() > limit_ || (bytes_ > kMostBytes && entries_.size() > 1)) {
    bytes_ -= entries_.back().envelope.ByteSizeLong();
    entries_.pop_back();
    more_ = true;
  }
}

void EnvelopeList::fill(v1::ListEnvelopesResponse& response) && {
  for (Entry& entry : entries_) *response.add_envelopes() = std::move(entry.envelope);
  response.set_more(more_);
}

void charge(const ServiceContext& services, const OrgId& org, std::size_t bytes) {
  static_cast<void>(services.query_rate.take(org, bytes / kBytesPerQuery));
}

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

Api<DeliveryReceipt> read_receipt(const OrgId& org, const v1::GetEnvelopeRequest& request) {
  USANCE_ASSIGN(DeliveryReceipt receipt, decode<DeliveryReceipt>(as_bytes(request.receipt())));
  if (receipt.statement.org != org)
    return proto::refuse(
        v1::REASON_NOT_PERMITTED,
        "the receipt is of '" + receipt.statement.org.value + "', not of '" + org.value + "'");
  return receipt;
}

Api<void> hand_over(const ServiceContext& services, const DeliveryReceipt& receipt,
                    v1::GetEnvelopeResponse& response) {
  const OrgId& org = receipt.statement.org;
  if (!receipt.verifies(services.genesis.chain_id, ed25519_verifier()))
    return proto::refuse(v1::REASON_BAD_SIGNATURE, "the receipt's signature does not verify");
  if (auto known = check_signer(services, org, receipt.key); !known) return known;
  USANCE_ASSIGN(const Envelope envelope,
                services.envelopes.hand_over(receipt, services.clock.wall()));
  charge(services, org, envelope.body.size());
  USANCE_ASSIGN(const EnvelopeRecord record, services.envelopes.record(receipt.statement.envelope));
  response.set_envelope(proto::canonical(envelope));
  response.set_kept(proto::canonical(record.kept));
  return {};
}

Api<EnvelopeList> list_kept(const ServiceContext& services, const OrgId& org,
                            const v1::ListEnvelopesRequest& request) {
  const auto limit = page_size(request.limit());
  if (!limit) return tl::unexpected(limit.error());
  EnvelopeList out(*limit);
  if (!request.id().empty()) {
    Hash32 id;
    if (!fixed_from(as_bytes(request.id()), id))
      return proto::refuse(v1::REASON_INVALID_ARGUMENT, "an envelope's id has 32 bytes");
    const auto record = services.envelopes.record(id);
    if (record && record->header.concerns(org)) out.add(message_of(*record));
    return out;
  }
  const TimeMs before(request.before_ms() == 0 ? ~std::uint64_t{0} : request.before_ms());
  for (const EnvelopeRecord& record : services.envelopes.list(org, before, *limit + 1))
    out.add(message_of(record));
  return out;
}

Api<SignedEnvelopeAsk> read_ask(const ServiceContext& services,
                                const v1::ListEnvelopesRequest& request, std::uint32_t asking) {
  USANCE_ASSIGN(SignedEnvelopeAsk ask, decode<SignedEnvelopeAsk>(as_bytes(request.ask())));
  const std::uint64_t now = services.clock.wall().value;
  const std::uint64_t at = ask.statement.at.value;
  if ((at > now ? at - now : now - at) > EnvelopeAsk::kFreshMs)
    return proto::refuse(
        v1::REASON_EXPIRED,
        "the word that this node may be asked is not of now; do the clocks agree?");
  if (ask.statement.node != asking)
    return proto::refuse(v1::REASON_NOT_PERMITTED,
                         "'" + ask.statement.org.value + "' has asked another node to ask on");
  if (!ask.verifies(services.genesis.chain_id, ed25519_verifier()))
    return proto::refuse(v1::REASON_BAD_SIGNATURE, "the signature does not verify");
  if (auto known = check_signer(services, ask.statement.org, ask.key); !known)
    return tl::unexpected(known.error());
  return ask;
}

void serve_envelopes(const ServiceContext& services, const KnownNode& from,
                     v1::EnvelopeQuestion question, ByteCharge charge) {
  const std::uint64_t number = question.number();
  if (const auto wait = services.query_rate.take(from.org))
    return reply(services, from, number, tl::unexpected(too_often("queries", *wait)));
  const bool queued =
      services.queries.submit([&services, from, number, question = std::move(question),
                               charge = std::move(charge)](Executor&) {
        reply(services, from, number, services.damage.watch([&]() -> Api<v1::EnvelopeAnswer> {
          return answer_of(services, from, question);
        }));
      });
  if (!queued)
    reply(services, from, number, proto::refuse(v1::REASON_QUOTA, "too many queries wait"));
}

}  // namespace usance::node
