// How many bytes of one sender may wait in this node's queues, so that a sender faster than the
// node fills its own share of memory and nobody else's. Thread-safe.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace usance::node {

// Kept beside what waits; the bytes count until its last copy is gone, also after the budget's end.
using ByteCharge = std::shared_ptr<const void>;

template <class Sender>
class ByteBudget {
 public:
  // What a message takes beside its bytes; without it empty messages would be free.
  static constexpr std::size_t kOverhead = 1'024;

  // Bytes each sender may have waiting, the overhead included.
  explicit ByteBudget(std::size_t limit) : state_(std::make_shared<State>()), limit_(limit) {}

  // nullptr when so much of the sender's waits that these do not fit. One message always fits.
  [[nodiscard]] ByteCharge take(const Sender& sender, std::size_t bytes, std::size_t messages = 1) {
    bytes += std::max<std::size_t>(messages, 1) * kOverhead;
    {
      const std::lock_guard lock(state_->mutex);
      std::size_t& waiting = state_->waiting[sender];
      if (waiting != 0 && (waiting >= limit_ || bytes > limit_ - waiting)) {
        ++refused_;
        return nullptr;
      }
      waiting += bytes;
    }
    return std::make_shared<const Held>(state_, sender, bytes);
  }

  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  struct State {
    std::mutex mutex;
    std::map<Sender, std::size_t> waiting;  // nobody with nothing
  };
  class Held {
   public:
    Held(std::shared_ptr<State> state, Sender sender, std::size_t bytes)
        : state_(std::move(state)), sender_(std::move(sender)), bytes_(bytes) {}
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() {
      const std::lock_guard lock(state_->mutex);
      const auto at = state_->waiting.find(sender_);
      if ((at->second -= bytes_) == 0) state_->waiting.erase(at);
    }

   private:
    const std::shared_ptr<State> state_;
    const Sender sender_;
    const std::size_t bytes_;
  };

  const std::shared_ptr<State> state_;
  const std::size_t limit_;
  std::atomic<std::uint64_t> refused_ = 0;
};

}  // namespace usance::node
