// usance genesis: from members' public files to the genesis they all agree on.
#include "base/hash.h"
#include "tools/render/calendar.h"
#include "tools/usance/context.h"
#include "tools/usance/member.h"

namespace usance::cli {

namespace {

struct GenesisFlags {
  std::string out;
  std::vector<std::string> files;
  std::string file;
  bool force = false;
};

Outcome<ExitCode> write_member(const Context& context, const GenesisFlags& flags) {
  CLI_ASSIGN(const Path home, context.home_folder());
  const MemberHome member{home};
  if (!std::filesystem::exists(member.description()))
    return stop(ExitCode::kUsage, home.string() + " holds no member yet: usance node init --home " +
                                      home.string() + " ...");
  CLI_ASSIGN(const std::string file, write_member_file(member));
  CLI_ASSIGN(const MemberFile content, read_member_file(file));
  const Path out =
      flags.out.empty() ? home / (content.organisation.id.value + ".member.json") : Path(flags.out);
  CLI_TRY(write_file(out, file));
  print(
      context, Json{{"file", out.string()}, {"organisation", content.organisation.id.value}},
      "wrote " + out.string() + ": public data only, signed by the governance key" +
          (content.nodes.empty() ? "" : " and by the node's key") +
          ".\n"
          "Send it to the other members. With everybody's files: usance genesis assemble FILES...");
  return ExitCode::kOk;
}

std::string organisation_line(const GenesisOrganisation& org) {
  std::string roles;
  for (const std::string& role : org.roles) roles += (roles.empty() ? "" : ", ") + role;
  return "  " + org.id.value + "  " + org.name + ", " + org.country + " (" + roles + "), " +
         std::to_string(org.users.size()) + " users\n";
}

std::string describe(const Genesis& genesis) {
  std::string out = "network " + genesis.network + (genesis.development ? " (development)" : "") +
                    ", from " + render::format_time(static_cast<std::int64_t>(genesis.time.value)) +
                    "\nchain   " + to_hex(genesis.chain_id) + "\n";
  const ValidatorSet set = genesis.validators();
  out += std::to_string(set.size()) + " validators, of which " + std::to_string(set.faults()) +
         " may fail; " + std::to_string(set.quorum()) + " signatures make a certificate\n";
  for (const GenesisNode& node : genesis.nodes)
    out += "  " + node.name + "  " + node.org.value + (node.validator ? "" : "  (follower)") + "\n";
  out += std::to_string(genesis.organisations.size()) + " organisations\n";
  for (const GenesisOrganisation& org : genesis.organisations) out += organisation_line(org);
  return out;
}

Json summary(const Genesis& genesis, const Path& file) {
  return Json{{"file", file.string()},
              {"chain_id", to_hex(genesis.chain_id)},
              {"network", genesis.network},
              {"validators", genesis.validators().size()},
              {"organisations", genesis.organisations.size()}};
}

Outcome<ExitCode> assemble(const Context& context, const GenesisFlags& flags) {
  std::vector<MemberFile> members;
  for (const std::string& file : flags.files) {
    CLI_ASSIGN(const std::string text, read_file(file));
    Result<MemberFile> member = read_member_file(text);
    if (!member)
      return tl::unexpected<Failure>({ExitCode::kUsage, file + ": " + member.error().message});
    members.push_back(*std::move(member));
  }
  CLI_ASSIGN(const Genesis genesis, assemble_genesis(std::move(members)));
  const std::string text = write_genesis(genesis);
  if (std::filesystem::exists(flags.out) && !flags.force) {
    CLI_ASSIGN(const std::string before, read_file(flags.out));
    if (before != text)
      return stop(ExitCode::kUsage, flags.out +
                                        " exists already and is another genesis; --force replaces "
                                        "it, --out FILE writes another");
  }
  CLI_TRY(write_file(flags.out, text));
  print(context, summary(genesis, flags.out),
        "wrote " + flags.out + "\n" + describe(genesis) +
            "Compare the chain's identity with the other members before you join: it must be equal "
            "to the last digit.\nThen: usance node join --home DIR --genesis " +
            flags.out + " --peer HOST:PORT ...");
  return ExitCode::kOk;
}

void show_member(const Context& context, const MemberFile& member, const std::string& file) {
  const GenesisOrganisation& org = member.organisation;
  std::string text = "a member's file for the network " + member.network +
                     (member.development ? " (development)" : "") +
                     ", with its signatures verified\n" + organisation_line(org);
  Json nodes = Json::array();
  for (std::size_t i = 0; i < member.nodes.size(); ++i) {
    const GenesisNode& node = member.nodes[i];
    text += "  " + node.name + " at " + member.peer_addresses[i] +
            (node.validator ? "" : "  (follower)") + "\n";
    nodes.push_back({{"name", node.name},
                     {"address", member.peer_addresses[i]},
                     {"validator", node.validator}});
  }
  print(context,
        Json{{"file", file},
             {"network", member.network},
             {"organisation", org.id.value},
             {"nodes", nodes}},
        text + "governance key " + to_hex(org.governance_key));
}

Outcome<ExitCode> show(const Context& context, const GenesisFlags& flags) {
  CLI_ASSIGN(const std::string text, read_file(flags.file));
  const Result<Genesis> genesis = parse_genesis(text);
  if (!genesis) {
    const Result<MemberFile> member = read_member_file(text);
    if (!member)
      return stop(ExitCode::kUsage, flags.file + " is no genesis (" + genesis.error().message +
                                        ") and no member's file (" + member.error().message + ")");
    show_member(context, *member, flags.file);
    return ExitCode::kOk;
  }
  print(context, summary(*genesis, flags.file), describe(*genesis));
  return ExitCode::kOk;
}

}  // namespace

void add_genesis_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "genesis", "Form a network from members' public files");
  const auto flags = std::make_shared<GenesisFlags>();
  CLI::App* member =
      add_verb(*noun, context, "member", "Write this member's signed public file (needs --home)",
               [&context, flags] { return write_member(context, *flags); });
  member->add_option("--out", flags->out, "File to write; default ORG.member.json in the home");
  CLI::App* make = add_verb(
      *noun, context, "assemble",
      "Make the genesis of all members' files; everybody with the same files gets the same bytes",
      [&context, flags] {
        if (flags->out.empty()) flags->out = "genesis.json";
        return assemble(context, *flags);
      });
  make->add_option("FILES", flags->files, "The member files, in any order")->required();
  make->add_option("--out", flags->out, "File to write; default genesis.json");
  make->add_flag("--force", flags->force, "Replace another genesis of that name");
  CLI::App* look = add_verb(*noun, context, "show", "Say what a genesis or a member's file holds",
                            [&context, flags] { return show(context, *flags); });
  look->add_option("FILE", flags->file, "The genesis, or a member's file")->required();
}

}  // namespace usance::cli
