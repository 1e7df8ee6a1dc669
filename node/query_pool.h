// Threads for everything that only reads: queries, proofs, exports, blocks for peers that catch
// up. Each has its own executor for views and simulations.
#pragma once

#include <functional>
#include <thread>
#include <vector>

#include "contracts/executor/executor.h"
#include "node/mailbox.h"

namespace usance::node {

class QueryPool {
 public:
  using Job = std::function<void(Executor&)>;

  QueryPool(const ChainId& chain, std::size_t threads) : chain_(chain), count_(threads) {}
  ~QueryPool() { stop(); }
  void start();
  void stop();
  // False when too much waits already.
  [[nodiscard]] bool submit(Job job) { return queue_.try_push(std::move(job)); }

 private:
  const ChainId chain_;
  const std::size_t count_;
  WorkQueue<Job> queue_{2'000};
  std::vector<std::thread> threads_;
};

}  // namespace usance::node
