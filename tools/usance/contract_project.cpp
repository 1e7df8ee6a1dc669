#include "tools/usance/contract_project.h"

#include <algorithm>
#include <set>

#include "tools/usance/process.h"

namespace usance::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kConfig = "UsanceContractKitConfig.cmake";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

// bill_of_lading: BillOfLading
std::string service_name(const std::string& name) {
  std::string out;
  bool upper = true;
  for (const char c : name) {
    if (c == '_') {
      upper = true;
      continue;
    }
    out.push_back(upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    upper = false;
  }
  return out;
}

// What a compiler said, without the build tool's own lines.
std::string compiler_messages(const std::string& output) {
  std::string out;
  std::size_t at = 0;
  while (at < output.size()) {
    const std::size_t end = std::min(output.find('\n', at), output.size());
    const std::string line = output.substr(at, end - at);
    at = end + 1;
    const bool noise = line.starts_with("[") || line.starts_with("ninja:") ||
                       line.starts_with("FAILED:") || line.starts_with("-- ") ||
                       line.find("clang++-14 --target=") != std::string::npos ||
                       line.find("/c++ ") != std::string::npos || line.empty();
    if (!noise) out += line + "\n";
  }
  if (out.empty()) out = output;
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

std::vector<std::string> configure_command(const Project& project) {
  std::vector<std::string> command = {"cmake",
                                      "-S",
                                      project.root.string(),
                                      "-B",
                                      project.build.string(),
                                      "-G",
                                      "Ninja",
                                      "-DUsanceContractKit_DIR=" + project.kit.string()};
  if (project.variant == Variant::kSanitize)
    command.emplace_back("-DUSANCE_SANITIZE=address,undefined");
  if (project.variant == Variant::kCoverage) command.emplace_back("-DUSANCE_COVERAGE=ON");
  return command;
}

bool uses_kit(const Path& folder) {
  const Result<std::string> text = read_file(folder / "CMakeLists.txt");
  return text && text->find("UsanceContractKit") != std::string::npos;
}

}  // namespace

Outcome<Path> find_kit(const std::string& given) {
  const Path folder =
      given.empty() ? program_folder() / ".." / "lib" / "usance" / "contract-kit" : Path(given);
  std::error_code ignored;
  if (fs::exists(folder / kConfig, ignored)) return fs::canonical(folder, ignored);
  return stop(ExitCode::kUsage,
              "there is no contract kit in " + folder.lexically_normal().string() +
                  "; install the package usance-contract-kit, or in a build of the sources: "
                  "ninja contract_kit; or give --kit DIR");
}

Outcome<void> check_contract_name(const std::string& name) {
  // Those that could be a contract's name; `std` and `usance` are taken otherwise.
  static const std::set<std::string> reserved = {
      "alignas",   "alignof",  "and",      "asm",     "auto",      "bool",      "break",
      "case",      "catch",    "char",     "class",   "concept",   "const",     "continue",
      "default",   "delete",   "do",       "double",  "else",      "enum",      "explicit",
      "export",    "extern",   "false",    "float",   "for",       "friend",    "goto",
      "if",        "inline",   "int",      "long",    "mutable",   "namespace", "new",
      "not",       "operator", "or",       "private", "protected", "public",    "register",
      "requires",  "return",   "short",    "signed",  "sizeof",    "static",    "struct",
      "switch",    "template", "this",     "throw",   "true",      "try",       "typedef",
      "typename",  "union",    "unsigned", "using",   "virtual",   "void",      "volatile",
      "while",     "xor",      "std",      "usance",  "tests",     "build",     "contracts",
      "governance"};
  const bool shaped = !name.empty() && name.size() <= 63 && name.front() >= 'a' &&
                      name.front() <= 'z' && std::all_of(name.begin(), name.end(), [](char c) {
                        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                      });
  if (!shaped)
    return stop(ExitCode::kUsage, "'" + name +
                                      "' cannot be a contract's name: a letter a-z, then up to 62 "
                                      "of a-z, 0-9 and '_', as in bill_of_lading");
  if (reserved.contains(name))
    return stop(ExitCode::kUsage, "'" + name + "' is taken by C++ or by Usance; choose another");
  return {};
}

Outcome<std::vector<std::string>> make_project(const Path& kit, const std::string& name,
                                               const Path& folder) {
  CLI_TRY(check_contract_name(name));
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error))
    return stop(ExitCode::kUsage, folder.string() + " is there already and not empty");
  const Path source = kit / "template";
  std::vector<std::string> made;
  fs::recursive_directory_iterator walk(source, error);
  if (error) return stop(ExitCode::kFailed, source.string() + ": " + error.message());
  for (const fs::directory_entry& entry : walk) {
    if (!entry.is_regular_file()) continue;
    std::string relative = fs::relative(entry.path(), source).string();
    if (relative.ends_with(".in")) relative.resize(relative.size() - 3);
    relative = replaced(relative, "NAME", name);
    CLI_ASSIGN(std::string text, read_file(entry.path()));
    text = replaced(replaced(text, "@NAME@", name), "@SERVICE@", service_name(name));
    CLI_TRY(make_folder((folder / relative).parent_path()));
    CLI_TRY(write_file(folder / relative, text));
    made.push_back(relative);
  }
  std::sort(made.begin(), made.end());
  return made;
}

Path Project::module(const std::string& name) const {
  return build / "contracts" / (name + ".wasm");
}
Path Project::linked(const std::string& name) const {
  return build / "wasm" / (name + ".linked.wasm");
}
Path Project::optimiser(const std::string& name) const {
  return build / "wasm" / (name + ".optimiser");
}
Path Project::functions(const std::string& name) const {
  return build / "wasm" / (name + ".functions");
}

std::vector<std::string> Project::contracts() const {
  std::vector<std::string> names;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(build / "contracts", error))
    if (entry.path().extension() == ".wasm") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

Outcome<Project> find_project(const std::string& folder, const Path& kit) {
  std::error_code error;
  const Path start = fs::canonical(folder.empty() ? Path(".") : Path(folder), error);
  if (error) return stop(ExitCode::kUsage, folder + ": " + error.message());
  for (Path at = start;; at = at.parent_path()) {
    if (uses_kit(at)) return Project{at, at / "build", kit, Variant::kPlain};
    if (at == at.root_path()) break;
  }
  return stop(ExitCode::kUsage,
              "there is no contract project in " + start.string() +
                  " or above it; usance contract new NAME makes one, --project DIR names one");
}

Outcome<void> build_project(const Project& project, BuildWhat what) {
  CLI_ASSIGN(const Finished configured, run_program(configure_command(project)));
  if (configured.exit != 0) return stop(ExitCode::kFailed, compiler_messages(configured.output));
  std::vector<std::string> command = {"cmake", "--build", project.build.string()};
  if (what == BuildWhat::kModules) command.insert(command.end(), {"--target", "usance_modules"});
  CLI_ASSIGN(const Finished built, run_program(command));
  if (built.exit != 0) return stop(ExitCode::kFailed, compiler_messages(built.output));
  return {};
}

}  // namespace usance::cli
