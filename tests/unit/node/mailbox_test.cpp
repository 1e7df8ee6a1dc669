#include "node/mailbox.h"

#include <thread>

#include <gtest/gtest.h>

namespace usance::node {
namespace {

TEST(Mailbox, KeepsOrderAndRefusesBeyondItsCapacity) {
  Mailbox<int> mailbox(2);
  EXPECT_TRUE(mailbox.try_push(1));
  EXPECT_TRUE(mailbox.try_push(2));
  EXPECT_FALSE(mailbox.try_push(3));
  mailbox.push_always(4);
  std::vector<int> items;
  EXPECT_TRUE(mailbox.take_all(items));
  EXPECT_EQ(items, (std::vector<int>{1, 2, 4}));
}

TEST(Mailbox, ADeadlineEndsTheWaitWithNothing) {
  Mailbox<int> mailbox(2);
  std::vector<int> items{7};
  EXPECT_TRUE(mailbox.take_all(items, std::chrono::steady_clock::now()));
  EXPECT_TRUE(items.empty());
}

TEST(Mailbox, AClosedOneHandsOutWhatIsLeftAndThenEnds) {
  Mailbox<int> mailbox(2);
  mailbox.push_always(1);
  mailbox.close();
  EXPECT_FALSE(mailbox.try_push(2));
  std::vector<int> items;
  EXPECT_TRUE(mailbox.take_all(items));
  EXPECT_EQ(items, std::vector<int>{1});
  EXPECT_FALSE(mailbox.take_all(items));
}

TEST(Mailbox, WakesAReaderFromAnotherThread) {
  Mailbox<int> mailbox(1'000);
  int sum = 0;
  std::thread reader([&] {
    std::vector<int> items;
    while (mailbox.take_all(items))
      for (const int item : items) sum += item;
  });
  for (int i = 1; i <= 1'000; ++i)
    while (!mailbox.try_push(i)) std::this_thread::yield();
  mailbox.close();
  reader.join();
  EXPECT_EQ(sum, 500'500);
}

TEST(WorkQueue, UrgentItemsGoFirstAndAreNeverRefused) {
  WorkQueue<int> queue(1);
  EXPECT_TRUE(queue.try_push(1));
  EXPECT_FALSE(queue.try_push(2));
  queue.push_urgent(3);
  int item = 0;
  EXPECT_TRUE(queue.take(item));
  EXPECT_EQ(item, 3);
  EXPECT_TRUE(queue.take(item));
  EXPECT_EQ(item, 1);
  queue.close();
  EXPECT_FALSE(queue.take(item));
}

}  // namespace
}  // namespace usance::node
