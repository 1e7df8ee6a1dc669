// usance lc import FILE.fin: a SWIFT message as the arguments of a call. Offline.
#include "tools/documents/swift/credit_import.h"

#include <memory>

#include "tools/render/text.h"
#include "tools/render/value.h"
#include "tools/usance/credit_commands.h"
#include "tools/usance/files.h"
#include "tools/usance/shipped_interfaces.h"
#include "tools/usance/typed_identifiers.h"

namespace usance::cli {

namespace {

struct ImportFlags {
  std::string file;
  std::string type;
  std::string directory;
  std::string write;
  bool strict = false;
};

// The arguments fit the interface that this build ships: names, types, bounds.
Outcome<std::vector<std::string>> check_request(const documents::CreditImport& import) {
  CLI_ASSIGN(const render::Interface interface,
             render::Interface::parse("letter_of_credit", interfaces::letter_of_credit()));
  CLI_ASSIGN(const auto* method, interface.method(import.method));
  const auto message = interface.make(*method->input_type());
  CLI_TRY(render::set_from_json(*message, nlohmann::json::parse(import.request.dump()), ""));
  CLI_TRY(check_identifiers(*message));
  return render::missing_fields(*message);
}

Outcome<ExitCode> import(const Context& context, const ImportFlags& flags) {
  documents::Directory directory;
  if (!flags.directory.empty()) {
    CLI_ASSIGN(const std::string text, read_file(flags.directory));
    Result<documents::Directory> parsed = documents::Directory::parse(text);
    if (!parsed) return stop(ExitCode::kUsage, flags.directory + ": " + parsed.error().message);
    directory = std::move(*parsed);
  }
  CLI_ASSIGN(const std::string bytes, read_file(flags.file));
  const auto reading =
      flags.strict ? documents::MtReading::kStrict : documents::MtReading::kLenient;
  const Result<documents::CreditImport> imported =
      documents::import_credit_file(bytes, reading, flags.type, directory);
  if (!imported) return stop(ExitCode::kUsage, flags.file + ": " + imported.error().message);
  CLI_ASSIGN(const std::vector<std::string> missing, check_request(*imported));
  for (const std::string& remark : imported->remarks) note("note: " + remark);
  for (const std::string& field : missing) note("note: " + field + " is still missing");
  const std::string arguments = imported->request.dump(2) + "\n";
  if (!flags.write.empty()) CLI_TRY(write_file(flags.write, arguments));
  const std::string text = flags.write.empty()
                               ? imported->request.dump(2)
                               : "wrote " + flags.write +
                                     "; read it, then: usance call letter_of_credit " +
                                     imported->method + " --arguments @" + flags.write;
  print(context,
        Json{{"method", imported->method},
             {"request", imported->request},
             {"missing", missing},
             {"remarks", imported->remarks}},
        text);
  return ExitCode::kOk;
}

}  // namespace

void add_credit_import(CLI::App& noun, Context& context) {
  const auto flags = std::make_shared<ImportFlags>();
  CLI::App* verb = add_verb(noun, context, "import",
                            "MT700, 707, 710 or 720 as the arguments of a call; offline",
                            [&context, flags] { return import(context, *flags); });
  verb->add_option("FILE", flags->file, "A FIN message, with its envelope or block 4 alone")
      ->required();
  verb->add_flag("--strict", flags->strict, "Refuse what the SWIFT network would not let through");
  verb->add_option("--type", flags->type, "Of a bare block 4")
      ->check(CLI::IsMember({"700", "707", "710", "720"}));
  verb->add_option("--directory", flags->directory,
                   "JSON: who BICs, names and places are on the ledger (docs/documents.md)");
  verb->add_option("--write", flags->write, "Write the arguments to this file");
}

}  // namespace usance::cli
