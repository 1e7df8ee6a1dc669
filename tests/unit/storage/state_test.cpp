// The stored state against the model, over random histories with small, large and ephemeral
// scopes, in all versions, before and after a restart.
#include <random>

#include <gmock/gmock.h>

#include "state_model.h"
#include "store_fixture.h"

namespace usance::storage {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class StateTest : public StoreTest {
 protected:
  std::uint64_t pick(std::uint64_t below) { return random_() % below; }

  // Random changes that keep the rule: one per (action, item), no deletion of what is absent.
  std::vector<StateChange> random_changes(std::size_t count) {
    std::vector<StateChange> out;
    std::map<StateKey, bool> present;
    for (std::uint32_t action = 0; action < count; ++action) {
      std::map<StateKey, bool> touched;
      for (std::uint64_t n = 1 + pick(3); n > 0; --n) {
        StateKey where = random_key();
        if (!touched.emplace(where, true).second) continue;
        if (!present.contains(where)) {
          const auto* scope = model_.find(where.contract, where.scope);
          present[where] = scope != nullptr && scope->items.contains(where.item);
        }
        const bool remove = present[where] && pick(100) < 40;
        present[where] = !remove;
        out.push_back({where, std::nullopt, action});
        if (!remove) out.back().value = to_bytes(std::to_string(pick(1'000'000)));
      }
    }
    std::shuffle(out.begin(), out.end(), random_);
    return out;
  }
  StateKey random_key() {
    switch (pick(4)) {
      case 0:  // one scope that grows large
        return key("registry", "index", "entry " + std::to_string(pick(120)));
      case 1:
        return key("system.timers", "due" + std::to_string(pick(3)), std::to_string(pick(60)));
      default:
        return key("deposit", "account " + std::to_string(pick(200)), pick(2) == 0 ? "a" : "b");
    }
  }
  void step(std::size_t count) {
    const auto changes = random_changes(count);
    const Height height = next_height();
    model_.apply(height, changes);
    const ResultHeader result = commit(changes);
    ASSERT_EQ(result.state_root, model_.root()) << "height " << height.value;
    versions_.push_back(model_);
    results_.push_back(result);
  }

  std::mt19937_64 random_{20'240'229};
  StateModel model_;
  std::vector<StateModel> versions_;
  std::vector<ResultHeader> results_;
};

TEST_F(StateTest, EmptyStateHasTheEmptyRoot) {
  open();
  EXPECT_EQ(commit({}).state_root, kEmptyTree);
  EXPECT_EQ(commit({put("deposit", "a", "b", "c")}).state_root,
            scope_leaf_hash(
                scope_path("deposit", to_bytes("a")), StateModel::summary([] {
                  StateModel::Scope scope;
                  scope.items[to_bytes("b")] = to_bytes("c");
                  scope.changes.push_back(
                      {Height(1), 0, to_bytes("b"), ScopeChange::Kind::kPut, to_bytes("c"), {}});
                  return scope;
                }())));
}

TEST_F(StateTest, RandomHistoriesMatchTheModelAtEveryHeight) {
  options_.cache_bytes = 20'000;  // so small that most pages come from the disk
  open();
  for (int block = 0; block < 40; ++block) {
    step(block % 7 == 3 ? 0 : 25);
    if (HasFatalFailure()) return;
    if (block % 13 == 12) reopen();
  }
  ASSERT_TRUE(store_->verify_state());
  for (std::uint64_t h = 0; h < versions_.size(); h += 3) {
    const auto view = store_->view(Height(h)).value();
    const StateModel& model = versions_[h];
    for (const auto& [name, scope] : model_.scopes()) {
      const bool newest = h + 1 == versions_.size();
      if (is_ephemeral(name.first) && !newest) continue;
      const StateModel::Scope* then = model.find(name.first, name.second);
      const auto listed = view->list(name.first, name.second, {}, {}, 1'000);
      ASSERT_EQ(listed.size(), then == nullptr ? 0 : then->items.size());
      std::size_t i = 0;
      if (then == nullptr) continue;
      for (const auto& [item, value] : then->items) {
        EXPECT_EQ(listed[i].item, item);
        EXPECT_EQ(listed[i++].value, value);
        EXPECT_EQ(view->get({name.first, name.second, item}), value);
      }
      EXPECT_EQ(view->get({name.first, name.second, to_bytes("zzz")}), std::nullopt);
    }
  }
}

TEST_F(StateTest, ProofsOfEveryKindVerifyAtOldHeights) {
  open();
  for (int block = 0; block < 12; ++block) step(30);
  for (const std::uint64_t h : {0ull, 5ull, 11ull}) {
    const Hash32& root = results_[h].state_root;
    for (int n = 0; n < 150; ++n) {
      const StateKey where = random_key();
      const StateModel::Scope* scope = versions_[h].find(where.contract, where.scope);
      const bool held = !is_ephemeral(where.contract) || h == 11;
      const auto proof = store_->state_proof(Height(h), where);
      if (proof) {
        const auto proven = verify_state_proof(root, where, *proof);
        ASSERT_TRUE(proven) << proven.error().message;
        std::optional<Bytes> expected;
        if (scope != nullptr && scope->items.contains(where.item))
          expected = scope->items.at(where.item);
        EXPECT_EQ(*proven, expected);
      } else {
        EXPECT_FALSE(held);
        EXPECT_EQ(proof.error().code, ErrorCode::kPruned);
      }
      if (!held) continue;
      const auto whole = store_->scope_proof(Height(h), where.contract, where.scope).value();
      EXPECT_TRUE(verify_scope_proof(root, where.contract, where.scope, whole));
      EXPECT_EQ(whole.items.size(), scope == nullptr ? 0 : scope->items.size());
      const auto complete = store_->completeness_proof(Height(h), where.contract, where.scope);
      if (is_ephemeral(where.contract)) {
        EXPECT_EQ(complete.error().code, ErrorCode::kInvalidArgument);
        continue;
      }
      EXPECT_TRUE(verify_completeness_proof(root, where.contract, where.scope, *complete));
      EXPECT_EQ(complete->changes, scope == nullptr ? std::vector<ScopeChange>() : scope->changes);
    }
  }
}

// Timers of an old height must not look like those of it.
TEST_F(StateTest, AViewRefusesWhatTheNextBlockMayHaveOverwritten) {
  open();
  std::vector<StateChange> timers;
  for (int i = 0; i < 200; ++i)
    timers.push_back(put("system.timers", "due", std::to_string(i), std::string(200, 'a')));
  commit(timers);
  const Height height = *store_->executed();
  const auto view = store_->view(height).value();
  const auto value = [&] {
    return unless_unreadable([&]() -> Result<std::optional<Bytes>> {
      return view->get({"system.timers", to_bytes("due"), to_bytes("7")});
    });
  };
  const auto listed = [&] {
    return unless_unreadable([&]() -> Result<std::size_t> {
      return view->list("system.timers", to_bytes("due"), {}, {}, 1'000).size();
    });
  };
  EXPECT_EQ(value().value(), to_bytes(std::string(200, 'a')));
  EXPECT_EQ(listed().value(), 200u);
  commit({put("system.timers", "due", "7", "another")});
  ASSERT_FALSE(value());
  EXPECT_EQ(value().error().code, ErrorCode::kPruned);
  ASSERT_FALSE(listed());
  EXPECT_EQ(listed().error().code, ErrorCode::kPruned);
}

TEST_F(StateTest, HistoryListsWhatChangedBetweenTwoHeights) {
  open();
  commit({put("deposit", "a", "x", "1")});
  commit({put("deposit", "a", "x", "2", 1), put("deposit", "a", "y", "3", 0)});
  commit({put("deposit", "b", "x", "9")});
  commit({del("deposit", "a", "x")});
  const auto all = store_->history("deposit", to_bytes("a"), Height(0), Height(99)).value();
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[1].item, to_bytes("y")) << "by action";
  EXPECT_EQ(all[3].kind, ScopeChange::Kind::kDeleted);
  EXPECT_EQ(store_->history("deposit", to_bytes("a"), Height(1), Height(2)).value(),
            std::vector<ScopeChange>(all.begin() + 1, all.begin() + 3));
  EXPECT_TRUE(store_->history("deposit", to_bytes("none"), Height(0), Height(99))->empty());
  const auto replayed = replay_changes(all, Height(2));
  ASSERT_EQ(replayed.size(), 2u);
  EXPECT_EQ(replayed[0].value, to_bytes("2"));
}

TEST_F(StateTest, ListHonoursBoundsInSmallAndLargeScopes) {
  open();
  std::vector<StateChange> changes;
  for (const char* scope : {"small", "large"})
    for (int i = 0; i < (scope[0] == 's' ? 10 : 60); ++i) {
      std::string item(1, static_cast<char>(i));
      changes.push_back(put("registry", scope, item, "v"));
      if (i == 0) changes.push_back(put("registry", scope, std::string("\0\0", 2), "v"));
    }
  commit(changes);
  const StateView& view = store_->latest_view();
  for (const char* scope : {"small", "large"}) {
    const auto items = view.list("registry", to_bytes(scope), Bytes{0, 0}, Bytes{3}, 99);
    ASSERT_EQ(items.size(), 3u) << scope;
    EXPECT_EQ(items[0].item, (Bytes{0, 0}));
    EXPECT_EQ(items[2].item, Bytes{2});
    EXPECT_EQ(view.list("registry", to_bytes(scope), {}, {}, 4).size(), 4u);
    EXPECT_TRUE(view.list("registry", to_bytes(scope), Bytes{200}, {}, 4).empty());
  }
}

TEST_F(StateTest, ScopesAreListedByPrefixAsOfAHeight) {
  open();
  commit({put("deposit", "account/a", "x", "1"), put("other", "account/z", "x", "1")});
  commit({put("deposit", "account/b", "x", "1"), put("deposit", "zebra", "x", "1")});
  commit({del("deposit", "account/b", "x")});
  const auto names = [&](std::string_view prefix, std::optional<Bytes> after, std::uint64_t height,
                         std::size_t limit) {
    std::vector<std::string> out;
    const auto found =
        store_->scopes("deposit", to_bytes(prefix), after, Height(height), limit).value();
    for (const Bytes& name : found) out.emplace_back(as_text(name));
    return out;
  };
  EXPECT_THAT(names("account/", std::nullopt, 2, 9), ElementsAre("account/a", "account/b"));
  EXPECT_THAT(names("account/", std::nullopt, 0, 9), ElementsAre("account/a"));
  EXPECT_THAT(names("", to_bytes("account/a"), 2, 1), ElementsAre("account/b"));
  EXPECT_THAT(names("", to_bytes("account/b"), 2, 9), ElementsAre("zebra"));
}

TEST_F(StateTest, StagingRefusesWhatBreaksTheRules) {
  open();
  commit({put("deposit", "a", "x", "1")});
  const auto refused = [&](const std::vector<StateChange>& changes) {
    const auto staged = store_->stage(Height(1), changes);
    return staged ? std::string("accepted") : staged.error().message;
  };
  EXPECT_THAT(refused({del("deposit", "a", "y")}), HasSubstr("does not exist"));
  EXPECT_THAT(refused({del("deposit", "b", "x")}), HasSubstr("does not exist"));
  EXPECT_THAT(refused({del("deposit", "a", "x", 0), del("deposit", "a", "x", 1)}),
              HasSubstr("does not exist"));
  EXPECT_THAT(refused({put("deposit", "a", "x", "1", 3), put("deposit", "a", "x", "2", 3)}),
              HasSubstr("two changes"));
  EXPECT_THAT(refused({put("deposit", "a", std::string(300, 'i'), "1")}), HasSubstr("limit"));
  EXPECT_THAT(refused({put("deposit", "a", "x", std::string(70'000, 'v'))}), HasSubstr("limit"));
  EXPECT_EQ(refused({put("deposit", "a", "y", "1", 0), del("deposit", "a", "y", 1)}), "accepted");
}

TEST_F(StateTest, StagingLeavesNothingBehind) {
  open();
  commit({put("deposit", "a", "x", "1")});
  const Hash32 wanted =
      store_->stage(Height(1), std::vector{put("deposit", "a", "x", "2")}).value().state_root();
  ASSERT_TRUE(store_->stage(Height(1), std::vector{put("deposit", "q", "x", "3")}));
  EXPECT_EQ(store_->latest_view().get(key("deposit", "a", "x")), to_bytes("1"));
  EXPECT_EQ(store_->latest_view().get(key("deposit", "q", "x")), std::nullopt);
  EXPECT_EQ(commit({put("deposit", "a", "x", "2")}).state_root, wanted);
}

}  // namespace
}  // namespace usance::storage
