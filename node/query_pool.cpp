#include "node/query_pool.h"

namespace usance::node {

void QueryPool::start() {
  for (std::size_t i = 0; i < count_; ++i) {
    threads_.emplace_back([this] {
      Executor executor(chain_);
      Job job;
      while (queue_.take(job)) {
        job(executor);
        job = nullptr;
      }
    });
  }
}

void QueryPool::stop() {
  queue_.close();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

}  // namespace usance::node
