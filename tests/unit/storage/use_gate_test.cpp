#include "storage/use_gate.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace usance::storage {
namespace {

TEST(UseGate, NobodyIsInsideWhileItIsClosed) {
  UseGate gate;
  int guarded = 0;  // written behind the closed gate alone: the thread sanitizer sees the rest
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> entered{0};
  std::vector<std::thread> users;
  for (int i = 0; i < 3; ++i)
    users.emplace_back([&] {
      while (!done) {
        const InUse use(gate);
        const int before = guarded;
        ++entered;
        EXPECT_EQ(guarded, before);
      }
    });
  int closed = 0;
  while (closed < 200 || entered < 1'000) {
    if (!gate.close(std::chrono::seconds(10))) continue;
    ++guarded;
    ++closed;
    gate.open();
  }
  done = true;
  for (std::thread& user : users) user.join();
  EXPECT_EQ(guarded, closed);
}

TEST(UseGate, WhoStaysKeepsItOpenForOthers) {
  UseGate gate;
  const InUse stays(gate);
  EXPECT_FALSE(gate.close(std::chrono::milliseconds(1)));
  std::thread other([&gate] { const InUse enters(gate); });
  other.join();
}

}  // namespace
}  // namespace usance::storage
