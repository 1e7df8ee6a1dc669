#include "tools/usance/envelope_content.h"

#include <memory>

#include "tools/render/text.h"
#include "tools/usance/files.h"
#include "tools/usance/report.h"

namespace usance::cli {

namespace {

// The ledger's entry must have the salted hash in one of its versions; which.
Outcome<Json> entry_version(const Client& client, const std::string& entry,
                            const Hash32& commitment) {
  CLI_ASSIGN(const NamedResult answer,
             view_named(client, {kEnvelopesContract, "GetEntry", {{"entry", entry}}}));
  const Json view = render::to_json(*answer.response);
  for (const Json& version : view.value("versions", Json::array()))
    if (version.value("commitment", std::string()) == to_hex(commitment)) return version;
  return stop(ExitCode::kNotProven, "the ledger's entry " + entry + " is about other content");
}

Outcome<void> write_files(const EnvelopeContent& content, const std::string& into) {
  CLI_TRY(make_folder(into));
  for (const EnvelopeFile& file : content.files)
    CLI_TRY(may_write(Path(into) / file.name, false, "name another folder: nothing is replaced"));
  for (const EnvelopeFile& file : content.files)
    CLI_TRY(create_secret(Path(into) / file.name, as_text(file.content)));
  return {};
}

// Everybody of a home is of one network: who asks need not be said.
Outcome<Genesis> genesis_of(const Context& context) {
  CLI_ASSIGN(const Path home, context.home_folder());
  const Path usual = home / Profile().genesis;
  std::error_code ignored;
  if (context.profile.empty() && std::filesystem::exists(usual, ignored)) {
    CLI_ASSIGN(Genesis genesis, load_genesis(usual));
    return genesis;
  }
  CLI_ASSIGN(const Profile profile, context.load());
  CLI_ASSIGN(Genesis genesis, load_genesis(profile.path_of(profile.genesis)));
  return genesis;
}

Outcome<ExitCode> check(const Context& context, const std::string& saved,
                        const ContentFlags& flags) {
  CLI_ASSIGN(const std::string bytes, read_file(saved, limits::kMaxEnvelopeBytes));
  const auto content = decode<EnvelopeContent>(as_bytes(bytes));
  if (!content)
    return stop(ExitCode::kUsage, saved + " is no saved content: " + content.error().message);
  for (const EnvelopeFile& file : content->files)
    if (!is_envelope_file_name(file.name))
      return stop(ExitCode::kUsage, saved + " holds a file whose name is none");
  CLI_ASSIGN(const Genesis genesis, genesis_of(context));
  const Hash32 commitment = content_commitment(genesis.chain_id, *content);
  std::optional<Client> client;
  if (!flags.entry.empty()) {
    CLI_ASSIGN(client, connect(context));
  }
  Json json{{"commitment", to_hex(commitment)}};
  std::string text = "salted hash " + to_hex(commitment);
  CLI_TRY(show_content(client ? &*client : nullptr, *content, commitment, flags, json, text));
  print(context, json, text);
  return ExitCode::kOk;
}

}  // namespace

Outcome<void> show_content(const Client* client, const EnvelopeContent& content,
                           const Hash32& commitment, const ContentFlags& flags, Json& json,
                           std::string& text) {
  if (!flags.entry.empty()) {
    CLI_ASSIGN(json["entry"], entry_version(*client, flags.entry, commitment));
    text += "\nas recorded on the ledger: " + flags.entry;
  }
  json["note"] = content.note;
  if (!content.note.empty())
    text += "\nnote: " + render::show_bytes(as_bytes(content.note), limits::kMaxEnvelopeNote);
  if (!flags.into.empty()) CLI_TRY(write_files(content, flags.into));
  json["files"] = Json::array();
  for (const EnvelopeFile& file : content.files) {
    const std::string hash = to_hex(sha256(ByteView(file.content)));
    Json one{{"name", file.name}, {"bytes", file.content.size()}, {"sha256", hash}};
    if (!flags.into.empty()) one["path"] = (Path(flags.into) / file.name).string();
    json["files"].push_back(std::move(one));
    text += "\n" + hash + "  " + file.name;
  }
  if (!flags.into.empty() && !content.files.empty()) text += "\nwritten to " + flags.into;
  return {};
}

void add_content_flags(CLI::App& verb, const std::shared_ptr<ContentFlags>& flags) {
  verb.add_option("--into", flags->into, "Write the files into this folder");
  verb.add_option("--entry", flags->entry,
                  "ORGANISATION/REFERENCE on the ledger that must be about this content");
}

void add_content_check(CLI::App& noun, Context& context) {
  const auto saved = std::make_shared<std::string>();
  const auto flags = std::make_shared<ContentFlags>();
  CLI::App* verb =
      add_verb(noun, context, "check",
               "What a saved content holds and its salted hash; offline but for --entry",
               [&context, saved, flags] { return check(context, *saved, *flags); });
  verb->add_option("FILE", *saved, "As envelope get --save wrote it")->required();
  add_content_flags(*verb, flags);
}

}  // namespace usance::cli
