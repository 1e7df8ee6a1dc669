// The state's hashes against docs/spec/state.md, and every proof against every flipped bit.
#include "base/state_proof.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace usance {
namespace {

using testing::ElementsAre;

// A small state with its proofs made by hand: scopes whose leaves share a tree, one of them with
// three items and a history.
class StateProofTest : public testing::Test {
 protected:
  struct Scope {
    std::string name;
    std::vector<StateItem> items;
    std::vector<ScopeChange> changes;
    [[nodiscard]] ScopeSummary summary() const {
      ScopeSummary out{object_root(items), items.size(), 0, {}};
      for (const ScopeChange& c : changes)
        out.history_head = next_history_head(out.history_head, ++out.change_count, c.height,
                                             c.action, item_path(c.item), changed_value_hash(c));
      return out;
    }
  };

  StateProofTest() {
    for (int i = 0; i < 6; ++i) {
      Scope& scope = scopes_.emplace_back();
      scope.name = "credit " + std::to_string(i);
      for (int n = 0; n < 3; ++n) {
        const Bytes item = to_bytes("item " + std::to_string(n));
        const Bytes value = to_bytes("value " + std::to_string(i * n));
        scope.items.push_back({item, value});
        scope.changes.push_back({Height(7),
                                 static_cast<std::uint32_t>(n),
                                 item,
                                 ScopeChange::Kind::kPut,
                                 to_bytes("before"),
                                 {}});
        scope.changes.push_back({Height(9), 0, item, ScopeChange::Kind::kPut, value, {}});
      }
      scope.changes.push_back(
          {Height(11), 2, to_bytes("gone"), ScopeChange::Kind::kPut, to_bytes("short-lived"), {}});
      scope.changes.push_back(
          {Height(12), 1, to_bytes("gone"), ScopeChange::Kind::kDeleted, {}, {}});
    }
    for (const Scope& scope : scopes_) {
      const Hash32 path = scope_path(kContract, to_bytes(scope.name));
      leaves_.push_back({path, scope_leaf_hash(path, scope.summary())});
    }
    std::sort(leaves_.begin(), leaves_.end(),
              [](const TreeLeaf& a, const TreeLeaf& b) { return a.path < b.path; });
    root_ = sparse_root(leaves_);
  }

  // Siblings from the root down to where the way to `path` ends; the leaf there, if any.
  static std::pair<std::vector<Hash32>, const TreeLeaf*> way(std::span<const TreeLeaf> leaves,
                                                             const Hash32& path) {
    std::vector<Hash32> siblings;
    std::size_t depth = 0;
    while (leaves.size() > 1) {
      const auto middle = static_cast<std::size_t>(
          std::find_if(leaves.begin(), leaves.end(),
                       [&](const TreeLeaf& l) { return path_bit(l.path, depth); }) -
          leaves.begin());
      const bool right = path_bit(path, depth++);
      siblings.push_back(sparse_root(right ? leaves.first(middle) : leaves.subspan(middle), depth));
      leaves = right ? leaves.subspan(middle) : leaves.first(middle);
    }
    return {siblings, leaves.empty() ? nullptr : leaves.data()};
  }
  ScopePath scope_way(const std::string& name) const {
    ScopePath out;
    const auto [siblings, leaf] = way(leaves_, scope_path(kContract, to_bytes(name)));
    out.siblings = siblings;
    if (leaf == nullptr) return out;
    for (const Scope& scope : scopes_)
      if (scope_path(kContract, to_bytes(scope.name)) == leaf->path)
        out.leaf = ScopePath::Leaf{leaf->path, scope.summary()};
    return out;
  }
  StateProof prove(const Scope& scope, const std::string& item) const {
    StateProof proof;
    proof.scope = scope_way(scope.name);
    std::vector<TreeLeaf> leaves;
    for (const StateItem& held : scope.items) {
      const Hash32 path = item_path(held.item);
      leaves.push_back({path, item_leaf_hash(path, value_hash(held.value))});
    }
    std::sort(leaves.begin(), leaves.end(),
              [](const TreeLeaf& a, const TreeLeaf& b) { return a.path < b.path; });
    const auto [siblings, leaf] = way(leaves, item_path(to_bytes(item)));
    proof.item.emplace();
    proof.item->siblings = siblings;
    for (const StateItem& held : scope.items) {
      if (leaf == nullptr || item_path(held.item) != leaf->path) continue;
      proof.item->leaf = ItemPath::Leaf{leaf->path, value_hash(held.value)};
      if (held.item == to_bytes(item)) {
        proof.has_value = true;
        proof.value = held.value;
      }
    }
    return proof;
  }
  static StateKey key(const std::string& scope, const std::string& item) {
    return {kContract, to_bytes(scope), to_bytes(item)};
  }
  // Every single-bit change of the proof's bytes must fail to decode or to verify.
  template <class Proof, class Verify>
  static void expect_no_flip_passes(const Proof& proof, const Verify& verify) {
    ASSERT_TRUE(verify(proof));
    const Bytes good = encode(proof);
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
      Bytes bad = good;
      bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1u << (bit % 8)));
      const auto decoded = decode<Proof>(bad);
      ASSERT_FALSE(decoded && verify(*decoded)) << "bit " << bit << " may be flipped";
    }
  }

  static constexpr const char* kContract = "letter_of_credit";
  std::vector<Scope> scopes_;
  std::vector<TreeLeaf> leaves_;
  Hash32 root_;
};

TEST_F(StateProofTest, ValuesAndAbsencesVerify) {
  for (const Scope& scope : scopes_) {
    for (const StateItem& held : scope.items) {
      const std::string item(as_text(held.item));
      EXPECT_EQ(verify_state_proof(root_, key(scope.name, item), prove(scope, item)).value(),
                held.value);
    }
    EXPECT_EQ(verify_state_proof(root_, key(scope.name, "none"), prove(scope, "none")).value(),
              std::nullopt);
  }
  StateProof absent;
  absent.scope = scope_way("no such credit");
  EXPECT_EQ(verify_state_proof(root_, key("no such credit", "item 1"), absent).value(),
            std::nullopt);
}

TEST_F(StateProofTest, NoFlippedBitOfAnyProofPasses) {
  const Scope& scope = scopes_[2];
  const Bytes name = to_bytes(scope.name);
  const auto state = [&](const std::string& where, const std::string& item) {
    return [this, where, item](const StateProof& p) {
      return verify_state_proof(root_, key(where, item), p).has_value();
    };
  };
  expect_no_flip_passes(prove(scope, "item 1"), state(scope.name, "item 1"));
  expect_no_flip_passes(prove(scope, "absent"), state(scope.name, "absent"));
  StateProof absent;
  absent.scope = scope_way("no such credit");
  expect_no_flip_passes(absent, state("no such credit", "item 1"));

  ScopeProof whole{scope_way(scope.name), {}};
  for (const StateItem& held : scope.items) whole.items.push_back({held.item, held.value});
  expect_no_flip_passes(whole, [&](const ScopeProof& p) {
    return verify_scope_proof(root_, kContract, name, p).has_value();
  });
  CompletenessProof complete{scope_way(scope.name), scope.changes};
  complete.changes[1].kind = ScopeChange::Kind::kErased;
  complete.changes[1].value_hash = value_hash(complete.changes[1].value);
  complete.changes[1].value.clear();
  expect_no_flip_passes(complete, [&](const CompletenessProof& p) {
    return verify_completeness_proof(root_, kContract, name, p).has_value();
  });
}

// An absence that ends in an empty slot, and one in a tree with no leaf at all.
TEST_F(StateProofTest, EmptySlotsProveAbsence) {
  // Two scopes that part only at a deep bit leave empty slots above: search for an absent one that
  // ends there.
  int found = 0;
  for (int i = 0; i < 400 && found < 3; ++i) {
    const std::string name = "stranger " + std::to_string(i);
    StateProof proof;
    proof.scope = scope_way(name);
    if (proof.scope.leaf) continue;
    ++found;
    expect_no_flip_passes(proof, [&](const StateProof& p) {
      return verify_state_proof(root_, key(name, "x"), p).has_value();
    });
  }
  EXPECT_GT(found, 0);
  EXPECT_EQ(verify_state_proof(kEmptyTree, key("any", "x"), {}).value(), std::nullopt);
  EXPECT_FALSE(verify_state_proof(root_, key("any", "x"), {}));
}

TEST_F(StateProofTest, ChangesCannotBeHiddenAddedOrReordered) {
  const Scope& scope = scopes_[0];
  const Bytes name = to_bytes(scope.name);
  const CompletenessProof good{scope_way(scope.name), scope.changes};
  const auto verify = [&](const CompletenessProof& p) {
    return verify_completeness_proof(root_, kContract, name, p).has_value();
  };
  ASSERT_TRUE(verify(good));
  for (std::size_t i = 0; i < good.changes.size(); ++i) {
    CompletenessProof bad = good;
    bad.changes.erase(bad.changes.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(verify(bad));
    bad = good;
    bad.changes.push_back(bad.changes[i]);
    EXPECT_FALSE(verify(bad));
    bad = good;
    if (i > 0) {
      std::swap(bad.changes[i - 1], bad.changes[i]);
      EXPECT_FALSE(verify(bad));
    }
    // A deletion does not pass for an erased value, nor the reverse.
    bad = good;
    bad.changes[i].kind = ScopeChange::Kind::kErased;
    bad.changes[i].value_hash = kDeletedValue;
    EXPECT_FALSE(verify(bad));
  }
  EXPECT_EQ(verify_completeness_proof(root_, "system.timers", name, good).error().code,
            ErrorCode::kInvalidArgument);
}

TEST_F(StateProofTest, OneProofDoesNotServeAnotherKey) {
  const StateProof proof = prove(scopes_[1], "item 2");
  EXPECT_FALSE(verify_state_proof(root_, key(scopes_[2].name, "item 2"), proof));
  EXPECT_FALSE(verify_state_proof(root_, key(scopes_[1].name, "item 1"), proof));
  StateKey other = key(scopes_[1].name, "item 2");
  other.contract = "deposit";
  EXPECT_FALSE(verify_state_proof(root_, other, proof));
}

TEST_F(StateProofTest, AScopeProofNeedsAllItems) {
  const Scope& scope = scopes_[3];
  ScopeProof proof{scope_way(scope.name), {}};
  for (std::size_t i = 1; i < scope.items.size(); ++i)
    proof.items.push_back({scope.items[i].item, scope.items[i].value});
  EXPECT_FALSE(verify_scope_proof(root_, kContract, to_bytes(scope.name), proof));
}

TEST_F(StateProofTest, ReplayGivesTheItemsOfEveryHeight) {
  const auto& changes = scopes_[1].changes;
  const auto at = [&](std::uint64_t height) {
    std::vector<std::string> out;
    for (const ReplayedItem& item : replay_changes(changes, Height(height)))
      out.push_back(std::string(as_text(item.item)) + "=" +
                    (item.value ? std::string(as_text(*item.value)) : "?"));
    return out;
  };
  EXPECT_TRUE(at(6).empty());
  EXPECT_THAT(at(8), ElementsAre("item 0=before", "item 1=before", "item 2=before"));
  EXPECT_THAT(at(11), ElementsAre("gone=short-lived", "item 0=value 0", "item 1=value 1",
                                  "item 2=value 2"));
  EXPECT_EQ(at(12).size(), 3u);
}

// The vectors of docs/spec/state.md.
TEST(StateVectors, HashesAreThoseOfTheSpecification) {
  const Bytes scope = to_bytes("account/1");
  const Bytes item = to_bytes("balance");
  const Bytes value = to_bytes("100");
  const Hash32 path = scope_path("deposit", scope);
  EXPECT_EQ(to_hex(path), "56966bc06674fca34819f68e4a419788a600670d2fabb113ffc853cd4efb7dbb");
  EXPECT_EQ(to_hex(item_path(item)),
            "178fe49c810689e577db608ee69f47dbe36fc1bd4c9545ee9d41efb889a1e348");
  EXPECT_EQ(to_hex(value_hash(value)),
            "c966809327e783d6235a071547042299e922a019bdbd3b3508855dabf71683c8");
  EXPECT_EQ(to_hex(kEmptyTree), std::string(64, '0'));
  const Hash32 one = object_root(std::vector<StateItem>{{item, value}});
  EXPECT_EQ(to_hex(one), "cf8e30ed2dc1132f156d739e59755a04827861fef546d7f741124eea1ea3e63d");
  const Hash32 two =
      object_root(std::vector<StateItem>{{item, value}, {to_bytes("owner"), to_bytes("bank-a")}});
  EXPECT_EQ(to_hex(two), "66ccfa3bba9d38996cc78b134f5190ee3ad7f9f1bc6f6edf59b3f4ae1eccd74d");
  const Hash32 first = next_history_head({}, 1, Height(5), 2, item_path(item), value_hash(value));
  EXPECT_EQ(to_hex(first), "63c56e3d54d3c80243ba1310d270f59d975d77c5e942326a93a0fdeb1e919c03");
  const Hash32 second = next_history_head(first, 2, Height(6), 0, item_path(item), kDeletedValue);
  EXPECT_EQ(to_hex(second), "943dfb2d77dea8642fcf695e167d9ab5df62d067df4c174f363b6b1e68fdc9eb");
  const Hash32 leaf = scope_leaf_hash(path, {one, 1, 1, first});
  EXPECT_EQ(to_hex(leaf), "9136688e3033513c64f1b2a96bfa1527e154fcccfe52c9d653d74f2310823097");
  const Hash32 other_path = scope_path("deposit", to_bytes("account/2"));
  std::vector<TreeLeaf> leaves = {{path, leaf},
                                  {other_path, scope_leaf_hash(other_path, {two, 2, 0, {}})}};
  std::sort(leaves.begin(), leaves.end(),
            [](const TreeLeaf& a, const TreeLeaf& b) { return a.path < b.path; });
  EXPECT_EQ(to_hex(sparse_root(leaves)),
            "6ab0cb2056366c7687905843f56182b839913674239af392f38f2f679336f670");
}

}  // namespace
}  // namespace usance
