// usance audit access: who asked this node for what.
#include "tools/render/calendar.h"
#include "tools/render/text.h"
#include "tools/usance/node_commands.h"
#include "tools/usance/report.h"
#include "usance/v1/audit.grpc.pb.h"

namespace usance::cli {

namespace {

// What strangers sent must not reach the terminal as it is.
std::string shown(const std::string& text) {
  return text.empty() ? text : render::show_bytes(as_bytes(text), 400);
}

struct AccessFlags {
  std::string from, to, organisation;
  std::uint32_t limit = 100;
};

Outcome<std::uint64_t> instant(const std::string& text) {
  if (text.empty()) return std::uint64_t{0};
  CLI_ASSIGN(const std::int64_t time, render::parse_time(text));
  if (time < 0) return stop(ExitCode::kUsage, "'" + text + "' is before 1970");
  return static_cast<std::uint64_t>(time);
}

Outcome<ExitCode> access(const Context& context, const AccessFlags& flags) {
  v1::AccessLogRequest request;
  CLI_ASSIGN(const std::uint64_t from, instant(flags.from));
  CLI_ASSIGN(const std::uint64_t to, instant(flags.to));
  request.set_from_ms(from);
  request.set_to_ms(to);
  request.set_organisation(flags.organisation);
  request.set_limit(flags.limit);
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const v1::AccessLogResponse answer,
             client.call(&v1::AuditService::Stub::AccessLog, request));
  Json all = Json::array();
  std::string text;
  for (const v1::AccessLogEntry& entry : answer.entries()) {
    all.push_back({{"time_ms", entry.time_ms()},
                   {"organisation", entry.organisation()},
                   {"role", entry.role()},
                   {"name", entry.name()},
                   {"method", entry.method()},
                   {"what", entry.what()},
                   {"result", entry.result()},
                   {"duration_us", entry.duration_us()}});
    text += render::format_time(static_cast<std::int64_t>(entry.time_ms())) + "  " +
            (entry.organisation().empty()
                 ? std::string("a stranger")
                 : entry.organisation() + " " + entry.role() + " " + shown(entry.name())) +
            "  " + entry.method() + "  " + entry.result() + "  " + shown(entry.what()) + "\n";
  }
  print(context, Json{{"entries", all}}, text.empty() ? "nothing was asked" : text);
  return ExitCode::kOk;
}

}  // namespace

void add_access_log(CLI::App& noun, Context& context) {
  const auto flags = std::make_shared<AccessFlags>();
  CLI::App* verb = add_verb(noun, context, "access",
                            "Who asked the node for what, the newest first; of others only for its "
                            "own auditors and admins",
                            [&context, flags] { return access(context, *flags); });
  verb->add_option("--from", flags->from, "From this instant on");
  verb->add_option("--to", flags->to, "Up to this instant");
  verb->add_option("--organisation", flags->organisation, "Of this organisation's callers only");
  verb->add_option("--limit", flags->limit, "How many, at most 1,000")->check(CLI::Range(1, 1'000));
}

}  // namespace usance::cli
