// usance lc presentation CREDIT FILE...: files as the arguments of Present. Offline; with --send-to
// the files themselves go to the examining bank in an envelope.
#include <memory>

#include "tools/documents/shipping/presented_document.h"
#include "tools/render/value.h"
#include "tools/usance/credit_commands.h"
#include "tools/usance/envelope_desk.h"
#include "tools/usance/files.h"
#include "tools/usance/shipped_interfaces.h"

namespace usance::cli {

namespace {

struct PresentationFlags {
  std::string credit;
  std::vector<std::string> files;
  std::string claimed;
  std::string write;
};

Outcome<ExitCode> prepare(const Context& context, const PresentationFlags& flags,
                          const SendingFlags& sending) {
  EnvelopeContent papers{{}, "documents presented under " + flags.credit, {}};
  Json request{{"credit", flags.credit}, {"claimed", flags.claimed}, {"documents", Json::array()}};
  Json remarks = Json::array();
  for (const std::string& argument : flags.files) {
    // "Quality certificate=certificate.pdf": the title in the credit, and the file.
    const std::size_t equals = argument.find('=');
    const std::string title = equals == std::string::npos ? "" : argument.substr(0, equals);
    const std::string path = equals == std::string::npos ? argument : argument.substr(equals + 1);
    CLI_ASSIGN(const std::string bytes, read_file(path));
    const Result<documents::PresentedDocument> read = documents::read_presented(bytes, title);
    if (!read) return stop(ExitCode::kUsage, path + ": " + read.error().message);
    for (const std::string& remark : read->remarks) {
      note("note: " + path + ": " + remark);
      remarks.push_back(path + ": " + remark);
    }
    request["documents"].push_back(read->document);
    if (!sending.to.empty())
      papers.files.push_back({Path(path).filename().string(), to_bytes(bytes)});
  }
  CLI_ASSIGN(const render::Interface interface,
             render::Interface::parse("letter_of_credit", interfaces::letter_of_credit()));
  CLI_ASSIGN(const auto* method, interface.method("Present"));
  const std::string arguments = request.dump(2, ' ', false, Json::error_handler_t::replace);
  CLI_TRY(render::set_from_json(*interface.make(*method->input_type()),
                                nlohmann::json::parse(arguments), ""));
  if (!flags.write.empty()) CLI_TRY(write_file(flags.write, arguments + "\n"));
  Json json{{"method", "Present"}, {"request", request}, {"remarks", remarks}};
  std::string text = flags.write.empty()
                         ? arguments
                         : "wrote " + flags.write +
                               "; read it, then: usance call letter_of_credit Present "
                               "--arguments @" +
                               flags.write;
  if (!sending.to.empty()) {
    CLI_ASSIGN(const Client client, connect(context));
    CLI_ASSIGN(const SentEnvelope sent,
               send_envelope(client, sending, EntryKind::kPapers, std::move(papers)));
    json["sent"] = json_of(sent);
    text += "\n" + text_of(sent);
  }
  print(context, json, text);
  return ExitCode::kOk;
}

}  // namespace

void add_credit_presentation(CLI::App& noun, Context& context) {
  const auto flags = std::make_shared<PresentationFlags>();
  const auto sending = std::make_shared<SendingFlags>();
  CLI::App* verb =
      add_verb(noun, context, "presentation",
               "Documents as the arguments of Present: DCSA bills of lading, invoices, "
               "others by hash; offline, unless the files are sent",
               [&context, flags, sending] { return prepare(context, *flags, *sending); });
  verb->add_option("CREDIT", flags->credit, "ISSUING-BANK/NUMBER")->required();
  verb->add_option("FILE", flags->files, "FILE, or TITLE=FILE with the title in the credit")
      ->required();
  verb->add_option("--claimed", flags->claimed, "The amount claimed: USD:93120.00")->required();
  verb->add_option("--write", flags->write, "Write the arguments to this file");
  verb->add_option("--send-to", sending->to,
                   "Send the files, sealed, to the examining bank; the ledger has their hashes");
  add_sending_flags(*verb, sending);
}

}  // namespace usance::cli
