// usance customs compare: what a declaration's line, its invoice, the money and the prices of
// others say about each other. Offline: the answer and its thresholds are customs' own. With --case
// they go, sealed, to the named authorities, and to the ledger goes the case's number.
#include <algorithm>
#include <memory>

#include "tools/documents/misinvoicing.h"
#include "tools/usance/customs_commands.h"
#include "tools/usance/envelope_desk.h"
#include "tools/usance/files.h"
#include "usance/v1/governance.grpc.pb.h"

namespace usance::cli {

namespace {

struct CompareFlags {
  std::string file;
  documents::MisinvoicingRules rules;
};

// What the named authorities read: the line as it was compared, and the answer with its thresholds.
EnvelopeContent case_content(const std::string& number, const std::string& line, const Json& found,
                             const documents::MisinvoicingRules& rules) {
  const Json answer{{"case", number},
                    {"flags", found["flags"]},
                    {"not_compared", found["not_compared"]},
                    {"rules",
                     {{"least_ratio", rules.least_ratio},
                      {"deviations", rules.deviations},
                      {"weight_tolerance", rules.weight_tolerance}}}};
  return {{},
          "case " + number,
          {{"flags.json", to_bytes(answer.dump(2) + "\n")}, {"line.json", to_bytes(line)}}};
}

// What customs finds is for authorities: no bank is to read it, also by a slip of the pen.
Outcome<void> check_authorities(const Client& client, const std::vector<std::string>& named) {
  CLI_ASSIGN(
      const v1::ListOrganisationsResponse answer,
      client.call(&v1::GovernanceService::Stub::ListOrganisations, v1::ListOrganisationsRequest()));
  for (const std::string& name : named) {
    const auto& all = answer.organisations();
    const auto found = std::ranges::find(all, name, &v1::Organisation::id);
    if (found == all.end())
      return stop(ExitCode::kNotFound, "there is no organisation '" + name + "'");
    if (std::ranges::find(found->roles(), "customs") == found->roles().end())
      return stop(ExitCode::kUsage,
                  "'" + name + "' is no customs authority: cases are for authorities alone");
  }
  return {};
}

Outcome<SentEnvelope> open_case(const Context& context, const SendingFlags& sending,
                                EnvelopeContent content) {
  CLI_ASSIGN(const Client client, connect(context));
  SendingFlags to_all = sending;
  to_all.to = case_recipients(sending.to, client.profile().org.value);
  CLI_TRY(check_authorities(client, to_all.to));
  return send_envelope(client, to_all, EntryKind::kCase, std::move(content));
}

Outcome<ExitCode> compare(const Context& context, const CompareFlags& flags,
                          const SendingFlags& sending) {
  CLI_ASSIGN(const std::string text, read_file(flags.file));
  const auto line = documents::read_customs_line(text);
  if (!line) return stop(ExitCode::kUsage, flags.file + ": " + line.error().message);
  const auto found = documents::misinvoicing_flags(*line, flags.rules);
  if (!found) return stop(ExitCode::kUsage, flags.file + ": " + found.error().message);
  Json list = Json::array();
  std::string lines;
  for (const documents::MisinvoicingFlag& one : *found) {
    list.push_back({{"flag", documents::name_of(one.flag)}, {"against", one.against}});
    lines += std::string(documents::name_of(one.flag)) + "  " + one.against + "\n";
  }
  lines += std::to_string(found->size()) + " flags";
  const std::vector<std::string> missing = documents::not_compared(*line, flags.rules);
  std::string without;
  for (const std::string& one : missing) without += (without.empty() ? "" : ", ") + one;
  if (!without.empty()) lines += "\nnothing to compare with: " + without;
  Json json{{"flags", list}, {"not_compared", missing}};
  if (!sending.record.empty()) {
    CLI_ASSIGN(const SentEnvelope sent,
               open_case(context, sending, case_content(sending.record, text, json, flags.rules)));
    json["case"] = json_of(sent);
    lines += "\n" + text_of(sent);
  }
  print(context, json, lines);
  return ExitCode::kOk;
}

}  // namespace

std::vector<std::string> case_recipients(std::vector<std::string> named, const std::string& own) {
  named.push_back(own);
  std::ranges::sort(named);
  const auto doubles = std::ranges::unique(named);
  named.erase(doubles.begin(), doubles.end());
  return named;
}

void add_customs_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "customs", "Compare what declarations say");
  const auto flags = std::make_shared<CompareFlags>();
  const auto sending = std::make_shared<SendingFlags>();
  CLI::App* verb =
      add_verb(*noun, context, "compare",
               "Flags of misinvoicing for a declaration's line; offline, unless a case is opened",
               [&context, flags, sending] { return compare(context, *flags, *sending); });
  verb->add_option("FILE", flags->file, "The line and what to compare it with, JSON")->required();
  verb->add_option("--least-ratio", flags->rules.least_ratio,
                   "Below this share of a value, in basis points, is UNDER")
      ->capture_default_str();
  verb->add_option("--deviations", flags->rules.deviations,
                   "Standard deviations from the median price that flag, in ten-thousandths")
      ->capture_default_str();
  verb->add_option("--weight-tolerance", flags->rules.weight_tolerance,
                   "Basis points that the weights may be apart")
      ->capture_default_str();
  CLI::Option* number = verb->add_option(
      "--case", sending->record,
      "Open a case under this number: line, flags and thresholds sealed for the authorities, "
      "number and salted hash on the ledger");
  verb->add_option("--to", sending->to, "An authority that may open them, beside your own")
      ->needs(number);
  add_keeping_flags(*verb, sending, number);
}

}  // namespace usance::cli
