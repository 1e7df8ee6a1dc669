// A member's home: keys, certificate authority, certificates, public description.
#include "tools/usance/member.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <span>

#include "base/membership.h"
#include "base/transaction.h"
#include "node/x509.h"
#include "tools/render/suggest.h"
#include "tools/usance/certificate_days.h"

namespace usance::cli {

using Json = nlohmann::ordered_json;

namespace {

Result<PublicKey> new_key(const Path& path, const std::string& comment) {
  const SecretSeed seed = generate_seed();
  USANCE_TRY(create_key_file(path.string(), seed, comment));
  return ed25519_signer(seed)->public_key();
}

// The role in a user's client certificate: what the node's services let it do.
std::string_view certificate_role(const MemberPlan& plan, const UserPlan& user) {
  const auto has = [](const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (has(user.permissions, "admin")) return x509::kRoleAdmin;
  // An auditor's people look, unless they are to sign: decisions on disputes, certifications.
  const bool signs = has(user.permissions, "maker") || has(user.permissions, "checker");
  return has(plan.roles, "auditor") && !signs ? x509::kRoleAuditor : x509::kRoleClient;
}

Result<Json> create_users(const MemberHome& home, const MemberPlan& plan,
                          const x509::KeyPair& authority) {
  Json users = Json::array();
  for (const UserPlan& user : plan.users) {
    USANCE_ASSIGN(const PublicKey key,
                  new_key(home.user_key(user.name), "Usance signing key of " + user.name + " (" +
                                                        plan.org.value + "). Secret."));
    const x509::Subject subject{plan.org, std::string(certificate_role(plan, user)), user.name};
    USANCE_ASSIGN(const x509::KeyPair pair, x509::issue(authority, subject, {}, kUserDays));
    USANCE_TRY(create_secret(home.user_tls_key(user.name), pair.key_pem));
    USANCE_TRY(write_file(home.user_certificate(user.name), pair.certificate_pem));
    users.push_back({{"name", user.name}, {"key", to_hex(key)}, {"permissions", user.permissions}});
  }
  return users;
}

Result<Json> create_node(const MemberHome& home, const MemberPlan& plan,
                         const x509::KeyPair& authority) {
  Json nodes = Json::array();
  if (!plan.node) return nodes;
  USANCE_ASSIGN(const PublicKey consensus,
                new_key(home.consensus_key(), "Usance consensus key of " + *plan.node + " (" +
                                                  plan.org.value +
                                                  "). Secret: never copy it to another host."));
  const x509::Subject subject{plan.org, std::string(x509::kRoleNode), *plan.node};
  USANCE_ASSIGN(const x509::KeyPair pair, x509::issue(authority, subject, plan.hosts, kNodeDays));
  USANCE_TRY(create_secret(home.node_tls_key(), pair.key_pem));
  USANCE_TRY(write_file(home.node_certificate(), pair.certificate_pem));
  USANCE_ASSIGN(const x509::CertificateInfo info, x509::inspect(pair.certificate_pem));
  nodes.push_back({{"name", *plan.node},
                   {"validator", plan.validator},
                   {"consensus_key", to_hex(consensus)},
                   {"tls_key", to_hex(info.key_hash)},
                   {"address", plan.peer_address}});
  return nodes;
}

Result<void> check_word(const std::string& word, const std::string& what) {
  if (is_wellformed_name(word)) return {};
  return fail(ErrorCode::kInvalidArgument,
              what + " '" + word + "': 1 to 64 of a-z, 0-9, '_', '-' and '.'");
}

std::vector<std::string> words(std::span<const std::string_view> list) {
  return {list.begin(), list.end()};
}

}  // namespace

Result<void> validate(const MemberPlan& plan) {
  USANCE_TRY(check_word(plan.network, "the network's name"));
  USANCE_TRY(check_word(plan.org.value, "the organisation's id"));
  for (const std::string& role : plan.roles)
    if (!is_role(role))
      return fail(ErrorCode::kInvalidArgument, "there is no role '" + role + "'" +
                                                   render::did_you_mean(role, words(kRoles)) +
                                                   "; there are " + listed(kRoles));
  if (plan.roles.empty())
    return fail(ErrorCode::kInvalidArgument, "an organisation needs a role: " + listed(kRoles));
  if (!is_country(plan.country))
    return fail(ErrorCode::kInvalidArgument,
                "the country '" + plan.country + "' is not an ISO 3166-1 code such as DE");
  for (const UserPlan& user : plan.users) {
    USANCE_TRY(check_word(user.name, "the user's name"));
    for (const std::string& word : user.permissions)
      if (!is_permission(word))
        return fail(ErrorCode::kInvalidArgument,
                    "there is no permission '" + word + "'" +
                        render::did_you_mean(word, words(kPermissions)) + "; there are " +
                        listed(kPermissions));
  }
  if (plan.node) USANCE_TRY(check_word(*plan.node, "the node's name"));
  return {};
}

Result<void> create_member(const MemberHome& home, const MemberPlan& plan) {
  USANCE_TRY(validate(plan));
  if (std::filesystem::exists(home.description()))
    return fail(ErrorCode::kAlreadyExists,
                home.root.string() + " already holds a member's keys; choose another --home");
  for (const char* folder : {"keys", "ca", "tls", "users"})
    USANCE_TRY(make_folder(home.root / folder, true));
  USANCE_ASSIGN(
      const x509::KeyPair authority,
      x509::make_authority({plan.org, "", plan.name + " certificate authority"}, kAuthorityDays));
  USANCE_TRY(create_secret(home.authority_key(), authority.key_pem));
  USANCE_TRY(write_file(home.authority_certificate(), authority.certificate_pem));
  USANCE_ASSIGN(const PublicKey governance,
                new_key(home.governance_key(),
                        "Usance governance key of " + plan.org.value + ": votes for it. Secret."));
  USANCE_ASSIGN(const PublicKey recovery,
                new_key(home.recovery_key(), "Usance recovery key of " + plan.org.value +
                                                 ". Move this file to a safe, offline."));
  USANCE_ASSIGN(const Json users, create_users(home, plan, authority));
  USANCE_ASSIGN(const Json nodes, create_node(home, plan, authority));
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  std::vector<std::string> roles = plan.roles;
  std::sort(roles.begin(), roles.end());
  const Json description = {{"network", plan.network},
                            {"development", plan.development},
                            {"created_ms", static_cast<std::uint64_t>(now.count())},
                            {"organisation",
                             {{"id", plan.org.value},
                              {"name", plan.name},
                              {"lei", plan.lei},
                              {"bic", plan.bic},
                              {"country", plan.country},
                              {"roles", roles},
                              {"ca_certificate", authority.certificate_pem},
                              {"governance_key", to_hex(governance)},
                              {"recovery_key", to_hex(recovery)},
                              {"users", users}}},
                            {"nodes", nodes}};
  return write_file(home.description(), description.dump(2) + "\n");
}

}  // namespace usance::cli
