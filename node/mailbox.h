// Bounded queues between threads. A Mailbox has one reader that takes everything at once; a
// WorkQueue has several readers that take one item each, urgent ones first.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace usance::node {

template <class T>
class Mailbox {
 public:
  explicit Mailbox(std::size_t capacity) : capacity_(capacity) {}

  // False when full or closed: the writer sheds load.
  [[nodiscard]] bool try_push(T item) { return push(std::move(item), capacity_); }

  // For what the writer has bounded by other means (answers to requests, heights under way).
  // Dropped after close().
  void push_always(T item) { static_cast<void>(push(std::move(item), SIZE_MAX)); }

  // Everything that waits, in order; waits for the first item until the deadline. False once
  // closed and empty.
  bool take_all(std::vector<T>& out,
                std::optional<std::chrono::steady_clock::time_point> deadline = std::nullopt) {
    out.clear();
    std::unique_lock lock(mutex_);
    const auto ready = [this] { return closed_ || !items_.empty(); };
    if (deadline)
      ready_.wait_until(lock, *deadline, ready);
    else
      ready_.wait(lock, ready);
    if (items_.empty()) return !closed_;
    out.swap(items_);
    return true;
  }

  // The reader gets what is left and then stops.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
  }

  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }

 private:
  bool push(T item, std::size_t capacity) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || items_.size() >= capacity) return false;
      items_.push_back(std::move(item));
    }
    ready_.notify_one();
    return true;
  }

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::vector<T> items_;
  bool closed_ = false;
};

template <class T>
class WorkQueue {
 public:
  explicit WorkQueue(std::size_t capacity) : capacity_(capacity) {}

  [[nodiscard]] bool try_push(T item) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || items_.size() >= capacity_) return false;
      items_.push_back(std::move(item));
    }
    ready_.notify_one();
    return true;
  }
  // Ahead of everything that is not urgent, and never refused; bounded by the writer.
  void push_urgent(T item) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return;
      urgent_.push_back(std::move(item));
    }
    ready_.notify_one();
  }
  // False once closed; what is left then is dropped.
  bool take(T& out) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return closed_ || !items_.empty() || !urgent_.empty(); });
    if (closed_) return false;
    std::deque<T>& from = urgent_.empty() ? items_ : urgent_;
    out = std::move(from.front());
    from.pop_front();
    return true;
  }
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      items_.clear();
      urgent_.clear();
    }
    ready_.notify_all();
  }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<T> items_;
  std::deque<T> urgent_;
  bool closed_ = false;
};

}  // namespace usance::node
