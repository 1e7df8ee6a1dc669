// usance customs compare: what a declaration's line, its invoice, the money and the prices of
// others say about each other. Offline: the answer and its thresholds are customs' own.
#include <memory>

#include "tools/documents/misinvoicing.h"
#include "tools/usance/customs_commands.h"
#include "tools/usance/files.h"

namespace usance::cli {

namespace {

struct CompareFlags {
  std::string file;
  documents::MisinvoicingRules rules;
};

Outcome<ExitCode> compare(const Context& context, const CompareFlags& flags) {
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
  print(context, Json{{"flags", list}}, lines);
  return ExitCode::kOk;
}

}  // namespace

void add_customs_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "customs", "Compare what declarations say");
  const auto flags = std::make_shared<CompareFlags>();
  CLI::App* verb =
      add_verb(*noun, context, "compare", "Flags of misinvoicing for a declaration's line; offline",
               [&context, flags] { return compare(context, *flags); });
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
}

}  // namespace usance::cli
