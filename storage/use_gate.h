// Many threads use a thing that one of them now and then replaces. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace usance::storage {

class UseGate {
 public:
  // Waits while the gate is closed. Not twice in one thread: between the two the gate may close
  // for as long as close() is patient.
  void enter() {
    for (;;) {
      users_.fetch_add(1);  // before the look at closed_, as close() does it the other way around
      if (!closed_.load()) return;
      leave();
      std::unique_lock lock(mutex_);
      opened_.wait(lock, [this] { return !closed_.load(); });
    }
  }
  void leave() {
    if (users_.fetch_sub(1) != 1 || !closed_.load()) return;
    const std::lock_guard lock(mutex_);
    idle_.notify_one();
  }

  // Keeps newcomers out and waits until everybody has left: true, and the caller opens it again.
  // False if somebody was still inside after `patience`; the gate is open then.
  [[nodiscard]] bool close(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    closed_.store(true);
    if (idle_.wait_for(lock, patience, [this] { return users_.load() == 0; })) return true;
    closed_.store(false);
    opened_.notify_all();
    return false;
  }
  void open() {
    const std::lock_guard lock(mutex_);
    closed_.store(false);
    opened_.notify_all();
  }

 private:
  std::atomic<std::uint32_t> users_{0};
  std::atomic<bool> closed_{false};
  std::mutex mutex_;
  std::condition_variable idle_;
  std::condition_variable opened_;
};

// Inside for as long as it lives. Stays where it was made, in its thread.
class InUse {
 public:
  explicit InUse(UseGate& gate) : gate_(gate) { gate_.enter(); }
  ~InUse() { gate_.leave(); }
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;

 private:
  UseGate& gate_;
};

}  // namespace usance::storage
