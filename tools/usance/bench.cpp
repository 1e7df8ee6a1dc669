// usance bench: how much a running network does, and what that costs its nodes.
#include <algorithm>
#include <map>

#include "tools/usance/bench_load.h"
#include "tools/usance/context.h"
#include "tools/usance/devnet.h"

namespace usance::cli {

namespace {

constexpr std::uint32_t kInFlight = 500;

struct BenchFlags {
  std::string workload = "transfer";
  LoadPlan load;
  double seconds = 10;
  std::string contracts;
};

// The nodes' counters at one moment.
struct NodesUse {
  std::uint64_t cpu_us = 0;
  std::uint64_t peak_bytes = 0;  // summed over the nodes
  std::uint64_t peak_node_bytes = 0;
};

NodesUse measure(const std::vector<pid_t>& pids) {
  NodesUse out;
  for (const pid_t pid : pids)
    if (const std::optional<ProcessUse> use = use_of(pid)) {
      out.cpu_us += use->cpu_us;
      out.peak_bytes += use->peak_bytes;
      out.peak_node_bytes = std::max(out.peak_node_bytes, use->peak_bytes);
    }
  return out;
}

Outcome<ExitCode> run(const Context& context, BenchFlags flags) {
  if (flags.load.bundle < 1 || flags.load.bundle > limits::kMaxBundleTransactions)
    return stop(ExitCode::kUsage, "--bundle takes 1 to 1000 transactions");
  if (flags.seconds <= 0 || flags.seconds > 600)
    return stop(ExitCode::kUsage, "--duration takes up to 600 seconds");
  if (!(flags.load.rate >= 0 && flags.load.rate <= 1e6))
    return stop(ExitCode::kUsage, "--rate takes 0 (as fast as answers come) to 1000000 a second");
  // By default about five hundred transactions are under way per node, whatever the bundle.
  if (flags.load.in_flight == 0)
    flags.load.in_flight = std::clamp<std::uint32_t>(kInFlight / flags.load.bundle, 5, 512);
  flags.load.duration_ms = static_cast<std::int64_t>(flags.seconds * 1000);
  CLI_ASSIGN(const Path home, context.home_folder());
  CLI_ASSIGN(const Devnet net, Devnet::open(home));
  std::vector<pid_t> pids;
  std::vector<std::string> nodes;
  for (const DevnetNode& node : net.nodes()) {
    const std::optional<ProcessMark> process = net.process(node);
    if (!process) continue;
    pids.push_back(process->pid);
    if (node.validator) nodes.push_back("127.0.0.1:" + std::to_string(node.clients));
  }
  if (nodes.empty())
    return stop(ExitCode::kUnavailable,
                "no validator runs: usance devnet start all --home " + home.string());
  const Path contracts = flags.contracts.empty() ? program_folder().parent_path() / "contracts"
                                                 : Path(flags.contracts);
  CLI_ASSIGN(const auto senders, prepare_workload(context, flags.workload, contracts, nodes));
  NodesUse before;
  NodesUse after;
  CLI_ASSIGN(const LoadResult result, run_load(
                                          senders, flags.load, [&] { before = measure(pids); },
                                          [&] { after = measure(pids); }));
  const double cpu = result.transactions == 0 ? 0
                                              : static_cast<double>(after.cpu_us - before.cpu_us) /
                                                    static_cast<double>(result.transactions);
  const bool open_loop = flags.load.rate > 0;
  const Json json{
      {"workload", flags.workload},      {"loop", open_loop ? "open" : "closed"},
      {"rate", flags.load.rate},         {"in_flight", flags.load.in_flight},
      {"bundle", flags.load.bundle},     {"nodes", pids.size()},
      {"duration_s", result.seconds},    {"transactions", result.transactions},
      {"failed", result.failed},         {"refused", result.refused},
      {"tx_per_s", result.tx_per_s()},   {"p50_ms", result.latency_ms(50)},
      {"p99_ms", result.latency_ms(99)}, {"cpu_us_per_tx", cpu},
      {"rss_bytes", after.peak_bytes},   {"rss_bytes_largest_node", after.peak_node_bytes}};
  char line[512];
  std::snprintf(
      line, sizeof line,
      "%s, bundles of %u, %s loop, %zu nodes, %.1f s\n"
      "  %.0f transactions a second (%llu certified, %llu failed, %llu refused)\n"
      "  %.1f ms median and %.1f ms 99th percentile from submission to certified receipt\n"
      "  %.1f CPU microseconds a transaction, summed over the nodes\n"
      "  %.0f MiB peak memory of all nodes, %.0f MiB of the largest",
      flags.workload.c_str(), flags.load.bundle, open_loop ? "open" : "closed", pids.size(),
      result.seconds, result.tx_per_s(), static_cast<unsigned long long>(result.transactions),
      static_cast<unsigned long long>(result.failed),
      static_cast<unsigned long long>(result.refused), result.latency_ms(50), result.latency_ms(99),
      cpu, static_cast<double>(after.peak_bytes) / (1 << 20),
      static_cast<double>(after.peak_node_bytes) / (1 << 20));
  print(context, json, line);
  if (!result.first_problem.empty()) note("first problem: " + result.first_problem);
  if (result.transactions == 0)
    return stop(ExitCode::kUnavailable, "nothing was certified: usance node why-stalled");
  return ExitCode::kOk;
}

}  // namespace

void add_bench_commands(CLI::App& app, Context& context) {
  const auto flags = std::make_shared<BenchFlags>();
  CLI::App* bench =
      add_verb(app, context, "bench", "Measure a running development network (needs --home)",
               [&context, flags] { return run(context, *flags); });
  bench->add_option("--workload", flags->workload, "transfer (deposits) or credit (drafts)")
      ->check(CLI::IsMember({"transfer", "credit"}))
      ->capture_default_str();
  bench->add_option("--bundle", flags->load.bundle, "Transactions per signed bundle")
      ->capture_default_str();
  bench->add_option("--duration", flags->seconds, "Seconds to measure, after two to warm up")
      ->capture_default_str();
  bench->add_option("--rate", flags->load.rate,
                    "Open loop: so many transactions a second, however fast answers come; default "
                    "closed loop");
  bench
      ->add_option("--in-flight", flags->load.in_flight,
                   "Closed loop: bundles without an outcome per node")
      ->capture_default_str();
  bench->add_option("--contracts", flags->contracts,
                    "Folder with the contracts' modules; default beside the programs");
}

}  // namespace usance::cli
