// usance envelope keygen | publish | put | get: an organisation's encryption key, sending papers to
// named organisations, and opening what one was sent.
#include <chrono>
#include <memory>

#include "base/key_file.h"
#include "proto/bytes.h"
#include "tools/render/calendar.h"
#include "tools/render/text.h"
#include "tools/usance/envelope_commands.h"
#include "tools/usance/envelope_desk.h"
#include "tools/usance/files.h"
#include "tools/usance/report.h"
#include "usance/v1/envelope.grpc.pb.h"

namespace usance::cli {

namespace {

struct EnvelopeFlags {
  std::string key;
  std::vector<std::string> files;
  std::string note;
  std::string id;
  std::string into;
  std::string entry;
  std::string accept_key;
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
  CLI_ASSIGN(const Client client, connect_profile(context));
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
  CLI_ASSIGN(const Client client, connect_profile(context));
  CLI_ASSIGN(const SentEnvelope sent,
             send_envelope(client, sending, EntryKind::kPapers, std::move(content)));
  print(context, json_of(sent), text_of(sent));
  return ExitCode::kOk;
}

struct Fetched {
  Envelope envelope;
  KeptReceipt kept;
};

Outcome<Fetched> fetch(const Client& client, const Hash32& id) {
  CLI_ASSIGN(const std::unique_ptr<Signer> signer, load_signer(client.profile()));
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  v1::GetEnvelopeRequest request;
  request.set_receipt(proto::canonical(
      DeliveryReceipt::by(*signer, client.chain(),
                          {id, client.profile().org, TimeMs(static_cast<std::uint64_t>(now))})));
  CLI_ASSIGN(const v1::GetEnvelopeResponse answer,
             client.call(&v1::EnvelopeService::Stub::GetEnvelope, request));
  auto envelope = decode<Envelope>(as_bytes(answer.envelope()));
  auto kept = decode<KeptReceipt>(as_bytes(answer.kept()));
  if (!envelope || !kept || envelope_id(client.chain(), *envelope) != id)
    return stop(ExitCode::kNotProven,
                "the node " + client.address() + " answered with something else than the envelope");
  return Fetched{*std::move(envelope), *std::move(kept)};
}

// The ledger's entry must have the salted hash in one of its versions; which.
Outcome<Json> entry_version(const Client& client, const std::string& entry,
                            const Hash32& commitment) {
  CLI_ASSIGN(const NamedResult answer,
             view_named(client, {kEnvelopesContract, "GetEntry", {{"entry", entry}}}));
  const Json view = render::to_json(*answer.response);
  for (const Json& version : view.value("versions", Json::array()))
    if (version.value("commitment", std::string()) == to_hex(commitment)) return version;
  return stop(ExitCode::kNotProven,
              "the ledger's entry " + entry + " is about other content than this envelope's");
}

// What is in it, and each file written into the folder if there is one.
Outcome<Json> unpack(const EnvelopeContent& content, const std::string& into, std::string& text) {
  if (!into.empty()) {
    CLI_TRY(make_folder(into));
    for (const EnvelopeFile& file : content.files)
      CLI_TRY(may_write(Path(into) / file.name, false));
  }
  Json files = Json::array();
  for (const EnvelopeFile& file : content.files) {
    const std::string hash = to_hex(sha256(ByteView(file.content)));
    files.push_back({{"name", file.name}, {"bytes", file.content.size()}, {"sha256", hash}});
    text += "\n" + hash + "  " + file.name;
    if (into.empty()) continue;
    CLI_TRY(create_secret(Path(into) / file.name, as_text(file.content)));
    files.back()["path"] = (Path(into) / file.name).string();
  }
  return files;
}

Outcome<std::string> check_sender(const Client& client, const EnvelopeHeader& header,
                                  const std::string& accepted) {
  if (to_hex(header.sender_key) == accepted) return std::string("holder of an accepted key");
  auto user = user_of_key(client, header.sender, header.sender_key);
  if (!user && user.error().exit == ExitCode::kNotProven)
    return stop(ExitCode::kNotProven, "who signed the envelope: " + user.error().message +
                                          "; if you know that it was then: --accept-key " +
                                          to_hex(header.sender_key));
  return user;
}

Outcome<ExitCode> get(Context& context, const EnvelopeFlags& flags) {
  CLI_ASSIGN(const Hash32 id, envelope_id_of(flags.id));
  CLI_ASSIGN(const SecretSeed seed, read_key_file(flags.key, kEncryptionKeyFormat));
  CLI_ASSIGN(const Client client, connect_profile(context));
  CLI_ASSIGN(const Fetched fetched, fetch(client, id));
  const EnvelopeHeader& header = fetched.envelope.header;
  CLI_ASSIGN(const std::string user, check_sender(client, header, flags.accept_key));
  const auto content = open_envelope(client.chain(), fetched.envelope, client.profile().org, seed);
  if (!content)
    return stop(content.error().code == ErrorCode::kFailedPrecondition ? ExitCode::kUsage
                                                                       : ExitCode::kNotProven,
                content.error().message);
  Json json{{"envelope", to_hex(id)},
            {"sender", header.sender.value},
            {"user", user},
            {"time_ms", header.time.value},
            {"commitment", to_hex(header.commitment)},
            {"note", content->note}};
  std::string text = "from " + header.sender.value + " (" + user + "), " +
                     render::format_time(static_cast<std::int64_t>(header.time.value));
  if (!flags.entry.empty()) {
    CLI_ASSIGN(json["entry"], entry_version(client, flags.entry, header.commitment));
    text += "\nas recorded on the ledger: " + flags.entry;
  }
  if (!content->note.empty())
    text += "\nnote: " + render::show_bytes(as_bytes(content->note), limits::kMaxEnvelopeNote);
  CLI_ASSIGN(json["files"], unpack(*content, flags.into, text));
  if (!flags.into.empty() && !content->files.empty()) text += "\nwritten to " + flags.into;
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
                            [&context, flags] { return get(context, *flags); });
  open->add_option("ID", flags->id, "The envelope")->required();
  open->add_option("--key", flags->key, "Your organisation's encryption key file")->required();
  open->add_option("--into", flags->into, "Write the files into this folder");
  open->add_option("--entry", flags->entry,
                   "ORGANISATION/REFERENCE on the ledger that must be about this content");
  open->add_option("--accept-key", flags->accept_key,
                   "Take this key for the sender's though the ledger no longer has it");
  add_kept_envelopes(*noun, context);
}

}  // namespace usance::cli
