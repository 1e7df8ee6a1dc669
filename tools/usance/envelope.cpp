// usance envelope keygen | publish | put | get: an organisation's encryption key, sending papers to
// named organisations, and opening what one was sent.
#include <memory>

#include "base/key_file.h"
#include "proto/bytes.h"
#include "tools/render/calendar.h"
#include "tools/render/text.h"
#include "tools/usance/envelope_commands.h"
#include "tools/usance/envelope_content.h"
#include "tools/usance/files.h"
#include "tools/usance/kept_envelopes.h"
#include "tools/usance/report.h"
#include "usance/v1/envelope.grpc.pb.h"

namespace usance::cli {

namespace {

struct EnvelopeFlags {
  std::string key;
  std::vector<std::string> files;
  std::string note;
  std::string id;
  std::string save;
  AcceptedKeys accepted;
};

Outcome<ExitCode> keygen(const Context& context, const EnvelopeFlags& flags) {
  const SecretSeed seed = generate_seed();
  CLI_TRY(create_key_file(flags.key, seed, "Encryption key of an organisation. Secret.",
                          kEncryptionKeyFormat));
  const std::string key = to_hex(ed25519_signer(seed)->public_key());
  print(context, Json{{"file", flags.key}, {"public_key", key}},
        "made " + flags.key + " (readable by you alone)\npublic key " + key +
            "\nkeep it as long as you want to open what is sealed to it; publish it: usance "
            "envelope publish " +
            flags.key);
  return ExitCode::kOk;
}

Outcome<ExitCode> publish(Context& context, const EnvelopeFlags& flags) {
  CLI_ASSIGN(const SecretSeed seed, read_key_file(flags.key, kEncryptionKeyFormat));
  CLI_ASSIGN(const Client client, connect(context));
  const std::string key = to_hex(ed25519_signer(seed)->public_key());
  CLI_ASSIGN(const NamedResult done,
             call_named(client, {kEnvelopesContract, "PublishKey", {{"key", key}}}));
  print(context, render::to_json(*done.response),
        "envelopes for " + client.profile().org.value + " are sealed to " + key + " from now on");
  return ExitCode::kOk;
}

Outcome<ExitCode> put(Context& context, const EnvelopeFlags& flags, const SendingFlags& sending) {
  EnvelopeContent content;
  content.note = flags.note;
  for (const std::string& path : flags.files) {
    CLI_ASSIGN(EnvelopeFile file, envelope_file(path));
    content.files.push_back(std::move(file));
  }
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const SentEnvelope sent,
             send_envelope(client, sending, EntryKind::kPapers, std::move(content)));
  print(context, json_of(sent), text_of(sent));
  return ExitCode::kOk;
}

// From one node by its governance id; 0: from the one that is connected.
Outcome<Envelope> fetch_from(const Client& client, const Hash32& id, const std::string& receipt,
                             std::uint32_t node) {
  v1::GetEnvelopeRequest request;
  request.set_receipt(receipt);
  request.set_node(node);
  CLI_ASSIGN(const v1::GetEnvelopeResponse answer,
             client.call(&v1::EnvelopeService::Stub::GetEnvelope, request));
  auto envelope = decode<Envelope>(as_bytes(answer.envelope()));
  if (!envelope || envelope_id(client.chain(), *envelope) != id)
    return stop(ExitCode::kNotProven,
                "the answer of " + client.address() + " is something else than the envelope");
  return *std::move(envelope);
}

// From the connected node, or through it from the first that keeps it and hands it over.
Outcome<Envelope> fetch(const Client& client, const Hash32& id) {
  CLI_ASSIGN(const std::unique_ptr<Signer> signer, load_signer(client.profile()));
  const std::string receipt = proto::canonical(
      DeliveryReceipt::by(*signer, client.chain(), {id, client.profile().org, wall_time()}));
  auto fetched = fetch_from(client, id, receipt, 0);
  if (fetched || fetched.error().exit != ExitCode::kNotFound) return fetched;
  CLI_ASSIGN(const std::vector<Kept> keepers, find_kept(client, id));
  for (const Kept& keeper : keepers) {
    fetched = fetch_from(client, id, receipt, keeper.receipt.statement.node);
    if (fetched) break;
  }
  return fetched;
}

Outcome<ExitCode> get(Context& context, const EnvelopeFlags& flags, const ContentFlags& wanted) {
  CLI_ASSIGN(const Hash32 id, envelope_id_of(flags.id));
  CLI_ASSIGN(const SecretSeed seed, read_key_file(flags.key, kEncryptionKeyFormat));
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const Envelope envelope, fetch(client, id));
  const EnvelopeHeader& header = envelope.header;
  CLI_ASSIGN(const std::string user,
             user_of_key(client, header.sender, header.sender_key, flags.accepted));
  const auto content = open_envelope(client.chain(), envelope, client.profile().org, seed);
  if (!content)
    return stop(content.error().code == ErrorCode::kFailedPrecondition ? ExitCode::kUsage
                                                                       : ExitCode::kNotProven,
                content.error().message);
  Json json{{"envelope", to_hex(id)},
            {"sender", header.sender.value},
            {"user", user},
            {"time_ms", header.time.value},
            {"commitment", to_hex(header.commitment)}};
  std::string text = "from " + header.sender.value + " (" + user + "), " +
                     render::format_time(static_cast<std::int64_t>(header.time.value));
  CLI_TRY(show_content(&client, *content, header.commitment, wanted, json, text));
  if (!flags.save.empty()) {
    CLI_TRY(create_secret(flags.save, as_text(encode(*content))));
    text += "\nsaved as " + flags.save;
  }
  print(context, json, text);
  return ExitCode::kOk;
}

}  // namespace

Outcome<Hash32> envelope_id_of(const std::string& text) {
  Hash32 id;
  if (!fixed_from_hex(text, id))
    return stop(ExitCode::kUsage, "'" + text + "' is no envelope's id: 64 hexadecimal digits");
  return id;
}

void add_envelope_commands(CLI::App& app, Context& context) {
  CLI::App* noun =
      add_noun(app, "envelope", "Papers for named organisations, encrypted, beside the ledger");
  const auto flags = std::make_shared<EnvelopeFlags>();
  const auto sending = std::make_shared<SendingFlags>();
  const auto wanted = std::make_shared<ContentFlags>();
  add_verb(*noun, context, "keygen", "Make your organisation's encryption key",
           [&context, flags] { return keygen(context, *flags); })
      ->add_option("FILE", flags->key, "Where to write it; never overwritten")
      ->required();
  add_verb(*noun, context, "publish", "Have envelopes for your organisation sealed to this key",
           [&context, flags] { return publish(context, *flags); })
      ->add_option("FILE", flags->key, "The key file")
      ->required();
  CLI::App* send =
      add_verb(*noun, context, "put", "Seal files for organisations; the node keeps them",
               [&context, flags, sending] { return put(context, *flags, *sending); });
  send->add_option("FILE", flags->files, "What is sent")->required();
  send->add_option("--to", sending->to, "An organisation that may open it")->required();
  send->add_option("--note", flags->note, "A word to them, sealed with the files");
  add_sending_flags(*send, sending);
  CLI::App* open = add_verb(*noun, context, "get", "Take delivery of an envelope and open it",
                            [&context, flags, wanted] { return get(context, *flags, *wanted); });
  open->add_option("ID", flags->id, "The envelope")->required();
  open->add_option("--key", flags->key, "Your organisation's encryption key file")->required();
  add_content_flags(*open, wanted);
  open->add_option("--save", flags->save,
                   "Write the whole content with its salt to this file: it proves, with the "
                   "ledger's entry, what was sent");
  add_accepted_keys(*open, flags->accepted,
                    "Take this key for the sender's though the ledger no longer has it");
  add_content_check(*noun, context);
  add_kept_envelopes(*noun, context);
}

}  // namespace usance::cli
