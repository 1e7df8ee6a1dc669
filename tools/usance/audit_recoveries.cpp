#include "tools/usance/audit_recoveries.h"

#include "tools/render/text.h"
#include "tools/usance/recovery_commands.h"
#include "usance/v1/audit.grpc.pb.h"

namespace usance::cli {

namespace {

Outcome<ExitCode> recoveries(const Context& context, const std::string& folder) {
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const std::vector<RecoveryRecord> records, served_recoveries(client));
  Json all = Json::array();
  std::string text;
  if (!folder.empty() && !records.empty()) CLI_TRY(make_folder(folder));
  for (const RecoveryRecord& record : records) {
    const std::string epoch = std::to_string(record.next.epoch.value);
    const std::string digest = to_hex(recovery_digest(record));
    Json signers = Json::array();
    std::string names;
    for (const RecoverySignature& one : record.signatures) {
      signers.push_back(one.org.value);
      names += (names.empty() ? "" : ", ") + one.org.value;
    }
    const std::string reason = render::show_name(as_bytes(record.reason));
    Json json{{"epoch", record.next.epoch.value},
              {"last_height", record.last.height.value},
              {"record", digest},
              {"reason", reason},
              {"signed_by", signers}};
    text += "epoch " + epoch + " goes on behind height " +
            std::to_string(record.last.height.value) + " by record " + digest + "\n  reason " +
            reason + "\n  signed by " + names + "\n";
    if (!folder.empty()) {
      const Path file = Path(folder) / (epoch + ".record");
      const Bytes bytes = write_recovery(record);
      CLI_TRY(write_file(file, as_text(bytes)));
      json["file"] = file.string();
      text += "  wrote " + file.string() + "\n";
    }
    all.push_back(std::move(json));
  }
  print(context, Json{{"recoveries", all}}, text.empty() ? "none: a quorum was never lost" : text);
  return ExitCode::kOk;
}

}  // namespace

Outcome<std::vector<RecoveryRecord>> served_recoveries(const Client& client) {
  CLI_ASSIGN(const v1::ListRecoveriesResponse answer,
             client.call(&v1::AuditService::Stub::ListRecoveries, v1::ListRecoveriesRequest()));
  std::vector<RecoveryRecord> records;
  for (const std::string& file : answer.records()) {
    CLI_ASSIGN(records.emplace_back(), read_recovery(as_bytes(file)));
  }
  return records;
}

void add_recorded_recoveries(CLI::App& noun, Context& context) {
  const auto folder = std::make_shared<std::string>();
  CLI::App* verb = add_verb(noun, context, "recoveries",
                            "The records by which the members went on without a quorum of "
                            "validators; usance-verify needs them",
                            [&context, folder] { return recoveries(context, *folder); });
  verb->add_option("--out", *folder, "Write each as EPOCH.record into this folder");
}

}  // namespace usance::cli
