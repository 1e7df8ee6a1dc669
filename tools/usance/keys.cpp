// usance keys: making and looking at Ed25519 key files.
#include "base/key_file.h"
#include "tools/render/base64.h"
#include "tools/usance/context.h"
#include "tools/usance/files.h"

namespace usance::cli {

namespace {

struct KeysFlags {
  std::string file;
  std::string comment = "Usance signing key. Secret.";
};

Outcome<ExitCode> generate(const Context& context, const KeysFlags& flags) {
  if (flags.comment.find('\n') != std::string::npos)
    return stop(ExitCode::kUsage, "--comment takes one line");
  CLI_TRY(may_write(flags.file, false, "a key is never overwritten: name another file"));
  const SecretSeed seed = generate_seed();
  CLI_TRY(create_key_file(flags.file, seed, flags.comment));
  const std::string key = to_hex(ed25519_signer(seed)->public_key());
  print(context, Json{{"file", flags.file}, {"public_key", key}},
        "made " + flags.file + " (readable by you alone)\npublic key " + key);
  return ExitCode::kOk;
}

Outcome<ExitCode> show(const Context& context, const KeysFlags& flags) {
  CLI_ASSIGN(const SecretSeed seed, read_key_file(flags.file));
  const std::string key = to_hex(ed25519_signer(seed)->public_key());
  const std::string base64 = render::to_base64(ed25519_signer(seed)->public_key().view());
  print(context, Json{{"file", flags.file}, {"public_key", key}, {"public_key_base64", base64}},
        "public key " + key + "\nwithin JSON " + base64);
  return ExitCode::kOk;
}

}  // namespace

void add_keys_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "keys", "Make and look at signing keys");
  const auto flags = std::make_shared<KeysFlags>();
  CLI::App* make = add_verb(*noun, context, "generate", "Make a new key file; never overwrites one",
                            [&context, flags] { return generate(context, *flags); });
  make->add_option("FILE", flags->file, "Where to write it")->required();
  make->add_option("--comment", flags->comment, "First line of the file: whose key it is");
  CLI::App* look = add_verb(*noun, context, "show", "Print the public key of a key file",
                            [&context, flags] { return show(context, *flags); });
  look->add_option("FILE", flags->file, "The key file")->required();
}

}  // namespace usance::cli
