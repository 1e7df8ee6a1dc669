// usance undertaking attest: what an attestor who is no member signs. Offline.
#include <memory>

#include "base/key_file.h"
#include "tools/usance/oracle_commands.h"
#include "tools/usance/statement_signing.h"

namespace usance::cli {

namespace {

struct AttestFlags {
  std::string undertaking;
  std::string contract = "payment_undertaking";
  std::string terms_hash;
  std::string attestor;
  std::string key;
};

Outcome<ExitCode> attest(const Context& context, const AttestFlags& flags) {
  Hash32 terms_hash;
  if (!fixed_from_hex(flags.terms_hash, terms_hash))
    return stop(ExitCode::kUsage,
                "--terms-hash takes the 64 hexadecimal digits that GetUndertaking shows");
  CLI_ASSIGN(const SecretSeed seed, read_key_file(flags.key));
  Json arguments = signed_attestation({flags.contract, flags.undertaking, terms_hash.view()},
                                      *ed25519_signer(seed));
  arguments["attestor"] = flags.attestor;
  print_arguments(context, "Attest", arguments);
  return ExitCode::kOk;
}

}  // namespace

void add_undertaking_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "undertaking", "Conditional payment undertakings: attestations");
  const auto flags = std::make_shared<AttestFlags>();
  CLI::App* verb = add_verb(*noun, context, "attest",
                            "An attestor's signature as the arguments of Attest; offline",
                            [&context, flags] { return attest(context, *flags); });
  verb->add_option("UNDERTAKING", flags->undertaking, "Its name: bank/reference")->required();
  verb->add_option("--key", flags->key, "The attestor's key file; the terms have its public key")
      ->required();
  verb->add_option("--attestor", flags->attestor, "The attestor's name in the terms")->required();
  verb->add_option("--terms-hash", flags->terms_hash, "Of the terms: what GetUndertaking shows")
      ->required();
  verb->add_option("--contract", flags->contract, "The contract's name on the ledger")
      ->capture_default_str();
  verb->footer(
      "  usance undertaking attest harbour-bank/PU-3 ... > attestation.json\n"
      "  usance call payment_undertaking Attest --arguments @attestation.json");
}

}  // namespace usance::cli
