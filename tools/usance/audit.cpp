// usance audit: histories and evidence that anybody can check offline.
#include <iostream>

#include "base/evidence_verify.h"
#include "base/hash.h"
#include "proto/bytes.h"
#include "tools/render/calendar.h"
#include "tools/render/evidence_report.h"
#include "tools/usance/audit_recoveries.h"
#include "tools/usance/client.h"
#include "tools/usance/context.h"
#include "tools/usance/node_commands.h"
#include "tools/usance/recovery_commands.h"
#include "tools/usance/scope_text.h"
#include "usance/v1/audit.grpc.pb.h"

namespace usance::cli {

namespace {

struct AuditFlags {
  std::string contract, scope, item, tx, event, out, file, genesis, min_time, anchor;
  std::vector<std::string> recoveries;
  std::uint64_t height = 0;
  bool force = false;
};

Outcome<EvidenceOptions> options_of(const AuditFlags& flags) {
  EvidenceOptions options;
  if (!flags.min_time.empty()) {
    CLI_ASSIGN(const std::int64_t time, render::parse_time(flags.min_time));
    if (time < 0) return stop(ExitCode::kUsage, "--min-time: before 1970");
    options.min_time = TimeMs(static_cast<std::uint64_t>(time));
  }
  if (!flags.anchor.empty()) {
    CLI_ASSIGN(options.anchor, parse_anchor(flags.anchor));
  }
  for (const std::string& name : flags.recoveries) {
    CLI_ASSIGN(const std::string file, read_file(name, limits::kMaxRecoveryBytes));
    auto record = read_recovery(as_bytes(file));
    if (!record) return stop(ExitCode::kUsage, name + ": " + record.error().message);
    options.recoveries.push_back(*std::move(record));
  }
  return options;
}

// With the recovery records that the node serves: who signed them is judged like all else.
Outcome<EvidenceOptions> options_of(const Client& client) {
  EvidenceOptions options;
  CLI_ASSIGN(options.recoveries, served_recoveries(client));
  return options;
}

// Nothing that a node sends is believed: evidence is verified here before it is shown or kept.
Outcome<VerifiedEvidence> check(ByteView file, const Genesis& genesis,
                                const EvidenceOptions& options) {
  EvidenceResult<VerifiedEvidence> verified =
      verify_evidence_file(file, genesis, options, ed25519_verifier());
  if (!verified)
    return stop(ExitCode::kNotProven,
                "NOT PROVEN: " + std::string(to_string(verified.error().failure)) + ": " +
                    verified.error().what);
  return *std::move(verified);
}

Outcome<v1::ExportEvidenceRequest> subject_of(const AuditFlags& flags) {
  v1::ExportEvidenceRequest request;
  request.set_height(flags.height);
  const int subjects = static_cast<int>(!flags.tx.empty()) +
                       static_cast<int>(!flags.event.empty()) +
                       static_cast<int>(!flags.contract.empty());
  if (subjects > 1)
    return stop(ExitCode::kUsage,
                "one subject at a time: --tx ID, --event HEIGHT.ACTION.INDEX, or CONTRACT SCOPE "
                "[ITEM]");
  if (!flags.tx.empty()) {
    Hash32 id;
    if (!fixed_from_hex(flags.tx, id))
      return stop(ExitCode::kUsage, "--tx takes a transaction id: 64 hexadecimal digits");
    request.set_tx_id(proto::to_string(id));
    return request;
  }
  if (!flags.event.empty()) {
    unsigned long long height = 0;
    unsigned action = 0;
    unsigned index = 0;
    if (std::sscanf(flags.event.c_str(), "%llu.%u.%u", &height, &action, &index) != 3)
      return stop(ExitCode::kUsage,
                  "--event takes HEIGHT.ACTION.INDEX, as usance events prints it");
    request.mutable_event()->set_height(height);
    request.mutable_event()->set_action(action);
    request.mutable_event()->set_index(index);
    return request;
  }
  if (flags.contract.empty() || flags.scope.empty())
    return stop(ExitCode::kUsage,
                "evidence of what? --tx ID, --event HEIGHT.ACTION.INDEX, or CONTRACT SCOPE [ITEM]");
  CLI_ASSIGN(const Bytes scope, parse_scope(flags.scope));
  if (flags.item.empty()) {
    request.mutable_object()->set_contract(flags.contract);
    request.mutable_object()->set_scope(proto::to_string(scope));
    return request;
  }
  CLI_ASSIGN(const Bytes item, parse_scope(flags.item));
  request.mutable_item()->set_contract(flags.contract);
  request.mutable_item()->set_scope(proto::to_string(scope));
  request.mutable_item()->set_item(proto::to_string(item));
  return request;
}

Outcome<ExitCode> history(const Context& context, const AuditFlags& flags) {
  CLI_ASSIGN(const v1::ExportEvidenceRequest request, subject_of(flags));
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const v1::ExportEvidenceResponse answer,
             client.call(&v1::AuditService::Stub::ExportEvidence, request));
  CLI_ASSIGN(const EvidenceOptions options, options_of(client));
  CLI_ASSIGN(const VerifiedEvidence verified,
             check(as_bytes(answer.evidence()), client.genesis(), options));
  print(context, render::evidence_json(verified, client.genesis()),
        render::evidence_text(verified, client.genesis()));
  return verified.evidence.objects.front().history.changes.empty() ? ExitCode::kNotFound
                                                                   : ExitCode::kOk;
}

Outcome<ExitCode> export_evidence(const Context& context, const AuditFlags& flags) {
  CLI_ASSIGN(const v1::ExportEvidenceRequest request, subject_of(flags));
  CLI_TRY(may_write(flags.out, flags.force));
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const v1::ExportEvidenceResponse answer,
             client.call(&v1::AuditService::Stub::ExportEvidence, request));
  CLI_ASSIGN(const EvidenceOptions options, options_of(client));
  CLI_ASSIGN(const VerifiedEvidence verified,
             check(as_bytes(answer.evidence()), client.genesis(), options));
  CLI_TRY(write_file(flags.out, answer.evidence()));
  std::string needed;
  for (const EvidenceRecovery& recovery : verified.recoveries)
    needed += " --recovery " + std::to_string(recovery.epoch.value) + ".record";
  if (!needed.empty())
    needed += "\n(the members recovered the network: usance audit recoveries --out . writes those)";
  const Path genesis = client.profile().path_of(client.profile().genesis);
  print(context,
        Json{{"file", flags.out},
             {"bytes", answer.evidence().size()},
             {"sha256", to_hex(sha256(as_bytes(answer.evidence())))},
             {"as_of_height", verified.as_of_height.value},
             {"as_of_time_ms", verified.as_of_time.value}},
        "wrote " + flags.out + ", " + std::to_string(answer.evidence().size()) +
            " bytes, verified, as of height " + std::to_string(verified.as_of_height.value) + ", " +
            render::format_time(static_cast<std::int64_t>(verified.as_of_time.value)) +
            "\nanybody checks it with no network: usance-verify " + flags.out + " --genesis " +
            genesis.string() + needed);
  return ExitCode::kOk;
}

Outcome<ExitCode> verify(const Context& context, const AuditFlags& flags) {
  Path genesis_file = flags.genesis;
  if (flags.genesis.empty()) {
    if (context.home.empty())
      return stop(ExitCode::kUsage, "give --genesis FILE (or --home DIR with its genesis.json)");
    genesis_file = Path(context.home) / "genesis.json";
  }
  CLI_ASSIGN(const Genesis genesis, load_genesis(genesis_file));
  CLI_ASSIGN(const EvidenceOptions options, options_of(flags));
  CLI_ASSIGN(const std::string file, read_file(flags.file, limits::kMaxEvidenceBytes));
  CLI_ASSIGN(const VerifiedEvidence verified, check(as_bytes(file), genesis, options));
  print(context, render::evidence_json(verified, genesis),
        render::evidence_text(verified, genesis));
  return ExitCode::kOk;
}

}  // namespace

void add_audit_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "audit", "Complete histories and evidence that checks offline");
  const auto flags = std::make_shared<AuditFlags>();
  CLI::App* all = add_verb(*noun, context, "history",
                           "All changes of an object and who made them, proven complete",
                           [&context, flags] { return history(context, *flags); });
  all->add_option("CONTRACT", flags->contract, "The contract")->required();
  all->add_option("SCOPE", flags->scope, "The business object; 0x... for bytes")->required();
  add_height_flag(*all, flags->height, "As of this height; default the latest");
  CLI::App* take =
      add_verb(*noun, context, "export",
               "Write an evidence bundle: of an object, an item, a transaction, an event",
               [&context, flags] { return export_evidence(context, *flags); });
  take->add_option("CONTRACT", flags->contract, "The contract");
  take->add_option("SCOPE", flags->scope, "The business object: with its complete history");
  take->add_option("ITEM", flags->item, "Only this item: its value, or that it does not exist");
  take->add_option("--tx", flags->tx, "A transaction with its receipt and events");
  take->add_option("--event", flags->event, "An event: HEIGHT.ACTION.INDEX");
  add_height_flag(*take, flags->height, "As of this height; default the latest");
  take->add_option("--out", flags->out, "The file to write")->required();
  take->add_flag("--force", flags->force, "Replace the file if it exists");
  add_recorded_misbehaviour(*noun, context);
  add_access_log(*noun, context);
  add_recorded_recoveries(*noun, context);
  CLI::App* prove = add_verb(*noun, context, "verify", "Check a bundle (no network)",
                             [&context, flags] { return verify(context, *flags); });
  prove->add_option("FILE", flags->file, "The evidence bundle")->required();
  prove->add_option("--genesis", flags->genesis, "The genesis; default the home's");
  prove->add_option("--min-time", flags->min_time, "Refuse evidence as of an earlier instant");
  prove->add_option("--anchor", flags->anchor, "HEIGHT:ROOT published elsewhere");
  prove->add_option("--recovery", flags->recoveries,
                    "A recovery record, if the network was recovered on the way; repeatable");
}

}  // namespace usance::cli
