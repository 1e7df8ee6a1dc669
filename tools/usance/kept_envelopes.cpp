#include "tools/usance/kept_envelopes.h"

#include <algorithm>
#include <map>

#include "proto/bytes.h"
#include "tools/render/calendar.h"
#include "tools/usance/report.h"
#include "tools/usance/transact.h"
#include "usance/v1/envelope.grpc.pb.h"
#include "usance/v1/governance.grpc.pb.h"

namespace usance::cli {

namespace {

using LedgerNodes = std::map<std::uint32_t, v1::LedgerNode>;

Outcome<LedgerNodes> ledger_nodes(const Client& client) {
  CLI_ASSIGN(const v1::ListNodesResponse answer,
             client.call(&v1::GovernanceService::Stub::ListNodes, v1::ListNodesRequest()));
  LedgerNodes out;
  for (const v1::LedgerNode& node : answer.nodes()) out[node.id()] = node;
  return out;
}

bool is_validator(const LedgerNodes& nodes, const std::string& name) {
  return std::ranges::any_of(nodes, [&](const auto& node) {
    return node.second.name() == name && node.second.validator();
  });
}

Outcome<Kept> read_kept(const v1::KeptEnvelope& answer, const LedgerNodes& nodes) {
  Kept kept;
  kept.bytes = answer.bytes();
  CLI_ASSIGN(kept.header, decode<EnvelopeHeader>(as_bytes(answer.header())));
  CLI_ASSIGN(kept.receipt, decode<KeptReceipt>(as_bytes(answer.kept())));
  for (const v1::EnvelopeDelivery& one : answer.deliveries()) {
    CLI_ASSIGN(DeliveryReceipt receipt, decode<DeliveryReceipt>(as_bytes(one.receipt())));
    kept.deliveries.push_back({std::move(receipt), TimeMs(one.at_ms())});
  }
  const auto node = nodes.find(kept.receipt.statement.node);
  kept.node = node != nodes.end() ? node->second.name()
                                  : "node " + std::to_string(kept.receipt.statement.node);
  return kept;
}

Outcome<v1::ListEnvelopesResponse> list(const Client& client,
                                        const v1::ListEnvelopesRequest& request) {
  return client.call(&v1::EnvelopeService::Stub::ListEnvelopes, request);
}

// The node's words about another one begin with its name, which the reader has seen just before.
std::string without_name(const v1::UnheardNode& node) {
  const std::string named = "the node '" + node.name() + "' ";
  return node.why().starts_with(named) ? "it " + node.why().substr(named.size()) : node.why();
}

}  // namespace

Outcome<KeptAnswer> ask_kept(const Client& client, v1::ListEnvelopesRequest request,
                             bool everywhere) {
  if (everywhere) {
    v1::ListEnvelopesRequest who;  // asks on: the node's number and its clock
    who.set_limit(1);
    CLI_ASSIGN(const v1::ListEnvelopesResponse node, list(client, who));
    CLI_ASSIGN(const std::unique_ptr<Signer> signer, load_signer(client.profile()));
    request.set_ask(proto::canonical(SignedEnvelopeAsk::by(
        *signer, client.chain(), {client.profile().org, node.node(), TimeMs(node.now_ms())})));
  }
  CLI_ASSIGN(const v1::ListEnvelopesResponse answer, list(client, request));
  CLI_ASSIGN(const LedgerNodes nodes, ledger_nodes(client));
  KeptAnswer out;
  for (const v1::KeptEnvelope& one : answer.envelopes()) {
    auto kept = read_kept(one, nodes);
    // Another node's mistake does not hide what the rest have.
    if (kept)
      out.kept.push_back(*std::move(kept));
    else
      out.unheard.push_back("a node: " + kept.error().message);
  }
  for (const v1::UnheardNode& node : answer.unheard()) {
    out.unheard.push_back(node.name() + ": " + without_name(node));
    if (is_validator(nodes, node.name())) out.validator_unheard = true;
  }
  out.more = answer.more();
  return out;
}

Outcome<std::vector<Kept>> find_kept(const Client& client, const Hash32& id) {
  v1::ListEnvelopesRequest request;
  request.set_id(proto::to_string(id));
  std::string unheard;
  bool may_be_there = false;
  for (const bool everywhere : {false, true}) {
    CLI_ASSIGN(KeptAnswer answer, ask_kept(client, request, everywhere));
    std::erase_if(answer.kept,
                  [&](const Kept& kept) { return kept.receipt.statement.envelope != id; });
    if (!answer.kept.empty()) return std::move(answer.kept);
    for (const std::string& one : answer.unheard) unheard += "\n  " + one;
    may_be_there = answer.validator_unheard;
  }
  const std::string none =
      "no node that answers " + client.address() + " keeps such an envelope of yours or for you";
  return stop(may_be_there ? ExitCode::kUnavailable : ExitCode::kNotFound,
              none + (unheard.empty() ? "" : "; not heard of:" + unheard));
}

std::string time_of(TimeMs time) {
  return render::format_time(static_cast<std::int64_t>(time.value));
}

Json json_of(const Kept& kept) {
  Json to = Json::array();
  for (const EnvelopeRecipient& recipient : kept.header.recipients)
    to.push_back(recipient.org.value);
  Json deliveries = Json::array();
  for (const Taken& taken : kept.deliveries)
    deliveries.push_back({{"organisation", taken.receipt.statement.org.value},
                          {"key", to_hex(taken.receipt.key)},
                          {"at_ms", taken.at.value},
                          {"receipt", to_hex(ByteView(encode(taken.receipt)))}});
  return {{"envelope", to_hex(kept.receipt.statement.envelope)},
          {"node", kept.node},
          {"sender", kept.header.sender.value},
          {"to", to},
          {"commitment", to_hex(kept.header.commitment)},
          {"bytes", kept.bytes},
          {"kept_ms", kept.receipt.statement.at.value},
          {"until_ms", kept.receipt.statement.until.value},
          {"deliveries", deliveries}};
}

}  // namespace usance::cli
