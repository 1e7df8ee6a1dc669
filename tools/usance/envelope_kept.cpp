// usance envelope list | verify | erase: what a node keeps for the caller's organisation, and what
// the receipts prove.
#include <memory>

#include "proto/bytes.h"
#include "tools/render/calendar.h"
#include "tools/usance/envelope_commands.h"
#include "tools/usance/envelope_desk.h"
#include "usance/v1/envelope.grpc.pb.h"

namespace usance::cli {

namespace {

struct Taken {
  DeliveryReceipt receipt;
  TimeMs at;
};

struct Kept {
  EnvelopeHeader header;
  KeptReceipt receipt;
  std::uint64_t bytes = 0;
  std::vector<Taken> deliveries;
};

std::string time_of(TimeMs time) {
  return render::format_time(static_cast<std::int64_t>(time.value));
}

Outcome<Kept> read_kept(const v1::KeptEnvelope& answer) {
  Kept kept;
  kept.bytes = answer.bytes();
  CLI_ASSIGN(kept.header, decode<EnvelopeHeader>(as_bytes(answer.header())));
  CLI_ASSIGN(kept.receipt, decode<KeptReceipt>(as_bytes(answer.kept())));
  for (const v1::EnvelopeDelivery& one : answer.deliveries()) {
    CLI_ASSIGN(DeliveryReceipt receipt, decode<DeliveryReceipt>(as_bytes(one.receipt())));
    kept.deliveries.push_back({std::move(receipt), TimeMs(one.at_ms())});
  }
  return kept;
}

Outcome<std::vector<Kept>> ask(const Client& client, const v1::ListEnvelopesRequest& request,
                               bool& more) {
  CLI_ASSIGN(const v1::ListEnvelopesResponse answer,
             client.call(&v1::EnvelopeService::Stub::ListEnvelopes, request));
  std::vector<Kept> out;
  for (const v1::KeptEnvelope& one : answer.envelopes()) {
    CLI_ASSIGN(Kept kept, read_kept(one));
    out.push_back(std::move(kept));
  }
  more = answer.more();
  return out;
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
          {"sender", kept.header.sender.value},
          {"to", to},
          {"commitment", to_hex(kept.header.commitment)},
          {"bytes", kept.bytes},
          {"kept_ms", kept.receipt.statement.at.value},
          {"until_ms", kept.receipt.statement.until.value},
          {"deliveries", deliveries}};
}

std::string line_of(const Kept& kept) {
  std::string to;
  for (const EnvelopeRecipient& recipient : kept.header.recipients)
    to += (to.empty() ? "" : ", ") + recipient.org.value;
  return to_hex(kept.receipt.statement.envelope) + "  " + time_of(kept.receipt.statement.at) +
         "  " + kept.header.sender.value + " to " + to + ", " + std::to_string(kept.bytes) +
         " bytes, taken " + std::to_string(kept.deliveries.size()) + " times\n";
}

Outcome<ExitCode> list(Context& context, std::uint32_t limit) {
  CLI_ASSIGN(const Client client, connect(context));
  v1::ListEnvelopesRequest request;
  request.set_limit(limit);
  bool more = false;
  CLI_ASSIGN(const std::vector<Kept> all, ask(client, request, more));
  Json json = Json::array();
  std::string text;
  for (const Kept& kept : all) {
    json.push_back(json_of(kept));
    text += line_of(kept);
  }
  if (text.empty()) text = "the node " + client.address() + " keeps none for you\n";
  text.pop_back();
  if (more) text += "\nand older ones: --limit";
  print(context, Json{{"node", client.address()}, {"envelopes", json}, {"more", more}}, text);
  return ExitCode::kOk;
}

Outcome<Kept> find(const Client& client, const Hash32& id) {
  v1::ListEnvelopesRequest request;
  request.set_limit(1'000);
  for (bool more = true; more;) {
    CLI_ASSIGN(const std::vector<Kept> page, ask(client, request, more));
    for (const Kept& kept : page)
      if (kept.receipt.statement.envelope == id) return kept;
    if (!page.empty()) request.set_before_ms(page.back().receipt.statement.at.value);
  }
  return stop(ExitCode::kNotFound,
              "the node " + client.address() + " keeps no such envelope of yours or for you");
}

// Every receipt against the keys on the ledger; the first that does not hold ends it.
Outcome<ExitCode> verify(Context& context, const std::string& text_id) {
  CLI_ASSIGN(const Hash32 id, envelope_id_of(text_id));
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const Kept kept, find(client, id));
  CLI_ASSIGN(const std::string node, signer_of(client, kept.receipt));
  Json json = json_of(kept);
  json["node"] = node;
  std::string text = node + " has signed that it keeps it from " +
                     time_of(kept.receipt.statement.at) + " until " +
                     time_of(kept.receipt.statement.until);
  for (std::size_t i = 0; i < kept.deliveries.size(); ++i) {
    const DeliveryReceipt& receipt = kept.deliveries[i].receipt;
    if (receipt.statement.envelope != id || !receipt.verifies(client.chain(), ed25519_verifier()))
      return stop(ExitCode::kNotProven, "a receipt of '" + receipt.statement.org.value +
                                            "' does not hold for this envelope");
    CLI_ASSIGN(const std::string user, user_of_key(client, receipt.statement.org, receipt.key));
    json["deliveries"][i]["user"] = user;
    text += "\n" + user + " of " + receipt.statement.org.value +
            " has signed that he or she took delivery, " + time_of(kept.deliveries[i].at);
  }
  print(context, json, text);
  return ExitCode::kOk;
}

Outcome<ExitCode> erase(Context& context, const std::string& text_id) {
  CLI_ASSIGN(const Hash32 id, envelope_id_of(text_id));
  CLI_ASSIGN(const Client client, connect(context));
  v1::EraseEnvelopeRequest request;
  request.set_id(proto::to_string(id));
  CLI_TRY(client.call(&v1::EnvelopeService::Stub::EraseEnvelope, request));
  print(context, Json{{"envelope", text_id}, {"erased_at", client.address()}},
        "erased at " + client.address() + "; what recipients took, they have");
  return ExitCode::kOk;
}

}  // namespace

void add_kept_envelopes(CLI::App& noun, Context& context) {
  const auto limit = std::make_shared<std::uint32_t>(100);
  const auto id = std::make_shared<std::string>();
  add_verb(noun, context, "list", "What the node keeps of yours and for you, the newest first",
           [&context, limit] { return list(context, *limit); })
      ->add_option("--limit", *limit, "At most so many")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  add_verb(noun, context, "verify", "Check the node's receipt and those of who took delivery",
           [&context, id] { return verify(context, *id); })
      ->add_option("ID", *id, "The envelope")
      ->required();
  add_verb(noun, context, "erase", "Erase an envelope of yours at the node, before its time is up",
           [&context, id] { return erase(context, *id); })
      ->add_option("ID", *id, "The envelope")
      ->required();
}

}  // namespace usance::cli
