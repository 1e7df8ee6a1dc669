#include "contracts/host/overlay.h"

#include <gtest/gtest.h>

#include "test_chain.h"

namespace usance {
namespace {

using test::MapState;

std::optional<std::string> text(const std::optional<ByteView>& value) {
  if (!value) return std::nullopt;
  return std::string(as_text(*value));
}

struct OverlayTest : testing::Test {
  OverlayTest() {
    for (const std::string item : {"a", "b", "c", "d", "e"}) set(item, "base " + item);
  }
  void set(const std::string& item, const std::string& value) {
    base.apply({{{"c", to_bytes("s"), to_bytes(item)}, to_bytes(value), 0}});
  }
  std::optional<std::string> get(const std::string& item) {
    return text(overlay.get("c", as_bytes("s"), as_bytes(item)));
  }
  void put(const std::string& item, const std::string& value) {
    overlay.put("c", as_bytes("s"), as_bytes(item), as_bytes(value));
  }
  bool del(const std::string& item) { return overlay.del("c", as_bytes("s"), as_bytes(item)); }
  std::string items(const std::string& from, const std::string& to) {
    std::string out;
    Bytes start = to_bytes(from);
    std::size_t skipped = 0;
    while (auto found = overlay.next("c", as_bytes("s"), start, as_bytes(to), skipped)) {
      out += std::string(as_text(found->item)) + "=" + std::string(as_text(found->value)) + ";";
      start.assign(found->item.begin(), found->item.end());
      start.push_back(0);
    }
    return out;
  }

  MapState base;
  Overlay overlay{base, Hash32{}};
};

TEST_F(OverlayTest, ReadsThroughToTheParentUntilAnItemIsWritten) {
  EXPECT_EQ(get("a"), "base a");
  EXPECT_EQ(get("x"), std::nullopt);
  put("a", "1");
  EXPECT_EQ(get("a"), "1");
  EXPECT_TRUE(del("a"));
  EXPECT_FALSE(del("a"));
  EXPECT_EQ(get("a"), std::nullopt);
}

TEST_F(OverlayTest, IteratesOverBothInOrder) {
  put("aa", "1");
  del("b");
  put("c", "2");
  EXPECT_EQ(items("", ""), "a=base a;aa=1;c=2;d=base d;e=base e;");
  EXPECT_EQ(items("aa", "d"), "aa=1;c=2;");
  EXPECT_EQ(items("d", "d"), "");
}

TEST_F(OverlayTest, CountsTheDeletedItemsThatASearchPassesOver) {
  del("a");
  del("b");
  std::size_t skipped = 0;
  const auto found = overlay.next("c", as_bytes("s"), {}, {}, skipped);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(as_text(found->item), "c");
  EXPECT_EQ(skipped, 2U);
}

TEST_F(OverlayTest, RollsBackToAMark) {
  put("a", "1");
  const auto mark = overlay.mark();
  put("a", "2");
  put("new", "3");
  del("b");
  overlay.roll_back(mark);
  EXPECT_EQ(items("", ""), "a=1;b=base b;c=base c;d=base d;e=base e;");
}

// A search may load the parent's items around one that was only written in a frame.
TEST_F(OverlayTest, AnItemOfTheParentSurvivesTheRollbackOfABlindWrite) {
  const auto mark = overlay.mark();
  put("b", "1");
  EXPECT_EQ(items("", ""), "a=base a;b=1;c=base c;d=base d;e=base e;");
  overlay.roll_back(mark);
  EXPECT_EQ(get("b"), "base b");
  EXPECT_EQ(items("", ""), "a=base a;b=base b;c=base c;d=base d;e=base e;");
}

TEST_F(OverlayTest, ListsEachItemOnceInOrderAndNoDeletionOfWhatWasNotThere) {
  put("z", "1");
  put("z", "2");
  put("gone", "1");
  del("gone");  // absent before and after
  del("b");
  put("c", "base c");  // an equal value is a change too
  std::vector<StateChange> changes;
  overlay.commit(7, changes);
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0], (StateChange{{"c", to_bytes("s"), to_bytes("b")}, std::nullopt, 7}));
  EXPECT_EQ(changes[1], (StateChange{{"c", to_bytes("s"), to_bytes("c")}, to_bytes("base c"), 7}));
  EXPECT_EQ(changes[2], (StateChange{{"c", to_bytes("s"), to_bytes("z")}, to_bytes("2"), 7}));
}

TEST_F(OverlayTest, ABlindWriteAndItsDeletionDeleteTheParentsItem) {
  put("a", "1");
  EXPECT_TRUE(del("a"));
  std::vector<StateChange> changes;
  overlay.commit(0, changes);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].value, std::nullopt);
}

TEST_F(OverlayTest, ReCreationInALaterActionIsAChangeOfItsOwn) {
  std::vector<StateChange> changes;
  del("a");
  overlay.commit(0, changes);
  put("a", "1");
  overlay.commit(1, changes);
  del("a");
  put("a", "2");
  overlay.commit(2, changes);
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[1].action, 1U);
  EXPECT_EQ(changes[2].value, to_bytes("2"));
}

TEST_F(OverlayTest, ScopesAndContractsDoNotMix) {
  overlay.put("c", as_bytes("other"), as_bytes("a"), as_bytes("1"));
  overlay.put("d", as_bytes("s"), as_bytes("a"), as_bytes("2"));
  EXPECT_EQ(get("a"), "base a");
  EXPECT_EQ(text(overlay.get("d", as_bytes("s"), as_bytes("a"))), "2");
}

}  // namespace
}  // namespace usance
