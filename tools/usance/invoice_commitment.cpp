// usance invoice commit FILE --salt FILE: the commitment of a client's mandate, and its check when
// it is opened. Offline.
#include <filesystem>
#include <memory>
#include <utility>

#include "base/hash.h"
#include "base/key_file.h"
#include "tools/render/text.h"
#include "tools/usance/files.h"
#include "tools/usance/invoice_commands.h"
#include "tools/usance/report.h"

namespace usance::cli {

namespace {

Outcome<ExitCode> commit(const Context& context, const std::string& file,
                         const std::string& salt_file) {
  CLI_ASSIGN(const std::string document, read_file(file));
  const bool is_new = !std::filesystem::exists(salt_file);
  if (is_new)
    CLI_TRY(create_key_file(salt_file, generate_seed(),
                            "Salt of a commitment. Whoever has it and the document can open it.",
                            kCommitmentSaltFormat));
  CLI_ASSIGN(const SecretSeed salt, read_key_file(salt_file, kCommitmentSaltFormat));
  const std::string commitment = to_hex(sha256({salt.view(), as_bytes(document)}));
  print(context, Json{{"commitment", commitment}, {"salt", salt_file}, {"new_salt", is_new}},
        commitment + (is_new ? "\nwrote " + salt_file +
                                   "; keep it with the document: both open the commitment"
                             : std::string()));
  return ExitCode::kOk;
}

}  // namespace

void add_invoice_commitment(CLI::App& noun, Context& context) {
  const auto files = std::make_shared<std::pair<std::string, std::string>>();
  CLI::App* verb =
      add_verb(noun, context, "commit", "The commitment to a document, for a client's mandate",
               [&context, files] { return commit(context, files->first, files->second); });
  verb->add_option("FILE", files->first, "The document, byte for byte")->required();
  verb->add_option(
          "--salt", files->second,
          "Its salt: made when there is no such file, else the commitment is checked with it")
      ->required();
}

}  // namespace usance::cli
