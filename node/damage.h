// Stored bytes that turned out damaged when somebody asked for them: the asker gets an error, the
// operator an alarm, and the node goes on with what it can read. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "base/state.h"
#include "proto/status.h"

namespace usance::node {

class DamageAlarm {
 public:
  explicit DamageAlarm(std::string ledger_directory) : ledger_(std::move(ledger_directory)) {}

  // An error that ends the node, with what the operator does if the cause is damage.
  [[nodiscard]] Error advised(Error error) const;

  // For every error of a read of the store. kCorrupt: counts it and logs a kind of damage when it
  // is first met, and once a minute while it is met again.
  void saw(const Error& error) {
    if (error.code == ErrorCode::kCorrupt) met(error.message);
  }
  // Reads that met damage, since the start.
  [[nodiscard]] std::uint64_t count() const { return count_; }

  // Runs `work() -> Api<T>` that reads the store. Damage is told to the operator, and the caller's
  // REASON_CORRUPT says that another node may have what this one has lost.
  template <class Work>
  [[nodiscard]] std::invoke_result_t<Work&> watch(Work&& work) {
    auto outcome = unless_unreadable(work);
    if (!outcome && outcome.error().reason == v1::REASON_CORRUPT) {
      met(outcome.error().message);
      outcome.error().message += "; ask another node: this one's ledger is damaged on its disk";
    }
    return outcome;
  }

 private:
  void met(const std::string& message);
  [[nodiscard]] std::string remedy() const;

  const std::string ledger_;
  std::atomic<std::uint64_t> count_{0};
  std::mutex mutex_;
  std::string last_;
  std::chrono::steady_clock::time_point told_;
};

}  // namespace usance::node
