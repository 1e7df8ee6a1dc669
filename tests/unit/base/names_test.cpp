// Names that stand in logs, in the API and in answers to clients: each its own.
#include <set>

#include <gtest/gtest.h>

#include "base/certificate.h"
#include "base/receipt.h"

namespace usance {
namespace {

// Of the values from `first` to `last`; the next one has none.
template <class Enum>
void expect_names(Enum first, Enum last) {
  std::set<std::string_view> names;
  const auto end = static_cast<int>(last);
  for (int value = static_cast<int>(first); value <= end; ++value) {
    const std::string_view name = to_string(static_cast<Enum>(value));
    EXPECT_TRUE(names.insert(name).second) << name << " " << value;
    EXPECT_NE(name, "UNKNOWN") << value;
    EXPECT_NE(name, "unknown") << value;
  }
  const std::string_view beyond = to_string(static_cast<Enum>(end + 1));
  EXPECT_TRUE(beyond == "UNKNOWN" || beyond == "unknown") << beyond;
}

TEST(Names, EveryValueHasItsOwn) {
  expect_names(ErrorCode::kInvalidArgument, ErrorCode::kInternal);
  expect_names(ReceiptStatus::kOk, ReceiptStatus::kVoidDuplicate);
  expect_names(TrapCode::kNone, TrapCode::kReadOnly);
  expect_names(VoteKind::kPrepare, VoteKind::kExec);
  EXPECT_EQ(to_string(ReceiptStatus::kVoidExpired), "VOID_EXPIRED");
  EXPECT_EQ(to_string(ErrorCode::kResourceExhausted), "RESOURCE_EXHAUSTED");
}

}  // namespace
}  // namespace usance
