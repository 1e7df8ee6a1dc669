// usance oracle commit | bid | sign-report: what an oracle commits to or signs itself. Offline.
#include <memory>

#include "base/key_file.h"
#include "tools/usance/oracle_commands.h"
#include "tools/usance/statement_signing.h"

namespace usance::cli {

namespace {

struct ReportFlags {
  std::string contract = "oracle_aggregator";
  std::string feed;
  std::uint64_t round = 0;
  std::string oracle;
  std::string value;
  unsigned decimals = 0;
  std::string keep;
  std::string key;
  std::string observed;
  std::string source;
  std::string fetched;
  std::string proof;
  std::int64_t price = 0;
};

// What opens the commitment is on the disk before anybody can send the commitment: without it the
// oracle would be penalised.
Outcome<ExitCode> keep_and_print(const Context& context, const ReportFlags& flags,
                                 const Commitment& made, const char* now, const char* later) {
  CLI_TRY(create_secret(flags.keep, made.later.dump(2) + "\n"));
  print_arguments(context, now, made.now);
  note("wrote " + flags.keep + " (readable by you alone); when it is time: usance call " +
       flags.contract + " " + later + " --arguments @" + flags.keep);
  return ExitCode::kOk;
}

Outcome<ExitCode> commit(const Context& context, const ReportFlags& flags) {
  CLI_TRY(may_write(flags.keep, false, "it may be the secret of another commitment"));
  CLI_ASSIGN(const std::string oracle, organisation_or_own(context, flags.oracle, "--oracle"));
  CLI_ASSIGN(const std::int64_t value, value_in_units(flags.value, flags.decimals));
  const SecretSeed salt = generate_seed();
  return keep_and_print(context, flags,
                        committed_report({flags.feed, flags.round, value, salt.view(), oracle}),
                        "Commit", "Reveal");
}

Outcome<ExitCode> bid(const Context& context, const ReportFlags& flags) {
  CLI_TRY(may_write(flags.keep, false, "it may be the secret of another bid"));
  CLI_ASSIGN(const std::string oracle, organisation_or_own(context, flags.oracle, "--oracle"));
  const SecretSeed salt = generate_seed();
  return keep_and_print(
      context, flags,
      sealed_bid({flags.contract, flags.feed, oracle, flags.price, flags.source, salt.view()}),
      "PlaceBid", "RevealBid");
}

Outcome<ExitCode> sign(const Context& context, const ReportFlags& flags) {
  oracle_aggregator::OffLedgerReport report;
  CLI_ASSIGN(const std::string oracle, organisation_or_own(context, flags.oracle, "--oracle"));
  report.contract = flags.contract;
  report.feed = flags.feed;
  report.round = flags.round;
  report.oracle = oracle;
  CLI_ASSIGN(report.value, value_in_units(flags.value, flags.decimals));
  CLI_ASSIGN(report.observed_ms, instant_or_now("--observed", flags.observed));
  Hash32 proof;
  if (!flags.source.empty()) {
    if (!fixed_from_hex(flags.proof, proof))
      return stop(ExitCode::kUsage, "--proof takes the 64 hexadecimal digits of a SHA-256");
    report.source = flags.source;
    report.proof = proof.view();
    report.fetched_ms = report.observed_ms;
    if (!flags.fetched.empty()) {
      CLI_ASSIGN(report.fetched_ms, instant_or_now("--fetched", flags.fetched));
    }
  }
  CLI_ASSIGN(const SecretSeed seed, read_key_file(flags.key));
  print_arguments(context, "SubmitSigned", signed_report(report, *ed25519_signer(seed)));
  return ExitCode::kOk;
}

void add_value_flags(CLI::App& verb, const std::shared_ptr<ReportFlags>& flags) {
  verb.add_option("--round", flags->round, "The round")->required()->check(CLI::PositiveNumber);
  verb.add_option("--value", flags->value, "The value: 41.5")->required();
  verb.add_option("--decimals", flags->decimals, "The feed's; the value is rounded to the nearest")
      ->required()
      ->check(CLI::Range(0, 18));
}

void add_common_flags(CLI::App& verb, const std::shared_ptr<ReportFlags>& flags) {
  verb.add_option("--feed", flags->feed, "The feed, or the order for it")->required();
  verb.add_option("--oracle", flags->oracle,
                  "The oracle's organisation; the profile's when left away");
  verb.add_option("--contract", flags->contract, "The contract's name on the ledger")
      ->capture_default_str();
}

}  // namespace

void add_oracle_reports(CLI::App& noun, Context& context) {
  const auto flags = std::make_shared<ReportFlags>();
  CLI::App* committing = add_verb(noun, context, "commit",
                                  "A commitment to a value as the arguments of Commit; offline",
                                  [&context, flags] { return commit(context, *flags); });
  add_common_flags(*committing, flags);
  add_value_flags(*committing, flags);
  committing->add_option("--keep", flags->keep, "New file for the arguments of Reveal; secret")
      ->required();
  committing->footer(
      "  usance oracle commit ... --keep reveal.json > commit.json\n"
      "  usance call oracle_aggregator Commit --arguments @commit.json\n"
      "and when the time for commitments is over\n"
      "  usance call oracle_aggregator Reveal --arguments @reveal.json");

  CLI::App* bidding = add_verb(noun, context, "bid",
                               "A sealed bid on an order as the arguments of PlaceBid; offline",
                               [&context, flags] { return bid(context, *flags); });
  add_common_flags(*bidding, flags);
  bidding
      ->add_option("--price", flags->price,
                   "For a report, in minor units of the order's currency: 80")
      ->required()
      ->check(CLI::NonNegativeNumber);
  bidding->add_option("--source", flags->source, "Where the reports will be from")->required();
  bidding->add_option("--keep", flags->keep, "New file for the arguments of RevealBid; secret")
      ->required();
  bidding->footer(
      "  usance oracle bid ... --keep bid.json > sealed.json\n"
      "  usance call oracle_aggregator PlaceBid --account ACCOUNT --arguments @sealed.json\n"
      "and when the time for bids is over\n"
      "  usance call oracle_aggregator RevealBid --arguments @bid.json");

  CLI::App* signing = add_verb(noun, context, "sign-report",
                               "A report that somebody else hands in, for SubmitSigned; offline",
                               [&context, flags] { return sign(context, *flags); });
  add_common_flags(*signing, flags);
  add_value_flags(*signing, flags);
  signing->add_option("--key", flags->key, "Key file of the oracle's reporting key")->required();
  signing->add_option("--observed", flags->observed,
                      "When: 2026-11-21T10:30:00Z; now if left away");
  CLI::Option* source = signing->add_option("--source", flags->source, "Where the value is from");
  CLI::Option* proof =
      signing->add_option("--proof", flags->proof, "SHA-256 of what the source said");
  source->needs(proof);
  proof->needs(source);
  signing
      ->add_option("--fetched", flags->fetched,
                   "When it was taken from there; when it was observed if left away")
      ->needs(source);
  signing->footer(
      "  usance oracle sign-report ... > report.json\n"
      "  usance call oracle_aggregator SubmitSigned --feed FEED --round N --reports @report.json "
      "--reports ...");
}

}  // namespace usance::cli
