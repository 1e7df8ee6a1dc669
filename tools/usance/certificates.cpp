// usance cert: when a member's certificates end, and new ones over the same keys.
#include <chrono>

#include "base/types.h"
#include "node/x509.h"
#include "tools/render/calendar.h"
#include "tools/usance/certificate_days.h"
#include "tools/usance/clock.h"
#include "tools/usance/context.h"
#include "tools/usance/member.h"
#include "tools/usance/offline_ledger.h"

namespace usance::cli {

namespace {

// Operators renew within this time, and the alert rules warn in it.
constexpr std::int64_t kSoonDays = 14;
constexpr std::int64_t kDayMs = 86'400'000;

struct CertFlags {
  bool node = false;
  std::vector<std::string> users;
  unsigned node_days = kNodeDays;
};

// One certificate of the home and the key that belongs to it.
struct Held {
  std::string what;  // "authority", "node", "user maker"
  Path certificate;
  Path key;
};

std::vector<std::string> users_of(const MemberHome& home) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(home.root / "users", error), end; !error && at != end;
       at.increment(error))
    if (at->path().extension() == ".crt") names.push_back(at->path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

Held held_by_node(const MemberHome& home) {
  return {"node", home.node_certificate(), home.node_tls_key()};
}
Held held_by_user(const MemberHome& home, const std::string& user) {
  return {"user " + user, home.user_certificate(user), home.user_tls_key(user)};
}

Outcome<x509::CertificateInfo> look_at(const Held& held) {
  CLI_ASSIGN(const std::string pem, read_file(held.certificate));
  const auto info = x509::inspect(pem);
  if (!info)
    return stop(ExitCode::kFailed, held.certificate.string() + ": " + info.error().message);
  return *info;
}

void show(const Held& held, const x509::CertificateInfo& info, Json& list, std::string& text) {
  const auto not_after = static_cast<std::int64_t>(info.not_after.value);
  const std::int64_t left_ms = not_after - now_ms();
  const std::int64_t days = left_ms / kDayMs;
  list.push_back({{"what", held.what},
                  {"file", held.certificate.string()},
                  {"subject", info.subject.name},
                  {"role", info.authority ? "authority" : info.subject.role},
                  {"not_after", render::format_time(not_after)},
                  {"days_left", days},
                  {"expired", left_ms < 0},
                  {"key_hash", to_hex(info.key_hash)}});
  char line[256];
  std::snprintf(line, sizeof line, "%-20s ends %s  ", held.what.c_str(),
                render::format_time(not_after).c_str());
  text += line;
  text += left_ms < 0        ? "EXPIRED: usance cert renew"
          : days < kSoonDays ? std::to_string(days) + " days left: usance cert renew"
                             : std::to_string(days) + " days left";
  text += "\n";
}

Outcome<ExitCode> show_validity(const Context& context) {
  CLI_ASSIGN(const MemberHome home, member_home(context));
  std::vector<Held> all{{"authority", home.authority_certificate(), home.authority_key()}};
  if (std::filesystem::exists(home.node_certificate())) all.push_back(held_by_node(home));
  for (const std::string& user : users_of(home)) all.push_back(held_by_user(home, user));
  Json list = Json::array();
  std::string text;
  for (const Held& held : all) {
    CLI_ASSIGN(const x509::CertificateInfo info, look_at(held));
    show(held, info, list, text);
  }
  print(context, Json{{"home", home.root.string()}, {"certificates", list}}, text);
  return ExitCode::kOk;
}

Outcome<std::vector<Held>> chosen(const MemberHome& home, const CertFlags& flags) {
  std::vector<Held> out;
  const bool all = !flags.node && flags.users.empty();
  const bool has_node = std::filesystem::exists(home.node_certificate());
  if (flags.node && !has_node)
    return stop(ExitCode::kUsage, "this member has no node: " + home.root.string());
  if (has_node && (all || flags.node)) out.push_back(held_by_node(home));
  const std::vector<std::string> known = users_of(home);
  for (const std::string& user : all ? known : flags.users) {
    if (std::find(known.begin(), known.end(), user) == known.end())
      return stop(ExitCode::kUsage,
                  "there is no certificate of a user '" + user + "' in " + home.root.string());
    out.push_back(held_by_user(home, user));
  }
  return out;
}

Outcome<ExitCode> renew(const Context& context, const CertFlags& flags) {
  CLI_ASSIGN(const MemberHome home, member_home(context));
  CLI_ASSIGN(const std::vector<Held> certificates, chosen(home, flags));
  x509::KeyPair authority;
  CLI_ASSIGN(authority.key_pem, read_file(home.authority_key()));
  CLI_ASSIGN(authority.certificate_pem, read_file(home.authority_certificate()));
  Json list = Json::array();
  std::string text;
  for (const Held& held : certificates) {
    CLI_ASSIGN(const x509::CertificateInfo old, look_at(held));
    CLI_ASSIGN(const std::string key, read_file(held.key));
    std::vector<std::string> names = old.names;
    std::erase(names, std::string(x509::kNodeDnsName));  // every node's certificate gets it anew
    const unsigned days = old.subject.role == x509::kRoleNode ? flags.node_days : kUserDays;
    CLI_ASSIGN(const std::string pem, x509::renew(authority, key, old.subject, names, days));
    CLI_TRY(write_file(held.certificate, pem));
    CLI_ASSIGN(const x509::CertificateInfo fresh, look_at(held));
    show(held, fresh, list, text);
  }
  text +=
      "The keys are the same, so nothing changes on the ledger. A running node takes its new "
      "certificate within 10 s.";
  print(context, Json{{"home", home.root.string()}, {"certificates", list}}, text);
  return ExitCode::kOk;
}

}  // namespace

void add_certificate_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "cert", "A member's certificates: when they end, new ones");
  add_verb(*noun, context, "status", "Every certificate of the home and the days it has left",
           [&context] { return show_validity(context); });
  const auto flags = std::make_shared<CertFlags>();
  CLI::App* again =
      add_verb(*noun, context, "renew",
               "Issue new certificates over the same keys; all of them, or those that are named",
               [&context, flags] { return renew(context, *flags); });
  again->add_flag("--node-only", flags->node, "The node's certificate");
  again->add_option("--user", flags->users, "A user's certificate; repeatable");
  again->add_option("--days", flags->node_days, "How long the node's certificate lives")
      ->check(CLI::Range(1u, 3'650u))
      ->capture_default_str();
}

}  // namespace usance::cli
