// usance contract new, build, check, test, verify: a contract's way from nothing to a module that a
// ledger accepts, on this machine.
#include "tools/usance/contract_kit.h"

#include <algorithm>

#include "base/hash.h"
#include "contracts/system/module_rules.h"
#include "tools/usance/client.h"
#include "tools/usance/contract_tests.h"
#include "tools/usance/module_file.h"
#include "tools/usance/scratch_folder.h"
#include "usance/v1/contract.grpc.pb.h"

namespace usance::cli {

namespace {

Json describe(const std::string& name, const Path& file, const ModuleFile& module) {
  return {{"contract", name},
          {"file", file.string()},
          {"code_hash", to_hex(module.hash)},
          {"code_bytes", module.code.size()}};
}

Outcome<ExitCode> make_new(const Context& context, const KitFlags& flags) {
  CLI_TRY(check_contract_name(flags.name));
  CLI_ASSIGN(const Path kit, find_kit(flags.kit));
  const Path folder = flags.folder.empty() ? Path(flags.name) : Path(flags.folder);
  CLI_ASSIGN(const std::vector<std::string> files, make_project(kit, flags.name, folder));
  std::string text = "made the contract project " + folder.string() + "\n";
  for (const std::string& file : files) text += "  " + file + "\n";
  text += "next: cd " + folder.string() + " && usance contract test";
  print(context, Json{{"contract", flags.name}, {"folder", folder.string()}, {"files", files}},
        text);
  return ExitCode::kOk;
}

Outcome<ExitCode> build_in_place(const Context& context, const KitFlags& flags) {
  CLI_ASSIGN(const Project project, project_of(flags));
  CLI_ASSIGN(const std::vector<BuiltModule> modules, build_modules(project));
  Json all = Json::array();
  std::string text;
  for (const BuiltModule& one : modules) {
    all.push_back(describe(one.contract, one.file, one.module));
    text += one.contract + "  " + std::to_string(one.module.code.size()) + " bytes, code hash " +
            to_hex(one.module.hash) + "\n  " + one.file.string() + "\n";
  }
  print(context, Json{{"modules", all}}, text);
  return ExitCode::kOk;
}

std::string size_line(const char* what, std::uint64_t value, std::uint64_t limit) {
  return "  " + std::string(what) + " " + std::to_string(value) + " of " + std::to_string(limit) +
         "\n";
}

// What an accepted module needs.
void add_needs(const vm::Module& module, std::size_t bytes, Json& json, std::string& text) {
  Json imports = Json::array();
  std::string list;
  for (const vm::ImportInfo& import : module.imports()) {
    imports.push_back(import.name);
    list += " " + import.name;
  }
  json["accepted"] = true;
  json["code_bytes"] = bytes;
  json["instantiation_gas"] = module.instantiation_gas();
  json["host_functions"] = imports;
  text += "accepted\n" + size_line("bytes", bytes, limits::kMaxCodeBytes) +
          "  gas to start a call " + std::to_string(module.instantiation_gas()) +
          "\n  host functions:" + list + "\n";
}

Outcome<ExitCode> check_file(const Context& context, const KitFlags& flags) {
  struct Subject {
    std::string name;
    Path file;
    Path linked;
  };
  std::vector<Subject> subjects;
  if (flags.file.empty()) {
    CLI_ASSIGN(const Project project, project_of(flags));
    CLI_TRY(build_project(project, BuildWhat::kModules));
    for (const std::string& name : project.contracts())
      subjects.push_back({name, project.module(name), project.linked(name)});
  } else {
    const Path file = flags.file;
    // Where the build leaves what helps it: build/contracts/NAME.wasm, build/wasm/NAME.linked.wasm.
    subjects.push_back(
        {file.stem().string(), file,
         file.parent_path() / ".." / "wasm" / (file.stem().string() + ".linked.wasm")});
  }
  Json all = Json::array();
  std::string text;
  bool accepted = true;
  for (const Subject& one : subjects) {
    CLI_ASSIGN(const std::string code, read_file(one.file));
    Json json{{"contract", one.name}, {"file", one.file.string()}};
    text += one.name + ": ";
    if (const auto module = registry::check_module(as_bytes(code))) {
      add_needs(**module, code.size(), json, text);
    } else {
      accepted = false;
      const std::string reason = explain_refusal(module.error().message, one.linked);
      json["accepted"] = false;
      json["reason"] = reason;
      text += "refused\n" + reason + "\n";
    }
    all.push_back(std::move(json));
  }
  print(context, Json{{"modules", all}}, text);
  return accepted ? ExitCode::kOk : ExitCode::kFailed;
}

// What of two modules differs, for people.
std::string difference(const ModuleFile& built, ByteView deployed) {
  const auto ours = without_custom_sections(built.code);
  const auto theirs = without_custom_sections(deployed);
  if (!ours || !theirs) return "the deployed code is no module";
  return ours->code == theirs->code
             ? "the code is the same and the interface's description differs"
             : "the code differs: " + std::to_string(ours->code.size()) + " bytes here, " +
                   std::to_string(theirs->code.size()) + " on the ledger";
}

Outcome<ExitCode> verify_code(const Context& context, const KitFlags& flags) {
  CLI_ASSIGN(Project project, project_of(flags));
  const std::string module_name = flags.module.empty() ? flags.name : flags.module;
  CLI_ASSIGN(const Client client, connect(context));
  v1::GetCodeRequest request;
  request.set_name(flags.name);
  CLI_ASSIGN(const v1::GetCodeResponse deployed,
             client.call(&v1::ContractService::Stub::GetCode, request));

  const ScratchFolder scratch("usance-verify");
  if (scratch.path().empty()) return stop(ExitCode::kFailed, "no folder for the build");
  project.build = scratch.path();
  CLI_ASSIGN(const std::vector<BuiltModule> modules, build_modules(project));
  const auto built = std::find_if(modules.begin(), modules.end(), [&](const BuiltModule& one) {
    return one.contract == module_name;
  });
  if (built == modules.end())
    return stop(ExitCode::kUsage, "the project has no contract " + module_name +
                                      "; name the one that is deployed as " + flags.name +
                                      " with --module");
  const std::string on_ledger = to_hex(as_bytes(deployed.contract().code_hash()));
  const std::string here = to_hex(built->module.hash);
  const bool same = on_ledger == here;
  Json json{{"contract", flags.name},
            {"version", deployed.contract().version()},
            {"height", deployed.at().height()},
            {"ledger_hash", on_ledger},
            {"built_hash", here},
            {"verified", same}};
  std::string text = flags.name + " version " + std::to_string(deployed.contract().version()) +
                     ", as of height " + std::to_string(deployed.at().height()) +
                     "\n  on the ledger " + on_ledger + "\n  built here    " + here + "\n";
  if (same) {
    text += "verified: the ledger runs what these sources say";
  } else {
    const std::string what = difference(built->module, as_bytes(deployed.code()));
    json["difference"] = what;
    text += "not verified: " + what;
  }
  print(context, json, text);
  return same ? ExitCode::kOk : ExitCode::kNotProven;
}

Outcome<ExitCode> test(const Context& context, const KitFlags& flags) {
  CLI_ASSIGN(Project project, project_of(flags));
  if (flags.sanitize && flags.coverage)
    return stop(ExitCode::kUsage, "--sanitize and --coverage are two builds: one at a time");
  if (flags.sanitize) project.variant = Variant::kSanitize;
  if (flags.coverage) project.variant = Variant::kCoverage;
  if (project.variant != Variant::kPlain) project.build /= flags.sanitize ? "sanitize" : "coverage";
  CLI_TRY(build_project(project, BuildWhat::kEverything));
  CLI_ASSIGN(const TestRun run, run_tests(project, flags.filter, flags.update_gas));
  Json failures = Json::array();
  std::string text;
  for (const FailedTest& failed : run.failed) {
    failures.push_back({{"test", failed.name}, {"message", failed.message}});
    text += failed.name + "\n" + failed.message + "\n";
  }
  Json json{{"tests", run.tests}, {"failed", failures}};
  text += std::to_string(run.tests - run.failed.size()) + " passed, " +
          std::to_string(run.failed.size()) + " failed\n";
  if (flags.coverage) {
    CLI_ASSIGN(const std::vector<CoveredFile> files, coverage_of(project));
    Json covered = Json::array();
    for (const CoveredFile& file : files) {
      covered.push_back({{"file", file.file}, {"lines", file.lines}, {"permille", file.permille}});
      text += file.file + ": " + std::to_string(file.permille / 10) + "." +
              std::to_string(file.permille % 10) + " % of " + std::to_string(file.lines) +
              " lines\n";
    }
    json["coverage"] = covered;
  }
  print(context, json, text);
  return run.failed.empty() && run.tests > 0 ? ExitCode::kOk : ExitCode::kFailed;
}

}  // namespace

Outcome<Project> project_of(const KitFlags& flags) {
  CLI_ASSIGN(const Path kit, find_kit(flags.kit));
  return find_project(flags.project, kit);
}

Outcome<std::vector<BuiltModule>> build_modules(const Project& project) {
  CLI_TRY(build_project(project, BuildWhat::kModules));
  std::vector<BuiltModule> out;
  for (const std::string& name : project.contracts()) {
    const Path file = project.module(name);
    CLI_ASSIGN(ModuleFile module, read_module(file.string(), name));
    if (const auto accepted = registry::check_module(module.code); !accepted)
      return stop(ExitCode::kFailed,
                  explain_refusal(accepted.error().message, project.linked(name)) +
                      "\nno ledger accepts " + file.string());
    out.push_back({name, file, std::move(module)});
  }
  if (out.empty())
    return stop(ExitCode::kFailed, project.root.string() +
                                       " builds no contract: usance_contract() "
                                       "in CMakeLists.txt declares one");
  return out;
}

void add_project_flags(CLI::App& command, KitFlags& flags) {
  command.add_option("--project", flags.project, "A folder of the project; default: this one");
  command.add_option("--kit", flags.kit, "The folder of the contract kit")
      ->envname("USANCE_CONTRACT_KIT");
}

void add_contract_kit_commands(CLI::App& noun, Context& context) {
  const auto flags = std::make_shared<KitFlags>();
  const auto verb = [&](const char* name, const char* help, auto run) {
    CLI::App* command = add_verb(noun, context, name, help,
                                 [&context, flags, run] { return run(context, *flags); });
    add_project_flags(*command, *flags);
    return command;
  };
  CLI::App* command =
      verb("new", "Make a contract project that builds and passes its test", make_new);
  command->add_option("NAME", flags->name, "The contract's name, as in bill_of_lading")->required();
  command->add_option("--dir", flags->folder, "The project's folder; default: its name");
  verb("build", "Build the project's modules; the same bytes in every folder", build_in_place);
  command =
      verb("check", "Say whether a ledger accepts a module, or why not and where", check_file);
  command->add_option("FILE", flags->file, "A module; default: the project's");
  command = verb("test", "Run the project's tests on the native chain and in the real VM", test);
  command->add_option("--filter", flags->filter,
                      "Which tests, as GoogleTest takes it: Suite.*Name*");
  command->add_flag("--update-gas", flags->update_gas, "Record what calls cost now");
  command->add_flag("--sanitize", flags->sanitize,
                    "With address and undefined-behaviour sanitizers");
  command->add_flag("--coverage", flags->coverage, "And say how many lines the tests reach");
  command =
      verb("verify", "Rebuild from source and compare with the code on the ledger", verify_code);
  command->add_option("NAME", flags->name, "The contract on the ledger")->required();
  command->add_option("--module", flags->module, "Its name in the project, if another");
}

}  // namespace usance::cli
