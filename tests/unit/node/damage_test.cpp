#include "node/damage.h"

#include <gtest/gtest.h>

namespace usance::node {
namespace {

TEST(DamageAlarm, CountsWhatIsDamagedAndNothingElse) {
  DamageAlarm alarm("ledger");
  alarm.saw(Error{ErrorCode::kNotFound, "no block of height 7 is here"});
  alarm.saw(Error{ErrorCode::kIo, "the disk does not answer"});
  EXPECT_EQ(alarm.count(), 0u);
  alarm.saw(Error{ErrorCode::kCorrupt, "the block body of height 7 is missing"});
  EXPECT_EQ(alarm.count(), 1u);
  const auto answer = alarm.watch([]() -> proto::Api<void> {
    throw StateUnreadable{Error{ErrorCode::kCorrupt, "the page is missing"}};
  });
  EXPECT_FALSE(answer);
  EXPECT_EQ(alarm.count(), 2u);
}

}  // namespace
}  // namespace usance::node
