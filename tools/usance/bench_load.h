// Sending load over streams and measuring what comes back.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tools/usance/bench_workload.h"

namespace usance::cli {

struct LoadPlan {
  std::uint32_t bundle = 1;  // transactions per bundle
  std::int64_t duration_ms = 10'000;
  std::int64_t warm_up_ms = 2'000;  // sent and not counted
  std::uint32_t in_flight = 0;      // bundles without an outcome, per stream (closed loop)
  double rate = 0;                  // transactions per second in all; 0 = closed loop
};

struct LoadResult {
  std::uint64_t transactions = 0;  // certified within the measured time
  std::uint64_t failed = 0;        // of these: receipts other than ok
  std::uint64_t refused = 0;       // transactions of bundles that the node did not take
  std::string first_problem;       // the first failure or refusal, for people
  double seconds = 0;
  std::vector<std::uint32_t> latency_us;  // of each bundle, ascending

  [[nodiscard]] double tx_per_s() const {
    return seconds > 0 ? static_cast<double>(transactions) / seconds : 0;
  }
  // The p-th percentile in milliseconds, 0 when nothing came back.
  [[nodiscard]] double latency_ms(double percentile) const;
};

// Called at the beginning and the end of the measured time, to read the nodes' counters.
using LoadMark = std::function<void()>;

// One stream per sender. Bundles are signed ahead, in parallel, as far as memory allows, and on
// the way after that. In the open loop a bundle's latency counts from when it was due, so that a
// slow network cannot hide by slowing the sender.
[[nodiscard]] Outcome<LoadResult> run_load(const std::vector<std::unique_ptr<BenchSender>>& senders,
                                           const LoadPlan& plan, const LoadMark& begin,
                                           const LoadMark& end);

}  // namespace usance::cli
