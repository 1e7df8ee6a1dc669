// Properties of the stored state over generated histories.
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "storage/paged_tree.h"
#include "tests/unit/storage/store_fixture.h"

namespace usance::storage {
namespace {

class MemoryPages final : public PageSource {
 public:
  Result<std::shared_ptr<const TreePage>> page(TreeKind, Address address, std::size_t) override {
    return pages.at(address);
  }
  std::map<Address, std::shared_ptr<const TreePage>> pages;
};

// One step of a history: an item is put, or deleted if it is there.
struct Step {
  std::uint8_t scope;
  std::uint8_t item;
  std::uint8_t value;
  bool remove;
  bool next_block;
};

rc::Gen<Step> any_step() {
  return rc::gen::build<Step>(rc::gen::set(&Step::scope, rc::gen::inRange<std::uint8_t>(0, 3)),
                              rc::gen::set(&Step::item, rc::gen::inRange<std::uint8_t>(0, 50)),
                              rc::gen::set(&Step::value), rc::gen::set(&Step::remove),
                              rc::gen::set(&Step::next_block));
}

std::vector<Step> any_history() {
  return *rc::gen::container<std::vector<Step>>(any_step());
}

// The root of a tree is that of its leaves, whatever came in between and in which batches.
TEST(StateProperties, ATreeForgetsTheOrderOfItsLeaves) {
  EXPECT_TRUE(rc::check([] {
    MemoryPages pages;
    TreeVersion tree;
    std::map<Hash32, BucketLeaf> model;
    std::map<Hash32, LeafChange> batch;
    std::uint64_t height = 0;
    const auto flush = [&] {
      std::vector<LeafChange> changes;
      for (const auto& [path, change] : batch) changes.push_back(change);
      PageSink sink;
      sink.height = height++;
      tree = update_tree(pages, sink, TreeKind::kItems, tree, changes).value();
      for (const NewPage& page : sink.pages) pages.pages[page.address] = page.page;
      batch.clear();
    };
    for (const Step& step : any_history()) {
      const std::uint8_t item[2] = {step.scope, step.item};
      const Hash32 path = item_path(item);
      LeafChange change;
      change.leaf.path = path;
      change.leaf.content = value_hash(ByteView(&step.value, 1));
      change.leaf.hash = item_leaf_hash(path, change.leaf.content);
      change.remove = step.remove;
      batch[path] = change;
      if (step.remove)
        model.erase(path);
      else
        model[path] = change.leaf;
      if (step.next_block) flush();
    }
    flush();
    std::vector<TreeLeaf> leaves;
    for (const auto& [path, leaf] : model) leaves.push_back({path, leaf.hash});
    RC_ASSERT(tree.root.hash == sparse_root(leaves));
  }));
}

class History : public StoreTest {
 public:
  void TestBody() override {}
  void run(const std::vector<Step>& steps) {
    open();
    std::vector<StateChange> changes;
    std::map<StateKey, bool> present;
    std::uint32_t action = 0;
    for (const Step& step : steps) {
      StateKey where = key("deposit", std::string(1, static_cast<char>('a' + step.scope)),
                           std::to_string(step.item));
      if (step.remove && !present[where]) continue;
      present[where] = !step.remove;
      changes.push_back({std::move(where), std::nullopt, action++});
      if (!step.remove) changes.back().value = Bytes(1 + step.value, step.value);
      if (!step.next_block) continue;
      commit(changes);
      changes.clear();
      action = 0;
    }
    commit(changes);
  }
  const LedgerStore& store() const { return *store_; }
};

// What a completeness proof of the newest height says about any earlier one is what is stored
// there, and both agree with the proof of all items at that height.
TEST(StateProperties, ACompleteHistoryTellsEveryEarlierState) {
  EXPECT_TRUE(rc::check([] {
    History history;
    history.run(any_history());
    const LedgerStore& store = history.store();
    const Height newest = *store.executed();
    for (const char* name : {"a", "b", "c"}) {
      const Bytes scope = to_bytes(name);
      const auto proof = store.completeness_proof(newest, "deposit", scope).value();
      RC_ASSERT(verify_completeness_proof(store.result_header(newest)->state_root, "deposit", scope,
                                          proof)
                    .has_value());
      for (Height h; h <= newest; h = h.next()) {
        const auto whole = store.scope_proof(h, "deposit", scope).value();
        RC_ASSERT(verify_scope_proof(store.result_header(h)->state_root, "deposit", scope, whole)
                      .has_value());
        const auto replayed = replay_changes(proof.changes, h);
        RC_ASSERT(replayed.size() == whole.items.size());
        for (std::size_t i = 0; i < replayed.size(); ++i) {
          RC_ASSERT(replayed[i].item == whole.items[i].item);
          RC_ASSERT(*replayed[i].value == whole.items[i].value);
        }
      }
    }
  }));
}

}  // namespace
}  // namespace usance::storage
