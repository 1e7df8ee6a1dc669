// usance-verify BUNDLE --genesis GENESIS: checks evidence with no network and no ledger.
//
// Exit codes: 0 verified, 2 usage, 9 not proven (the failure's name begins the message).
#include <cstdio>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/evidence_verify.h"
#include "base/file.h"
#include "tools/render/calendar.h"
#include "tools/render/evidence_report.h"

namespace {

constexpr int kUsage = 2;
constexpr int kNotProven = 9;

constexpr const char* kHelp =
    "usage: usance-verify BUNDLE --genesis GENESIS [options]\n"
    "\n"
    "Checks an evidence bundle with no network and prints who did what, and when.\n"
    "\n"
    "  --genesis FILE        the network's genesis, from somebody you trust; its SHA-256 is the\n"
    "                        chain's identity\n"
    "  --min-time INSTANT    refuse evidence as of an earlier time, such as 2026-11-21T10:30:00Z\n"
    "  --anchor HEIGHT:ROOT  a ledger root published elsewhere, for bundles that begin at it\n"
    "  --recovery FILE       a recovery record, if the members recovered the network on the way;\n"
    "                        repeatable. Who signed it is part of what is printed\n"
    "  --output text|json    for people (default) or programs\n"
    "  --version, --help\n"
    "\n"
    "It assumes that the genesis is right, and that in no epoch on the way so many consensus keys\n"
    "leaked that a quorum's signatures could be forged; an anchor replaces that assumption for\n"
    "everything older than it.\n"
    "\n"
    "Exit codes: 0 verified, 2 usage, 9 not proven: the message begins with what failed\n"
    "(BAD_SIGNATURE, NOT_ENOUGH_SIGNATURES, WRONG_VALIDATOR_SET, WRONG_CHAIN, BROKEN_PATH,\n"
    "HISTORY_INCOMPLETE, WRONG_ANCHOR, WRONG_INTERFACE, TOO_OLD, MALFORMED).\n";

struct Arguments {
  std::string bundle, genesis, output = "text";
  std::vector<std::string> recoveries;
  usance::EvidenceOptions options;
};

int usage(const std::string& why) {
  std::cerr << "error: " << why
            << "\nusage: usance-verify BUNDLE --genesis GENESIS; more: --help\n";
  return kUsage;
}

// Fills the arguments, or says what is wrong with them.
std::optional<std::string> parse(const std::vector<std::string>& words, Arguments& out) {
  std::string min_time;
  std::string anchor;
  std::string recovery;
  const std::map<std::string, std::string*> flags = {
      {"--genesis", &out.genesis}, {"--min-time", &min_time}, {"--anchor", &anchor},
      {"--recovery", &recovery},   {"--output", &out.output}, {"-o", &out.output}};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    const auto flag = flags.find(words[i].substr(0, equals));
    if (flag != flags.end()) {
      if (equals == std::string::npos && i + 1 == words.size()) return words[i] + " needs a value";
      *flag->second = equals == std::string::npos ? words[++i] : words[i].substr(equals + 1);
      if (!recovery.empty()) out.recoveries.push_back(std::exchange(recovery, {}));
    } else if (words[i].starts_with("-")) {
      return "unknown flag " + words[i];
    } else if (out.bundle.empty()) {
      out.bundle = words[i];
    } else {
      return "one bundle at a time: '" + words[i] + "' is one too many";
    }
  }
  if (out.bundle.empty()) return "no bundle was named";
  if (out.genesis.empty()) return "--genesis FILE is needed: evidence means nothing without it";
  if (out.output != "text" && out.output != "json") return "--output takes text or json";
  if (!min_time.empty()) {
    const auto time = usance::render::parse_time(min_time);
    if (!time || *time < 0) return "--min-time: " + (time ? "before 1970" : time.error().message);
    out.options.min_time = usance::TimeMs(static_cast<std::uint64_t>(*time));
  }
  if (!anchor.empty()) {
    const auto parsed = usance::parse_anchor(anchor);
    if (!parsed) return "--anchor: " + parsed.error().message;
    out.options.anchor = *parsed;
  }
  return std::nullopt;
}

int run(const Arguments& arguments) {
  const auto genesis_text = usance::read_file(arguments.genesis);
  if (!genesis_text) return usage("the genesis file " + genesis_text.error().message);
  const auto bundle = usance::read_file(arguments.bundle, usance::limits::kMaxEvidenceBytes);
  if (!bundle) return usage("the bundle " + bundle.error().message);
  const auto genesis = usance::parse_genesis(*genesis_text);
  if (!genesis) return usage(arguments.genesis + ": " + genesis.error().message);
  usance::EvidenceOptions options = arguments.options;
  for (const std::string& name : arguments.recoveries) {
    const auto file = usance::read_file(name, usance::limits::kMaxRecoveryBytes);
    if (!file) return usage("the recovery record " + file.error().message);
    auto record = usance::read_recovery(usance::as_bytes(*file));
    if (!record) return usage(name + ": " + record.error().message);
    options.recoveries.push_back(*std::move(record));
  }
  const auto verified = usance::verify_evidence_file(usance::as_bytes(*bundle), *genesis, options,
                                                     usance::ed25519_verifier());
  if (!verified) {
    const std::string name(to_string(verified.error().failure));
    if (arguments.output == "json")
      std::cout << nlohmann::ordered_json{{"verified", false},
                                          {"failure", name},
                                          {"message", verified.error().what}}
                       .dump(2)
                << "\n";
    std::cerr << "NOT PROVEN: " << name << ": " << verified.error().what << "\n";
    return kNotProven;
  }
  if (arguments.output == "json")
    std::cout << usance::render::evidence_json(*verified, *genesis).dump(2) << "\n";
  else
    std::cout << usance::render::evidence_text(*verified, *genesis);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  for (const std::string& word : words) {
    if (word == "--help" || word == "-h") {
      std::cout << kHelp;
      return 0;
    }
    if (word == "--version") {
      std::cout << "usance-verify " << USANCE_VERSION << "\n";
      return 0;
    }
  }
  Arguments arguments;
  if (const auto wrong = parse(words, arguments)) return usage(*wrong);
  return run(arguments);
}
