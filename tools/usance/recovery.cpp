// usance recovery: the offline ceremony by which the members go on when no quorum of validators is
// left (docs/recovery.md). Nothing here talks to a node; nodes must be stopped.
#include <algorithm>

#include "node/recovery_records.h"
#include "tools/render/calendar.h"
#include "tools/render/text.h"
#include "tools/usance/recovery_commands.h"
#include "tools/usance/recovery_draft.h"

namespace usance::cli {

namespace {

struct RecoveryFlags {
  RecoveryPlan plan;
  std::string file, out, key, org, genesis;
  std::vector<std::string> files;
  bool force = false;
};

Outcome<RecoveryRecord> load(const std::string& file) {
  CLI_ASSIGN(const std::string text, read_file(file, limits::kMaxRecoveryBytes));
  auto record = read_recovery(as_bytes(text));
  if (!record) return stop(ExitCode::kUsage, file + ": " + record.error().message);
  return *std::move(record);
}

Result<void> save(const std::string& file, const RecoveryRecord& record) {
  const Bytes bytes = write_recovery(record);
  return write_file(file, as_text(bytes));
}

// By the home's ledger if it holds one, else by the genesis alone.
Result<RecoverySigners> judge(const RecoveryRecord& record, const OfflineLedger& ledger) {
  if (ledger.store != nullptr) return node::judge_recovery(record, ledger.genesis, *ledger.store);
  const std::vector<ValidatorSet> known = {ledger.genesis.validators()};
  return check_recovery(record, ledger.genesis, known, ed25519_verifier());
}

// A lock that is newer than what the record carries may have been decided on the lost disks.
Outcome<void> keeps_lock(const RecoveryRecord& record, const OfflineLedger& ledger) {
  if (!ledger.lock || ledger.lock->lock.content.height != record.first()) return {};
  const VoteContent& own = ledger.lock->lock.content;
  if (record.carried && (record.carried->lock.content.hash == own.hash ||
                         record.carried->lock.content.view > own.view))
    return {};
  return stop(ExitCode::kNotProven,
              "this node is locked on another block of height " + std::to_string(own.height.value) +
                  ", in view " + std::to_string(own.view.value) +
                  ", which may have been decided: propose the recovery from this home");
}

Outcome<RecoverySigners> accepted(const RecoveryRecord& record, const OfflineLedger& ledger) {
  auto signers = judge(record, ledger);
  if (!signers) return stop(ExitCode::kNotProven, "NOT ACCEPTED: " + signers.error().message);
  CLI_TRY(keeps_lock(record, ledger));
  return *std::move(signers);
}

std::string listed(const std::vector<OrgId>& orgs) {
  std::string out;
  for (const OrgId& org : orgs) out += (out.empty() ? "" : ", ") + org.value;
  return out.empty() ? "nobody" : out;
}

Json json_of(const RecoveryRecord& record, const RecoverySigners& signers) {
  Json validators = Json::array();
  for (const Validator& validator : record.next.validators)
    validators.push_back({{"id", validator.id},
                          {"organisation", validator.org.value},
                          {"consensus_key", to_hex(validator.key)}});
  Json by = Json::array();
  for (const OrgId& org : signers.signed_by) by.push_back(org.value);
  return Json{{"record", to_hex(recovery_digest(record))},
              {"chain_id", to_hex(record.chain)},
              {"reason", render::show_name(as_bytes(record.reason))},
              {"last_height", record.last.height.value},
              {"last_time_ms", record.last.time.value},
              {"last_block", to_hex(record.last.block)},
              {"last_result", to_hex(result_hash(record.last))},
              {"certified_height", record.members ? record.members->result.header.height.value : 0},
              {"carries_block", record.carried.has_value()},
              {"epoch", record.next.epoch.value},
              {"validators", validators},
              {"signed_by", by},
              {"members", signers.members.size()},
              {"needed", signers.needed},
              {"enough", signers.enough()}};
}

std::string text_of(const RecoveryRecord& record, const RecoverySigners& signers) {
  std::string text =
      "recovery record " + to_hex(recovery_digest(record)) + "\nreason     " +
      render::show_name(as_bytes(record.reason)) + "\nthe ledger stands up to height " +
      std::to_string(record.last.height.value) + ", " +
      render::format_time(static_cast<std::int64_t>(record.last.time.value)) + "\n  block    " +
      to_hex(record.last.block) + "\n  result   " + to_hex(result_hash(record.last)) +
      "\n  certified by the validators before up to height " +
      std::to_string(record.members ? record.members->result.header.height.value : 0) + "\n";
  if (record.carried)
    text += "  a block above it was locked: its " +
            std::to_string(record.carried->block.body.bundles.size()) +
            " bundles are ordered again, at the same height\n";
  text += "from height " + std::to_string(record.first().value) + " on, epoch " +
          std::to_string(record.next.epoch.value) + " has " + std::to_string(record.next.size()) +
          " validators, of which " + std::to_string(record.next.faults()) + " may fail\n";
  for (const Validator& validator : record.next.validators) {
    text += "  node " + std::to_string(validator.id) + "  " + validator.org.value + "  key " +
            to_hex(validator.key);
    const auto tls =
        std::ranges::find(record.certificate_keys, validator.id, &CertificateKey::node);
    text += tls == record.certificate_keys.end()
                ? "\n"
                : "\n      new certificate key " + to_hex(tls->tls_key) + "\n";
  }
  return text + "signed by " + listed(signers.signed_by) + ": " +
         std::to_string(signers.signed_by.size()) + " of " +
         std::to_string(signers.members.size()) + " members; " + std::to_string(signers.needed) +
         " must\n";
}

Outcome<ExitCode> propose(const Context& context, const RecoveryFlags& flags) {
  CLI_TRY(may_write(flags.out, flags.force));
  CLI_ASSIGN(const MemberHome home, member_home(context));
  CLI_ASSIGN(const OfflineLedger ledger, open_offline(home));
  CLI_ASSIGN(const RecoveryRecord record, draft_recovery(ledger, flags.plan));
  CLI_ASSIGN(const RecoverySigners signers, accepted(record, ledger));
  CLI_TRY(save(flags.out, record));
  print(
      context, json_of(record, signers),
      text_of(record, signers) + "wrote " + flags.out + ": every member looks at it and signs it");
  return ExitCode::kOk;
}

Outcome<ExitCode> show(const Context& context, const RecoveryFlags& flags) {
  CLI_ASSIGN(const RecoveryRecord record, load(flags.file));
  OfflineLedger ledger;
  if (flags.genesis.empty()) {
    CLI_ASSIGN(const MemberHome home, member_home(context));
    CLI_ASSIGN(ledger, open_offline(home));
  } else {
    CLI_ASSIGN(const std::string text, read_file(flags.genesis));
    CLI_ASSIGN(ledger.genesis, parse_genesis(text));
  }
  CLI_ASSIGN(const RecoverySigners signers, accepted(record, ledger));
  print(context, json_of(record, signers),
        text_of(record, signers) + (ledger.store != nullptr ? "it agrees with this home's ledger"
                                                            : "compared with no ledger"));
  return ExitCode::kOk;
}

Outcome<OrgId> organisation_of(const MemberHome& home) {
  CLI_ASSIGN(const std::string text, read_file(home.description()));
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("organisation"))
    return stop(ExitCode::kUsage, home.description().string() + " does not name an organisation");
  return OrgId(json["organisation"].value("id", ""));
}

Outcome<ExitCode> sign(const Context& context, const RecoveryFlags& flags) {
  CLI_ASSIGN(RecoveryRecord record, load(flags.file));
  CLI_ASSIGN(const MemberHome home, member_home(context));
  CLI_ASSIGN(const OfflineLedger ledger, open_offline(home));
  CLI_TRY(accepted(record, ledger));
  CLI_ASSIGN(const OrgId org, organisation_of(home));
  CLI_ASSIGN(const SecretSeed seed,
             read_key_file(flags.key.empty() ? home.recovery_key().string() : flags.key));
  std::erase_if(record.signatures, [&](const RecoverySignature& one) { return one.org == org; });
  record.signatures.push_back({org, ed25519_signer(seed)->sign(recovery_digest(record))});
  std::ranges::sort(record.signatures, {}, &RecoverySignature::org);
  CLI_ASSIGN(const RecoverySigners signers, accepted(record, ledger));
  CLI_TRY(save(flags.out.empty() ? flags.file : flags.out, record));
  print(
      context, json_of(record, signers),
      text_of(record, signers) +
          (ledger.store != nullptr ? "" : "note: this home holds no ledger to compare it with\n") +
          "signed as " + org.value);
  return ExitCode::kOk;
}

Outcome<ExitCode> assemble(const Context& context, const RecoveryFlags& flags) {
  CLI_TRY(may_write(flags.out, flags.force));
  CLI_ASSIGN(RecoveryRecord record, load(flags.files.front()));
  for (const std::string& file : flags.files) {
    CLI_ASSIGN(const RecoveryRecord other, load(file));
    if (recovery_digest(other) != recovery_digest(record))
      return stop(ExitCode::kUsage, file + " is another record than " + flags.files.front());
    for (const RecoverySignature& one : other.signatures)
      if (std::ranges::find(record.signatures, one.org, &RecoverySignature::org) ==
          record.signatures.end())
        record.signatures.push_back(one);
  }
  std::ranges::sort(record.signatures, {}, &RecoverySignature::org);
  CLI_ASSIGN(const MemberHome home, member_home(context));
  CLI_ASSIGN(const OfflineLedger ledger, open_offline(home));
  CLI_ASSIGN(const RecoverySigners signers, accepted(record, ledger));
  CLI_TRY(save(flags.out, record));
  print(context, json_of(record, signers),
        text_of(record, signers) + "wrote " + flags.out +
            (signers.enough() ? ": enough have signed" : ": NOT ENOUGH have signed"));
  return signers.enough() ? ExitCode::kOk : ExitCode::kNotProven;
}

Outcome<ExitCode> apply(const Context& context, const RecoveryFlags& flags) {
  CLI_ASSIGN(const RecoveryRecord record, load(flags.file));
  CLI_ASSIGN(const MemberHome home, member_home(context));
  CLI_ASSIGN(const OfflineLedger ledger, open_offline(home));
  if (ledger.data_dir.empty()) return stop(ExitCode::kUsage, "this member has no node");
  CLI_ASSIGN(const RecoverySigners signers, accepted(record, ledger));
  if (!signers.enough())
    return stop(ExitCode::kNotProven, "NOT ACCEPTED: " + std::to_string(signers.signed_by.size()) +
                                          " have signed, " + std::to_string(signers.needed) +
                                          " must");
  CLI_ASSIGN(const Path file, node::RecoveryRecords::install(ledger.data_dir, record));
  Json json = json_of(record, signers);
  json["file"] = file.string();
  print(context, json, text_of(record, signers) + "wrote " + file.string() + "; start the node");
  return ExitCode::kOk;
}

}  // namespace

void add_recovery_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "recovery",
                            "Go on when no quorum of validators is left: a record that the members "
                            "sign offline");
  const auto flags = std::make_shared<RecoveryFlags>();
  add_recovery_rekey(*noun, context);
  CLI::App* draft =
      add_verb(*noun, context, "propose", "Write the record for the highest ledger that is left",
               [&context, flags] { return propose(context, *flags); });
  draft->add_option("OUT", flags->out, "The file to write")->required();
  draft->add_option("--reason", flags->plan.reason, "What happened; everybody reads it for ever")
      ->required();
  draft->add_option("--rekey", flags->plan.rekeyed,
                    "NODE=KEY[:TLS_KEY], as 'usance recovery rekey' prints it; repeatable");
  draft->add_option("--without", flags->plan.without, "A validator that leaves; repeatable");
  draft->add_option("--with", flags->plan.with, "A follower that becomes one; repeatable");
  draft->add_flag("--force", flags->force, "Replace the file if it exists");
  CLI::App* look =
      add_verb(*noun, context, "show", "What a record says, and whether the home's ledger agrees",
               [&context, flags] { return show(context, *flags); });
  look->add_option("FILE", flags->file, "The record")->required();
  look->add_option("--genesis", flags->genesis, "Judge by this genesis alone, without a home");
  CLI::App* put = add_verb(*noun, context, "sign",
                           "Sign with the organisation's recovery key, unless the home's ledger "
                           "says otherwise",
                           [&context, flags] { return sign(context, *flags); });
  put->add_option("FILE", flags->file, "The record")->required();
  put->add_option("--key", flags->key, "The recovery key; default keys/recovery.key of the home");
  put->add_option("--out", flags->out, "Default FILE itself");
  CLI::App* join =
      add_verb(*noun, context, "assemble", "Put the signatures of several copies into one record",
               [&context, flags] { return assemble(context, *flags); });
  join->add_option("OUT", flags->out, "The file to write")->required();
  join->add_option("FILES", flags->files, "Signed copies")->required();
  join->add_flag("--force", flags->force, "Replace the file if it exists");
  CLI::App* take = add_verb(*noun, context, "apply",
                            "Give the record to this home's node, which follows it from its next "
                            "start on",
                            [&context, flags] { return apply(context, *flags); });
  take->add_option("FILE", flags->file, "The record")->required();
}

}  // namespace usance::cli
