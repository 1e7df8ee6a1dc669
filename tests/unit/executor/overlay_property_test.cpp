// The overlay against a model that copies a whole map for every frame.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "contracts/host/overlay.h"
#include "test_chain.h"

namespace usance {
namespace {

using Model = std::map<std::string, std::string>;

std::string random_item() {
  return *rc::gen::container<std::string>(*rc::gen::inRange<std::size_t>(0, 3),
                                          rc::gen::elementOf(std::string("abc")));
}

struct Pair {
  explicit Pair(const Model& start) : model(start) {
    for (const auto& [item, value] : start)
      base.apply({{{"c", {}, to_bytes(item)}, to_bytes(value), 0}});
    before_action = model;
  }

  void check_get(const std::string& item) {
    const auto found = overlay.get("c", {}, as_bytes(item));
    RC_ASSERT(found.has_value() == model.contains(item));
    if (found) RC_ASSERT(as_text(*found) == model.at(item));
  }
  void check_next(const std::string& from, const std::string& to) {
    std::size_t skipped = 0;
    const auto found = overlay.next("c", {}, as_bytes(from), as_bytes(to), skipped);
    auto expected = model.lower_bound(from);
    if (expected != model.end() && !to.empty() && expected->first >= to) expected = model.end();
    RC_ASSERT(found.has_value() == (expected != model.end()));
    if (!found) return;
    RC_ASSERT(as_text(found->item) == expected->first);
    RC_ASSERT(as_text(found->value) == expected->second);
  }
  void put(const std::string& item, const std::string& value) {
    overlay.put("c", {}, as_bytes(item), as_bytes(value));
    model[item] = value;
  }
  void del(const std::string& item) {
    RC_ASSERT(overlay.del("c", {}, as_bytes(item)) == (model.erase(item) == 1));
  }
  void open() { frames.emplace_back(overlay.mark(), model); }
  void roll_back() {
    if (frames.empty()) return;
    overlay.roll_back(frames.back().first);
    model = frames.back().second;
    frames.pop_back();
  }
  // The changes turn the state before the action into the state after it, without a repetition
  // and without a deletion of something absent.
  void commit() {
    frames.clear();
    std::vector<StateChange> changes;
    overlay.commit(action++, changes);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (i > 0) RC_ASSERT(changes[i - 1].key < changes[i].key);
      const std::string item(as_text(changes[i].key.item));
      if (changes[i].value) {
        before_action[item] = std::string(as_text(*changes[i].value));
      } else {
        RC_ASSERT(before_action.erase(item) == 1U);
      }
    }
    RC_ASSERT(before_action == model);
  }

  test::MapState base;
  Overlay overlay{base, Hash32{}};
  Model model;
  Model before_action;
  std::vector<std::pair<Overlay::Mark, Model>> frames;
  std::uint32_t action = 0;
};

TEST(OverlayProperty, BehavesAsAMapThatIsCopiedForEveryFrame) {
  const bool held = rc::check("overlay", [] {
    Model start;
    const int items = *rc::gen::inRange(0, 12);
    for (int i = 0; i < items; ++i) start[random_item()] = "base";
    Pair pair(start);
    const int steps = *rc::gen::inRange(1, 80);
    for (int step = 0; step < steps; ++step) {
      switch (*rc::gen::inRange(0, 12)) {
        case 0:
        case 1:
        case 2: pair.put(random_item(), std::to_string(step)); break;
        case 3:
        case 4: pair.del(random_item()); break;
        case 5:
        case 6: pair.check_get(random_item()); break;
        case 7:
        case 8: pair.check_next(random_item(), random_item()); break;
        case 9: pair.open(); break;
        case 10: pair.roll_back(); break;
        default: pair.commit(); break;
      }
    }
    for (const std::string item : {"", "a", "b", "c", "ab", "bc", "ca"}) pair.check_get(item);
    pair.check_next("", "");
    pair.commit();
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace usance
