// usance-sim: deterministic simulation of the consensus core under faults and lies.
//
//   usance-sim --seeds 1..1000 [--nodes 4] [--heights 200]
//   usance-sim --replay SEED --verbose
//
// Exit code 0 if every seed passed, 1 if one failed, 2 for wrong usage.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <unistd.h>

#ifdef USANCE_MUTATIONS
#include "consensus/mutation.h"
#endif
#include "base/file.h"
#include "tools/usance-sim/options.h"

namespace {

using usance::sim::Options;
using usance::sim::Outcome;

constexpr const char* kUsage =
    "usage: usance-sim --seeds A..B | --seed-file FILE | --replay SEED\n"
    "                  [--nodes N] [--heights H] [--twins] [--verbose] [--digest] [--twice] "
    "[--ed25519]\n";

constexpr const char* kHelp =
    "Simulates the consensus core under faults and lies; a seed gives the same history always.\n"
    "\n"
    "  --seeds A..B      the histories of these seeds, both included\n"
    "  --seed-file FILE  of the lines SEED NODES HEIGHTS, with # comments\n"
    "  --replay SEED     one history\n"
    "  --nodes N         4 (default) to 100 nodes\n"
    "  --heights H       how far the faults reach, from 1 on; default 200\n"
    "  --twins           scenarios of duplicated keys instead of drawn faults\n"
    "  --verbose         say what happens; --digest: only what each history came to\n"
    "  --twice           run each history twice and compare\n"
    "  --ed25519         real signatures whatever the seed says\n"
    "\n"
    "Exit codes: 0 every history passed, 1 one failed, 2 usage.\n";

int usage(const std::string& problem) {
  std::fprintf(stderr, "usance-sim: %s\n%smore: --help\n", problem.c_str(), kUsage);
  return 2;
}

bool number(const std::string& text, std::uint64_t& out) {
  if (text.empty() || text.size() > 18) return false;
  out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    out = out * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return true;
}

struct Run {
  std::vector<Options> histories;
  bool digest = false;
  bool twice = false;          // the same seed must give the same digest
  bool until_failure = false;  // for seeded bugs: succeed once one seed fails
};

bool is_size(std::uint64_t nodes) {
  return nodes >= 4 && nodes <= 100;
}

// Lines "SEED NODES HEIGHTS", with # comments.
usance::Result<void> read_seeds(const std::string& path, std::vector<Options>& out) {
  USANCE_ASSIGN(const std::string text, usance::read_file(path));
  std::istringstream lines(text);
  std::size_t at = 0;
  for (std::string line; std::getline(lines, line);) {
    ++at;
    std::istringstream words(line.substr(0, line.find('#')));
    const std::vector<std::string> given{std::istream_iterator<std::string>(words), {}};
    if (given.empty()) continue;
    Options options;
    std::uint64_t nodes = 0;
    if (given.size() != 3 || !number(given[0], options.seed) || !number(given[1], nodes) ||
        !is_size(nodes) || !number(given[2], options.heights) || options.heights == 0)
      return usance::fail(usance::ErrorCode::kMalformed,
                          path + ":" + std::to_string(at) +
                              ": expected SEED NODES HEIGHTS, with 4 to 100 nodes and heights "
                              "from 1 on");
    options.nodes = static_cast<std::size_t>(nodes);
    out.push_back(options);
  }
  return {};
}

// With the seeded bug, if there is one: only usance-sim-mutants has them.
std::string program() {
#ifdef USANCE_MUTATIONS
  return "usance-sim-mutants --mutation " +
         std::to_string(static_cast<int>(usance::consensus::active_mutation()));
#else
  return "usance-sim";
#endif
}

std::string replay_command(const Options& o) {
  return program() + " --replay " + std::to_string(o.seed) + " --nodes " + std::to_string(o.nodes) +
         " --heights " + std::to_string(o.heights) + (o.real_signatures ? " --ed25519" : "") +
         (o.twins ? " --twins" : "") + " --verbose";
}

// A history may end the process: an invariant of the core's own, an exception that nobody expects,
// or a read of what is gone. What to print then is ready before each of them, for a signal handler
// may not allocate.
std::string last_words;
bool abort_is_found = false;

void say_last_words(int signal) {
  if (::write(STDOUT_FILENO, last_words.data(), last_words.size()) < 0) std::_Exit(1);
  if (abort_is_found) std::_Exit(0);
  std::signal(signal, SIG_DFL);  // it comes again, and ends the process
}

void prepare_last_words(const Options& options) {
  std::fflush(stdout);
  last_words = "FAILED seed " + std::to_string(options.seed) +
               ": it ended the process\n  replay: " + replay_command(options) + "\n";
}

int run(const Run& what) {
  abort_is_found = what.until_failure;
  for (const int signal : {SIGABRT, SIGSEGV}) std::signal(signal, say_last_words);
  const auto begin = std::chrono::steady_clock::now();
  std::size_t passed = 0, failed = 0;
  std::uint64_t heights = 0;
  for (const Options& options : what.histories) {
    prepare_last_words(options);
    Outcome outcome = usance::sim::simulate(options);
    if (what.twice && usance::sim::simulate(options).digest != outcome.digest) {
      outcome.passed = false;
      outcome.failure = "the same seed gave another history";
    }
    heights += outcome.heights;
    if (what.digest || options.verbose)
      std::printf(
          "seed %llu: digest %016llx, %llu heights, view %llu, %llu transactions, %llu succeeded, "
          "%llu set changes%s, %llu snapshots, "
          "%llu steps, %llu messages, %llu virtual ms\n",
          static_cast<unsigned long long>(options.seed),
          static_cast<unsigned long long>(outcome.digest),
          static_cast<unsigned long long>(outcome.heights),
          static_cast<unsigned long long>(outcome.views),
          static_cast<unsigned long long>(outcome.transactions),
          static_cast<unsigned long long>(outcome.succeeded),
          static_cast<unsigned long long>(outcome.epochs), outcome.rekeyed ? ", re-keyed" : "",
          static_cast<unsigned long long>(outcome.snapshots),
          static_cast<unsigned long long>(outcome.steps),
          static_cast<unsigned long long>(outcome.messages),
          static_cast<unsigned long long>(outcome.virtual_ms));
    if (outcome.passed) {
      ++passed;
      continue;
    }
    ++failed;
    std::printf("FAILED seed %llu: %s\n  replay: %s\n",
                static_cast<unsigned long long>(options.seed), outcome.failure.c_str(),
                replay_command(options).c_str());
    std::fflush(stdout);
    if (what.until_failure) break;
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf("%.1f s, %.1f seeds/s, %llu heights certified\n", seconds,
              static_cast<double>(passed + failed) / (seconds > 0 ? seconds : 1),
              static_cast<unsigned long long>(heights));
  std::printf("%zu passed, %zu failed\n", passed, failed);
  if (what.until_failure) return failed != 0 ? 0 : 1;
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Run what;
  Options base;
  std::string seeds, seed_file;
  std::uint64_t value = 0;
  bool replay = false;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    const std::string next = i + 1 < argc ? argv[i + 1] : "";
    if (arg == "--help" || arg == "-h") {
      std::printf("%s\n%s", kUsage, kHelp);
      return 0;
    }
    if (arg == "--verbose") {
      base.verbose = true;
    } else if (arg == "--digest") {
      what.digest = true;
    } else if (arg == "--twice") {
      what.twice = true;
    } else if (arg == "--twins") {
      base.twins = true;
    } else if (arg == "--ed25519") {
      base.real_signatures = true;
    } else if (arg == "--seeds") {
      seeds = argv[++i] != nullptr ? next : "";
    } else if (arg == "--seed-file") {
      seed_file = argv[++i] != nullptr ? next : "";
    } else if (arg == "--replay" && number(next, value)) {
      base.seed = value;
      replay = true;
      ++i;
    } else if (arg == "--nodes" && number(next, value) && is_size(value)) {
      base.nodes = value;
      ++i;
    } else if (arg == "--heights" && number(next, value) && value > 0) {
      base.heights = value;
      ++i;
#ifdef USANCE_MUTATIONS
    } else if (arg == "--mutation" && number(next, value)) {
      usance::consensus::active_mutation() = static_cast<usance::consensus::Mutation>(value);
      what.until_failure = true;
      ++i;
#endif
    } else {
      return usage(std::string("not understood: ").append(arg).append(" ").append(next));
    }
  }
  if (replay) what.histories.push_back(base);
  if (!seeds.empty()) {
    const std::size_t dots = seeds.find("..");
    std::uint64_t first = 0, last = 0;
    if (dots == std::string::npos || !number(seeds.substr(0, dots), first) ||
        !number(seeds.substr(dots + 2), last) || first > last)
      return usage("--seeds A..B takes two numbers");
    for (std::uint64_t seed = first; seed <= last; ++seed) {
      what.histories.push_back(base);
      what.histories.back().seed = seed;
    }
  }
  if (!seed_file.empty())
    if (const auto read = read_seeds(seed_file, what.histories); !read)
      return usage(read.error().message);
  if (what.histories.empty()) return usage("nothing to simulate");
  return run(what);
}
