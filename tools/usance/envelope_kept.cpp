// usance envelope list | verify | erase: what nodes keep for the caller's organisation, and what
// the receipts prove.
#include <memory>

#include "proto/bytes.h"
#include "tools/usance/envelope_commands.h"
#include "tools/usance/envelope_desk.h"
#include "tools/usance/kept_envelopes.h"
#include "usance/v1/envelope.grpc.pb.h"

namespace usance::cli {

namespace {

struct ListFlags {
  std::uint32_t limit = 100;
  bool here = false;
};

struct VerifyFlags {
  std::string id;
  AcceptedKeys accepted;
};

std::string line_of(const Kept& kept) {
  std::string to;
  for (const EnvelopeRecipient& recipient : kept.header.recipients)
    to += (to.empty() ? "" : ", ") + recipient.org.value;
  return to_hex(kept.receipt.statement.envelope) + "  " + time_of(kept.receipt.statement.at) +
         "  " + kept.header.sender.value + " to " + to + ", " + std::to_string(kept.bytes) +
         " bytes at " + kept.node + ", taken " + std::to_string(kept.deliveries.size()) +
         " times\n";
}

Outcome<ExitCode> list(Context& context, const ListFlags& flags) {
  CLI_ASSIGN(const Client client, connect(context));
  v1::ListEnvelopesRequest request;
  request.set_limit(flags.limit);
  // An auditor has no key to sign with.
  const bool everywhere = !flags.here && !client.profile().key.empty();
  CLI_ASSIGN(const KeptAnswer answer, ask_kept(client, request, everywhere));
  Json json = Json::array();
  std::string text;
  for (const Kept& kept : answer.kept) {
    json.push_back(json_of(kept));
    text += line_of(kept);
  }
  if (text.empty())
    text = (everywhere ? "no node that answers " + client.address() + " keeps one for you\n"
                       : "the node " + client.address() + " keeps none for you\n");
  for (const std::string& one : answer.unheard) text += "not heard of " + one + "\n";
  text.pop_back();
  if (answer.more) text += "\nand older ones: --limit";
  print(context,
        Json{{"node", client.address()},
             {"envelopes", json},
             {"more", answer.more},
             {"unheard", answer.unheard}},
        text);
  return ExitCode::kOk;
}

// Every receipt against the keys on the ledger; the first that does not hold ends it.
Outcome<ExitCode> verify(Context& context, const VerifyFlags& flags) {
  CLI_ASSIGN(const Hash32 id, envelope_id_of(flags.id));
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const std::vector<Kept> keepers, find_kept(client, id));
  const Kept& kept = keepers.front();
  CLI_ASSIGN(const std::string node, signer_of(client, kept.receipt, flags.accepted));
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
    CLI_ASSIGN(const std::string user,
               user_of_key(client, receipt.statement.org, receipt.key, flags.accepted));
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
  const auto listing = std::make_shared<ListFlags>();
  const auto verifying = std::make_shared<VerifyFlags>();
  const auto id = std::make_shared<std::string>();
  CLI::App* show =
      add_verb(noun, context, "list", "What nodes keep of yours and for you, the newest first",
               [&context, listing] { return list(context, *listing); });
  show->add_option("--limit", listing->limit, "At most so many")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  show->add_flag("--here", listing->here, "Of the node that is asked alone");
  CLI::App* check =
      add_verb(noun, context, "verify", "Check the node's receipt and those of who took delivery",
               [&context, verifying] { return verify(context, *verifying); });
  check->add_option("ID", verifying->id, "The envelope")->required();
  add_accepted_keys(*check, verifying->accepted,
                    "Take this key, of the node or of who took delivery, though the ledger no "
                    "longer has it");
  add_verb(noun, context, "erase", "Erase an envelope of yours at the node, before its time is up",
           [&context, id] { return erase(context, *id); })
      ->add_option("ID", *id, "The envelope")
      ->required();
}

}  // namespace usance::cli
