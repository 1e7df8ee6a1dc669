// A project's test programs, run, and what came of them.
#pragma once

#include <string>
#include <vector>

#include "tools/usance/contract_project.h"

namespace usance::cli {

struct FailedTest {
  std::string name;
  std::string message;
};
struct TestRun {
  std::size_t tests = 0;
  std::vector<FailedTest> failed;
};
// All test programs of a built project. `filter` chooses tests as GoogleTest does, empty: all.
[[nodiscard]] Outcome<TestRun> run_tests(const Project& project, const std::string& filter,
                                         bool update_gas);

struct CoveredFile {
  std::string file;  // relative to the project
  std::uint64_t lines = 0;
  std::uint64_t permille = 0;
};
// The lines of the project's own sources that its tests have reached; after run_tests() of a
// project built for coverage.
[[nodiscard]] Outcome<std::vector<CoveredFile>> coverage_of(const Project& project);

}  // namespace usance::cli
