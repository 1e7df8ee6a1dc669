// What the node does while its disk is full: it repeats what has to be written until there is
// room, says so once, and tells operators and clients. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string_view>

#include "base/result.h"

namespace usance::storage {
class LedgerStore;
}

namespace usance::node {

class DiskRoom {
 public:
  explicit DiskRoom(storage::LedgerStore& store) : store_(store) {}

  // Repeats `write` for as long as it ends with kResourceExhausted and nobody is stopping; every
  // other outcome, and the last one when stopping, is returned. `what` is for the log.
  [[nodiscard]] Result<void> until_written(std::string_view what, const std::atomic<bool>& stopping,
                                           const std::function<Result<void>()>& write);
  // True while something waits for room: this node then neither votes nor executes.
  [[nodiscard]] bool full() const;
  // From the main thread, a few times a second: resumes the store where no write would do it.
  void housekeeping();

 private:
  storage::LedgerStore& store_;
  std::atomic<int> waiting_{0};
  std::chrono::steady_clock::time_point next_try_;  // the main thread's
};

}  // namespace usance::node
