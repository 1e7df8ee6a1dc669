#include "tools/usance/contract_tests.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tools/usance/process.h"

namespace usance::cli {

namespace fs = std::filesystem;

namespace {

// GoogleTest's report of one program.
void add_report(const nlohmann::json& report, TestRun& run) {
  for (const nlohmann::json& suite : report.value("testsuites", nlohmann::json::array()))
    for (const nlohmann::json& test : suite.value("testsuite", nlohmann::json::array())) {
      if (test.value("status", "") != "RUN") continue;
      ++run.tests;
      if (!test.contains("failures")) continue;
      FailedTest failed{suite.value("name", "") + "." + test.value("name", ""), ""};
      for (const nlohmann::json& failure : test["failures"])
        failed.message += failure.value("failure", "") + "\n";
      run.failed.push_back(std::move(failed));
    }
}

// What gcov says of one object: for each line of each of its sources, whether it was reached.
using ReachedLines = std::map<std::string, std::map<std::uint64_t, bool>>;

void add_lines(const nlohmann::json& report, const Path& root, ReachedLines& lines) {
  for (const nlohmann::json& file : report.value("files", nlohmann::json::array())) {
    const Path relative = Path(file.value("file", "")).lexically_relative(root);
    const std::string name = relative.string();
    if (name.empty() || name.starts_with("..") || name.starts_with("build/") ||
        name.starts_with("tests/"))
      continue;
    for (const nlohmann::json& line : file.value("lines", nlohmann::json::array()))
      lines[name][line.value("line_number", std::uint64_t{0})] |=
          line.value("count", std::uint64_t{0}) > 0;
  }
}

}  // namespace

Outcome<TestRun> run_tests(const Project& project, const std::string& filter, bool update_gas) {
  const Path reports = project.build / "test-reports";
  std::error_code ignored;
  fs::remove_all(reports, ignored);
  CLI_TRY(make_folder(reports));
  std::vector<std::string> environment = {"GTEST_OUTPUT=json:" + reports.string() + "/"};
  if (!filter.empty()) environment.push_back("GTEST_FILTER=" + filter);
  if (update_gas) environment.emplace_back("USANCE_UPDATE_GAS=1");
  CLI_ASSIGN(const Finished finished,
             run_program({"ctest", "--test-dir", project.build.string(), "--output-on-failure"},
                         environment));
  TestRun run;
  for (const fs::directory_entry& entry : fs::directory_iterator(reports, ignored)) {
    CLI_ASSIGN(const std::string text, read_file(entry.path()));
    add_report(nlohmann::json::parse(text, nullptr, false), run);
  }
  // A program that ended before its report: a sanitizer, a crash.
  if (finished.exit != 0 && run.failed.empty()) run.failed.push_back({"ctest", finished.output});
  if (run.tests == 0 && run.failed.empty())
    return stop(ExitCode::kUsage,
                "no test ran" + (filter.empty() ? "; usance_contract_test() declares them"
                                                : ": none is named " + filter));
  return run;
}

Outcome<std::vector<CoveredFile>> coverage_of(const Project& project) {
  ReachedLines lines;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(project.build, error)) {
    if (entry.path().extension() != ".gcda") continue;
    CLI_ASSIGN(const Finished said,
               run_program({"gcov", "--json-format", "--stdout", entry.path().string()}));
    if (said.exit == 0)
      add_lines(nlohmann::json::parse(said.output, nullptr, false), project.root, lines);
  }
  std::vector<CoveredFile> out;
  for (const auto& [file, reached] : lines) {
    const auto hit = static_cast<std::uint64_t>(std::count_if(
        reached.begin(), reached.end(), [](const auto& line) { return line.second; }));
    out.push_back({file, reached.size(), hit * 1000 / reached.size()});
  }
  return out;
}

}  // namespace usance::cli
