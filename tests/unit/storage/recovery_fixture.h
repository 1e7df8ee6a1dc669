// Heights with known contents, and the truth about their roots, for tests that break a store.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "store_fixture.h"

namespace usance::storage {

// The changes of a height, always the same: what a restart must find, however it ended.
inline std::vector<StateChange> changes_of(Height height) {
  std::vector<StateChange> out;
  for (std::uint32_t i = 0; i < 20; ++i) {
    const std::string n = std::to_string((height.value * 7 + i) % 50);
    out.push_back(put("deposit", "account " + n, "balance", std::to_string(height.value), i));
    out.push_back(put("registry", "index", "entry " + n, n, i));
  }
  return out;
}

class RecoveryTest : public StoreTest {
 protected:
  // Commits up to a height in a store of its own, whose roots are the truth.
  ResultHeader reference(Height height) {
    TemporaryDirectory directory;
    auto store = LedgerStore::open(directory.path, chain_, options_).value();
    store_.swap(store);
    std::swap(directory_.path, directory.path);
    const Hash32 parent = std::exchange(parent_, Hash32{});
    ResultHeader last;
    for (Height h; h <= height; h = h.next()) last = commit(changes_of(h));
    parent_ = parent;
    store_.swap(store);
    std::swap(directory_.path, directory.path);
    return last;
  }
};

}  // namespace usance::storage
