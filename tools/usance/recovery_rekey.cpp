// usance recovery rekey: new keys for a node that lost its own, or that has forgotten its votes.
#include "node/config.h"
#include "node/x509.h"
#include "tools/usance/certificate_days.h"
#include "tools/usance/offline_ledger.h"
#include "tools/usance/recovery_commands.h"

namespace usance::cli {

namespace {

namespace fs = std::filesystem;

struct LostNode {
  OrgId org;
  std::string name;
  std::string host;  // by which other nodes reach it
};

Outcome<LostNode> node_of(const MemberHome& home) {
  CLI_ASSIGN(const std::string text, read_file(home.description()));
  const auto json = Json::parse(text, nullptr, false);
  const auto nodes = json.is_object() && json.contains("nodes") ? json["nodes"] : Json::array();
  if (nodes.empty()) return stop(ExitCode::kUsage, "this member has no node");
  const std::string address = nodes[0].value("address", "");
  CLI_ASSIGN(const node::Endpoint endpoint, node::parse_endpoint(address));
  return LostNode{OrgId(json["organisation"].value("id", "")), nodes[0].value("name", ""),
                  endpoint.host};
}

// What the old key signed must not be taken for the new one's; nothing is deleted.
Outcome<void> move_aside(const Path& file) {
  if (!fs::exists(file)) return {};
  const Path to = file.string() + ".before-recovery";
  if (fs::exists(to))
    return stop(ExitCode::kUsage, to.string() + " exists: this node has new keys already");
  std::error_code error;
  fs::rename(file, to, error);
  if (error)
    return stop(ExitCode::kFailed, "cannot rename " + file.string() + ": " + error.message());
  return {};
}

// The hash of a new certificate key; nothing if the node still has its own.
Outcome<std::optional<Hash32>> certificate_again(const MemberHome& home, const LostNode& node) {
  if (fs::exists(home.node_tls_key()) && fs::exists(home.node_certificate()))
    return std::optional<Hash32>();
  x509::KeyPair authority;
  CLI_ASSIGN(authority.key_pem, read_file(home.authority_key()));
  CLI_ASSIGN(authority.certificate_pem, read_file(home.authority_certificate()));
  CLI_ASSIGN(const x509::KeyPair pair,
             x509::issue(authority, {node.org, std::string(x509::kRoleNode), node.name},
                         {node.host}, kNodeDays));
  CLI_TRY(make_folder(home.root / "tls", true));
  CLI_TRY(create_secret(home.node_tls_key(), pair.key_pem));
  CLI_TRY(write_file(home.node_certificate(), pair.certificate_pem));
  CLI_ASSIGN(const x509::CertificateInfo info, x509::inspect(pair.certificate_pem));
  return std::optional<Hash32>(info.key_hash);
}

Outcome<ExitCode> rekey(const Context& context) {
  CLI_ASSIGN(const MemberHome home, member_home(context));
  CLI_ASSIGN(const LostNode node, node_of(home));
  CLI_TRY(move_aside(home.consensus_key()));
  CLI_TRY(move_aside(home.data() / "votes.log"));
  CLI_TRY(make_folder(home.root / "keys", true));
  const SecretSeed seed = generate_seed();
  CLI_TRY(create_key_file(home.consensus_key().string(), seed,
                          "Usance consensus key of " + node.name + " (" + node.org.value +
                              "), made for a recovery. Secret."));
  CLI_ASSIGN(const auto tls, certificate_again(home, node));
  const std::string key = to_hex(ed25519_signer(seed)->public_key());
  const std::string flag = node.name + "=" + key + (tls ? ":" + to_hex(*tls) : "");
  print(context,
        Json{{"node", node.name},
             {"consensus_key", key},
             {"tls_key", tls ? Json(to_hex(*tls)) : Json()},
             {"rekey", flag}},
        "made a new consensus key of " + node.name + (tls ? " and a new certificate key" : "") +
            "\ntell it, over a channel that you trust, to whoever proposes the recovery:\n  "
            "--rekey " +
            flag);
  return ExitCode::kOk;
}

}  // namespace

void add_recovery_rekey(CLI::App& noun, Context& context) {
  add_verb(noun, context, "rekey",
           "New keys for this home's node, which lost its own or its votes; the old ones are kept "
           "aside",
           [&context] { return rekey(context); });
}

}  // namespace usance::cli
